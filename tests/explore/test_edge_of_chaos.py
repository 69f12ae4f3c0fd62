"""Neighbors, gradients and Newton's rounds on both sides of the edge."""

import numpy as np
import pytest
from unrolled.analysis import lyapunov
from unrolled.engine import rnn
from unrolled.explore import EdgeOfChaos
from unrolled.explore.edge_of_chaos import GAINS, NEAR, SCALES, T


@pytest.fixture(scope="module")
def w():
    return EdgeOfChaos()


@pytest.mark.parametrize("scale", SCALES)
def test_the_exponent_rises_with_the_gain(w, scale):
    found = [w.at(gain=g, scale=scale, H=64).facts["exponent"] for g in GAINS]
    assert np.all(np.diff(found) > -0.1)
    assert found[0] < -0.4
    assert found[-1] > 0.1


def test_calm_is_quickly_solved_and_chaos_is_not(w):
    calm, chaos = (w.at(gain=g, scale=0.5, H=64).facts for g in (0.8, 3.0))
    assert (calm["fate"], chaos["fate"]) == ("calm", "chaos")
    assert calm["rounds"] <= 7
    assert 40 < chaos["rounds"] <= T


@pytest.mark.parametrize(("gain", "scale"), [(0.8, 0.5), (1.2, 0.5), (2.5, 0.0), (3.0, 0.5)])
def test_distance_and_gradient_change_at_about_the_rate_of_the_exponent(w, gain, scale):
    answer = w.at(gain=gain, scale=scale, H=64)
    for key in ("apart", "gradient"):
        line = answer.arrays[key]
        line = line[np.isfinite(line)][: 50 if answer.facts["fate"] == "chaos" else 40]
        slope = np.log(10) * (line[-1] - line[0]) / (len(line) - 1)
        assert slope == pytest.approx(answer.facts["exponent"], abs=0.13), key


def test_strong_inputs_tame(w):
    exponents = [w.at(gain=2.0, scale=scale, H=64).facts["exponent"] for scale in (0.0, 2.0)]
    assert exponents[0] > 0 > exponents[1]


def test_of_small_networks_some_are_chaotic_and_some_rest():
    found = []
    for draw in range(8):
        rng = np.random.default_rng([draw, 16])
        params = rnn.init_params(1, 16, rng=rng)
        params["W_hh"] *= 2.5
        tape = rnn.forward(np.zeros((1, 3000, 1)), params, (rng.uniform(-1, 1, (1, 16)),))[1]
        found.append(lyapunov.exponents(tape.window(1000, 3000), params, count=1)[0][0])
    assert max(found) > 0.05
    assert min(found) < -0.05


def test_after_k_rounds_the_first_k_steps_have_no_error(w):
    for gain in (0.8, 3.0):
        error = w.at(gain=gain, scale=0.5, H=64).arrays["error"]
        for k, row in enumerate(error):
            assert np.isnan(row[:k]).all()


def test_in_chaos_the_distance_stops_at_the_size_of_the_state(w):
    apart = w.at(gain=3.0, scale=0.5, H=64).arrays["apart"]
    assert np.nanmax(apart) < np.log10(16 / NEAR)
