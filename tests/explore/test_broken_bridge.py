import numpy as np
import pytest
from unrolled.analysis.wrong_bridges import MISTAKES, arrived
from unrolled.engine import gru
from unrolled.explore import BrokenBridge
from unrolled.explore.broken_bridge import (
    BIASES,
    GAINS,
    ROUNDING,
    D,
    H,
    N,
    T,
    both,
    compute,
    weights,
)

GRID = [(mistake, bias, gain) for mistake in MISTAKES for bias in BIASES for gain in GAINS]


def worst(mistake, bias, gain):
    return np.abs(np.subtract(*both(mistake, bias, gain))).max()


def test_it_opens_five_decades_above_rounding_with_one_unit_on_another_path():
    w = BrokenBridge()
    assert w.values["mistake"] == "gates not swapped"
    assert w.arrays["apart"].min() > np.log10(0.1) == np.log10(ROUNDING) + 5
    assert np.abs(w.arrays["before"] - w.arrays["after"]).max() > 0.3


def test_all_four_mistakes_show_with_biases_and_one_hides_without():
    unseen = {at for at in GRID if worst(*at) < ROUNDING}
    right = {at for at in GRID if at[0] == "none"}
    assert unseen == right | {("biases summed", 0.0, gain) for gain in GAINS}
    assert len(MISTAKES) == 5
    assert BIASES[0] == 0.0


def test_between_rounding_and_a_mistake_there_is_a_wide_gap():
    sizes = [worst(*at) for at in GRID]
    assert not [size for size in sizes if ROUNDING < size < 1e4 * ROUNDING]
    assert min(sizes) > 0  # float32 is never exact here


@pytest.mark.parametrize("mistake", list(MISTAKES))
def test_the_facts_are_the_largest_difference_and_whether_a_comparison_sees_it(mistake):
    for _, bias, gain in GRID:
        shown = compute(mistake, bias, gain, unit=0)
        assert shown["worst"] == worst(mistake, bias, gain)
        unseen = "rounding" if mistake == "none" else "no"
        assert shown["seen"] == ("yes" if shown["worst"] > ROUNDING else unseen)


def test_a_single_step_does_not_show_that_nothing_was_transposed():
    shown = compute("not transposed", 0.3, 1.0, unit=0)
    assert shown["first"] == 1
    assert shown["apart"][0] < np.log10(ROUNDING)


def test_a_single_step_without_biases_misses_three_of_four_mistakes():
    apart = {m: compute(m, 0.0, 1.0, unit=0)["apart"][0] for m in MISTAKES if m != "none"}
    seen = [mistake for mistake, size in apart.items() if size > np.log10(ROUNDING)]
    assert (len(apart), seen) == (4, ["gates not swapped"])


def test_with_biases_of_size_one_the_hidden_mistake_is_large():
    assert round(compute("biases summed", 1.0, 1.0, unit=0)["worst"], 2) == 0.94


def test_what_is_drawn_are_the_states_of_one_unit_and_the_largest_difference_of_all():
    for mistake, bias, gain in GRID[::3]:
        x, params = weights(bias, gain)
        before, after = gru.forward(x, params)[0], arrived(x, params, mistake)
        largest = np.zeros(T)
        for unit in range(H):
            shown = compute(mistake, bias, gain, unit)
            np.testing.assert_array_equal(shown["before"], before[0, :, unit])
            np.testing.assert_allclose(shown["after"], after[0, :, unit], atol=ROUNDING)
            largest = np.maximum(largest, np.abs(before[:, :, unit] - after[:, :, unit]).max(0))
        seen = largest > ROUNDING
        np.testing.assert_allclose(10 ** shown["apart"][seen], largest[seen], rtol=1e-2)


def test_the_size_of_the_biases_is_their_size_and_the_gain_is_on_recurrent_weights_alone():
    x, plain = weights(0.0, 1.0)
    _, moved = weights(3.0, 2.0)
    sizes = np.concatenate([value for name, value in moved.items() if name.startswith("b_")])
    assert x.shape == (N, T, D)
    assert 1.5 < sizes.std() < 4.5
    for name, value in plain.items():
        if name.startswith("b_"):
            assert not value.any()
        else:
            gain = 2 if name.startswith("W_h") else 1
            np.testing.assert_array_equal(moved[name], gain * value)
