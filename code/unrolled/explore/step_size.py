"""Chapter 4: how far apart the two points of a central difference should be."""

from functools import cache

import numpy as np

from unrolled.engine import rnn
from unrolled.figures import lines, states, theme

from .explorable import Explorable, Slider

EXPONENTS = list(range(-12, 1))
PRECISIONS = ("float64", "float32")


@cache
def errors(precision, T):
    """Relative error of one central difference of the RNN's loss, for every step size."""
    rng = np.random.default_rng(7)
    dtype = np.dtype(precision)
    params = rnn.init_params(3, 4, rng=rng, dtype=dtype)
    x = rng.standard_normal((2, T, 3)).astype(dtype)
    dh = rng.standard_normal((2, T, 4)).astype(dtype)
    exact = rnn.backward(dh, rnn.forward(x, params)[1], params)[2]["W_xh"][0, 0]

    def loss(shift):
        W_xh = params["W_xh"].copy()
        W_xh[0, 0] += dtype.type(shift)
        h, _ = rnn.forward(x, {**params, "W_xh": W_xh})
        return (h * dh).sum(dtype=dtype)

    differences = [(loss(10.0**k) - loss(-(10.0**k))) / dtype.type(2 * 10.0**k) for k in EXPONENTS]
    return np.abs(np.array(differences, float) - exact) / abs(exact)


def compute(exponent, precision, T):
    """Error against step size for both precisions, and a verdict at one step size."""
    logs = {p: np.log10(np.maximum(errors(p, T), 1e-14)) for p in PRECISIONS}
    here = logs[precision][EXPONENTS.index(exponent)]
    digits = max(0, int(-here))
    return {
        "float64": logs["float64"],
        "float32": logs["float32"],
        "now_x": np.array([exponent], float),
        "now_y": np.array([here]),
        "verdict": (
            f"In {precision} with a step of 1e{exponent}, "
            + ("one digit is right." if digits == 1 else f"{digits or 'no'} digits are right.")
        ),
    }


class StepSize(Explorable):
    """Find the step size at which central differences are good enough to judge a gradient."""

    def __init__(self, *, exponent=-6, precision="float64", T=5):
        blank = states.no_data(len(EXPONENTS))
        figure = lines.curves(
            np.array(EXPONENTS),
            {"float64": (blank, "forward"), "float32": (blank, "backward", "dash")},
            title="The error of a central difference against its step",
            alt="Two V-shaped curves of the relative error against the step size.",
            x_title="step size",
            y_title="relative error",
            **theme.decades((-14, 4)),
        )
        figure.update_xaxes(**theme.decades((-12, 0)))
        figure.data[0].meta, figure.data[1].meta = {"y": "float64"}, {"y": "float32"}
        figure.add_trace(
            lines.marker([0], [0], name="now", showlegend=False, meta={"x": "now_x", "y": "now_y"})
        )
        super().__init__(
            compute,
            [
                Slider("exponent", "Step size", EXPONENTS, exponent, [f"1e{k}" for k in EXPONENTS]),
                Slider("precision", "Precision", list(PRECISIONS), precision, list(PRECISIONS)),
                Slider("T", "Sequence length T", [1, 5, 20, 50], T),
            ],
            [figure],
            title="The step of a central difference",
            caption=(
                "Too large a step sees the curve instead of its slope; too small a step drowns in "
                "rounding. In float64 the valley is deep enough for a check, in float32 it is not."
            ),
            alt=(
                "Two V-shaped curves on logarithmic axes. In float64 the error falls below 1e-8 "
                "near a step of 1e-5; in float32 it stays far above that at every step."
            ),
            texts=("verdict",),
        )
