"""Chapter 24: seven ways to the gradient of a long sequence, what each keeps and repeats."""

from functools import cache

import numpy as np
import plotly.graph_objects as go

from unrolled.analysis.gradient_cost import WAYS, moves, price
from unrolled.figures import lines, theme

from .controls import Choice, Number, Question, Story
from .explorable import Explorable

LENGTHS = [256, 1024, 3003, 10_000, 100_000]
SIZES = [16, 64, 256]
SLOTS = [2, 3, 5, 10, 20, 50, 100]
DRAWN = 60  # steps of the picture
BYTES = 4  # of a number
NAMES = ("full BPTT", "segments", "halving", "binomial", "truncated", "RTRL", "UORO")
EXACT, NOT = "circle", "x"
PLACES = (  # of the names beside their points
    "middle right", "middle left", "middle right", "bottom right", "middle left", "top center",
    "top right",
)  # fmt: skip
UNITS = (("GB", 1e9), ("MB", 1e6), ("kB", 1e3))


@cache
def picture(way, slots):
    """Lines (work, step) of a way through DRAWN steps: forward, back and kept, each (n, 2).

    A step forward takes one unit of work and one back takes two. NaN is between two lines.
    """
    found, now, kept = {"forward": [], "back": [], "kept": []}, 0, {}

    def line(name, *ends):
        found[name] += [*ends, (np.nan, np.nan)]

    for name, start, stop in moves(way, DRAWN, slots):
        length = stop - start
        if name == "store":
            kept[start] = now
        if name in ("advance", "reverse"):
            line("forward", (now, start), (now + length, stop))
        if name == "advance":
            now += length
        if name == "reverse":
            turn, now = now + length, now + 3 * length
            line("back", (turn, stop), (now, start))
            for t in range(start + 1, stop):  # the tape
                line("kept", (turn - (stop - t), t), (turn + 2 * (stop - t), t))
            if start in kept:
                line("kept", (kept.pop(start), start), (now, start))
    return {name: np.array(points or [(np.nan, np.nan)], float) for name, points in found.items()}


@cache
def longest():
    """How many points the longest of these lines has, by name."""
    every = [picture(way, slots) for way in WAYS for slots in SLOTS]
    return {name: max(len(found[name]) for found in every) for name in every[0]}


def compute(way, T, H, slots):
    """The picture of a way, and the prices of all."""
    arrays = {}
    for name, points in picture(way, slots).items():
        gap = np.full((longest()[name] - len(points), 2), np.nan)
        points = np.concatenate([points, gap])
        arrays[f"{name}_work"], arrays[f"{name}_step"] = points.T
    arrays["span"] = np.array([0, np.nanmax(arrays["forward_work"])])
    if way not in ("RTRL", "UORO"):
        arrays["span"][1] = np.nanmax(arrays["back_work"])
    prices = {name: price(name, T, H, slots) for name in WAYS}
    arrays["all_work"] = np.log10([p.work for p in prices.values()])
    arrays["all_bytes"] = np.log10([BYTES * p.numbers for p in prices.values()])
    many = [s for s in np.unique(np.geomspace(2, 10_000, 41).round().astype(int)) if s < T]
    many = [price("binomial", T, H, int(s)) for s in many]
    frontier = np.full((41, 2), np.nan)  # short ones have fewer
    frontier[: len(many)] = [np.log10([p.work, BYTES * p.numbers]) for p in many]
    frontier[frontier[:, 0] > arrays["all_work"].max() + 0.3] = np.nan
    arrays["frontier_work"], arrays["frontier_bytes"] = frontier.T
    here = WAYS.index(way)
    arrays["here_work"], arrays["here_bytes"] = (
        arrays["all_work"][[here]],
        arrays["all_bytes"][[here]],
    )
    for part, before, behind in (("work", 1.2, 0.6), ("bytes", 0.4, 0.4)):
        ends = arrays[f"all_{part}"]
        arrays[f"{part}_range"] = np.array([ends.min() - before, ends.max() + behind])
    kept, full = prices[way].numbers, prices["full"].numbers
    return arrays | {
        "steps": f"{T:,}",
        "kept": written(BYTES * kept),
        "full_kept": written(BYTES * full),
        "share": "same" if way == "full" else "less" if kept < full else "more",
        "factor": about(max(full / kept, kept / full)),
        "times": about(prices[way].work),
        "states": f"{min(slots, T)}",
    }


def about(ratio):
    """A ratio in two digits, or three from a hundred on."""
    return f"{ratio:,.0f}" if ratio >= 100 else f"{float(f'{ratio:.2g}'):g}"


def written(size):
    """Bytes in two digits with their unit."""
    unit, one = next((u for u in UNITS if size >= u[1]), UNITS[-1])
    return f"{float(f'{size / one:.2g}'):,g} {unit}"


