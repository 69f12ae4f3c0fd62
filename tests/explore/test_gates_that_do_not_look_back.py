"""What the explorables of chapter 23 claim is true."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from unrolled.engine import signed_mingru
from unrolled.explore import KeepOrTurn, StraightLine
from unrolled.explore.keep_or_turn import AT_ONE, AT_ZERO, LENGTHS, READERS
from unrolled.explore.straight_line import BIASES, CELLS, STARTS, STEPS

turn, line = KeepOrTurn(), StraightLine()


def shares(**values):
    return [turn.at(**values, length=length).facts["share"] for length in LENGTHS]


@pytest.mark.parametrize("after", ["nothing", "a tanh"])
def test_without_a_factor_below_zero_readers_toss_a_coin(after):
    for at_zero in AT_ZERO:
        for at_one in (a for a in AT_ONE if a > 0):
            found = shares(at_zero=at_zero, at_one=at_one, after=after)
            assert max(abs(share - 0.5) for share in found) < 4 * 0.5 / np.sqrt(READERS)
            facts = turn.at(at_zero=at_zero, at_one=at_one, after=after).facts
            assert facts["why"] == "never"


def test_the_right_pair_is_right_until_noise_has_added_up():
    assert shares(at_zero=1.0, at_one=-1.0, after="nothing")[:-1] == [1.0] * 5
    # A normal distribution has 5.7 % beyond 1 / (0.01 sqrt(T)); of these 400 readers it is 7 %.
    assert 0.9 < shares(at_zero=1.0, at_one=-1.0, after="nothing")[-1] < 0.97


def test_as_it_is_learned_it_is_right_at_100_and_lost_at_256():
    found = shares(at_zero=0.98, at_one=-0.98, after="nothing")
    assert found[:3] == [1.0] * 3
    assert max(found[3:]) < 0.6
    assert 10 ** turn.at(at_zero=0.98, at_one=-0.98, length=256).facts["left"] == pytest.approx(
        0.98**256
    )


def test_a_tanh_brings_back_what_a_step_has_lost():
    for at_zero in (0.5, 0.9, 1.0):
        for at_one in (-0.5, -0.9, -1.0):
            answer = turn.at(at_zero=at_zero, at_one=at_one, after="a tanh")
            assert answer.facts["why"] == "restored"
            assert shares(at_zero=at_zero, at_one=at_one, after="a tanh") == [1.0] * 6
    assert turn.at(at_zero=0.0, at_one=-1.0, after="a tanh").facts["why"] == "lost"


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("bias", BIASES)
@pytest.mark.parametrize("steps", STEPS)
def test_cells_that_do_not_look_back_give_lines_and_the_others_curves(cell, bias, steps):
    answer = line.at(cell=cell, bias=bias, steps=steps)
    assert (answer.facts["shape"] == "line") == ("minGRU" in cell)
    assert (answer.facts["apart"] < 1e-14) == ("minGRU" in cell)
    if "minGRU" in cell:
        ends = answer.arrays["ends"]
        assert_allclose(ends[-1] - ends[0], 2 * answer.facts["slope"], rtol=1e-9, atol=1e-15)


def test_the_slope_is_that_of_the_curve():
    answer = line.at(cell="GRU", bias=2.0, steps=10)
    slopes = np.abs(np.gradient(answer.arrays["ends"], STARTS))[1:-1]
    assert_allclose(10 ** answer.arrays["slopes"][1:-1], slopes, rtol=0.2, atol=0.02)


def test_an_odd_number_of_turns_falls_and_an_even_one_rises():
    for steps in STEPS:
        slope = line.at(cell="minGRU, signed", bias=-3.0, steps=steps).facts["slope"]
        assert (slope < 0) == (steps % 2 == 1)


def test_the_rnn_ends_in_one_of_two_places():
    ends = line.at(cell="RNN", bias=2.0, steps=20).arrays["ends"]
    near = np.minimum(np.abs(ends - ends[0]), np.abs(ends - ends[-1]))
    assert np.mean(near < 0.02) > 0.95
    assert ends[-1] - ends[0] > 1


def test_the_unit_of_the_figure_is_the_cell_of_the_engine():
    params = {"W_xz": -9.0, "b_z": 0.0, "W_xn": 0.0, "b_n": 0.0}
    params = {n: np.full((1, 1) if n[0] == "W" else 1, v) for n, v in params.items()}
    bits = np.array([1.0, -1.0, 1.0, 1.0])[None, :, None]
    h, _ = signed_mingru.forward(bits, params, (np.ones((1, 1)),))
    assert_allclose(h[0, :, 0], [-1, -1, 1, -1], atol=1e-3)
