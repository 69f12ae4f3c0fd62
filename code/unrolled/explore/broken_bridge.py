"""Chapter 13: a GRU whose weights were carried to another library, rightly or with a mistake."""

from functools import cache

import numpy as np

from unrolled.analysis.gradient_flow import log10
from unrolled.analysis.wrong_bridges import MISTAKES, arrived
from unrolled.engine import gru
from unrolled.figures import lines, states, theme

from .explorable import Explorable, Slider

N, T, D, H = 8, 30, 4, 6
BIASES = [0.0, 0.1, 0.3, 1.0, 3.0]
GAINS = [0.25, 0.5, 1.0, 2.0]
DECADES = (-9, 1)
ROUNDING = 1e-6
SAID = {
    "none": "Carried rightly, and computed in float32 as libraries do",
    "gates not swapped": "With r and z in each other's place",
    "reset before": "With the reset gate before the product",
    "not transposed": "With the recurrent matrices not transposed",
    "biases summed": "With the two biases of the candidate added up",
}


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
    return {
        "before": before[0, :, unit],
        "after": after[0, :, unit],
        "apart": np.maximum(log10(np.maximum(apart, 1e-12)), DECADES[0]),
        "verdict": verdict(mistake, apart.max(), bias),
    }


def verdict(mistake, worst, bias):
    """How far off it is, and whether a comparison would tell, in words."""
    if worst > ROUNDING:
        lead = f"{SAID[mistake]}, the states are up to {worst:.2f} off"
        return f"{lead}: nothing is raised, but a comparison shows it."
    lead = f"{SAID[mistake]}, the states are less than a millionth off: that is rounding"
    if mistake == "none":
        return f"{lead}."
    return f"{lead}, so with biases of size {bias:g} a comparison does not see this mistake."


class BrokenBridge(Explorable):
    """Carry a GRU's weights into another library with a mistake, and try to see it."""

    def __init__(self, *, mistake="gates not swapped", bias=0.3, gain=1.0, unit=0):
        blank = states.no_data(T)
        one = lines.curves(
            np.arange(T),
            {"before": (blank, "forward"), "after": (blank, "backward", "dash")},
            title="One unit before and after",
            alt="Two lines of one hidden unit over 30 steps, in the old library and in the new.",
            x_title="time step t",
            y_title="h<sub>t</sub>",
            range=[-1.05, 1.05],
        )
        apart = lines.curves(
            np.arange(T),
            {
                "largest difference": (blank, "highlight"),
                "float32 rounding": (np.full(T, np.log10(ROUNDING)), "muted", "dot"),
            },
            title="All units and sequences",
            alt="The largest difference of the hidden states at each step, on a logarithmic axis.",
            x_title="time step t",
            y_title="difference",
            **theme.decades(DECADES),
        )
        one.data[0].meta, one.data[1].meta = {"y": "before"}, {"y": "after"}
        apart.data[0].meta = {"y": "apart"}
        super().__init__(
            compute,
            [
                Slider("mistake", "Mistake", list(MISTAKES), mistake, list(MISTAKES)),
                Slider("bias", "Size of the biases", BIASES, bias),
                Slider("gain", "Recurrent weights times", GAINS, gain),
                Slider("unit", "Unit", list(range(H)), unit),
            ],
            [one, apart],
            title="The broken bridge",
            caption=(
                "Four mistakes that fit all shapes and raise nothing. Set the biases to zero, as "
                "layers of Keras start, and two biases added up cannot be seen: a comparison "
                "is only as good as the weights it is made with."
            ),
            alt=(
                "Left, with the gates not swapped one unit takes another path than before. Right, "
                "the largest difference over all units lies above a tenth from the first steps on, "
                "five decades above rounding."
            ),
            texts=("verdict",),
        )