def panes():
    """The way through 60 steps, and all ways on a map of work and memory."""
    way = lines.curves(
        "forward_work",
        {
            "kept": ("kept_step", "muted", "solid"),
            "forward": ("forward_step", "forward"),
            "back": ("back_step", "backward", "dash"),
        },
        title=f"The way through {DRAWN} steps",
        alt="Lines of the step against the work so far: rising where the network runs forward, "
        "falling where the gradient goes back, level where a state is kept.",
        x_title="work so far (steps forward)",
        y_title="step",
        range=[-2, DRAWN + 2],
    )
    for trace, name in zip(way.data, ("kept", "forward", "back"), strict=True):
        trace.meta = {"x": f"{name}_work", "y": f"{name}_step"}
    way.data[0].line.width = 1
    theme.fit(way, "xaxis", "span")
    plane = go.Figure()
    frontier = lines.reference([0.0], [0.0], name="binomial, any slots")
    frontier.update(x=None, y=None, **theme.bound(x="frontier_work", y="frontier_bytes"))
    plane.add_trace(frontier)
    plane.add_trace(
        go.Scatter(
            **theme.bound(x="all_work", y="all_bytes"),
            mode="markers+text",
            text=list(NAMES),
            textposition=list(PLACES),
            textfont={"size": 11},
            cliponaxis=False,
            marker={
                "color": theme.FORWARD,
                "size": 8,
                "symbol": [NOT if way in ("blocks", "UORO") else EXACT for way in WAYS],
            },
            showlegend=False,
        )
    )
    plane.add_trace(lines.marker("here_work", "here_bytes", name="this way", symbol="circle-open"))
    plane.update_layout(
        xaxis={"title": "work, times full BPTT", **theme.decades((-1, 5))},
        yaxis={"title": "bytes kept", **theme.decades((2, 9))},
    )
    theme.describe(
        plane,
        title="What all ways cost",
        alt="Points of work and memory on logarithmic axes, full BPTT at the top left, the "
        "schedules below it a little to the right, RTRL far to the right; "
        "crosses for the two that are not exact.",
        height=340,
    )
    theme.fit(plane, "xaxis", "work_range", decades=True)
    theme.fit(plane, "yaxis", "bytes_range", decades=True)
    return [way, plane]


class CostLab(Explorable):
    """Choose a way to the gradient of a long sequence; see what it keeps and what it repeats."""

    title = "Cost lab"
    caption = (
        "Left, a run forward rises and a gradient on its way back falls; a level line is a state "
        "that is kept until then. The picture has 60 steps, so that single lines can be seen. "
        "Right, all ways for the length and the width that are set, counted for a tanh network "
        "with as many inputs as units, four bytes a number. Dots are the exact gradient; crosses "
        "are not: truncated BPTT drops what lies far back, and UORO is right on average only. "
        "RTRL and UORO run forward once, but each step is more work."
    )
    alt = (
        "Left, the steps of a sequence against the work so far, with rising, falling and level "
        "lines; right, seven ways to the gradient as points of work and memory on logarithmic axes."
    )
    controls = (
        Choice("way", "Way", WAYS, "binomial", texts=NAMES),
        Number("T", "Steps", LENGTHS, 3003, texts=[f"{T:,}" for T in LENGTHS]),
        Number("H", "Units", SIZES, 64),
        Number("slots", "Slots for states", SLOTS, 10),
    )
    lines = ("price", "right")
    compute, panes = compute, panes
    question = Question(
        "A sequence has 3,003 steps, and there is room for the states of ten. What has to be given "
        "up to get the gradient through all of it?",
        (
            "its far part",
            "some of its digits",
            "time: 2.5 times the work",
            "time: hundreds of times the work",
        ),
        2,
        {"way": "binomial", "T": 3003, "H": 64, "slots": 10},
        "Whatever was not kept is computed again from the nearest state that was. With ten slots "
        "in the right places no step is passed more than five times on the way, and the gradient "
        "is the same to rounding.",
        hides=("price", "right", 1),
        corrects={
            0: "That is what a cut would give up.",
            1: "Running a step again gives the same numbers again.",
            3: "So it would be with one slot, from which every step is reached anew.",
        },
    )
    stories = (
        Story(
            "keep everything",
            {"way": "full", "T": 100_000, "H": 256, "slots": 10},
            "Up once and down once: no way does less work. The level lines are its price, for "
            "every state waits until the gradient comes by.",
        ),
        Story(
            "one more pass",
            {"way": "segments", "T": 100_000, "H": 256, "slots": 10},
            "Every step runs forward twice and the memory falls by a factor of 158. Follow the "
            "last segment first: it goes back at once, and the others are run again one by one.",
        ),
        Story(
            "three slots",
            {"way": "binomial", "T": 1024, "H": 64, "slots": 3},
            "Drag the slots: with every one less there are more rising lines, and their number "
            "explodes only at the end.",
            ("slots",),
        ),
        Story(
            "never go back",
            {"way": "RTRL", "T": 100_000, "H": 16, "slots": 10},
            "Nothing is kept of any step, so the length does not matter. Drag the units to see "
            "what does.",
            ("H",),
        ),
    )
