import numpy as np
import pytest
from unrolled.exercises import check


def superposes(model, a, c):
    return bool(np.allclose(model(a + c) + model(0 * a), model(a) + model(c)))


def without_the_bias(model, a, c):
    return bool(np.allclose(model(a + c), model(a) + model(c)))


def lowest(q):
    return q * np.log1p(np.exp(-1)) + (1 - q) * np.log(2)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("museum-1", "batch_independence"),
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
        ("museum-2", lambda n, t: n, "only in the last block"),
        ("museum-2", lambda n, t: n - t // 4 - 2, "too small"),
        ("museum-2", lambda n: n, "raises TypeError"),
        ("museum-3", without_the_bias, "the bias, is counted twice"),
        ("museum-3", lambda model, a, c: True, "for an RNN with tanh it says True"),
        ("museum-3", lambda model, a, c: False, "without tanh or bias it says False"),
        ("museum-3", lambda model, a, c: 1.0, "expected True or False"),
        ("museum-4", lambda q: 0.0, "bound of one sigmoid"),
        ("museum-4", lambda q: np.log(2), "loss of a coin"),
        ("museum-4", lambda q: lowest(1 - q), "too small"),
    ],
)
def test_wrong(name, answer, message):
    verdict = check(name, answer)
    assert not verdict
    assert message in verdict.problem
