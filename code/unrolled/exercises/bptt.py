"""Chapter 4: backpropagation through time."""

from types import SimpleNamespace
from unittest.mock import patch

import numpy as np

from unrolled.engine import rnn
from unrolled.engine.gradcheck import check_gradients

from .checking import Wrong
from .comparing import array, names, number, result_of


def bptt_1(answer):
    """The gradients that are wrong when a readout's gradient is added too late."""

    def backward(dh, tape, params, dstate=None):
        return rnn.backward(np.zeros_like(dh), tape, params, dstate)

    cell = SimpleNamespace(init_params=rnn.init_params, forward=rnn.forward, backward=backward)
    report = check_gradients(cell)
    names(answer, report.wrong, list(report.errors), what="the list of wrong rows")


def bptt_2(answer):
    """The largest power of ten that is a good step for central differences."""
    steps = [float(f"1e-{n}") for n in range(6, 0, -1)]
    largest = max(eps for eps in steps if check_gradients(rnn, eps=eps).ok)
    number(answer, largest, what="the step")


def bptt_3(answer):
    """The slope of the last state in the first one, for a linear unit."""
    for a, T in ((0.9, 12), (-1.1, 3), (0.5, 1)):
        mistakes = {
            T * a: "the chain rule multiplies the slopes of the steps; this adds them.",
            T * a ** (T - 1): "that is the slope in a; expected the slope in the first state.",
            a ** (T - 1): "a step is missing: count the arrows from the first state to the last.",
        }
        slope = result_of(answer, a, T)
        number(slope, a**T, what=f"the slope for a = {a}, T = {T}", mistakes=mistakes)


def bptt_4(answer):
    """Parameter gradients when only the last state is told something."""
    rng = np.random.default_rng(4)
    N, T, D, H = 2, 6, 3, 4
    params = rnn.init_params(D, H, rng=rng)
    h, tape = rnn.forward(rng.standard_normal((N, T, D)), params)
    dh = np.zeros_like(h)
    dh[:, -1] = rng.standard_normal((N, H))
    expected = rnn.backward(dh, tape, params)[2]
    original, through_dh = rnn.backward, []

    def backward(dh, *arguments, **named):
        through_dh.append(np.any(dh))
        return original(dh, *arguments, **named)

    with patch.object(rnn, "backward", backward):
        found = result_of(answer, dh[:, -1], tape, params)
    if not isinstance(found, dict) or set(found) != set(expected):
        raise Wrong(f"expected a dictionary with {', '.join(expected)}, one gradient for each.")
    for name, gradient in expected.items():
        array(found[name], gradient, what=f"the gradient of {name}")
    if through_dh and all(through_dh):
        raise Wrong("the gradients are right, but dh_last went in through dh, not as dstate.")
