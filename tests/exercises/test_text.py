import numpy as np
import pytest
from unrolled.engine import embedding
from unrolled.exercises import check


def by_product(ids, dx, V):
    return np.eye(V)[ids.ravel()].T @ dx.reshape(-1, dx.shape[-1])


def by_package(ids, dx, V):
    return embedding.backward(dx, ids, {"W_e": np.zeros((V, dx.shape[-1]))})["W_e"]


def keeping_one(ids, dx, V):
    found = np.zeros((V, dx.shape[-1]))
    found[ids] += dx
    return found


def turned(ids, dx, V):
    return by_product(ids, dx, V).T


def averaged(ids, dx, V):
    return by_product(ids, dx, V) / ids.size


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("text-1", [10, 0, 8]),
        ("text-1", np.array([10.0, 0, 8])),
        ("text-2", 6),
        ("text-2", np.int64(6)),
        ("text-3", by_product),
        ("text-3", by_package),
        ("text-4", ["would", "most", "empty"]),
        ("text-4", {"empty", "most", "would"}),
        ("text-5", 10),
    ],
)
def test_right(name, answer):
    assert check(name, answer)


@pytest.mark.parametrize(
    ("name", "answer", "message"),
    [
        ("text-1", [0, 10, 8], "where words are lost"),
        ("text-1", [20, 0, 8], "kept, not lost"),
        ("text-1", [11, 0, 8], "off by one"),
        ("text-1", [10, 3, 8], "the first word after a cut at the end is too large"),
        ("text-1", [10, 0, 0], "padding at the end"),
        ("text-1", [10, 0, 12], "steps of padding"),
        ("text-1", [10, 0, 7], "off by one"),
        ("text-1", [10, 0], "list of 3"),
        ("text-2", 0, "single words"),
        ("text-2", 3, "only the second"),
        ("text-2", 16, "too large"),
        ("text-3", keeping_one, "stands twice"),
        ("text-3", turned, "shape (9, 4); got (4, 9)"),
        ("text-3", averaged, "one factor"),
        ("text-4", ["most", "would"], "misses 1"),
        ("text-4", ["the"], "not among"),
        ("text-4", "empty", "list of names"),
        ("text-5", 9, "both sides"),
        ("text-5", 12, "fewer are enough"),
        ("text-5", 2, "the other one"),
        ("text-5", 11, "off by one"),
        ("text-3", lambda *given: [[1], [2, 3]], "shape (9, 4)"),
    ],
)
def test_wrong(name, answer, message):
    verdict = check(name, answer)
    assert not verdict
    assert message in verdict.problem
