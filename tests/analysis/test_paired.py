import numpy as np
import pytest
from scipy.stats import binomtest
from unrolled.analysis.paired import mcnemar


def answers(both, only_first, only_second, neither):
    """Two models by how many items they share and do not share, in a random order."""
    first = np.repeat([True, True, False, False], [both, only_first, only_second, neither])
    second = np.repeat([True, False, True, False], [both, only_first, only_second, neither])
    order = np.random.default_rng(7).permutation(len(first))
    return first[order], second[order]


@pytest.mark.parametrize("both", [0, 50])
@pytest.mark.parametrize("neither", [0, 3])
@pytest.mark.parametrize(("a", "b"), [(0, 8), (14, 22), (3, 3), (1, 0), (40, 61), (2, 10)])
def test_p_is_that_of_a_fair_coin_and_only_disagreement_counts(both, a, b, neither):
    found = mcnemar(*answers(both, a, b, neither))
    assert found[:2] == (a, b)
    assert found.p == pytest.approx(binomtest(a, a + b, 0.5).pvalue)


def test_it_is_the_same_from_both_sides():
    first, second = answers(20, 3, 11, 5)
    assert mcnemar(first, second).p == mcnemar(second, first).p


def test_models_that_never_disagree_are_not_told_apart():
    right = np.array([True, False, True])
    assert mcnemar(right, right) == (0, 0, 1.0)


def test_under_the_null_it_says_five_percent_at_most_that_often():
    rng = np.random.default_rng(7)
    runs = [mcnemar(*(rng.random((2, 80)) < 0.8)).p for _ in range(2000)]
    assert 0.01 < np.mean(np.array(runs) < 0.05) < 0.055


@pytest.mark.parametrize(
    ("first", "second"),
    [([True], [True, False]), ([1, 0], [True, False]), ([[True]], [[True]]), ([0.5], [0.5])],
)
def test_what_is_not_right_or_wrong_is_refused(first, second):
    with pytest.raises(ValueError, match="two bool arrays of one length"):
        mcnemar(first, second)
