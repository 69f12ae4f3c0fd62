"""The built book in a real browser: one Chromium per file of tests, one context per visit.

The tests find the pages by themselves, in `_build/html` or in the folder that UNROLLED_SITE names.
"""

import functools
import os
import re
import shutil
import threading
import time
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

SITE = Path(os.environ.get("UNROLLED_SITE", Path(__file__).parents[2] / "_build" / "html"))
FILES = (p.relative_to(SITE) for p in SITE.rglob("*.html"))
PAGES = sorted(f.as_posix() for f in FILES if f.parts[0] != "_static")
EXPLORABLE = re.compile(r'<figure class="[^"]*explorable" id="([^"]+)".*?</figure>', re.DOTALL)
FIGURES = {f"{n}#{m[1]}": m[0] for n in PAGES for m in EXPLORABLE.finditer((SITE / n).read_text())}
COMMANDS = map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, COMMANDS), None)  # or Playwright's own
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PLAY = 'class="play"'
expect.set_options(timeout=15_000)  # a busy machine takes longer than the five seconds otherwise
UNFOLD = "() => document.querySelectorAll('details').forEach(details => details.open = true)"
TYPESET = "() => window.MathJax?.startup.promise.then(() => true)"  # KaTeX is done at once


def pytest_generate_tests(metafunc):
    """Run a test for every page, every page with explorables, every explorable, or each that plays.

    They come as `name`, `chapter`, and twice as `figure`, written page.html#id.
    """
    found = {
        "name": PAGES,
        "chapter": sorted({figure.partition("#")[0] for figure in FIGURES}),
        "figure": [f for f in FIGURES if "play" not in metafunc.fixturenames or PLAY in FIGURES[f]],
    }
    for argument in found.keys() & set(metafunc.fixturenames):
        metafunc.parametrize(argument, found[argument] if FIGURES else ["no book"], scope="module")


@pytest.fixture(scope="session")
def site():
    """The folder of the built book."""
    if not FIGURES:
        pytest.fail(f"{SITE} holds no built book: run make book first")
    return SITE


@pytest.fixture(scope="session")
def address(site):
    """Where the book is served, on this machine only."""
    handler = functools.partial(Quiet, directory=site)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


class Quiet(SimpleHTTPRequestHandler):
    """A handler that sends the headers that come with the book, and prints nothing."""

    def end_headers(self):
        for line in (Path(self.directory) / "_headers").read_text().splitlines()[1:]:
            self.send_header(*line.strip().split(": ", 1))
        super().end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def browser():
    """A Chromium. It ends with the file of tests, since its event loop would disturb others."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        browser.close()


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

    def through(page):
        page.evaluate(UNFOLD)
        page.evaluate(TYPESET)
        for figure in page.locator(".unrolled-figure").all():
            figure.scroll_into_view_if_needed()
            expect(figure).to_have_attribute("data-ready", "yes")

    return through
