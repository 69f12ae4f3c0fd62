import numpy as np
import pytest
from unrolled.analysis.gradient_flow import backward_norms
from unrolled.engine import initializers, rnn
from unrolled.exercises import check


def lengths(x, params, dh_T, bias):
    pushed = {**params, "b_h": params["b_h"] + bias}
    return backward_norms(rnn.forward(x, pushed)[1], pushed, dh_T)


def share(*given, back=40):
    norms = lengths(*given)
    return norms[-1 - back] / norms[-1]


def in_place(x, params, dh_T, bias):
    params["b_h"] += bias
    return share(x, params, dh_T, 0.0)


def with_a_plain_bias(x, params, dh_T, bias):
    return share(x, {**params, "b_h": bias}, dh_T, 0.0)


def in_another_order(params, x, dh_T, bias):
    return share(x, params, dh_T, bias)


def frobenius(W_hh, n):
    return np.linalg.norm(W_hh) ** n


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("vanishing-1", 114),
        ("vanishing-1", np.ceil(np.log(0.1) / np.log(0.98))),
        ("vanishing-2", share),
        ("vanishing-3", lambda W_hh, n: np.linalg.norm(W_hh, 2) ** n),
        ("vanishing-3", lambda W_hh, n: np.linalg.svd(W_hh)[1].max() ** n),
        ("vanishing-4", lambda w, h_0, x_1: 2 * w * h_0 + x_1),
    ],
)
def test_right(name, answer):
    assert check(name, answer)


@pytest.mark.parametrize(
    ("name", "answer", "message"),
    [
        ("vanishing-1", 6, "one tenth, not nine"),
        ("vanishing-1", 45, "of what is left"),
        ("vanishing-1", 46, "of what is left"),
        ("vanishing-1", 113, "a little more than a tenth"),
        ("vanishing-1", 115, "off by one"),
        ("vanishing-1", 113.97, "whole number"),
        ("vanishing-2", lambda *given: share(*given, back=39), "thirty-nine"),
        ("vanishing-2", lambda *given: share(*given, back=41), "forty-one"),
        ("vanishing-2", lambda *given: 1 / share(*given), "the inverse"),
        ("vanishing-2", lambda x, params, dh_T, bias: share(x, params, dh_T, 0), "no effect"),
        ("vanishing-2", lambda *given: lengths(*given)[-41], "that is a length"),
        ("vanishing-2", in_place, "changes the dictionary"),
        ("vanishing-2", with_a_plain_bias, "b_h stays an array"),
        ("vanishing-2", in_another_order, "x, params, dh_T and bias, in this order"),
        ("vanishing-2", lambda *given: share(*given) + 1e-13, "too large"),
        ("vanishing-3", frobenius, "another norm"),
        ("vanishing-3", lambda W, n: initializers.spectral_radius(W) ** n, "spectral radius"),
        ("vanishing-3", lambda W, n: n * np.linalg.norm(W, 2), "multiplied"),
        ("vanishing-3", lambda W, n: np.linalg.norm(W, 2), "a single step"),
        ("vanishing-4", lambda w, h_0, x_1: w * h_0, "used twice"),
        ("vanishing-4", lambda w, h_0, x_1: w * h_0 + x_1, "h_1 depend on it"),
        ("vanishing-4", lambda w, h_0, x_1: w * h_0 * (w * h_0 + x_1), "multiplies the shares"),
        ("vanishing-4", lambda w, h_0, x_1: w**2, "slope in h_0"),
    ],
)
def test_wrong(name, answer, message):
    verdict = check(name, answer)
    assert not verdict
    assert message in verdict.problem
