import numpy as np
import pytest
from unrolled.exercises import check


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("deep-1", 168),
        ("deep-1", np.int64(168)),
        ("deep-2", [4, 7, 10, 10]),
        ("deep-2", np.array([4.0, 7.0, 10.0, 10.0])),
        ("deep-3", lambda p: p / (1 - p)),
        ("deep-3", lambda p: 1 / (1 - p) - 1),
        ("deep-4", (10, 1)),
        ("deep-4", np.array([10, 1])),
    ],
)
def test_right(name, answer):
    assert check(name, answer)


@pytest.mark.parametrize(
    ("name", "answer", "message"),
    [
        ("deep-1", 84, "one direction"),
        ("deep-1", 128, "does not read the inputs"),
        ("deep-1", 136, "both directions"),
        ("deep-1", 152, "biases are missing"),
        ("deep-1", 184, "two biases"),
        ("deep-2", [7, 4, 10, 10], "other direction"),
        ("deep-2", [10, 7, 10, 10], "causal"),
        ("deep-2", [3, 6, 9, 9], "for forward on forward: step 6 itself moves, too"),
        ("deep-2", [4, 6, 10, 10], "for backward on backward: step 6 itself moves, too"),
        ("deep-2", [5, 6, 10, 10], "the last step is step 9"),
        ("deep-2", [4, 8, 10, 10], "off by one"),
        ("deep-2", [4, 7, 4, 10], "steps of the lower layer"),
        ("deep-2", [4, 7, 10, 4], "which steps of the lower layer"),
        ("deep-2", [4, 7], "list of 4"),
        ("deep-3", lambda p: p * (1 - p), "without the division"),
        ("deep-3", lambda p: 1 / (1 - p), "square of the mean"),
        ("deep-3", lambda p: (p / (1 - p)) ** 0.5, "standard deviation"),
        ("deep-3", lambda p: p / (1 - p) ** 2, "twice"),
        ("deep-4", [1, 10], "one half begins"),
        ("deep-4", [9, 1], "first row"),
        ("deep-4", [10, 0], "too, in the end"),
        ("deep-4", [10, 10], "one half begins"),
    ],
)
def test_wrong(name, answer, message):
    verdict = check(name, answer)
    assert not verdict
    assert message in verdict.problem
