"""A reader without a plan: hundreds of random events for every explorable leave nothing broken.

    UNROLLED_EVENTS=5000 UNROLLED_SEED=11 python -m pytest tests/browser/test_random_events.py

runs more of them, and others. The seed is printed when a test fails; it repeats the events.
"""

import itertools
import os
import re
import time
import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from playwright.sync_api import expect

EVENTS = int(os.environ.get("UNROLLED_EVENTS", "200"))
SEED = int(os.environ.get("UNROLLED_SEED", "7"))
READER = Path(__file__).with_name("random_events.js").read_text("utf-8")
WIDTHS = (1280, 1000, 700, 390, 320)
KEYS = ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown")
# How often what happens: first what a script can do, then what takes a real mouse or keyboard.
SCRIPTED = {
    "input": 52,
    "change": 6,
    "odd": 6,
    "keydown": 6,
    "focus": 6,
    "blur": 6,
    "play": 6,
    "theme": 1,
    "hide": 2,
}
REAL = {"key": 5, "slide": 1, "hover": 1, "drag": 1, "resize": 0.6, "paper": 0.4}
# Mostly no time passes after an event, sometimes a frame or 40 ms.
WAITS = (0,) * 18 + (1, 40)
# Plotly measures margins again at every redraw: what is drawn may stand this far from itself, and
# a range that Plotly chooses differs as little.
NUMBER, PIXELS = re.compile(r"-?[0-9.]+(?:e-?[0-9]+)?"), 2
# What may be left behind for each element of the explorable, and for each event. Plotly and
# Chromium fill caches at 2 to 5 kB an event at first. A table that is read anew, a layer of marks
# or a listener that stays at every redraw costs more.
LIMITS = {"JSHeapUsedSize": (5000, 8000), "Nodes": (3, 1), "JSEventListeners": (0.3, 0.1)}
PARTS = 3
PLACE = """element => {
  element.scrollIntoView({ block: "center", behavior: "instant" });
  return element.getBoundingClientRect().toJSON();
}"""


class Outcome(NamedTuple):
    """What random events did to an explorable."""

    wrong: list  # texts and attributes that name no number, and what the page complained about
    state: dict  # what it shows in the end
    fresh: dict  # what a new page shows at the same positions of the sliders
    left: dict  # bytes, nodes and listeners that every later part of the events left behind
    allowed: dict  # as many of each


class Reader:
    """One who moves what can be moved in an explorable."""

    def __init__(self, page, id):
        self.page, self.id = page, id
        self.root = page.locator(f"#{id}")

    def come(self):
        """Scroll to the explorable and wait until it is drawn."""
        self.root.scroll_into_view_if_needed()
        expect(self.root).to_have_attribute("data-ready", "yes")
        self.page.evaluate(READER)

    def ask(self, function, *arguments):
        """Call a function of random_events.js."""
        given = "root, ...arguments"
        return self.root.evaluate(f"(root, arguments) => reader.{function}({given})", arguments)

    def meet(self, events):
        """Let events happen, runs of scripted ones at once. Returns what was wrong on the way."""
        wrong, run = [], []
        for event in [*events, ("end",)]:
            if event[0] in SCRIPTED:
                run.append(event)
                continue
            if run:
                wrong += self.ask("happen", run)
                run = []
            if event[0] in REAL:
                self.act(*event)
        return wrong

    def act(self, kind, axis, number, wait):
        """One event that a script cannot make."""
        slider = self.root.locator("input[type=range]").nth(axis)
        plots = self.root.locator(".nsewdrag")  # not the legend: who clicks there hides a line
        if kind == "resize":
            self.page.set_viewport_size({"width": WIDTHS[number % len(WIDTHS)], "height": 900})
        elif kind == "paper":
            self.page.emulate_media(media="print")
            self.page.wait_for_timeout(wait)
            self.page.emulate_media(media="screen")
        elif kind == "key":
            slider.press(KEYS[number % len(KEYS)])
        else:
            target = slider if kind == "slide" else plots.nth(number % plots.count())
            self.sweep(target, number, pressed=kind != "hover")

    def sweep(self, target, number, pressed):
        """Move the mouse over an element in four strides, with its button pressed or not."""
        box = target.evaluate(PLACE)  # in one go, since a figure that is drawn has new elements
        for stride in range(4):
            x, y = ((number >> (8 * stride + shift)) % 16 / 16 for shift in (0, 4))
            self.page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
            if pressed and stride == 0:
                self.page.mouse.down()
        if pressed:
            self.page.mouse.up()

    def rest(self, at=None):
        """Stop what plays, go back to a wide light screen, and wait until nothing moves."""
        self.page.emulate_media(media="screen", color_scheme="light")
        self.page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        self.page.mouse.move(0, 0)
        self.ask("rest", at)
        calm = "id => reader.calm(document.getElementById(id))"
        self.page.until(calm, arg=self.id)


