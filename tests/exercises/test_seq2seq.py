import numpy as np
import pytest
from unrolled.engine import gru
from unrolled.engine.both_ways import BothWays
from unrolled.exercises import check


def per_answer(losses, counted):
    return ((losses * counted).sum(axis=1) / counted.sum(axis=1)).mean()


def over_places(losses, counted):
    return ((losses * counted).sum(axis=0) / counted.sum(axis=0)).mean()


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("seq2seq-1", [1, 3, 5, 7, 9]),
        ("seq2seq-1", np.arange(1, 10, 2)),
        ("seq2seq-2", per_answer),
        ("seq2seq-2", lambda a, c: np.mean([row[own].mean() for row, own in zip(a, c, strict=1)])),
        ("seq2seq-3", lambda D, H: 1.5 * H**2),
    ],
)
def test_right(name, answer):
    assert check(name, answer)


@pytest.mark.parametrize(
    ("name", "answer", "message"),
    [
        ("seq2seq-1", [5] * 5, "in order"),
        ("seq2seq-1", [9, 7, 5, 3, 1], "turned"),
        ("seq2seq-1", [2, 4, 6, 8, 10], "one step"),
        ("seq2seq-1", [5, 4, 3, 2, 1], "at which the letters are read"),
        ("seq2seq-1", [1, 3, 5, 7, 8], "letter 5 is off by one"),
        ("seq2seq-1", [1, 3, 5], "a list of 5"),
        ("seq2seq-1", 5, "a list of 5"),
        ("seq2seq-2", lambda a, c: a[c].mean(), "mean over letters"),
        ("seq2seq-2", lambda a, c: a.mean(), "padding"),
        ("seq2seq-2", lambda a, c: (a * c).mean(), "padding included"),
        ("seq2seq-2", lambda a, c: (a * c).sum(axis=1).mean(), "sums the letters"),
        ("seq2seq-2", lambda a, c: len(a) * per_answer(a, c), "not their mean"),
        ("seq2seq-2", lambda a, c: a, "one number"),
        ("seq2seq-2", over_places, "across answers"),
        ("seq2seq-2", 0.5, "expected a function"),
        ("seq2seq-3", lambda D, H: 0, "the recurrent ones are not"),
        ("seq2seq-3", lambda D, H: H * H / 2, "one gate"),
        ("seq2seq-3", lambda D, H: 0.75 * H * H, "together save half"),
        ("seq2seq-3", lambda D, H: 2.25 * H * H, "one direction only"),
        ("seq2seq-3", lambda D, H: -1.5 * H * H, "wrong sign"),
        ("seq2seq-3", lambda D, H: 1.5 * H * H + 1.5 * D * H, "as many in both"),
        ("seq2seq-3", 768, "expected a function"),
    ],
)
def test_wrong(name, answer, message):
    verdict = check(name, answer)
    assert not verdict
    assert message in verdict.problem


@pytest.mark.parametrize(("D", "H"), [(16, 32), (3, 6)])
def test_the_two_encoders_differ_by_as_many_numbers_as_the_exercise_says(D, H):
    rng = np.random.default_rng(0)
    one, two = (cell.init_params(D, H, rng=rng) for cell in (gru, BothWays(gru)))
    less = sum(v.size for v in one.values()) - sum(v.size for v in two.values())
    assert less == 1.5 * H**2
