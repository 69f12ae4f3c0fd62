"""Chapter 11: which inputs an output has seen, in one direction and in both."""

from functools import cache

import numpy as np

from unrolled.analysis.influence import influence
from unrolled.engine import initializers, rnn
from unrolled.engine.bidirectional import Bidirectional
from unrolled.engine.stack import Stack
from unrolled.figures import lines, maps, theme

from .controls import Choice, Number, Question, Story
from .explorable import Explorable

T, D, H = 24, 4, 8
ONE_WAY, BOTH, BACK = DIRECTIONS = ("one way", "both ways", "backward half")
GAINS = [0.0, 0.7, 0.8, 0.9, 1.1, 1.4]
DECADES = (-6, 1)


@cache
def strengths(layers, direction, gain):
    """log10 |dh_t/dx_s| (T, T) of an untrained network, NaN where it is exactly 0."""
    rng = np.random.default_rng(7)
    x = 0.5 * rng.standard_normal((T, D))
    cell = Stack(rnn if direction == ONE_WAY else Bidirectional(rnn), layers)
    params = cell.init_params(D, H, rng=rng)
    for name in params:
        if name.endswith("W_hh"):
            params[name] *= gain / initializers.spectral_radius(params[name])
    units = slice(H, None) if direction == BACK else slice(None)
    found = influence(x, params, cell=cell, units=units)
    return np.log10(found, out=np.full((T, T), np.nan), where=found > 0)


def compute(direction, layers, gain, t):
    """Strengths of all paths, those to output t, and which inputs it has seen."""
    logs = strengths(layers, direction, gain)
    row, seen = logs[t], np.flatnonzero(np.isfinite(logs[t]))
    return {
        "strengths": logs,
        "row": row,
        "decades": np.array([min(-2.5, np.nanmin(logs) - 0.3), max(0.5, np.nanmax(logs) + 0.1)]),
        "count": len(seen),
        "first": seen[0],
        "last": seen[-1],
        "past": int((seen < t).sum()),
        "future": int((seen > t).sum()),
        "seen": case(seen[0] < t, seen[-1] > t),
        "square": case(np.isfinite(logs[-1, 0]), np.isfinite(logs[0, -1])),
        **{f"log_{name}": np.nan_to_num(row[s]) for name, s in (("0", 0), ("own", t), ("T", -1))},
        "from_0": path(row, 0, t),
        "from_T": path(row, T - 1, t),
    }


def case(past, future):
    """Whether the past, the future or both are used, in a word."""
    return "both" if past and future else "past" if past else "future" if future else "own"


def path(row, s, t):
    """Whether a path leads from input s to output t, in a word."""
    return "own" if s == t else "path" if np.isfinite(row[s]) else "no path"


def panes():
    """The square of all outputs and inputs, and one row of it as a curve."""
    square = maps.strengths(
        "strengths",
        title="What input s does to output t",
        alt="Heat map of the Jacobian's length over output and input steps, empty where 0.",
        x_title="input step s",
        y_title="output step t",
        decades=DECADES,
    )
    theme.mark(square, "t", axis="y", label="output")
    curve = lines.curves(
        np.arange(T),
        {"strength": ("row", "forward")},
        title="The marked output, input by input",
        alt="Line of the Jacobian's length over the inputs, which ends where it is 0.",
        x_title="input step s",
        y_title="length of ∂h<sub>t</sub>/∂x<sub>s</sub>",
        **theme.decades(DECADES),
    )
    curve.update_traces(mode="lines+markers").update_xaxes(range=[-0.5, T - 0.5])
    theme.fit(curve, "yaxis", "decades", decades=True)
    return [square, theme.mark(curve, "t", label="its own step")]


class Reach(Explorable):
    """See which inputs an output uses, one way and both ways, through up to three layers."""

    title = "Reach"
    caption = (
        "Each square shows how strongly one input acts on one output; where no path leads, it is "
        "empty. {about_square}"
    )
    alt = (
        "Left, a heat map of how strongly each input acts on each output: one way, a triangle "
        "below the diagonal that fades to the left, the rest empty. Right, the marked row as a "
        "curve, which rises to the output's own step and ends there."
    )
    controls = (
        Choice("direction", "Direction", DIRECTIONS, ONE_WAY),
        Number("layers", "Layers", (1, 2, 3), 1),
        Number("gain", "Recurrent gain", GAINS, 0.8),
        Number("t", "Output step t", range(T), 12, play=180),
    )
    lines = ("verdict", "numbers")
    compute, panes = compute, panes
    question = Question(
        "A network of one layer reads from left to right, and output 12 has seen the inputs 0 to "
        "12. How many of the eleven inputs after it does output 12 see when we stack three such "
        "layers?",
        ("none", "2", "all 11"),
        0,
        {"direction": ONE_WAY, "layers": 3, "gain": 0.8, "t": 12},
        "Every layer reads the one below from left to right too, so no path leads back in time. "
        "The strengths have changed and the triangle has not.",
    )
    stories = (
        Story(
            "one way",
            {"direction": ONE_WAY, "layers": 1, "gain": 0.8, "t": 12},
            "Right of the diagonal all squares are empty: these are exact zeros, because no path "
            "leads there, and not numbers too small to show.",
        ),
        Story(
            "both ways",
            {"direction": BOTH, "layers": 1, "gain": 0.8, "t": 12},
            "No square is empty: output 12 has seen all eleven inputs that come after it.",
        ),
        Story(
            "the wrong row",
            {"direction": BACK, "layers": 1, "gain": 0.8, "t": 23},
            "The backward half begins at the end, so at the last step it has read one input, its "
            "own; the output that has read all of them is the first.",
        ),
        Story(
            "a second layer",
            {"direction": BACK, "layers": 2, "gain": 0.8, "t": 23},
            "One layer up the backward half uses all 24 inputs at the last step, since the layer "
            "below has already read both ways.",
        ),
    )
