"""The built book in a real browser: one Chromium per file of tests, one context per visit.

The tests find the pages by themselves, in `_build/html` or in the folder that UNROLLED_SITE names.
"""

import functools
import json
import os
import re
import threading
import time
from contextlib import ExitStack, contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
import unrolled.web
from booktools.browser import chromium
from playwright.sync_api import expect
from unrolled import explore
from unrolled.explore.sentences import say

SITE = Path(os.environ.get("UNROLLED_SITE", Path(__file__).parents[2] / "_build" / "html"))
FILES = (p.relative_to(SITE) for p in SITE.rglob("*.html"))
PAGES = sorted(f.as_posix() for f in FILES if f.parts[0] != "_static")
EXPLORABLE = re.compile(r'<figure class="[^"]*explorable" id="([^"]+)"')
FIGURES = [
    f"{name}#{id}"
    for name in PAGES
    for id in EXPLORABLE.findall((SITE / name).read_text())
    if id.rpartition("-")[0] in explore.NAMES  # and not of a reader's own making
]
SPEC = re.compile(
    r'<figure class="[^"]*explorable".*?<script type="application/json">(.*?)</script>', re.DOTALL
)
expect.set_options(timeout=15_000)  # a busy machine takes longer than the five seconds otherwise
UNFOLD = "() => document.querySelectorAll('details').forEach(details => details.open = true)"
# Scrolls to figures, one after the other, until each is drawn. Formulas come first, and KaTeX sets
# them at once. Playwright's own waiting looks again only after 100 ms and more.
DRAWN = """async (selector) => {
  await window.MathJax?.startup.promise;
  for (const figure of document.querySelectorAll(selector)) {
    figure.scrollIntoView({ block: "center", behavior: "instant" });
    for (const end = performance.now() + 15000; figure.dataset.ready !== "yes"; ) {
      if (performance.now() > end) throw new Error(`${figure.id} is never drawn`);
      await new Promise((later) => setTimeout(later, 5));
    }
  }
  return true;
}"""
# Plotly measures margins again at every redraw: what is drawn may stand this far from itself.
NUMBER, PIXELS = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?"), 2
READER = Path(__file__).with_name("reader.js").read_text("utf-8")


def pytest_generate_tests(metafunc):
    """Run a test for every page, for pages that are enough, or for every explorable.

    They come as `name`, `chapter` and `figure`, which is written page.html#id.
    """
    found = {"name": PAGES, "chapter": enough(), "figure": FIGURES}
    for argument in found.keys() & set(metafunc.fixturenames):
        metafunc.parametrize(argument, found[argument] if FIGURES else ["no book"], scope="module")


@functools.cache
def enough():
    """Pages that have, one after the other, a kind of thing to press that none before has."""
    known, pages = set(), []
    for name in PAGES:
        kinds = pressed((SITE / name).read_text())
        if not kinds <= known:
            pages.append(name)
        known |= kinds
    return pages


def pressed(html):
    """The kinds of what a page's readers press: controls, marks, players, tabs, folded text."""
    kinds = set(re.findall(r"tag_tab-|<details", html))
    for spec in map(json.loads, SPEC.findall(html)):
        kinds |= {key for pane in spec["panes"] for key in ("marks", "walk") if pane.get(key)}
        for control in spec["controls"]:
            kinds.add((control["kind"], len(control.get("values") or ()) > 5))
            kinds |= {"play"} if control.get("play") else set()
    return kinds


@pytest.fixture(scope="session")
def site():
    """The folder of the built book."""
    if not FIGURES:
        pytest.fail(f"{SITE} holds no built book: run make book first")
    return SITE


@pytest.fixture(scope="session")
def figures(site):
    """All explorables of the book: page.html#id."""
    return FIGURES


@pytest.fixture(scope="session")
def address(site):
    """Where the book is served, on this machine only."""
    with serving(site) as address:
        yield address


@pytest.fixture(scope="session")
def web():
    """Where the modules of unrolled/web are served, on this machine only."""
    with serving(Path(unrolled.web.__file__).parent) as address:
        yield address


