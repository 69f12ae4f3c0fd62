"""The landscape of the network with two bits, and paths over it."""

import numpy as np
import pytest
from unrolled.engine import dense, rnn
from unrolled.explore import FixedPoints, fixed_points, flip_flop, landscape

TRAINED = flip_flop.UPDATES[-1]


@pytest.fixture
def w():
    return FixedPoints()


def corners(answer):
    return np.stack([answer.arrays["stable_x"], answer.arrays["stable_y"]], axis=1)


def test_the_trained_network_rests_in_four_corners_and_balances_between_them(w):
    assert [w.facts[kind] for kind in ("stable", "saddles", "sources", "count")] == [4, 4, 1, 9]
    places = corners(w.answer)
    places = places[np.isfinite(places[:, 0])]
    assert {tuple(np.sign(place)) for place in places} == {(1, 1), (1, -1), (-1, 1), (-1, -1)}
    np.testing.assert_allclose(np.abs(places), 1, atol=0.05)
    middle = [w.arrays[f"source_{axis}"] for axis in "xy"]
    assert np.nanmax(np.abs(middle)) < 0.1


def test_fixed_points_arrive_in_pairs(w):
    counts = [w.at(updates=updates).facts["count"] for updates in flip_flop.UPDATES]
    assert counts == [1, 3, 5, 9, 9, 9]


@pytest.mark.parametrize("pushes", ["ruld", "ddlu", "rl.u", "urdlurdl"])
def test_after_every_letter_the_answers_are_those_that_were_pushed(w, pushes):
    last = {}
    for i, letter in enumerate(pushes):
        move = fixed_points.PUSHES[letter]
        last |= {bit: value for bit, value in enumerate(move) if value}
        answer = w.at(pushes=pushes, t=fixed_points.EACH * (i + 1) - 1)
        told = {0: answer.arrays["now_x"][0], 1: answer.arrays["now_y"][0]}
        for bit, value in last.items():
            assert told[bit] * value > 0.5
        assert answer.facts["judged"] == ("right" if len(last) == 2 else "half")


def test_the_path_is_that_of_the_network(w):
    answer = w.at(pushes="ru", t=30)
    params = flip_flop.trained(TRAINED, landscape.START)
    x = np.zeros((1, 60, 2))
    x[0, 0, 0] = x[0, 6, 1] = 1
    told = dense.forward(rnn.forward(x, params)[0][0], params)
    np.testing.assert_allclose(answer.arrays["path_x"][:31], told[:31, 0], atol=1e-6)
    np.testing.assert_allclose(answer.arrays["path_y"][:31], told[:31, 1], atol=1e-6)
    assert np.isnan(answer.arrays["path_x"][31:]).all()
    assert answer.facts["since"] == 24


def test_a_single_push_leaves_the_state_at_a_saddle_for_a_while(w):
    assert [w.at(pushes="r", t=t).facts["kind"] for t in (6, 59)] == ["saddle", "stable"]


def test_memory_stays_and_the_gradient_goes_at_the_rate_of_the_largest_eigenvalue(w):
    answer = w.at(pushes="ru", t=59)
    assert answer.facts["judged"] == "right"
    assert answer.facts["left"] < -12
    gradient = answer.arrays["gradient"]
    rate = 10 ** ((gradient[20] - gradient[40]) / 20)
    assert rate == pytest.approx(answer.facts["rate"], abs=0.003)
    assert gradient[59] == 0


def test_the_ways_out_of_saddles_end_in_corners(w):
    places = corners(w.answer)
    out = np.stack([w.arrays["out_x"], w.arrays["out_y"]], axis=1)
    ends = out.reshape(2 * landscape.WAYS, -1, 2)[:, -2]
    ends = ends[np.isfinite(ends[:, 0])]
    assert len(ends) == 12
    apart = np.linalg.norm(ends[:, None] - places[None], axis=2)
    assert np.nanmin(apart, axis=1).max() < 0.01


@pytest.mark.parametrize("updates", flip_flop.UPDATES)
def test_what_is_let_go_is_drawn_within_the_plane(w, updates):
    arrays = w.at(updates=updates).arrays
    assert np.nanmax(np.abs(arrays["flow_x"])) < 2.5
    drawn = len(landscape.GRID) ** 2 * (landscape.FLOWS - landscape.FALL)
    assert np.isfinite(arrays["flow_x"]).sum() == drawn


def test_without_a_push_nothing_is_judged(w):
    answer = w.at(pushes="...", t=59)
    assert answer.facts["judged"] == "untold"
    assert "Nobody has pushed" in answer.sentences["verdict"]


def test_weights_that_are_not_on_record_are_refused():
    for wrong in ({"updates": 7}, {"start": 5}, {"start": -1}):
        with pytest.raises(ValueError, match="on record are the updates"):
            flip_flop.trained(**wrong)
