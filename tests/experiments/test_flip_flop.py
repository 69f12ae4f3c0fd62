"""What was recorded of the networks that keep bits."""

import numpy as np
import pytest
from unrolled.datasets import load_results
from unrolled.engine import rnn
from unrolled.experiments import flip_flop
from unrolled.explore import flip_flop as network

LAST = network.UPDATES[-1]


@pytest.fixture(scope="module")
def runs():
    found = load_results("flip-flop")["results"]
    return {(run["bits"], run["start"], run["updates"]): run for run in found}


def test_every_start_was_looked_at_after_every_number_of_updates(runs):
    assert len(runs) == 2 * network.STARTS * len(network.UPDATES)


@pytest.mark.parametrize(("bits", "points"), [(2, [4, 4, 1]), (3, [8, 12, 6, 1])])
def test_trained_networks_have_the_points_of_a_square_and_of_a_cube(runs, bits, points):
    for start in range(network.STARTS):
        run = runs[bits, start, LAST]
        assert run["points"] == points
        assert run["held"] == [1, 1]
        assert run["indices"] == 1


def test_the_gradient_falls_at_the_rate_of_the_slowest_stable_point(runs):
    for start in range(network.STARTS):
        run = runs[2, start, LAST]
        assert run["per step"] == pytest.approx(run["slowest stable"], abs=0.01)
        assert run["gradient left"] < 1e-8


def test_the_surer_the_memory_the_less_gradient(runs):
    for start in range(network.STARTS):
        left = [runs[2, start, updates]["gradient left"] for updates in (50, LAST)]
        assert left[1] < left[0] / 2


def test_the_weights_are_those_of_the_record(runs):
    params = network.trained(LAST, 1)
    found = flip_flop.measure(params, 2)
    known = runs[2, 1, LAST]
    assert found["points"] == known["points"]
    assert found["slowest stable"] == pytest.approx(known["slowest stable"], abs=2e-4)
    assert found["held"] == known["held"]


def test_a_training_begins_as_it_was_recorded():
    again = network.train(0, (0, 20))
    for updates, params in again.items():
        for name, value in network.trained(updates, 0).items():
            np.testing.assert_allclose(params[name], value, rtol=1e-6, atol=1e-9, err_msg=name)


def test_a_switch_made_by_hand_is_measured_rightly():
    """Two separate units with weight 2; at rest the slope is 2 (1 - 0.9575^2)."""
    eye = np.eye(2)
    params = {"W_xh": 4 * eye, "W_hh": 2 * eye, "b_h": np.zeros(2), "W_hy": eye, "b_y": np.zeros(2)}
    found = flip_flop.measure(params, 2)
    assert found["points"] == [4, 4, 1]
    assert found["held"] == [1, 1]
    assert (
        found["per step"]
        == pytest.approx(found["slowest stable"])
        == pytest.approx(0.1664, abs=1e-4)
    )
    assert found["gradient left"] == pytest.approx(0.16638**50, rel=0.05)


def test_places_to_look_from_are_states(rng):
    params = rnn.init_params(2, 16, rng=rng)
    starts = network.starts(params, 50)
    assert starts.shape == (50, 16)
    assert np.abs(starts).max() <= 1
    np.testing.assert_array_equal(starts, network.starts(params, 50))
