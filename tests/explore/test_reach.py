import numpy as np
import pytest
from unrolled.explore import Reach
from unrolled.explore.reach import BACK, BOTH, DECADES, DIRECTIONS, GAINS, ONE_WAY, T, strengths

PAST = np.tril(np.ones((T, T), bool))  # s <= t
LAYERS = [1, 2, 3]
MOVING = [gain for gain in GAINS if gain > 0]


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
def test_without_recurrence_every_output_uses_its_own_input_alone(direction):
    for layers in LAYERS:
        np.testing.assert_array_equal(used(layers, direction, 0.0), np.eye(T, dtype=bool))
    assert "uses 1 of 24 inputs, its own" in Reach(direction=direction, gain=0.0).result["verdict"]


def test_more_layers_change_the_strengths():
    far = [Reach(layers=layers, t=T - 1).result["row"][0] for layers in LAYERS]
    assert far[0] < far[1] < far[2]


def test_every_strength_lies_on_the_axis():
    for layers in LAYERS:
        for direction in DIRECTIONS:
            for gain in GAINS:
                logs = strengths(layers, direction, gain)
                assert DECADES[0] < np.nanmin(logs) <= np.nanmax(logs) < DECADES[1]


def test_the_curve_is_the_marked_row():
    w = Reach(direction=BOTH, t=5)
    np.testing.assert_array_equal(w.result["row"], w.result["strengths"][5])
    assert set(w.result["row_y"]) == set(w.result["now_x"]) == {5}


@pytest.mark.parametrize(
    ("direction", "t", "words"),
    [
        (
            ONE_WAY,
            12,
            "uses 13 of 24 inputs, 0 to 12: 12 from its past and nothing from its future.",
        ),
        (ONE_WAY, 0, "uses 1 of 24 inputs, its own: nothing from its past and nothing from its"),
        (BOTH, 0, "uses all 24 inputs, 0 to 23: nothing from its past and 23 from its future."),
        (BOTH, 23, "uses all 24 inputs, 0 to 23: 23 from its past and nothing from its future."),
        (BACK, 12, "uses 12 of 24 inputs, 12 to 23: nothing from its past and 11 from its future."),
    ],
)
def test_it_says_in_words_what_has_been_seen(direction, t, words):
    assert words in Reach(direction=direction, t=t).result["verdict"]


def test_no_path_is_called_zero_and_a_faint_one_is_not():
    assert "exactly 0 for input 23" in Reach(gain=0.7).result["numbers"]
    assert "exactly 0" not in Reach(gain=0.7, direction=BOTH, t=0).result["numbers"]
    assert "e-6 for input 0" in Reach(gain=0.7, t=23).result["numbers"]
