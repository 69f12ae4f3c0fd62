"""Chapter 22: what pairs of units remember that keep a share of themselves and turn."""

import numpy as np
import plotly.graph_objects as go

from unrolled.analysis import memory
from unrolled.figures import lines, theme

from .controls import Choice, Number, Question, Story
from .explorable import Explorable

LAGS = np.arange(201)
MOST = 64
DOT, LINE = 200, 400  # a place in the disc, a height of the curve: steps that the eye can see
EVENLY, RANDOM = "evenly", "at random"
CIRCLE = np.linspace(0, 2 * np.pi, 181)


def placed(outer, inner, turn, H, spread):
    """r and angle (H,) of the pairs in a ring, evenly over its area or drawn at random."""
    if spread == EVENLY:
        share, place = (np.arange(H) + 0.5) / H, (np.arange(H) * 0.6180339887498949 + 0.5) % 1
    else:
        rng = np.random.default_rng(7)
        share, place = rng.random(MOST)[:H], rng.random(MOST)[:H]
    low = min(inner, outer)
    return np.sqrt(low**2 + (outer**2 - low**2) * place), np.radians(turn) * share


def compute(outer, inner, turn, H, spread):
    """The turns in the plane, and how well the best readout recalls each lag."""
    r, angle = placed(outer, inner, turn, H, spread)
    recalled = memory.recall(r, angle, LAGS)
    spent = memory.total(r, angle)
    x, y = (
        np.pad(np.round(f(angle) * r * DOT) / DOT, (0, MOST - H), constant_values=np.nan)
        for f in (np.cos, np.sin)
    )
    units = 2 * H if turn else H
    below = np.flatnonzero(recalled < 0.5)
    low = min(inner, outer)
    return {
        "x": x,
        "y": y,
        "mirrored": -y,
        "outer_x": outer * np.cos(CIRCLE),
        "outer_y": outer * np.sin(CIRCLE),
        "inner_x": low * np.cos(CIRCLE),
        "inner_y": low * np.sin(CIRCLE),
        "recalled": np.round(recalled * LINE) / LINE,
        "spent": spent,
        "units": units,
        "share": spent / units,
        "last": float(recalled[1]),
        "hundred": float(recalled[100]),
        "reach": int(below[0]) if len(below) else len(LAGS),
        "fall": ("never" if not len(below) else "at once" if below[0] == 0 else "later"),
        "turns": "yes" if turn else "no",
    }


def panes():
    """The disc with the turns, and the recall over the lags."""
    disc = go.Figure(
        [
            go.Scatter(
                x=np.cos(CIRCLE),
                y=np.sin(CIRCLE),
                name="length 1",
                mode="lines",
                line=theme.line("muted", "dot", 1.5),
                hoverinfo="skip",
            ),
            *(
                go.Scatter(
                    **theme.bound(x=f"{edge}_x", y=f"{edge}_y"),
                    name="ring",
                    mode="lines",
                    line=theme.line("forward", width=1),
                    showlegend=False,
                    hoverinfo="skip",
                )
                for edge in ("outer", "inner")
            ),
            go.Scatter(
                **theme.bound(x="x", y="mirrored"),
                name="the other way round",
                mode="markers",
                marker={"size": 6, "symbol": "circle-open", "color": theme.FORWARD},
            ),
            go.Scatter(
                **theme.bound(x="x", y="y"),
                name="a pair's turn",
                mode="markers",
                marker={"size": 7, "color": theme.FORWARD},
            ),
        ]
    )
    axis = {"range": [-1.12, 1.12], "constrain": "domain", "zeroline": True, "nticks": 5}
    disc.update_layout(
        xaxis={"title": "along", **axis},
        yaxis={"title": "across", "scaleanchor": "x", **axis},
        showlegend=True,
    )
    theme.describe(
        disc,
        title="What a step does to each pair",
        alt="A disc with a point for each pair of units: its distance from the center is what the "
        "pair keeps, its direction by how much it turns.",
        height=380,
    )
    theme.mark(disc, "outer", label="keeps at most", foot=True)
    curve = lines.curves(
        LAGS,
        {"recalled": ("recalled", "forward")},
        title="What the best readout can recall",
        alt="A curve of R squared between 0 and 1 over the lag from 0 to 200.",
        x_title="lag (steps back)",
        y_title="R²",
        height=380,
        range=[-0.03, 1.05],
    )
    curve.update_traces(fill="tozeroy")
    curve.add_trace(lines.reference([0, LAGS[-1]], [0.5, 0.5], name="one half"))
    return [disc, curve]


