import numpy as np
import pytest
from unrolled.analysis import between

TEXT = np.array([0, 1, 2, 0, 1, 2, 0, 3, 2])
SPANS = [(0, 0), (1, 0), (1, 1)]


def given(spans, i, d=0.5, text=TEXT):
    tables = between.counted(text, spans)
    return between.probabilities(tables, spans, text, [i], discount=d, V=4)[0]


def test_by_hand():
    """Between 0 and 2 stood 1 twice and 3 once, and so they did after a 0."""
    base = np.full(4, 1 / 4) * 0.5 * 4 / 9 + (np.array([3, 2, 3, 1]) - 0.5) / 9
    one = base * 0.5 * 2 / 3 + np.array([0, 1.5, 0, 0.5]) / 3
    np.testing.assert_allclose(given(SPANS[:2], 1), one)
    np.testing.assert_allclose(given(SPANS, 1), one / 3 + np.array([0, 1.5, 0, 0.5]) / 3)


@pytest.mark.parametrize("spans", [between.LEFT, between.RIGHT, between.BOTH])
def test_probabilities_add_up_to_one_and_do_not_look_at_the_place(spans):
    text = np.random.default_rng(7).integers(0, 4, 60)
    tables = between.counted(text, spans)
    other = text.copy()
    other[30] = (other[30] + 1) % 4
    found = [
        between.probabilities(tables, spans, t, [30], discount=0.7, V=4) for t in (text, other)
    ]
    np.testing.assert_array_equal(*found)
    np.testing.assert_allclose(found[0].sum(axis=1), 1)


def test_tuning_takes_what_is_best_on_the_validation_text():
    rng = np.random.default_rng(7)
    train, valid = (np.repeat(rng.integers(0, 4, 200), 2) for _ in range(2))
    spans, tables, d = between.tuned(train, valid, between.LEFT, np.arange(10, 390), V=4)
    assert 1 < len(spans) == len(tables) < len(between.LEFT)
    assert d in between.DISCOUNTS


def test_what_stood_on_both_sides_was_met_whatever_stood_between():
    train, ids = [5, 1, 2, 3, 9, 4, 5, 6], [1, 2, 3, 7, 4, 5, 6, 1, 2]
    assert between.met(train, ids, [3, 4]).tolist() == [True, False]
    assert between.met(train, ids, [4], reach=0).tolist() == [True]
