"""A reader without a plan: hundreds of random events for an explorable leave nothing broken.

    UNROLLED_EVENTS=5000 UNROLLED_SEED=11 python -m pytest tests/browser/test_random_events.py

runs more of them, and others. The seed is printed when a test fails; it repeats the events.
"""

import itertools
import os
import time
import zlib

import numpy as np
import pytest

EVENTS = int(os.environ.get("UNROLLED_EVENTS", "200"))
SEED = int(os.environ.get("UNROLLED_SEED", "7"))
WIDTHS = (1280, 1000, 700, 390, 320)
KEYS = ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown")
# How often what happens: first what a script can do, then what takes a real mouse or keyboard.
SCRIPTED = {
    "slide": 40,
    "odd": 6,
    "choose": 12,
    "list": 4,
    "word": 6,
    "predict": 3,
    "keydown": 8,
    "change": 4,
    "focus": 4,
    "blur": 4,
    "address": 2,
    "theme": 1,
    "hide": 2,
}
REAL = {"key": 5, "over": 1, "hover": 1, "drag": 3, "resize": 0.6, "paper": 0.4}
# Mostly no time passes after an event, sometimes a frame or 40 ms.
WAITS = (0,) * 18 + (1, 40)
# What may be left behind for each element of the explorable, and for each event. Plotly and
# Chromium fill caches at 2 to 5 kB an event at first. A table that is read anew, a layer of marks
# or a listener that stays at every redraw costs more.
LIMITS = {"JSHeapUsedSize": (5000, 8000), "Nodes": (3, 1), "JSEventListeners": (0.3, 0.1)}
PARTS = 3
PLACE = """element => {
  element.scrollIntoView({ block: "center", behavior: "instant" });
  return element.getBoundingClientRect().toJSON();
}"""


def meet(figure, events):
    """Let events happen, runs of scripted ones at once. Returns what was wrong on the way."""
    wrong = []
    for scripted, run in itertools.groupby(events, lambda event: event[0] in SCRIPTED):
        if scripted:
            wrong += figure.ask("happen", list(run))
        else:
            for event in run:
                act(figure, *event)
    return wrong


def act(figure, kind, number, wait):
    """One event that a script cannot make."""
    page = figure.page
    if kind == "resize":
        page.set_viewport_size({"width": WIDTHS[number % len(WIDTHS)], "height": 900})
    elif kind == "paper":
        page.emulate_media(media="print")
        page.wait_for_timeout(wait)
        page.emulate_media(media="screen")
    elif kind == "key":
        keyed = figure.root.locator("input[type=range], [role=radio][aria-checked=true], .grip")
        keyed.nth((number >> 8) % keyed.count()).press(KEYS[number % len(KEYS)])
    else:
        # Of a chart the middle, not the legend: who clicks there hides a line.
        where = {
            "over": "input, [role=radio]",
            "hover": ".nsewdrag, .diagram",
            "drag": ".grip, .nsewdrag",
        }[kind]
        targets = figure.root.locator(where)
        if targets.count():
            sweep(page, targets.nth((number >> 3) % targets.count()), number, kind != "hover")


def sweep(page, target, number, pressed):
    """Move the mouse over an element and beyond it, with its button pressed or not."""
    box = target.evaluate(PLACE)  # in one go, since a figure that is drawn has new elements
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    if pressed:
        page.mouse.down()
    for stride in range(3):
        dx, dy = ((number >> (8 * stride + shift)) % 16 / 8 - 1 for shift in (0, 4))
        page.mouse.move(x + 300 * dx, y + 200 * dy)
    if pressed:
        page.mouse.up()


def rest(figure, at=None):
    """Stop what plays, go back to a wide light screen, and wait until nothing moves."""
    figure.page.emulate_media(media="screen", color_scheme="light")
    figure.page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    figure.page.mouse.move(0, 0)
    figure.ask("rest", at)
    figure.page.wait_for_timeout(100)
    figure.page.until("root => reader.calm(root)", figure.root.element_handle())


def plan(rng, count):
    """Random events, each as [kind, number, wait]."""
    kinds = SCRIPTED | REAL
    chances = np.array(list(kinds.values())) / sum(kinds.values())
    drawn = rng.choice(list(kinds), count, p=chances).tolist()
    numbers, waits = rng.integers(1 << 30, size=count), rng.choice(WAITS, count)
    return [list(e) for e in zip(drawn, numbers.tolist(), waits.tolist(), strict=True)]


def held(session):
    """What a page holds after its garbage is collected: bytes, nodes, listeners."""
    for _ in range(3):  # what listens to a node goes only after the node
        session.send("HeapProfiler.collectGarbage")
        time.sleep(0.1)
    found = session.send("Performance.getMetrics")["metrics"]
    return {metric["name"]: metric["value"] for metric in found if metric["name"] in LIMITS}


def live_through(met, place):
    """No error, no number that is none; what a new page shows; and nothing that piles up.

    The events come in three parts. The first fills what is kept for later. After one of the others
    Plotly may hold on to a drawing or two; what piles up does so in both.
    """
    print(f"UNROLLED_SEED={SEED}")
    events = plan(np.random.default_rng([SEED, zlib.crc32(place.encode())]), EVENTS)
    parts = [events[part::PARTS] for part in range(PARTS)]
    with met(place) as opened:
        session = opened.page.context.new_cdp_session(opened.page)
        session.send("Performance.enable")
        wrong, weights = [], []
        for part in parts:
            wrong += meet(opened, part)
            rest(opened)
            wrong += opened.disagreements()
            state = opened.ask("state")
            rest(opened, opened.start)
            weights.append(held(session))
        assert [*wrong, *opened.page.problems] == []
        size = opened.root.evaluate("root => root.querySelectorAll('*').length")
    with met(place) as fresh:
        rest(fresh, state["values"])
        expected = fresh.ask("state")
        assert fresh.unlike(state.pop("drawn"), expected.pop("drawn")) == []
        assert state == expected
    gained = [{k: b[k] - a[k] for k in LIMITS} for a, b in itertools.pairwise(weights)]
    for kind, (each, event) in LIMITS.items():
        left, allowed = min(more[kind] for more in gained), each * size + event * len(parts[-1])
        print(kind, left, allowed)
        assert left < allowed, f"{left} {kind} are left"


@pytest.mark.slow
def test_random_events_leave_nothing_broken_or_behind(met, figure):
    live_through(met, figure)