@pytest.fixture(scope="session")
def serve():
    """A function that serves a folder, on this machine only: `with serve(folder) as address`."""
    return serving


@contextmanager
def serving(folder):
    """The address at which a folder is served meanwhile."""
    handler = functools.partial(Quiet, directory=folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


class Quiet(SimpleHTTPRequestHandler):
    """A handler that sends the headers that come with a book, and prints nothing."""

    # A module has to come as what it is, whatever the machine's table of types says.
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {".js": "text/javascript"}

    def end_headers(self):
        headers = Path(self.directory) / "_headers"
        for line in headers.read_text().splitlines()[1:] if headers.exists() else ():
            self.send_header(*line.strip().split(": ", 1))
        super().end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def fonts():
    """A file for fontconfig that lists the only fonts that there are; None takes the machine's."""
    return None


@pytest.fixture(scope="module")
def browser(fonts):
    """A Chromium. It ends with the file of tests, since its event loop would disturb others."""
    env = {**os.environ, "FONTCONFIG_FILE": str(fonts)} if fonts else None
    with chromium(env=env) as browser:
        yield browser


@pytest.fixture(scope="module")
def visit(browser, address):
    """A function that opens a page in a context of its own: `with visit(name) as page`.

    `page.requests` are the addresses that it asked for, `page.problems` what went wrong, and
    `page.until(function, arg)` waits until a function of the page says yes.
    """

    @contextmanager
    def opened(name, *, base=address, **options):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.requests, page.problems = [], []
        page.until = functools.partial(until, page)
        page.on("request", lambda request: page.requests.append(request.url))
        page.on("requestfailed", lambda request: page.problems.append(f"failed: {request.url}"))
        page.on("response", lambda r: r.ok or page.problems.append(f"{r.status}: {r.url}"))
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on("console", lambda m: m.type == "error" and page.problems.append(m.text))
        page.goto(base + name)
        try:
            yield page
        finally:
            context.close()

    return opened


def until(page, function, arg=None):
    """Ask until the answer is yes. Playwright's own way needs an eval that the policy forbids."""
    end = time.monotonic() + 15
    while not page.evaluate(function, arg):
        assert time.monotonic() < end, f"never true: {function}"
        page.wait_for_timeout(50)


@pytest.fixture(scope="session")
def read():
    """A function that goes through an open page to its end, until all is typeset and drawn."""

    def through(page, unfolded=True):
        if unfolded:
            page.evaluate(UNFOLD)
        assert page.evaluate(DRAWN, ".unrolled-figure")

    return through


class Figure:
    """An explorable of an open page as a reader meets it, beside the same one in Python."""

    def __init__(self, page, id):
        self.page, self.id = page, id
        self.explorable = getattr(explore, id.rpartition("-")[0])()
        self.root = page.locator(f"#{id}")
        self.come()
        self.spec = json.loads(self.root.locator("script").text_content())
        self.start = self.values

    def come(self):
        """Scroll to it and wait until it is drawn."""
        assert self.page.evaluate(DRAWN, f"#{self.id}")
        self.page.evaluate(READER)
        self.handle = self.root.element_handle()
        self.ask("watch")

    def ask(self, function, *arguments):
        """Call a function of reader.js. Text is carried much faster than what it tells."""
        call = f"(root, arguments) => reader.told(reader.{function}, root, arguments)"
        return json.loads(self.handle.evaluate(call, arguments))

    def control(self, name):
        """The element of a control."""
        return self.root.locator(f"[data-control={name}]")

    def grip(self, name):
        """The first mark that a reader drags to move a control."""
        return self.root.locator(f"[data-mark={name}] .grip").first

    @property
    def values(self):
        """Where the controls stand."""
        return self.ask("values")

    @property
    def words(self):
        """The sentences below the controls."""
        return self.root.locator(".words p").all_text_contents()

    @property
    def status(self):
        """What a screen reader is told."""
        return self.root.locator("[role=status]")

    @property
    def trouble(self):
        """Where a reader is told what was wrong with what they asked for."""
        return self.root.locator(".trouble")

    @contextmanager
    def moves(self, **wanted):
        """Wait until what the block changes is drawn, and has led to these values.

        What the browser does later, as it follows a link, needs them: nothing has moved yet.
        """
        before = self.ask("stand")
        yield
        self.ask("drawn", before, wanted)

    def press(self, target, *keys):
        """Press keys, and wait for what each of them changes."""
        for key in keys:
            with self.moves():
                target.press(key)

    def move(self, **values):
        """Set controls, and wait."""
        with self.moves():
            self.ask("move", values)

    def seen(self):
        """What is drawn and what is written, part by part."""
        return self.ask("seen")

    @staticmethod
    def unlike(ones, others):
        """The lines of two drawings that differ by more than Plotly's margins."""
        if len(ones) != len(others):
            return [(len(ones), len(others))]

        def near(one, other):
            places = (np.array(NUMBER.findall(line), float) for line in (one, other))
            return NUMBER.sub("", one) == NUMBER.sub("", other) and np.allclose(*places, 0, PIXELS)

        pairs = zip(ones, others, strict=True)
        return [(one, other) for one, other in pairs if one != other and not near(one, other)]

    def differences(self, before):
        """The parts of what is seen that are not as before."""
        now = self.seen()
        drawn = ("drawing", "marks")  # the images of heat maps follow the margins
        same = {part: now[part] == before[part] for part in ("words", "caption")}
        same |= {part: not self.unlike(now[part], before[part]) for part in drawn}
        return [part for part, alike in same.items() if not alike]

    def disagreements(self):
        """Where the page does not show what Python says at the same setting."""
        known = self.ask("report")
        values = known["values"]
        expected = self.explorable.at(**values)
        caption = say(self.explorable.caption, values | expected.facts, self.explorable.sentences)
        wrong = known["wrong"]
        if known["words"] != list(expected.sentences.values()):
            wrong.append(f"{known['words']} is not {list(expected.sentences.values())}")
        if known["caption"] != caption:
            wrong.append(f"the caption is not {caption}")
        arrays = {key: np.array(data, float).reshape(shape) for key, data, shape in known["arrays"]}
        if arrays.keys() != expected.arrays.keys():
            wrong.append(f"arrays are {sorted(arrays)}, not {sorted(expected.arrays)}")
        for key, shown in [*arrays.items(), *((k, np.array(v, float)) for k, v in known["filled"])]:
            wanted = expected.arrays[key]
            if shown.shape != wanted.shape or not np.allclose(
                shown, wanted, rtol=0, atol=self.rounding(key, wanted), equal_nan=True
            ):
                wrong.append(f"{key} is {shown}, not {wanted}")
        return [f"at {values}: {what}" for what in wrong]

    def rounding(self, key, wanted):
        """How far a number of the page may lie from Python's: half a step of the table."""
        if table := self.spec["source"].get("table"):
            return 0.5001 * table["arrays"][key]["step"]
        if key == "spectrum_height":  # rounding itself, where it is small
            return np.where(wanted > np.nanmax(wanted) - 12, 1e-3, 6)
        return 1e-8 * (1 + np.abs(np.nan_to_num(wanted)))


@pytest.fixture(scope="module")
def met(visit):
    """A function that opens the page of an explorable: `with met("page.html#id") as figure`."""

    @contextmanager
    def opened(place, *, hash="", **options):
        name, _, id = place.partition("#")
        with visit(name + hash, **options) as page:
            yield Figure(page, id)

    return opened


@pytest.fixture(scope="module")
def met_in_turn(visit):
    """A function that meets one explorable after the other: `met_in_turn("page.html#id")`.

    Their page is opened once, if they come in its order.
    """
    with ExitStack() as stack:
        known = {}

        def met(place):
            name, _, id = place.partition("#")
            if name not in known:
                stack.close()
                known.clear()
                known[name] = stack.enter_context(visit(name))
            return Figure(known[name], id)

        yield met
