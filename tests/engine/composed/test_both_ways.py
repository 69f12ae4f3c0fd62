"""Half of the units read ahead and half read back, with one state: as two cells, side by side."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from unrolled.engine.both_ways import BothWays
from unrolled.engine.gradcheck import check_gradients
from unrolled.engine.stack import under_prefix

N, T, D, H = 2, 5, 3, 4
MASK = np.arange(T) < np.array([[5], [2]])


def halves(state):
    return tuple(part[:, : H // 2] for part in state), tuple(part[:, H // 2 :] for part in state)


@pytest.mark.parametrize("mask", [None, np.arange(3) < np.array([[3], [1]])], ids=["all", "padded"])
def test_backward_matches_central_differences(cell, mask):
    report = check_gradients(BothWays(cell, mask=mask), N=2, T=3, D=2, H=4)
    assert report.ok, report


def test_the_halves_are_two_cells_and_the_state_is_where_both_have_ended(cell, problem, rng):
    network = BothWays(cell)
    x, params, state, dh, _ = problem(network, rng)
    assert dh.shape == (N, T, H)
    h, tape = network.forward(x, params, state)
    first, last = halves(state)
    ahead, end = cell.forward(x, under_prefix(params, "forward"), first)
    back, begin = cell.forward(x[:, ::-1], under_prefix(params, "backward"), last)
    assert_array_equal(h, np.concatenate([ahead, back[:, ::-1]], axis=2))
    assert len(tape.state) == len(cell.STATE)
    for part, *expected in zip(tape.state, end.state, begin.state, strict=True):
        assert_array_equal(part, np.concatenate(expected, axis=1))


def test_a_gradient_of_one_half_of_the_state_stays_in_that_direction(cell, problem, rng):
    network = BothWays(cell)
    x, params, state, dh, dstate = problem(network, rng)
    _, tape = network.forward(x, params, state)
    for own, other in (("forward", "backward"), ("backward", "forward")):
        part = slice(0, H // 2) if own == "forward" else slice(H // 2, H)
        only = tuple(np.zeros_like(value) for value in dstate)
        for value, given in zip(only, dstate, strict=True):
            value[:, part] = given[:, part]
        _, before, grads = network.backward(np.zeros_like(dh), tape, params, only)
        assert any(np.abs(value).max() > 0 for value in under_prefix(grads, own).values())
        assert all((value == 0).all() for value in under_prefix(grads, other).values())
        for value in before:
            assert np.abs(value[:, part]).max() > 0
            assert np.abs(np.delete(value, np.r_[part], axis=1)).max() == 0


def test_padding_is_read_by_neither_direction(cell, problem, rng):
    x, params, _, _, _ = problem(BothWays(cell), rng)
    h, tape = BothWays(cell, mask=MASK).forward(x, params)
    alone, ended = BothWays(cell).forward(x[1:, :2], params)
    near = {"rtol": 1e-12, "atol": 1e-15}  # one row is multiplied in another way than several
    assert_allclose(h[1, :2], alone[0], **near)
    for part, expected in zip(tape.state, ended.state, strict=True):
        assert_allclose(part[1:], expected, **near)


def test_an_odd_number_of_units_is_refused(cell, rng):
    for H in (3, 0, 4.0):
        with pytest.raises(ValueError, match=r"H must be (even|an integer)"):
            BothWays(cell).init_params(D, H, rng=rng)
    params = BothWays(cell).init_params(D, 4, rng=rng)
    with pytest.raises(ValueError, match="the initial state must be a tuple"):
        BothWays(cell).forward(np.zeros((N, T, D)), params, (np.zeros((N, 4)),) * 3)
