"""The numbers on the picture add up."""

import numpy as np
import pytest
from unrolled.engine import rnn
from unrolled.explore import Blame, OneUnit


@pytest.mark.parametrize("word", ["man", "fan"])
@pytest.mark.parametrize(("w_xh", "w_hh"), [(1.0, 0.5), (4.0, -1.25), (-2.0, 2.0)])
def test_the_states_are_those_of_a_network_with_one_unit(word, w_xh, w_hh):
    unit = OneUnit(word=word, w_xh=w_xh, w_hh=w_hh, t=3).arrays
    params = {"W_xh": np.array([[w_xh]]), "W_hh": np.array([[w_hh]]), "b_h": np.zeros(1)}
    h, _ = rnn.forward(unit["x"][None, 1:, None], params)
    np.testing.assert_allclose(unit["state"], [0, *h[0, :, 0]])
    np.testing.assert_allclose(unit["sum"][1:], unit["arrives"][1:] + unit["kept"][:-1])


def test_what_has_not_been_read_is_not_shown():
    unit = OneUnit(t=1).arrays
    for key in ("sum", "arrives", "letters"):
        assert np.isfinite(unit[key]).tolist() == [False, True, False, False]
    for key in ("kept", "flows"):
        assert np.isfinite(unit[key]).tolist() == [True, False, False, False]
    assert np.isfinite(unit["state"]).tolist() == [True, True, False, False]


def test_chapter_4_blames_the_same_states():
    np.testing.assert_allclose(OneUnit(t=3).arrays["state"], Blame(word="man").arrays["h"])


def test_on_the_flat_part_the_first_letter_is_lost():
    assert OneUnit(t=3).facts["apart"] > 0.25
    assert OneUnit(t=3, w_xh=4.0).facts["apart"] < 0.01
    assert OneUnit(t=3, w_hh=0.0).facts["apart"] == 0
    assert OneUnit(t=3, w_hh=2.0).facts["apart"] > 1.8
