"""Chapter 17: layers on several devices, and the wave in which their states can be computed."""

import numpy as np
import plotly.graph_objects as go

from unrolled.analysis import pipeline
from unrolled.figures import lines, theme

from .controls import Choice, Number, Question, Story
from .explorable import Explorable

STEPS, LARGEST = 64, 8  # steps of the text; the most layers and devices
PIECES = [1, 2, 4, 8, 16, 32, 64]
PRICES = [0, 0.5, 1, 1.6, 3]
TICKS = 60  # of the clock
COLUMNS = 240  # of the picture of devices in time
DONE, HEAD, PALE = 0.35, 0.2, 0.65  # how strong: what is done, a price, every second piece
NOW = {1: "forward", DONE: "done", 0: "not yet", -DONE: "done", -1: "back"}
BUSY = {1: "forward", 0: "waits", -1: "back"}
COLORS = [[0.0, theme.BACKWARD], [0.5, theme.NEUTRAL], [1.0, theme.FORWARD]]


def reading_both(reads, layers):
    """How many of the lowest layers read both ways."""
    return {"one way": 0, "lowest both": 1, "all both": layers}[reads]


def compute(layers, devices, pieces, price, reads, clock):
    """The states at a moment, the devices in time, and the gain by pieces."""
    both = reading_both(reads, layers)
    setting = {"steps": STEPS, "both": both}
    plan = pipeline.timetable(layers, devices, pieces, price=price, **setting)
    now = clock / TICKS * plan.end
    centers = (np.arange(COLUMNS) + 0.5) / COLUMNS * plan.end
    at_work = worked(plan, now * (1 - 1e-9))
    gains = [pipeline.gain(layers, devices, n, price=price, **setting) for n in PIECES]
    free = [pipeline.gain(layers, devices, n, **setting) for n in PIECES]
    bound, best = pipeline.most(layers, devices, both), int(np.argmax(gains))
    busy = (1 + pipeline.BACKWARD) * layers * pieces * plan.long / devices
    here = PIECES.index(pieces)
    return {
        "states": states(plan, now, both),
        "layers_range": np.array([0.5, layers + 0.5]),
        "work": occupied(plan, centers, devices, price),
        "when": centers,
        "span": np.array([0, plan.end]),
        "devices_range": np.array([0.5, devices + 0.5]),
        "now_x": np.array([now, now]),
        "now_y": np.array([0.5, devices + 0.5]),
        "gain": np.array(gains),
        "free": np.array(free),
        "bound": np.array([bound, bound], float),
        "gain_range": np.array([0, 1.1 * bound]),
        "time": plan.end,
        "alone": (1 + pipeline.BACKWARD) * layers * (STEPS + price),
        "faster": float(gains[here]),
        "bound_is": float(bound),
        "idle": float(1 - busy / plan.end),
        "best": PIECES[best],
        "most": float(gains[best]),
        "verdict_is": "best" if gains[here] > gains[best] - 1e-9 else "other",
        "working": len(at_work),
        "stage": "start" if clock == 0 else "end" if clock == TICKS else "middle",
        "way": "forward" if now <= plan.turn else "backward",
    }


def worked(plan, now):
    """The devices that are at work at a moment."""
    found = set()
    for begin, times in ((plan.forth, 1), (plan.back, pipeline.BACKWARD)):
        busy = (begin <= now) & (now < begin + times * plan.long)
        found |= {int(plan.owner[layer]) for layer in np.flatnonzero(busy.any(axis=1))}
    return found