def plan(rng, count, sliders):
    """Random events, each as [kind, slider, number, wait]."""
    kinds = SCRIPTED | REAL
    chances = np.array(list(kinds.values())) / sum(kinds.values())
    drawn = rng.choice(list(kinds), count, p=chances).tolist()
    axes, numbers = rng.integers(sliders, size=count), rng.integers(1 << 30, size=count)
    waits = rng.choice(WAITS, count)
    return [
        list(e) for e in zip(drawn, axes.tolist(), numbers.tolist(), waits.tolist(), strict=True)
    ]


def held(session):
    """What a page holds after its garbage is collected: bytes, nodes, listeners."""
    for _ in range(3):  # what listens to a node goes only after the node
        session.send("HeapProfiler.collectGarbage")
        time.sleep(0.1)
    found = session.send("Performance.getMetrics")["metrics"]
    return {metric["name"]: metric["value"] for metric in found if metric["name"] in LIMITS}


@pytest.fixture(scope="module")
def outcome(visit, figure):
    """Random events in three parts, then a new page.

    The first part fills what is kept for later. After one of the others Plotly may hold on to a
    drawing or two; what piles up does so in both.
    """
    name, _, id = figure.partition("#")
    print(f"UNROLLED_SEED={SEED}")
    rng = np.random.default_rng([SEED, zlib.crc32(figure.encode())])
    with visit(name) as page:
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable")
        reader, weights, wrong = Reader(page, id), [], []
        reader.come()
        start = reader.ask("state")["at"]
        events = plan(rng, EVENTS, len(start))
        parts = [events[part::PARTS] for part in range(PARTS)]
        for part in parts:
            wrong += reader.meet(part)
            reader.rest()
            state = reader.ask("state")
            reader.rest(start)
            weights.append(held(session))
        wrong += page.problems  # before files come from the cache, with 304
        page.goto(page.url)
        reader.come()
        reader.rest(state["at"])
        fresh = reader.ask("state")
        size = reader.root.evaluate("root => root.querySelectorAll('*').length")
        gained = [{k: b[k] - a[k] for k in LIMITS} for a, b in itertools.pairwise(weights)]
        left = {kind: min(each[kind] for each in gained) for kind in LIMITS}
        allowed = {kind: a * size + b * len(parts[-1]) for kind, (a, b) in LIMITS.items()}
        yield Outcome(wrong, state, fresh, left, allowed)


def test_no_error_and_no_number_that_is_none(outcome):
    assert outcome.wrong == []


def test_in_the_end_it_shows_what_a_new_page_shows(outcome):
    shown, fresh = ({k: v for k, v in s.items() if k != "drawn"} for s in outcome[1:3])
    assert shown == fresh
    shown, fresh = (state["drawn"] for state in outcome[1:3])
    assert NUMBER.sub("", shown) == NUMBER.sub("", fresh)
    shown, fresh = ([float(number) for number in NUMBER.findall(svg)] for svg in (shown, fresh))
    np.testing.assert_allclose(shown, fresh, rtol=0, atol=PIXELS)


def test_nothing_piles_up(outcome):
    print(outcome.left, outcome.allowed)
    for kind, left in outcome.left.items():
        assert left < outcome.allowed[kind], f"{left} {kind} are left"
