from functools import partial

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from unrolled.analysis import free_running as f
from unrolled.datasets import lorenz


def test_a_forecast_holds_until_it_is_first_far():
    truth = np.zeros((4, 5, 2))
    outputs = truth.copy()
    outputs[0, 3] = 1.0
    outputs[1, 0] = 1.0
    outputs[1, 1] = 0.0
    outputs[2, 2:] = np.nan
    assert_array_equal(f.valid_time(outputs, truth), [3, 0, 2, 5])


def test_the_limit_is_a_root_mean_square():
    truth = np.zeros((1, 2, 2))
    outputs = truth.copy()
    outputs[0, 1] = [0.5, 0.0]  # 0.354
    assert f.valid_time(outputs, truth)[0] == 2
    assert f.valid_time(outputs, truth, limit=0.35)[0] == 1


def test_a_valid_time_needs_two_of_one_shape_and_a_limit():
    with pytest.raises(ValueError, match="one shape"):
        f.valid_time(np.zeros((1, 5, 2)), np.zeros((1, 4, 2)))
    with pytest.raises(ValueError, match="limit must be positive"):
        f.valid_time(np.zeros((1, 5, 2)), np.zeros((1, 5, 2)), limit=0)


def test_powers_are_all_products():
    found = f.powers(np.array([[2.0, 3.0]]), 3)
    assert_array_equal(found, [[2, 3, 4, 6, 9, 8, 12, 18, 27]])


def test_windows_have_the_newest_first():
    x = np.arange(8.0)[None, :, None]
    assert_array_equal(f.recent(x, 3, 2)[0], [[4, 2, 0], [5, 3, 1], [6, 4, 2], [7, 5, 3]])
    with pytest.raises(ValueError, match="do not fit into 8 steps"):
        f.recent(x, 5, 2)


def test_a_line_continues_a_sine(rng):
    t = np.arange(300)
    x = (np.sin(0.3 * t) + 2)[None, :, None]
    line = partial(f.powers, degree=1)
    readout = f.fit(line, x[:, :200], lags=2, gap=1, ridge=0)
    assert_allclose(f.run(line, readout, x[:, :200], 100, lags=2, gap=1), x[:, 200:], atol=1e-6)


def test_a_gap_is_used_alike_in_fitting_and_in_running(rng):
    t = np.arange(300)
    x = np.sin(0.3 * t)[None, :, None]
    line = partial(f.powers, degree=1)
    readout = f.fit(line, x[:, :200], lags=2, gap=4, ridge=0)  # a third would leave it undecided
    assert_allclose(f.run(line, readout, x[:, :200], 50, lags=2, gap=4), x[:, 200:250], atol=1e-6)
    with pytest.raises(ValueError, match="5 are needed"):
        f.run(line, readout, x[:, :4], 5, lags=2, gap=4)


def test_higher_powers_forecast_lorenz_longer(rng):
    x = lorenz(11, 2400, rng=rng)
    mean, deviation = f.spread(x[:1])
    x = (x - mean) / deviation
    held = []
    for degree in (1, 2, 4):
        features = partial(f.powers, degree=degree)
        readout = f.fit(features, x[:1], ridge=1e-12)
        outputs = f.run(features, readout, x[1:, :1], 400)
        held.append(np.median(f.valid_time(outputs, x[1:, 1:401])))
    assert held[0] < 20 < held[1] < 200 < held[2]
