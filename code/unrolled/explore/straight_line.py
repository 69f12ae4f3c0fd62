"""Chapter 23: where a unit ends, as a function of where it began, for cells old and new."""

import numpy as np

from unrolled.engine import gru, mingru, rnn, signed_mingru
from unrolled.figures import lines, theme

from .controls import Choice, Number, Question, Story
from .explorable import Explorable

CELLS = {"RNN": rnn, "GRU": gru, "minGRU": mingru, "minGRU, signed": signed_mingru}
STEPS = (1, 2, 3, 5, 10, 20)
BIASES = (-3.0, 0.0, 2.0, 4.0)
STARTS = np.linspace(-1, 1, 81)


def unit(cell, bias):
    """Weights of one unit, the same for all cells where they have the same name."""
    weights = {"W_xh": 1.0, "W_hh": 1.6, "W_xr": 0.5, "W_hr": 2.0, "W_xz": 1.0, "W_hz": 2.0}
    weights |= {"W_xn": 1.0, "W_hn": 2.0, "b_z": bias}
    params = cell.init_params(1, 1, rng=np.random.default_rng(0))
    return {name: np.full_like(value, weights.get(name, 0.0)) for name, value in params.items()}


def compute(cell, bias, steps):
    """The last state of 81 starts, a straight line through its ends, and the slope along it."""
    params = unit(CELLS[cell], bias)
    x = np.broadcast_to(
        np.sin(1.7 * np.arange(steps) + 0.5)[:, None], (len(STARTS), steps, 1)
    ).copy()
    h, tape = CELLS[cell].forward(x, params, (STARTS[:, None].copy(),))
    ends = h[:, -1, 0]
    line = ends[0] + (ends[-1] - ends[0]) * (STARTS + 1) / 2
    dh = np.zeros_like(h)
    dh[:, -1] = 1
    slopes = CELLS[cell].backward(dh, tape, params)[1][0][:, 0]
    apart = float(np.abs(ends - line).max().round(12))
    sizes = np.log10(np.maximum(np.abs(slopes), 1e-12))
    return {
        "ends": ends,
        "line": line,
        "slopes": sizes,
        "decades": np.array([np.floor(sizes.min() - 0.2), np.ceil(sizes.max() + 0.2)]),
        "apart": apart,
        "slope": float(slopes[0]),
        "least": float(sizes.min()),
        "most": float(sizes.max()),
        "shape": "curve" if apart else "line",
    }


def panes():
    """End against start, and how much a step of the start moves the end."""
    ends = lines.curves(
        STARTS,
        {"the cell": ("ends", "forward"), "a straight line": ("line", "muted", "dot")},
        title="Where it ends",
        alt="The last state against the first, beside a straight line through its ends.",
        x_title="state before the first step",
        y_title="state after the last",
        range=[-1.8, 1.8],
    )
    slopes = lines.curves(
        STARTS,
        {"slope": ("slopes", "backward")},
        title="How much the end moves with the start",
        alt="The size of the derivative of the last state for the first, on a logarithmic axis.",
        x_title="state before the first step",
        y_title="size of the slope",
        **theme.decades((-4, 1)),
    )
    theme.fit(slopes, "yaxis", "decades", decades=True)
    return [ends, slopes]


class StraightLine(Explorable):
    """Choose a cell and a number of steps; see its end as a function of its start."""

    title = "From start to end"
    caption = (
        "One unit of each cell reads the same numbers, from 81 starts. The slope is the product of "
        "what every single step multiplies a change by, which is what a gradient meets on its way "
        "back."
    )
    alt = (
        "Left, the last state of a GRU after ten steps against its first: level for the lower "
        "half of the starts, then rising. Right, the slope of that curve, from less than a "
        "thousandth to more than 1."
    )
    controls = (
        Choice("cell", "Cell", tuple(CELLS), "GRU"),
        Number("bias", "Bias of the gate", BIASES, 2.0),
        Number("steps", "Steps", STEPS, 10),
    )
    compute, panes = compute, panes
    question = Question(
        "To know where a GRU ends for every start, we computed 81 of them. How many are enough for "
        "a minGRU, after twenty steps?",
        ("one", "two", "all 81"),
        1,
        {"cell": "minGRU", "bias": 2.0, "steps": 20},
        "The end is a straight line over the start, whatever was read, and two points say where a "
        "line runs.",
        corrects={
            0: "One point tells where the line is, and nothing of its slope.",
            2: "That many are needed for a curve.",
        },
    )
    stories = (
        Story(
            "a curve decides",
            {"cell": "RNN", "bias": 2.0, "steps": 20},
            "The RNN ends in one of two places, and jumps from one to the other between two of our "
            "81 starts. No straight line has a jump in it.",
        ),
        Story(
            "a line only fades",
            {"cell": "minGRU", "bias": 4.0, "steps": 20},
            "Twenty steps, and still straight. All that a minGRU does to its past is to make it "
            "smaller and to add something.",
        ),
        Story(
            "it leans the other way",
            {"cell": "minGRU, signed", "bias": -3.0, "steps": 5},
            "Five decays below zero, and the line falls: the higher start ends lower. Choose an "
            "even number of steps, and it rises.",
            ("steps",),
        ),
    )
