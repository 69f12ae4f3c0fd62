"""Chapter 4: how far apart the two points of a central difference should be."""

from functools import cache

import numpy as np

from unrolled.engine import rnn
from unrolled.engine.gradcheck import relative_error
from unrolled.figures import lines, theme

from .controls import Choice, Number, Question, Story
from .explorable import Explorable

EXPONENTS = list(range(-12, 1))
STEPS = [f"1e{k}" if k else "1" for k in EXPONENTS]
PRECISIONS = ("float64", "float32")
LIMIT, USELESS = -6, -1.5  # decades: what check_gradients lets pass; what hides mistakes


@cache
def errors(precision, T):
    """log10 of the relative error of an RNN's dW_xh by central differences, for every step size."""
    rng = np.random.default_rng(7)
    dtype = np.dtype(precision)
    params = rnn.init_params(3, 4, rng=rng, dtype=dtype)
    x = rng.standard_normal((2, T, 3)).astype(dtype)
    dh = rng.standard_normal((2, T, 4)).astype(dtype)
    exact = rnn.backward(dh, rnn.forward(x, params)[1], params)[2]["W_xh"]

    def loss(place, shift):
        W_xh = params["W_xh"].copy()
        W_xh[place] += dtype.type(shift)
        h, _ = rnn.forward(x, {**params, "W_xh": W_xh})
        return (h * dh).sum(dtype=dtype)

    def difference(step):
        rises = [loss(place, step) - loss(place, -step) for place in np.ndindex(exact.shape)]
        return np.reshape(rises, exact.shape) / dtype.type(2 * step)

    found = [relative_error(difference(10.0**k), exact) for k in EXPONENTS]
    return np.log10(found)


def compute(exponent, precision, T):
    """Error against step size for both precisions, and what it is good for at one step size."""
    logs = {p: errors(p, T) for p in PRECISIONS}
    here = logs[precision][EXPONENTS.index(exponent)]
    best, digits = int(np.argmin(logs[precision])), max(0, int(-here))
    return {
        **logs,
        "now_x": np.array([exponent], float),
        "now_y": np.array([here]),
        "error": here,
        "digits": digits,
        "some": digits > 0,
        "use": "check" if here < LIMIT else "coarse" if here < USELESS else "none",
        "step": STEPS[EXPONENTS.index(exponent)],
        "best_step": STEPS[best],
        "best_error": logs[precision][best],
    }


def panes():
    """The error of both precisions over the step."""
    figure = lines.curves(
        np.array(EXPONENTS),
        {"float64": ("float64", "forward"), "float32": ("float32", "backward", "dash")},
        title="The error of a central difference against its step",
        alt="Two V-shaped curves of the relative error against the step size.",
        x_title="step size",
        y_title="relative error",
        **theme.decades((-11, 0)) | {"range": [-11.3, 0.5]},
    )
    figure.update_xaxes(**theme.decades((-12, 0)) | {"range": [-12.4, 0.4]})
    figure.add_trace(lines.reference([-12, 0], [LIMIT] * 2, name="limit of check_gradients"))
    figure.add_trace(lines.marker("now_x", "now_y", name="now", showlegend=False))
    return [theme.mark(figure, "exponent", label="step")]


class StepSize(Explorable):
    """Find the step size at which central differences are good enough to judge a gradient."""

    title = "The size of the step"
    caption = (
        "Too large a step sees the bend of the curve instead of its slope; too small a step drowns "
        "in rounding. Between them lies a valley: in float64 around 1e-6 and far below the limit "
        "of a check, in float32 around 1e-3 and deep enough to expose a wrong gradient, though not "
        "deep enough for a limit of a millionth."
    )
    alt = (
        "Two V-shaped curves on logarithmic axes. In float64 the error falls to about 1e-10 "
        "between steps of 1e-6 and 1e-5; in float32 to about 1e-4 near a step of 1e-3, and for "
        "steps below 1e-8 it is 1."
    )
    controls = (
        Number("exponent", "Step size", EXPONENTS, -6, texts=STEPS),
        Number("T", "Sequence length T", [1, 5, 20, 50], 5),
        Choice("precision", "Precision", PRECISIONS, "float64"),
    )
    compute, panes = compute, panes
    question = Question(
        "With a step of a millionth and in float64, about nine digits are right. Now the same "
        "network computes in float32, which carries seven digits. How many are right then?",
        ("seven", "three or four", "one at most"),
        2,
        {"exponent": -6, "precision": "float32", "T": 5},
        "So small a step moves the loss by only a hundred or so units of its last digit, and "
        "rounding on the way adds errors about a tenth as large. That is the step's fault: at 1e-3 "
        "float32 gets about four digits.",
    )
    stories = (
        Story(
            "too large",
            {"exponent": 0, "precision": "float64", "T": 5},
            "Over a step of 1 the tanh bends, and the chord is not the slope. From 0.1 down, each "
            "tenth of a step makes the error about a hundred times smaller, until rounding takes "
            "over.",
        ),
        Story(
            "as small as possible",
            {"exponent": -12, "precision": "float64", "T": 5},
            "The two losses agree in nearly all of their sixteen digits, and the division by the "
            "step turns what is left of rounding into an error in the fourth digit.",
        ),
        Story(
            "float32 at its best",
            {"exponent": -3, "precision": "float32", "T": 5},
            "About four digits are right. A wrong gradient, such as one with an error of 1.1, "
            "would be found here just as surely as in float64.",
        ),
    )
