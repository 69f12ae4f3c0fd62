"""What the reservoir forecasts, what it needs, and what a page keeps of it."""

import numpy as np
import pytest
from unrolled.explore import Reservoir
from unrolled.explore import reservoir as module


@pytest.fixture(scope="module")
def w():
    return Reservoir()


def test_without_recurrence_it_follows_the_whole_weather_about_as_long(w):
    cut, with_recurrence = (w.at(radius=r).facts["median"] for r in (0.0, 0.8))
    assert 0.75 < cut / with_recurrence < 1.4
    assert cut > 10 * 20


@pytest.mark.parametrize(("seen", "scale"), [(module.ONE, 1.0), (module.BLOOD, 0.3)])
def test_one_number_needs_a_past(w, seen, scale):
    without, some = (w.at(radius=r, seen=seen, scale=scale).facts for r in (0.0, 0.8))
    assert without["median"] <= 6
    assert some["median"] > 15 * without["median"]


def test_more_ridge_is_worse_for_the_whole_weather(w):
    held = [w.at(ridge=ridge).facts["median"] for ridge in module.RIDGES]
    assert held[0] > 1.3 * held[1] > 1.3 * 1.3 * held[2]


def test_a_start_is_forgotten_where_inputs_are_strong_enough(w):
    assert w.at(radius=0.0).facts["echo"] == "none"
    assert w.at(radius=0.8).facts["echo"] == "yes"
    assert w.at(radius=1.6, scale=0.1).facts["echo"] == "no"
    assert w.at(radius=1.6, scale=1.0).facts["echo"] == "yes"


def test_until_they_part_the_forecast_is_the_truth(w):
    arrays = w.at().arrays
    held = w.at().facts["held"]
    start = module.BEFORE // module.EVERY
    truth = arrays["truth"][start:]
    steps = (held - 40) // module.EVERY
    assert np.abs(arrays["follows"] - truth)[:steps].max() < 0.5
    assert arrays["parts_t"][0] == held
    assert np.array_equal(arrays["true_x"][: len(truth)], truth)


def test_it_stays_on_the_attractor_after_they_part(w):
    arrays = w.at().arrays
    own = arrays["own"][np.isfinite(arrays["own"])]
    assert len(own) > 100
    assert np.abs(own).max() < 2.7
    assert own.min() < -1 < 1 < own.max()


def test_what_follows_and_what_is_its_own_share_one_step(w):
    for seen in module.LATE:
        arrays = w.at(seen=seen).arrays
        follows, own = (np.isfinite(arrays[name]) for name in ("follows", "own"))
        assert (follows & own).sum() == 1
        assert (follows | own).all()


def test_one_number_is_drawn_against_itself_earlier():
    path = np.arange(40.0)[:, None]
    x, height = module.plane(path, module.BLOOD)
    assert np.array_equal((x - height)[17:], np.full(23, 17))
    assert np.isnan(height[:17]).all()


def test_nothing_is_drawn_beyond_the_edge():
    drawn = module.rounded(np.array([9.0, -9.0, 0.51]))
    assert np.abs(drawn - [3.2, -3.2, 0.51]).max() < 1 / module.FINE


@pytest.mark.slow
def test_the_page_keeps_little_of_it(w):
    packed = w.table().packed()
    assert len(packed["codes"]) + len(packed["facts"]) < 130_000
