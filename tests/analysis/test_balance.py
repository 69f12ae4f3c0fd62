"""The row of units does what its parameter is said to do, and descent follows what it is shown."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from unrolled.analysis import balance


def output(theta, T):
    """The output after T steps with a parameter that stands still."""
    s = np.zeros(balance.UNITS)
    for _ in range(T):
        s = s @ balance.matrix() + theta * balance.push()
    return s[0]


@pytest.mark.parametrize("T", [1, 10, 41, 300])
def test_the_summed_effect_is_the_slope_of_the_output(T):
    slope = (output(0.3 + 1e-6, T) - output(0.3 - 1e-6, T)) / 2e-6
    assert_allclose(balance.by_lag(T).sum(), slope, rtol=1e-8, atol=1e-8)


def test_it_is_positive_for_forty_steps_and_minus_six_in_the_end():
    summed = np.cumsum(balance.by_lag(400))
    assert (summed > 0).tolist() == [True] * 40 + [False] * 360
    assert summed[-1] == pytest.approx(2 * (2 * balance.PLUS - balance.UNITS)) == -6
    blocks = np.cumsum(summed) / np.arange(1, 401)
    assert np.argmax(blocks < 0) + 1 == 110


def test_exact_descent_finds_the_best_value():
    found = balance.descend("exact", 20_000, rates=[1e-4, 3e-5])
    assert_allclose(found.theta[-1], -1 / 6, atol=1e-6)
    assert (found.loss[-1] < 1e-8).all()
    assert (found.loss[0] == 0.5).all()


def test_a_cut_behind_everything_is_no_cut():
    exact, cut = (
        balance.descend(w, 500, rates=[1e-4], length=500) for w in ("exact", "every loss")
    )
    assert_allclose(cut.theta, exact.theta, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("way", "length", "side"),
    [
        ("every loss", 40, 1),
        ("every loss", 42, -1),
        ("blocks", 100, 1),
        ("blocks", 120, -1),
        ("blocks", 10, 1),
    ],
)
def test_which_way_a_cut_goes_is_the_sign_of_what_it_sees(way, length, side):
    found = balance.descend(way, 3000, rates=[1e-7, 1e-6, 1e-5], length=length)
    assert (np.sign(found.theta[-1]) == side).all()


def test_a_block_moves_once_and_by_the_sum_of_its_steps():
    found = balance.descend("blocks", 6, rates=[1e-3], length=3)
    assert_allclose(found.theta[:, 0], [0, 0, 6e-3, 6e-3, 6e-3, found.theta[5, 0]], rtol=1e-12)


def test_random_cuts_are_right_on_average():
    T, draws = 1500, 60
    (exact,) = balance.descend("exact", T, rates=[1e-12]).theta[-1]
    ends = [
        balance.descend("random", T, rates=[1e-12], length=16, rng=np.random.default_rng(d)).theta[
            -1
        ]
        for d in range(draws)
    ]
    error = np.std(ends) / np.sqrt(draws)
    assert abs(np.mean(ends) - exact) < 4 * error + 0.02 * abs(exact)
    assert error < 0.5 * abs(exact), "or this test could not fail"


def test_what_leaves_for_good_is_no_number():
    found = balance.descend("every loss", 3000, rates=[1e-2], length=20)
    assert np.isnan(found.theta[-1]).all()


def test_other_ways_and_lengths_are_refused():
    with pytest.raises(ValueError, match="way must be one of"):
        balance.descend("truncated", 10, rates=[1], length=5)
    with pytest.raises(ValueError, match="length must be above 1; got 1"):
        balance.descend("blocks", 10, rates=[1], length=1)
