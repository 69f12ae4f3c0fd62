import re

import numpy as np
import pytest
from unrolled.analysis.wrong_bridges import MISTAKES, arrived
from unrolled.engine import gru
from unrolled.explore import BrokenBridge
from unrolled.explore.broken_bridge import (
    BIASES,
    DECADES,
    GAINS,
    ROUNDING,
    SAID,
    D,
    H,
    N,
    T,
    both,
    compute,
    weights,
)

GRID = [(mistake, bias, gain) for mistake in MISTAKES for bias in BIASES for gain in GAINS]
HIDDEN = "so with biases of size 0 a comparison does not see this mistake."


def worst(mistake, bias, gain):
    return np.abs(np.subtract(*both(mistake, bias, gain))).max()


def test_it_opens_five_decades_above_rounding_with_one_unit_on_another_path():
    w = BrokenBridge()
    assert w.values["mistake"] == "gates not swapped"
    assert w.result["apart"].min() > np.log10(0.1) == np.log10(ROUNDING) + 5
    assert np.abs(w.result["before"] - w.result["after"]).max() > 0.3


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
def test_the_sentence_gives_the_largest_difference_or_calls_it_rounding(mistake):
    for _, bias, gain in GRID:
        w = compute(mistake, bias, gain, unit=0)
        assert w["verdict"].startswith(f"{SAID[mistake]}, the states are ")
        if worst(mistake, bias, gain) < ROUNDING:
            end = "that is rounding." if mistake == "none" else HIDDEN
            assert w["verdict"].endswith(end)
        else:
            off = float(re.search(r"up to (\d\.\d\d) off: nothing is raised", w["verdict"])[1])
            assert off == pytest.approx(10 ** w["apart"].max(), abs=0.005)
            assert w["verdict"].endswith("but a comparison shows it.")


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


def test_every_line_lies_on_its_axis():
    for at in GRID:
        shown = compute(*at, unit=H - 1)
        assert DECADES[0] <= shown["apart"].min() <= shown["apart"].max() < DECADES[1]
        assert max(np.abs(shown["before"]).max(), np.abs(shown["after"]).max()) <= 1


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