class Ring(Explorable):
    """Put the turns of linear units into a ring, and see how far back they remember."""

    title = "What a ring remembers"
    caption = (
        "Nothing is trained here: the inputs are noise, each unit has noise of a thousandth of its "
        "size, and the curve is what the best linear readout of the state recalls of the input so "
        "many steps back: all (R² = 1) or nothing (0). The area under it is the "
        "memory, which cannot exceed the number of units."
    )
    alt = (
        "Left, a disc with points near its rim; right, the recall over 200 lags. Without turns it "
        "falls to almost zero at once; with turns spread evenly on one circle it is a plateau that "
        "ends at lag 127."
    )
    controls = (
        Number("outer", "A pair keeps at most", (0.7, 0.9, 0.97, 0.99, 0.995, 0.999), 0.999),
        Choice("inner", "and at least", (0.0, 0.9, 1.0), 0.9, ("nothing", "0.9", "as much")),
        Number("turn", "Turns up to (°)", (0, 18, 45, 90, 180), 0),
        Choice("H", "Pairs", (8, 64), 64),
        Choice("spread", "Spread", (EVENLY, RANDOM), RANDOM),
    )
    compute, panes = compute, panes
    lines = ("verdict", "budget")
    question = Question(
        "Sixty-four units keep between 90 % and 99.9 % of themselves at every step and do not "
        "turn. The best readout that there is looks at all of them. How much does it know about "
        "the input of one step ago?",
        ("nearly all (R² above 0.95)", "most (about 0.8)", "less than a third"),
        2,
        {"outer": 0.999, "inner": 0.9, "turn": 0, "H": 64, "spread": RANDOM},
        "All sixty-four are slow averages of the same past, so they say almost the same thing. "
        "What came last is a sliver of each of them, and the same sliver. Now let them turn.",
        hides=("verdict", "budget", 1),
        corrects={
            0: "They keep nearly all of it, but mixed with everything else.",
            1: "They keep nearly all of it, but mixed with everything else.",
        },
    )
    stories = (
        Story(
            "slow, without a turn",
            {"outer": 0.999, "inner": 0.9, "turn": 0, "H": 64, "spread": RANDOM},
            "Units that lose as little as a thousandth per step, and they cannot tell what came "
            "one step ago. The area under the curve is a small part of what 64 units could hold.",
        ),
        Story(
            "let them turn",
            {"outer": 0.999, "inner": 0.9, "turn": 180, "H": 64, "spread": RANDOM},
            "The same shares kept, and each pair turns by an angle of its own. This is how an LRU "
            "starts, and almost all of the memory is in use.",
        ),
        Story(
            "a tape recorder",
            {"outer": 0.99, "inner": 1.0, "turn": 180, "H": 64, "spread": EVENLY},
            "Evenly around one circle, each of the last 128 inputs is recalled equally well, and "
            "the one before them is as good as gone. Drag the circle outward: the plateau "
            "sinks, and its edge stays where it is.",
            ("outer",),
        ),
        Story(
            "a full disc",
            {"outer": 0.999, "inner": 0.0, "turn": 180, "H": 64, "spread": RANDOM},
            "Spread over the whole disc, most pairs are short of breath: the last steps are "
            "recalled perfectly, the rest soon not at all, and more than half of the memory is "
            "idle.",
        ),
    )
