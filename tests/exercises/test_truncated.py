import numpy as np
import pytest
from unrolled.engine import dense, rnn, training
from unrolled.exercises import check


def visits(T, k2):
    return T * k2 - k2 * (k2 - 1) // 2


def forgetful(x, weights):
    return training.predict(x[0, :, None], weights, cell=rnn)[0][:, 0, 0]


def one_by_one(x, weights):
    found = []
    for x_t in x[0]:
        (h,) = rnn.step(x_t[None], (np.zeros((1, len(weights["b_h"]))),), weights)
        found.append(float(dense.forward(h, weights)[0, 0]))
    return found


def carried(x, weights):
    return training.predict(x, weights, cell=rnn)[0][0, :, 0]


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("truncated-1", [3, 1]),
        ("truncated-1", np.array([3, 1])),
        ("truncated-2", lambda lag, k: max(0, k - lag) / k),
        ("truncated-2", lambda lag, k: np.mean(np.arange(k) >= lag)),
        ("truncated-3", visits),
        ("truncated-3", lambda T, k2: sum(min(e + 1, k2) for e in range(T))),
        ("truncated-4", forgetful),
        ("truncated-4", one_by_one),
    ],
)
def test_right(name, answer):
    assert check(name, answer)


@pytest.mark.parametrize(
    ("name", "answer", "message"),
    [
        ("truncated-1", 3, "list of 2"),
        ("truncated-1", {"a": 3, "b": 1}, "list of 2 whole numbers; got a dict"),
        ("truncated-1", [1, 1], "looked at as one"),
        ("truncated-1", [20, 10], "how many losses are in a block"),
        ("truncated-1", [3, 6], "past the start of its own"),
        ("truncated-1", [3, 0], "before the start of the sequence"),
        ("truncated-1", [3, 2], "second number is too large"),
        ("truncated-2", lambda lag, k: max(0, k - lag + 1) / k, "one step too many"),
        ("truncated-2", lambda lag, k: max(0, k - lag - 1) / k, "one step too few"),
        ("truncated-2", lambda lag, k: lag / k, "lie outside"),
        ("truncated-2", lambda lag, k: (k - lag) / k, "not negative"),
        ("truncated-2", lambda lag, k: k - lag, "too large"),
        ("truncated-3", lambda T, k2: T * k2, "fewer than k2 steps to look at"),
        ("truncated-3", lambda T, k2: T, "for blocks"),
        ("truncated-3", lambda T, k2: T * k2 - k2 * (k2 + 1) // 2, "lack more"),
        ("truncated-3", lambda T, k2: (T - k2) * k2, "they do look"),
        ("truncated-3", lambda T, k2: visits(T, k2) - 1, "off by one"),
        ("truncated-4", carried, "the step before"),
        ("truncated-4", lambda x, weights: forgetful(x, weights)[:, None], "shape (12,)"),
        ("truncated-4", lambda x, weights: x[0, :, 0], "wrong of 12 values"),
    ],
)
def test_wrong(name, answer, message):
    verdict = check(name, answer)
    assert not verdict
    assert message in verdict.problem
