"""What a state tells, on states of which it is known."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from unrolled.analysis import held
from unrolled.engine import gru
from unrolled.engine.seq2seq import Seq2Seq


def words(N, n, letters=4, seed=0):
    return np.random.default_rng(seed).integers(5, 5 + letters, (N, n))


def test_a_state_that_holds_a_letter_and_no_other_tells_that_one():
    letters = words(2000, 3)
    states = 2.0 * np.eye(4)[letters[:, 1] - 5] @ np.random.default_rng(1).standard_normal((4, 6))
    found = held.readable(states, letters, 500)
    assert found[1] == 1
    assert found[[0, 2]] == pytest.approx(0.25, abs=0.06)


def test_a_state_of_noise_tells_no_more_than_a_guess():
    letters = words(2000, 2)
    states = np.random.default_rng(2).standard_normal((2000, 6))
    assert held.readable(states, letters, 500) == pytest.approx(0.25, abs=0.06)


def test_the_readout_has_not_seen_the_words_that_it_is_tried_on():
    letters = words(40, 1)
    states = np.random.default_rng(3).standard_normal((40, 30))  # enough to learn 20 by heart
    assert held.readable(states, letters, 20)[0] < 0.7


@pytest.mark.parametrize("both_ways", [False, True])
def test_the_states_are_those_of_the_network_in_the_order_in_which_letters_are_read(both_ways):
    rng = np.random.default_rng(0)
    model = Seq2Seq(gru, 3, both_ways=both_ways)
    params = model.init_params(9, 9, 6, rng=rng)
    x, read = words(5, 4), words(5, 3, seed=1)
    states = held.through(model, params, x, read)
    assert states.shape == (7, 5, 6)
    h, _, tape = model.encode(x, params)
    assert_array_equal(states[3], tape.state[0])
    first = h[:, 0].copy()
    if both_ways:
        first[:, 3:] = h[:, -1, 3:]
    assert_array_equal(states[0], first)
    s = model.decode(read, tape.state, h, params)[1].joined
    assert_array_equal(states[4:], s.swapaxes(0, 1))
    assert_array_equal(states[-1], s[:, -1])
