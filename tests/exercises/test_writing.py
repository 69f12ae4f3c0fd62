import numpy as np
import pytest
from unrolled.engine.mixture import Mixture, biased
from unrolled.exercises import check


def gradient(x, weights, mean, deviation):
    each = weights * np.exp(-(((x - mean) / deviation) ** 2) / 2) / deviation
    return each / each.sum() * (mean - x) / deviation**2


def dialed(weights, deviation, bias):
    raised = weights ** (1 + bias)
    return raised / raised.sum(), deviation * np.exp(-bias)


def share(x, weights, mean, deviation):
    each = weights * np.exp(-(((x - mean) / deviation) ** 2) / 2) / deviation
    return each / each.sum()


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("writing-1", 0.5),
        ("writing-2", 3.205),
        ("writing-3", gradient),
        ("writing-4", dialed),
        ("writing-4", lambda *given: [*dialed(*given)]),
    ],
)
def test_right_answers_are_right(name, answer):
    assert check(name, answer), check(name, answer)


def test_the_dial_is_the_package_s():
    weights, deviation = np.array([0.6, 0.3, 0.1]), np.array([0.5, 1.0, 2.0])
    none = np.zeros(3)
    mixed = Mixture(weights, np.stack([none, none]), np.stack([deviation] * 2), none, 0.0)
    ours, theirs = dialed(weights, deviation, 0.7), biased(mixed, 0.7)
    np.testing.assert_allclose(ours[0], theirs.weights)
    np.testing.assert_allclose(ours[1], theirs.deviation[0])


@pytest.mark.parametrize(
    ("name", "answer", "part"),
    [
        ("writing-1", 1, "the likeliest step"),
        ("writing-1", 0, "equally likely"),
        ("writing-1", 0.75, "the probability of one"),
        ("writing-2", -14, "becomes a summand"),
        ("writing-2", -1.4, "the density does change"),
        ("writing-2", -1.4 + np.log(10), "an offset has two numbers"),
        ("writing-2", -1.4 - 2 * np.log(10), "wider, and so thinner"),
        ("writing-3", lambda *given: -gradient(*given), "the sign"),
        ("writing-3", lambda x, w, m, s: w * (m - x) / s**2, "by the weights"),
        ("writing-3", lambda x, w, m, s: (m - x) / s**2, "all components alike"),
        ("writing-3", lambda x, w, m, s: share(x, w, m, s) * (m - x), "divided twice"),
        ("writing-3", lambda x, w, m, s: 0.0, "shape"),
        ("writing-4", lambda w, s, b: (w ** (1 + b), s * np.exp(-b)), "add up to 1"),
        ("writing-4", lambda w, s, b: (w, s * np.exp(-b)), "the weights change as well"),
        ("writing-4", lambda w, s, b: (dialed(w, s, b)[0], s * np.exp(b)), "narrower"),
        ("writing-4", lambda w, s, b: w, "a pair"),
    ],
)
def test_a_wrong_answer_is_told_what_is_wrong(name, answer, part):
    said = check(name, answer)
    assert not said
    assert part in str(said)