def states(plan, now, both):
    """How far each state is, (LARGEST, STEPS): 1 under way, DONE, 0 not begun; backward negative.

    A layer that reads both ways takes a piece from each end at a time, and is done with a piece
    when both have been there.
    """
    found = np.full((LARGEST, STEPS), np.nan)
    layers, pieces = plan.forth.shape
    for layer in range(layers):
        row = np.zeros(pieces)
        for begin, long, sign in (
            (plan.forth[layer], plan.long, 1),
            (plan.back[layer], pipeline.BACKWARD * plan.long, -1),
        ):
            ends = begin + long
            under = (begin < now - 1e-9) & (now < ends - 1e-9)
            done = now >= ends - 1e-9
            if layer < both:
                under, done = under | under[::-1], done & done[::-1]
            row = np.where(done, sign * DONE, row)
            row = np.where(under, sign, row)
        found[layer] = np.repeat(row, STEPS // pieces)
    return found


def occupied(plan, centers, devices, price):
    """What each device is at, (LARGEST, COLUMNS): forward positive, backward negative."""
    found = np.full((LARGEST, COLUMNS), np.nan)
    found[:devices] = 0
    for begins, times, sign in ((plan.forth, 1, 1), (plan.back, pipeline.BACKWARD, -1)):
        for layer, begin in enumerate(begins[:, ::sign]):  # in the order of time
            turn = np.searchsorted(begin, centers, side="right") - 1
            inside = (turn >= 0) & (centers < begin[turn] + times * plan.long)
            head = centers < begin[turn] + times * price
            piece = turn if sign > 0 else len(begin) - 1 - turn
            strength = np.where(head, HEAD, np.where(piece % 2, PALE, 1))
            found[plan.owner[layer], inside] = sign * strength[inside]
    return found


def heat(key, x, signs, **trace):
    """A heat map of work by its way, a row for each layer or device; `signs` are value -> word."""
    scale = {"tickvals": list(signs), "ticktext": list(signs.values()), "tickfont": {"size": 11}}
    return go.Heatmap(
        **theme.bound(z=key, x=x), y=list(range(1, LARGEST + 1)), zmin=-1, zmax=1,
        colorscale=COLORS, colorbar={"thickness": 8, "outlinewidth": 0, "x": 1, **scale},
        hoverinfo="skip", ygap=3, **trace,
    )  # fmt: skip


def panes():
    """The states at the moment, who works when, and the gain by pieces."""
    wave = go.Figure(heat("states", list(range(1, STEPS + 1)), NOW, xgap=0.5))
    grid = {"showgrid": False, "zeroline": False}
    rows = {"tickvals": list(range(1, LARGEST + 1)), **grid}
    wave.update_layout(
        xaxis={"title": "step t", **grid}, yaxis={"title": "layer", **rows}, margin={"t": 8}
    )
    theme.describe(
        wave,
        title="The states at this moment",
        alt="A row of 64 steps for each layer: blue is forward, vermilion backward, strong what is "
        "being computed, pale what is done.",
        height=220,
    )
    theme.fit(wave, "yaxis", "layers_range")
    gain = lines.curves(
        np.log2(PIECES),
        {"at this price": ("gain", "ink"), "no price": ("free", "muted", "dash")},
        title="Times as fast as one device",
        alt="Curves of the gain against the number of pieces, below the most that is possible.",
        x_title="pieces",
        y_title="times as fast",
        height=220,
    )
    most = lines.reference([0, len(PIECES) - 1], None, name="the most", meta={"y": "bound"})
    gain.add_trace(most)
    gain.update_xaxes(range=[-0.2, 6.2], tickvals=np.log2(PIECES), ticktext=PIECES)
    theme.fit(gain, "yaxis", "gain_range")
    theme.mark(gain, "pieces", label="", at=np.log2(PIECES))
    work = go.Figure(heat("work", "when", BUSY))
    moment = {"mode": "lines", "name": "now", "line": theme.line("ink", "dot")}
    work.add_trace(go.Scatter(**theme.bound(x="now_x", y="now_y"), **moment))
    work.update_layout(
        xaxis={"title": "time, in steps of a layer forward", **grid},
        yaxis={"title": "device", **rows},
        margin={"t": 8},
        showlegend=False,
    )
    theme.describe(
        work,
        title="Who works when",
        alt="A row for each device over time, blue where it works forward, vermilion where it "
        "works backward, empty where it waits, and a line at the moment.",
        height=220,
    )
    theme.fit(work, "xaxis", "span")
    theme.fit(work, "yaxis", "devices_range")
    return [theme.wide(wave), work, gain]


class Wavefront(Explorable):
    """Put the layers of a network on devices, cut the time in pieces, and see who waits."""

    title = "A wave through the layers"
    caption = (
        "What can be computed at once lies on a slope: each state needs the one before it and the "
        "one below. A step backward takes twice as long. In a device’s row the pieces alternate in "
        "shade, and pale heads are their price. Neighboring layers share a device. A layer that "
        "reads both ways waits for all of the layer next to it. This is counted, and sending costs "
        "nothing."
    )
    alt = (
        "First, 64 steps for each layer, through which the computation goes as a sloping front, "
        "forward in blue and back in vermilion. Then a row for each device over time, with empty "
        "corners where it waits, and the gain against the number of pieces."
    )
    controls = (
        Number("layers", "Layers L", range(1, LARGEST + 1), 4),
        Number("devices", "Devices", range(1, LARGEST + 1), 4),
        Number("pieces", "Pieces n", PIECES, 8),
        Number("price", "Price p", PRICES, 0, texts=[
            "1 step" if p == 1 else f"{p:g} steps" for p in PRICES]),
        Choice("reads", "Read both ways", ("one way", "lowest both", "all both"), "one way",
               texts=("no layer", "the lowest", "all layers")),
        Number("clock", "Clock", range(TICKS + 1), 12, play=120, texts=[
            f"{k / TICKS:.0%}" for k in range(TICKS + 1)]),
    )  # fmt: skip
    lines = ("moment", "verdict")
    compute, panes, constants = compute, panes, dict
    question = Question(
        "Four layers read 64 steps, and every state waits for two others: the one before it and "
        "the one below. Each layer gets a device of its own and hands on what it has read eight "
        "steps at a time. How many times as fast is a training step as on one device?",
        ("1: everybody waits", "about 1.5", "2.9", "4"),
        2,
        {
            "reads": "one way",
            "layers": 4,
            "devices": 4,
            "pieces": 8,
            "price": 0,
            "clock": 40,
        },
        "The second layer can begin when the first has done one piece of eight, the last when "
        "three pieces are done. So forward takes 8 + 3 turns in place of 32, and backward it is "
        "the same from the other end.",
        hides=("verdict", 2),
        corrects={
            0: "They wait for what is before and below, and not for each other's whole text.",
            1: "They wait less than that.",
            3: "So it would be if the upper layers had something to read at the start.",
        },
    )
    stories = (
        Story(
            "all in one piece",
            {"reads": "one way", "layers": 4, "devices": 4, "pieces": 1, "price": 0, "clock": 8},
            "Four devices, and never more than one at work. Drag the pieces up and watch the "
            "stairs slide into each other.",
            ("pieces",),
        ),
        Story(
            "step by step",
            {"reads": "one way", "layers": 8, "devices": 8, "pieces": 64, "price": 0, "clock": 9},
            "Play the clock: a front climbs through the network and comes back. Now drag the price "
            "up.",
            ("price", "clock"),
        ),
        Story(
            "what we measured",
            {"reads": "one way", "layers": 2, "devices": 2, "pieces": 8, "price": 1.6, "clock": 10},
            "Two layers, where in our experiment a piece cost 1.6 steps extra. Drag the pieces: "
            "single steps are slower than one device, and four to eight pieces are best.",
            ("pieces",),
        ),
        Story(
            "reading both ways",
            {"reads": "all both", "layers": 4, "devices": 4, "pieces": 8, "price": 0, "clock": 7},
            "Each layer waits for all of the one below, and four devices are as fast as one. Let "
            "only the lowest read both ways, as Google’s translator did.",
            ("reads",),
        ),
    )
