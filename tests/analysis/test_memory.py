import numpy as np
import pytest
from numpy.testing import assert_allclose
from unrolled.analysis import memory
from unrolled.engine import scan


def roots(H, r=0.99):
    """The turns of which the 2 H units are roots of minus a number."""
    return np.full(H, r), np.pi * (np.arange(H) + 0.5) / H


@pytest.mark.parametrize(("H", "r"), [(64, 0.99), (8, 0.9), (1, 0.5)])
def test_roots_of_minus_one_are_a_tape_recorder(H, r):
    m = memory.recall(*roots(H, r), np.arange(4 * H), noise=0)
    assert_allclose(m[: 2 * H], 1 - r ** (4 * H), rtol=1e-6)
    assert_allclose(m[2 * H :], r ** (4 * H) * (1 - r ** (4 * H)), rtol=1e-6)


def test_all_lags_together_are_the_number_of_units_and_never_more(rng):
    r, angle = rng.uniform(0.5, 0.95, 5), rng.uniform(0.1, 3, 5)
    lags = np.arange(3000)
    assert abs(memory.recall(r, angle, lags, noise=0).sum() - 10) < 1e-6
    assert abs(memory.total(r, angle, noise=0) - 10) < 1e-6
    for noise in (1e-3, 0.1, 1.0):
        spent = memory.total(r, angle, noise=noise)
        assert spent < 10
        assert abs(memory.recall(r, angle, lags, noise=noise).sum() - spent) < 1e-8


def test_one_unit_that_does_not_turn_by_hand():
    lags = np.array([0, 1, 5])
    expected = (1 - 0.8**2) * 0.8 ** (2 * lags)
    assert_allclose(memory.recall([0.8], [0.0], lags, noise=0), expected)
    assert_allclose(memory.recall([0.8], [0.0], lags, noise=0.5), expected / 1.25)
    assert_allclose(memory.total([0.8], [0.0], noise=0), 1)


def test_slow_units_that_do_not_turn_need_more_digits_than_a_float_has(rng):
    r = np.sqrt(rng.uniform(0.9**2, 0.999**2, 64))
    for noise in (1e-3, 1e-6):
        assert 0.2 < memory.recall(r, np.zeros(64), [1], noise=noise)[0] < 0.3
    # Without noise 1 - m(0) - ... is a power series: the product of (r - z) / (1 - r z), squared.
    exact = 1 - np.prod(r) ** 2 * (1 + np.sum(r - 1 / r) ** 2)
    assert exact > 0.9


def test_a_readout_that_is_fitted_recalls_as_much(rng):
    r, angle = rng.uniform(0.7, 0.97, 6), rng.uniform(0, np.pi, 6)
    T, noise = 40_000, 0.05
    x = rng.standard_normal(T)
    turn = r * np.exp(1j * angle)
    pairs = scan.linear(turn[None], np.sqrt(1 - r**2) * x[:, None] * (1 + 0j))[1:]
    h = np.concatenate([pairs.real, pairs.imag], axis=1)[1000:]
    h += noise * h.std(axis=0) * rng.standard_normal(h.shape)
    lags = [0, 1, 5, 20, 60]
    found = []
    for lag in lags:
        target = x[1000 - lag : T - lag]
        W = np.linalg.lstsq(h, target)[0]
        found.append(1 - ((h @ W - target) ** 2).mean() / target.var())
    assert_allclose(found, memory.recall(r, angle, lags, noise=noise), atol=0.02)


def test_slow_units_that_do_not_turn_remember_little(rng):
    r = rng.uniform(0.9, 0.999, 64)
    assert memory.recall(r, 0 * r, [1])[0] < 0.35
    assert memory.total(r, 0 * r) < 15
    assert memory.total(r, rng.uniform(0, np.pi, 64)) > 110


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        (([0.5], [0.1, 0.2], [1]), r"one shape \(H,\)"),
        (([1.0], [0.1], [1]), "0 <= r < 1"),
        (([-0.5], [0.1], [1]), "0 <= r < 1"),
        (([0.5], [0.1], [-1]), "a lag is at least 0; got -1"),
    ],
)
def test_what_does_not_fit_is_named(arguments, match):
    with pytest.raises(ValueError, match=match):
        memory.recall(*arguments)
