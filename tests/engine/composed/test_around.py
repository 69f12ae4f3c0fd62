import numpy as np
import pytest
from numpy.testing import assert_array_equal
from unrolled.engine import lstm, rnn
from unrolled.engine.around import SIDES, Around
from unrolled.engine.bidirectional import Bidirectional
from unrolled.engine.contract import carries
from unrolled.engine.gradcheck import check_gradients
from unrolled.engine.stack import Stack

N, T, D, H = 2, 6, 3, 4
every_side = pytest.mark.parametrize("sides", SIDES)


def moves(network, rng, t):
    """Which outputs move with input t: bools (T,)."""
    params = network.init_params(D, H, rng=rng)
    x = rng.standard_normal((N, T, D))
    other = x + (np.arange(T) == t)[None, :, None]
    difference = network.forward(other, params)[0] - network.forward(x, params)[0]
    return np.abs(difference).max(axis=(0, 2)) > 0


@every_side
@pytest.mark.parametrize("layers", [1, 2])
def test_backward_matches_central_differences(cell, sides, layers):
    inner = Stack(cell, layers) if layers > 1 else cell
    report = check_gradients(Around(inner, sides), T=4, D=2, H=3)
    assert report.ok, report


@pytest.mark.parametrize("t", [0, 2, T - 1])
@pytest.mark.parametrize("inner", [lstm, Stack(rnn, 2)])
def test_every_output_but_its_own_has_read_a_step(rng, inner, t):
    others = np.arange(T) != t
    assert_array_equal(moves(Around(inner), rng, t), others)
    assert_array_equal(moves(Around(inner, "left"), rng, t), np.arange(T) > t)
    assert_array_equal(moves(Around(inner, "right"), rng, t), np.arange(T) < t)


def test_on_top_of_each_other_they_have_read_it(rng):
    assert moves(Stack(Around(rnn), 2), rng, 2)[2]


def test_its_halves_are_those_of_bidirectional_moved_away_from_the_step(rng):
    params = Bidirectional(rnn).init_params(D, H, rng=rng)
    x = rng.standard_normal((N, T, D))
    h, tape = Bidirectional(rnn).forward(x, params)
    around, own = Around(rnn).forward(x, params)
    assert_array_equal(around[:, 1:, :H], h[:, :-1, :H])
    assert_array_equal(around[:, :-1, H:], h[:, 1:, H:])
    assert not around[:, 0, :H].any()
    assert not around[:, -1, H:].any()
    for part, same in zip(own.state, tape.state, strict=True):
        assert_array_equal(part, same)


def test_no_side_carries_a_state_and_another_word_is_refused():
    assert not any(carries(Around(rnn, sides)) for sides in SIDES)
    with pytest.raises(ValueError, match=r"sides must be one of \['left', 'right', 'both'\]"):
        Around(rnn, "middle")
    with pytest.raises(ValueError, match="a mask goes inside"):
        Around(Bidirectional(rnn))
