import numpy as np
import pytest
from unrolled.explore import Reach
from unrolled.explore.reach import BACK, BOTH, DECADES, DIRECTIONS, GAINS, ONE_WAY, T, strengths

PAST = np.tril(np.ones((T, T), bool))  # s <= t
LAYERS = [1, 2, 3]
MOVING = [gain for gain in GAINS if gain > 0]
REACH = Reach()


def used(layers, direction, gain):
    return np.isfinite(strengths(layers, direction, gain))


@pytest.mark.parametrize("layers", LAYERS)
def test_one_way_stays_in_the_triangle_and_both_ways_fills_the_square(layers):
    for gain in MOVING:
        np.testing.assert_array_equal(used(layers, ONE_WAY, gain), PAST)
        assert used(layers, BOTH, gain).all()


def test_the_backward_half_has_seen_the_past_as_soon_as_a_layer_below_has():
    for gain in MOVING:
        np.testing.assert_array_equal(used(1, BACK, gain), PAST.T)
        assert used(2, BACK, gain).all()
        assert used(3, BACK, gain).all()


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("layers", LAYERS)
def test_without_recurrence_every_output_uses_its_own_input_alone(direction, layers):
    np.testing.assert_array_equal(used(layers, direction, 0.0), np.eye(T, dtype=bool))


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_the_caption_knows_the_shape_of_the_square(direction):
    shapes = {(0, 0): "own", (1, 0): "past", (0, 1): "future", (1, 1): "both"}
    for layers in LAYERS:
        for gain in GAINS:
            seen = used(layers, direction, gain)
            expected = shapes[np.tril(seen, -1).any(), np.triu(seen, 1).any()]
            assert (
                REACH.at(layers=layers, direction=direction, gain=gain).facts["square"] == expected
            )


def test_more_layers_change_the_strengths_which_all_lie_on_the_scale():
    far = [strengths(layers, ONE_WAY, 0.8)[-1, 0] for layers in LAYERS]
    assert far[0] < far[1] < far[2]
    for layers in LAYERS:
        for direction in DIRECTIONS:
            for gain in GAINS:
                logs = strengths(layers, direction, gain)
                assert DECADES[0] < np.nanmin(logs) <= np.nanmax(logs) < DECADES[1]


@pytest.mark.parametrize(
    ("direction", "t", "count", "past", "future", "seen"),
    [
        (ONE_WAY, 12, 13, 12, 0, "past"),
        (ONE_WAY, 0, 1, 0, 0, "own"),
        (BOTH, 0, 24, 0, 23, "future"),
        (BOTH, 12, 24, 12, 11, "both"),
        (BOTH, 23, 24, 23, 0, "past"),
        (BACK, 12, 12, 0, 11, "future"),
    ],
)
def test_it_counts_what_has_been_seen(direction, t, count, past, future, seen):
    facts = REACH.at(direction=direction, t=t).facts
    assert [facts[k] for k in ("count", "past", "future", "seen")] == [count, past, future, seen]


def test_no_path_is_called_zero_and_a_faint_one_is_not():
    assert "exactly 0 for input 23" in REACH.at(gain=0.7).sentences["numbers"]
    assert "exactly 0" not in REACH.at(gain=0.7, direction=BOTH, t=0).sentences["numbers"]
    assert -6 < REACH.at(gain=0.7, t=23).facts["log_0"] < -5
