import numpy as np
import pytest
from unrolled.exercises import check


def superposes(model, a, c):
    return bool(np.allclose(model(a + c) + model(0 * a), model(a) + model(c)))


def without_the_bias(model, a, c):
    return bool(np.allclose(model(a + c), model(a) + model(c)))


def exactly(model, a, c):
    return bool((model(a + c) + model(0 * a) == model(a) + model(c)).all())


def lowest(q):
    return q * np.log1p(np.exp(-1)) + (1 - q) * np.log(2)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("museum-1", "batch_independence"),
        ("museum-1", "batch independence"),
        ("museum-1", "Batch-independence"),
        ("museum-2", lambda n, t: (n + t // 4 - 2) % 4),
        ("museum-2", lambda n, t: np.int64((n + t // 4 + 2) % 4)),
        ("museum-3", superposes),
        ("museum-3", lambda model, a, c: np.bool_(superposes(model, a, c))),
        ("museum-4", lowest),
        ("museum-4", lambda q: round(lowest(q), 3)),
    ],
)
def test_right(name, answer):
    assert check(name, answer)


@pytest.mark.parametrize(
    ("name", "answer", "message"),
    [
        ("museum-1", "causality", "asks about earlier steps"),
        ("museum-1", "padding", "asks about lengths"),
        ("museum-1", "gradients", "one of 'causality'"),
        ("museum-2", lambda n, t: n, "only from the last block"),
        ("museum-2", lambda n, t: (n + t // 4) % 4, "this is the row"),
        ("museum-2", lambda n, t: (n + 2) % 4, "does not ask"),
        ("museum-2", lambda n, t: (n - t // 4 + 2) % 4, "the other way"),
        ("museum-2", lambda n, t: (n + t % 4 + 2) % 4, "its place in the whole"),
        (
            "museum-2",
            lambda n, t: (n + t // 4 + 1) % 4,
            "n = 0, t = 0 it says 1; another answer moves",
        ),
        (
            "museum-2",
            lambda n, t: n - t // 4 - 2,
            "for n = 0, t = 0 it says -2; the examples are 0",
        ),
        ("museum-2", lambda n, t: (n + t / 4 + 2) % 4, "expected a whole number"),
        ("museum-2", lambda n: n, "raises TypeError"),
        ("museum-3", without_the_bias, "the bias, is not counted equally often"),
        ("museum-3", exactly, "rounding"),
        ("museum-3", lambda model, a: True, "called with the model, a and c raises TypeError"),
        ("museum-3", lambda model, a, c: model(0), "shape (N, T, D); got ()"),
        ("museum-3", lambda model, a, c: model(a), "got an array of shape (2, 5, 4)"),
        ("museum-3", lambda model, a, c: True, "for an RNN with tanh it says True"),
        ("museum-3", lambda model, a, c: False, "without tanh or bias it says False"),
        (
            "museum-3",
            lambda model, a, c: 1.0,
            "expected True or False for an RNN with tanh; got 1.",
        ),
        ("museum-4", lambda q: 0.0, "bound of one sigmoid"),
        ("museum-4", lambda q: np.log(2), "loss of a coin"),
        ("museum-4", lambda q: lowest(1 - q), "the other way round"),
        ("museum-4", lambda q: lowest(q) / np.log(2), "in bits"),
        ("museum-4", lambda q: lowest(1), "no number below 0"),
        ("museum-4", lambda q: q * lowest(1), "the zeros cost something"),
        ("museum-4", lambda q: (1 - q) * lowest(0), "the ones cost something"),
        ("museum-4", lambda q: lowest(q) + 0.1, "for q = 0.9 is too large"),
    ],
)
def test_wrong(name, answer, message):
    verdict = check(name, answer)
    assert not verdict
    assert message in verdict.problem
