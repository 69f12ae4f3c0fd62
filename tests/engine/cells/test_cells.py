"""The mathematics that every cell has in common."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from unrolled.engine import linear
from unrolled.engine.gradcheck import check_gradients, numerical_gradient, relative_error

N, T, D, H = 2, 5, 3, 4

size = st.integers(1, 7)


def assert_same(result, expected, rtol=1e-10, atol=1e-12):
    """Compare two triples (dx, dstate, grads)."""
    dx, dstate, grads = result
    dx_expected, dstate_expected, grads_expected = expected
    assert_allclose(dx, dx_expected, rtol, atol)
    for part, part_expected in zip(dstate, dstate_expected, strict=True):
        assert_allclose(part, part_expected, rtol, atol)
    assert grads.keys() == grads_expected.keys()
    for name, grad in grads.items():
        assert_allclose(grad, grads_expected[name], rtol, atol, err_msg=name)


def loop_of_steps(cell, x, params, state):
    """The states before the first step, after it, ..., after the last."""
    states = [state]
    for t in range(x.shape[1]):
        states.append(cell.step(x[:, t], states[t], params))
    return states


def loop_of_step_backwards(cell, x, params, state, dh, dstate):
    states = loop_of_steps(cell, x, params, state)
    dx = np.empty_like(x)
    grads = {name: np.zeros_like(value) for name, value in params.items()}
    for t in reversed(range(x.shape[1])):
        dstate = (dstate[0] + dh[:, t], *dstate[1:])
        dx[:, t], dstate, grads_t = cell.step_backward(dstate, x[:, t], states[t], params)
        for name, grad in grads_t.items():
            grads[name] += grad
    return dx, dstate, grads


@settings(deadline=None, max_examples=30)
@given(N=size, T=size, D=size, H=size, seed=st.integers(0, 999))
def test_forward_is_a_loop_of_steps(cell, problem, N, T, D, H, seed):
    x, params, state, _, _ = problem(cell, np.random.default_rng(seed), N, T, D, H)
    h, tape = cell.forward(x, params, state)
    _, *states = loop_of_steps(cell, x, params, state)
    assert h.shape == (N, T, H)
    assert_allclose(h, np.stack([h_t for h_t, *_ in states], axis=1), rtol=1e-12, atol=1e-14)
    assert_array_equal(tape.state[0], h[:, -1])
    for part, expected in zip(tape.state, states[-1], strict=True):
        assert_allclose(part, expected, rtol=1e-12, atol=1e-14)


@settings(deadline=None, max_examples=30)
@given(N=size, T=size, D=size, H=size, seed=st.integers(0, 999))
def test_backward_is_a_loop_of_step_backwards(cell, problem, N, T, D, H, seed):
    x, params, state, dh, dstate = problem(cell, np.random.default_rng(seed), N, T, D, H)
    result = cell.backward(dh, cell.forward(x, params, state)[1], params, dstate)
    assert result[0].shape == x.shape
    assert [part.shape for part in result[1]] == [(N, H)] * len(cell.STATE)
    assert {n: g.shape for n, g in result[2].items()} == {n: v.shape for n, v in params.items()}
    assert_same(result, loop_of_step_backwards(cell, x, params, state, dh, dstate))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("sizes", [{}, {"N": 1, "T": 1}, {"D": 1, "H": 1, "T": 7}], ids=str)
def test_backward_matches_central_differences(cell, seed, sizes):
    report = check_gradients(cell, seed=seed, **sizes)
    assert report.ok, report


def test_backward_without_final_gradient_matches_central_differences(cell, problem, rng):
    x, params, state, dh, _ = problem(cell, rng)

    def loss():
        return (cell.forward(x, params, state)[0] * dh).sum()

    dx, dstate, grads = cell.backward(dh, cell.forward(x, params, state)[1], params)
    arrays = [x, *state, *params.values()]
    computed = [dx, *dstate, *(grads[name] for name in params)]
    for gradient, array in zip(computed, arrays, strict=True):
        assert relative_error(gradient, numerical_gradient(loss, array)) < 1e-7


def test_without_a_state_the_cell_starts_from_zero(cell, problem, rng):
    x, params, state, dh, _ = problem(cell, rng)
    zero = tuple(np.zeros_like(part) for part in state)
    h, tape = cell.forward(x, params)
    h_zero, tape_zero = cell.forward(x, params, zero)
    assert_array_equal(h, h_zero)
    without, with_zero = cell.backward(dh, tape, params), cell.backward(dh, tape_zero, params, zero)
    assert_same(without, with_zero, rtol=0, atol=0)


@pytest.mark.parametrize("t", range(T))
def test_the_past_does_not_see_the_future(cell, problem, rng, t):
    x, params, state, _, _ = problem(cell, rng)
    other = x.copy()
    other[:, t] += 1
    h, h_other = cell.forward(x, params, state)[0], cell.forward(other, params, state)[0]
    assert_array_equal(h[:, :t], h_other[:, :t])
    assert (h[:, t:] != h_other[:, t:]).all()


@pytest.mark.parametrize("t", range(T))
def test_a_loss_at_one_step_reaches_every_step_before_it_and_none_after(cell, problem, rng, t):
    x, params, state, dh, _ = problem(cell, rng)
    dh[:, [other for other in range(T) if other != t]] = 0
    dx, dstate, _ = cell.backward(dh, cell.forward(x, params, state)[1], params)
    assert (dx[:, : t + 1] != 0).all()
    assert (dx[:, t + 1 :] == 0).all()
    assert all((part != 0).all() for part in dstate)


def test_each_part_of_the_final_gradient_goes_back_by_itself(cell, problem, rng):
    x, params, state, dh, dstate = problem(cell, rng)
    _, tape = cell.forward(x, params, state)
    dx = cell.backward(dh, tape, params)[0].copy()
    for i, part in enumerate(dstate):
        alone = tuple(part if i == j else np.zeros_like(part) for j in range(len(dstate)))
        from_part = cell.backward(np.zeros_like(dh), tape, params, alone)[0]
        assert (from_part != 0).all()
        dx += from_part
    assert_allclose(dx, cell.backward(dh, tape, params, dstate)[0], rtol=1e-10, atol=1e-13)


def test_changing_one_sequence_changes_no_other(cell, problem, rng):
    x, params, state, dh, _ = problem(cell, rng, N=6)
    other, others = x.copy(), [0, 1, 3, 4, 5]
    other[2] += 1
    (h, tape), (h_other, tape_other) = (cell.forward(xs, params, state) for xs in (x, other))
    dx, dx_other = (cell.backward(dh, t, params)[0] for t in (tape, tape_other))
    assert_allclose(h[others], h_other[others], rtol=1e-13, atol=1e-15)
    assert_allclose(dx[others], dx_other[others], rtol=1e-13, atol=1e-15)
    assert (h[2] != h_other[2]).all()
    assert (dx[2] != dx_other[2]).all() == (cell is not linear)  # its slope is the same everywhere


def test_a_sequence_alone_gives_what_it_gives_in_a_batch(cell, problem, rng):
    x, params, state, dh, dstate = problem(cell, rng)
    h, tape = cell.forward(x, params, state)
    dx, dstate_0, grads = cell.backward(dh, tape, params, dstate)
    for one in (slice(0, 1), slice(1, 2)):
        h_one, tape_one = cell.forward(x[one], params, tuple(part[one] for part in state))
        alone = cell.backward(dh[one], tape_one, params, tuple(part[one] for part in dstate))
        assert_allclose(h_one, h[one], rtol=1e-12)
        assert_same((dx[one], tuple(part[one] for part in dstate_0), {}), (*alone[:2], {}))
        grads = {name: grad - alone[2][name] for name, grad in grads.items()}
    for name, rest in grads.items():
        assert_allclose(rest, 0, atol=1e-12, err_msg=name)


def test_the_final_state_continues_the_sequence(cell, problem, rng):
    x, params, state, _, _ = problem(cell, rng)
    h, _ = cell.forward(x, params, state)
    h_first, tape = cell.forward(x[:, :2], params, state)
    h_rest, _ = cell.forward(x[:, 2:], params, tape.state)
    assert_allclose(np.concatenate([h_first, h_rest], axis=1), h, rtol=1e-12)


def test_the_gradient_of_the_state_joins_two_halves_of_a_sequence(cell, problem, rng):
    x, params, state, dh, dstate = problem(cell, rng)
    _, tape_first = cell.forward(x[:, :2], params, state)
    _, tape_rest = cell.forward(x[:, 2:], params, tape_first.state)
    dx_rest, dstate_middle, grads_rest = cell.backward(dh[:, 2:], tape_rest, params, dstate)
    dx_first, dstate_0, grads = cell.backward(dh[:, :2], tape_first, params, dstate_middle)
    dx = np.concatenate([dx_first, dx_rest], axis=1)
    halves = dx, dstate_0, {name: grads[name] + grads_rest[name] for name in grads}
    whole = cell.backward(dh, cell.forward(x, params, state)[1], params, dstate)
    assert_same(halves, whole)


def test_a_window_of_the_tape_is_the_tape_of_the_window(cell, problem, rng):
    x, params, state, dh, dstate = problem(cell, rng)
    _, tape = cell.forward(x, params, state)
    window = tape.window(2, 4)
    _, alone = cell.forward(x[:, 2:4], params, cell.forward(x[:, :2], params, state)[1].state)
    for name, array in window._asdict().items():
        assert_allclose(array, getattr(alone, name), rtol=1e-12, atol=1e-14, err_msg=name)
        assert np.shares_memory(array, getattr(tape, name))
    dh = dh[:, 2:4]
    assert_same(cell.backward(dh, window, params, dstate), cell.backward(dh, alone, params, dstate))
