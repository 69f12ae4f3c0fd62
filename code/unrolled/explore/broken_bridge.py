"""Chapter 13: a GRU whose weights were carried to another library, correctly or with a mistake."""

from functools import cache

import numpy as np

from unrolled.analysis.gradient_flow import log10
from unrolled.analysis.wrong_bridges import MISTAKES, arrived
from unrolled.engine import gru
from unrolled.figures import lines, theme

from .controls import Choice, Number, Question, Story
from .explorable import Explorable

N, T, D, H = 8, 30, 4, 6
BIASES = [0.0, 0.1, 0.3, 1.0, 3.0]
GAINS = [0.25, 0.5, 1.0, 2.0]
ROUNDING = 1e-6


@cache
def weights(bias, gain):
    """Inputs and parameters with biases of that size and recurrent weights times `gain`."""
    rng = np.random.default_rng(7)
    params = gru.init_params(D, H, rng=rng)
    for name, value in params.items():
        if name.startswith("b_"):
            value += bias * rng.standard_normal(H)
        if name.startswith("W_h"):
            value *= gain
    return rng.standard_normal((N, T, D)), params


@cache
def both(mistake, bias, gain):
    """Hidden states before and after, (N, T, H) each."""
    x, params = weights(bias, gain)
    single = {name: value.astype(np.float32) for name, value in params.items()}
    return gru.forward(x, params)[0], arrived(x.astype(np.float32), single, mistake)


def compute(mistake, bias, gain, unit):
    """One unit in both, and the largest difference at each step."""
    before, after = both(mistake, bias, gain)
    apart = np.abs(before - after).max(axis=(0, 2))
    logs = log10(np.maximum(apart, 1e-12))
    seen = apart > ROUNDING
    return {
        "before": before[0, :, unit],
        "after": after[0, :, unit],
        "apart": logs,
        "decades": np.array([min(-7, np.floor(logs.min())), max(-5, np.ceil(logs.max()))]),
        "worst": float(apart.max()),
        "first": int(seen.argmax()),
        "seen": "yes" if seen.any() else "rounding" if mistake == "none" else "no",
    }


def panes():
    """One unit before and after, and how far all of them are apart."""
    one = lines.curves(
        np.arange(T),
        {"before": ("before", "forward"), "after": ("after", "backward", "dash")},
        title="One unit before and after",
        alt="Two lines of one hidden unit over 30 steps, in the old library and in the new.",
        x_title="time step t",
        y_title="h<sub>t</sub>",
        range=[-1.05, 1.05],
    )
    apart = lines.curves(
        np.arange(T),
        {
            "largest difference": ("apart", "highlight"),
            "rounding stays below": (np.full(T, np.log10(ROUNDING)), "muted", "dot"),
        },
        title="All units and sequences",
        alt="The largest difference of the hidden states at each step, on a logarithmic axis.",
        x_title="time step t",
        y_title="difference",
        **theme.decades((-8, 1)),
    )
    theme.fit(apart, "yaxis", "decades", decades=True)
    return [one, apart]


class BrokenBridge(Explorable):
    """Carry a GRU's weights into another library with a mistake, and try to see it."""

    title = "The broken bridge"
    caption = (
        "Each of these mistakes can be made with arrays that fit, so nothing is raised. A "
        "comparison of the hidden states finds them, but it is only as good as the weights and the "
        "number of steps it is made with."
    )
    alt = (
        "Left, with the gates not swapped one unit takes another path than before. Right, the "
        "largest difference over all units lies above a tenth from the first steps on, five "
        "decades above rounding."
    )
    controls = (
        Choice("mistake", "Mistake", list(MISTAKES), "gates not swapped"),
        Number("bias", "Size of the biases", BIASES, 0.3),
        Number("gain", "Recurrent gain", GAINS, 1.0),
        Choice("unit", "Unit", list(range(H)), 0),
    )
    compute, panes = compute, panes
    question = Question(
        "Before you trust your way of copying weights, you try it on a fresh Keras GRU, whose "
        "biases are all zero, and compare one step. How many of these four mistakes do you miss?",
        ("none", "one", "two", "three"),
        3,
        {"mistake": "reset before", "bias": 0.0, "gain": 1.0, "unit": 0},
        "Three. Before the first step the state is zero, so neither the place of the reset gate "
        "nor a missing transpose matters, and the two biases add up to zero. More steps show the "
        "first two; the sum shows itself only when the biases are not zero.",
    )
    stories = (
        Story(
            "both look right",
            {"mistake": "reset before", "bias": 0.3, "gain": 1.0, "unit": 0},
            "Neither of the two curves looks wrong by itself; you notice that one is wrong only "
            "because both are drawn.",
        ),
        Story(
            "biases of size 1",
            {"mistake": "biases summed", "bias": 1.0, "gain": 1.0, "unit": 0},
            "A fresh layer of Keras hides this mistake; with biases of size 1 it moves the states "
            "by up to 0.94.",
        ),
        Story(
            "one step is not enough",
            {"mistake": "not transposed", "bias": 0.3, "gain": 1.0, "unit": 0},
            "At step 0 there is only rounding, because the state before it is zero and any matrix "
            "turns zeros into zeros; a comparison of a single step would have passed.",
        ),
    )
