import numpy as np
import pytest
from unrolled.engine.losses import softmax
from unrolled.exercises import check


def without_rows(keep):
    return lambda params: {**params, "W_xh": params["W_xh"][keep]}


def in_place(params):
    params["W_xh"][2] = 0
    return {**params, "W_xh": params["W_xh"][:2]}


def replaced(params):
    params["W_xh"] = params["W_xh"][:2]
    return params


def silent(params):
    return {**params, "W_xh": params["W_xh"] * [[1], [1], [0]]}


def as_lists(params):
    return {name: value.tolist() for name, value in without_rows(slice(2))(params).items()}


def two_exponentials(a, b):
    return np.exp(a) / (np.exp(a) + np.exp(b))


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("one-step-1", ((1, 100, 7), 91)),
        ("one-step-1", [[1, 100, 7], np.int64(91)]),
        ("one-step-2", without_rows(slice(2))),
        ("one-step-2", lambda params: {**without_rows([0, 1])(params), "W_hy": None}),
        ("one-step-3", 0.0386),
        ("one-step-3", np.sqrt(1.5 / 1000)),
        ("one-step-4", lambda a, b: sigmoid(a - b)),
        ("one-step-4", lambda a, b: softmax(np.array([a, b]))[0]),
    ],
)
def test_right(name, answer):
    assert check(name, answer)


@pytest.mark.parametrize(
    ("name", "answer", "message"),
    [
        ("one-step-1", 91, "as a pair"),
        ("one-step-1", ((100, 7), 91), "batch of one"),
        ("one-step-1", ([100, 1, 7], 91), "time first"),
        ("one-step-1", ((1, 7), 91), "at every step"),
        ("one-step-1", ((1, 100, 5), 91), "that of the inputs"),
        ("one-step-1", ((1, 99, 7), 91), "1 wrong of 3 values"),
        ("one-step-1", ((1, 100, 7), 84), "lacks one of the three arrays"),
        ("one-step-1", ((1, 100, 7), 9100), "share their parameters"),
        ("one-step-1", ((1, 100, 7), 49), "one of the three arrays"),
        ("one-step-1", ((1, 100, 7), 35), "one of the three arrays"),
        ("one-step-1", ((1, 100, 7), 42), "lacks one of the three arrays"),
        ("one-step-1", ((1, 100, 7), 91 + 5 * 7 + 5), "no readout"),
        ("one-step-1", ((1, 100, 7), 91 + 3 * 7), "no readout"),
        ("one-step-1", ((1, 100, 7), 98), "one bias"),
        ("one-step-1", ((1, 100, 7), 5000), "too large"),
        ("one-step-1", (91, (1, 100, 7)), "the shape comes first, as a tuple"),
        ("one-step-1", (700, 91), "the shape comes first, as a tuple"),
        ("one-step-1", np.array([700, 91]), "the shape comes first, as a tuple"),
        ("one-step-1", ((1, (100, 7)), 91), "expected the tuple of axes"),
        ("one-step-2", lambda params: params["W_xh"][:2], "expected a dictionary"),
        ("one-step-2", without_rows(slice(1, 3)), "the first input"),
        ("one-step-2", without_rows(np.s_[:, :2]), "two hidden units"),
        ("one-step-2", without_rows([0, 2]), "the second input"),
        ("one-step-2", without_rows(slice(3)), "a row for the third input."),
        ("one-step-2", lambda params: params, "a row for the third input."),
        ("one-step-2", silent, "one of zeros"),
        ("one-step-2", without_rows(slice(1)), "2 inputs per time step but W_xh expects 1"),
        ("one-step-2", lambda params: {**params, "W_xh": params["W_xh"].T}, "W_xh expects 4"),
        ("one-step-2", lambda params: {**params, "W_xh": None}, "an array for each"),
        ("one-step-2", as_lists, "an array for each"),
        ("one-step-2", in_place, "changes the dictionary"),
        ("one-step-2", replaced, "at 'W_xh'"),
        ("one-step-3", 0.5, "does not stay"),
        ("one-step-3", 0.462, "a single step"),
        ("one-step-3", 0, "not arrived"),
        ("one-step-3", 1.0, "cannot rise"),
        ("one-step-4", lambda a, b: sigmoid(b - a), "the second class"),
        ("one-step-4", lambda a, b: sigmoid(a), "does not depend on the second"),
        ("one-step-4", lambda a, b: a - b, "not z itself"),
        ("one-step-4", two_exponentials, "overflows by itself"),
    ],
)
def test_wrong(name, answer, message):
    verdict = check(name, answer)
    assert not verdict
    assert message in verdict.problem
    assert "(2, 4)" not in verdict.problem
