"""Forward mode finds what backpropagation finds, at every step, and for one number a unit."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from unrolled.engine import gru, lru, lstm, mingru, rnn, rtrl
from unrolled.engine.gradcheck import numerical_gradient
from unrolled.engine.stack import Stack, under_prefix

CLOSE = {"rtol": 1e-11, "atol": 1e-12}


def assert_same(grads, expected):
    assert grads.keys() == expected.keys()
    for name, grad in grads.items():
        assert_allclose(grad, expected[name], **CLOSE, err_msg=name)


@pytest.mark.parametrize("T", [1, 2, 9])
def test_the_gradient_is_that_of_backpropagation(cell, problem, rng, T):
    x, params, state, dh, _ = problem(cell, rng, T=T)
    expected = cell.backward(dh, cell.forward(x, params, state)[1], params)[2]
    assert_same(rtrl.gradients(x, dh, params, cell=cell, state=state), expected)


def test_without_a_state_it_starts_from_zero(cell, problem, rng):
    x, params, _, dh, _ = problem(cell, rng)
    expected = cell.backward(dh, cell.forward(x, params)[1], params)[2]
    assert_same(rtrl.gradients(x, dh, params, cell=cell), expected)


def test_after_every_step_the_gradient_of_the_losses_so_far_is_there(problem, rng):
    x, params, state, dh, _ = problem(rnn, rng, T=7)
    first, total = state, {name: np.zeros_like(value) for name, value in params.items()}
    influence = rtrl.start(params, 2, 4)
    for t in range(7):
        state, influence = rtrl.step(x[:, t], state, influence, params, cell=rnn)
        for name, grad in rtrl.read(dh[:, t], influence).items():
            total[name] += grad
        tape = rnn.forward(x[:, : t + 1], params, first)[1]
        assert_same(total, rnn.backward(dh[:, : t + 1], tape, params)[2])


def test_the_influence_is_the_slope_of_the_state(problem, rng):
    x, params, state, _, _ = problem(rnn, rng, N=1, T=3, D=2, H=3)
    now, influence = state, rtrl.start(params, 1, 3)
    for t in range(3):
        now, influence = rtrl.step(x[:, t], now, influence, params, cell=rnn)
    for i in range(3):
        slope = numerical_gradient(
            lambda i=i: rnn.forward(x, params, state)[0][0, -1, i], params["W_hh"]
        )
        assert_allclose(influence["W_hh"][0, i], slope, rtol=1e-6, atol=1e-9)


def test_the_fast_form_of_the_network_is_the_one_of_any_cell(problem, rng):
    class Plain:
        """The same functions, under another name."""

    for name in ("step", "step_backward", "forward"):
        setattr(Plain, name, staticmethod(getattr(rnn, name)))
    x, params, state, _, _ = problem(rnn, rng)
    for found, plain in zip(
        rtrl.local(x[:, 0], state, params, cell=rnn),
        rtrl.local(x[:, 0], state, params, cell=Plain),
        strict=True,
    ):
        if isinstance(found, dict):
            assert_same(found, plain)
        else:
            assert_allclose(found, plain, **CLOSE)


@pytest.mark.parametrize("cell", [mingru, lru], ids=["mingru", "lru"])
@pytest.mark.parametrize("given", [False, True])
def test_units_that_do_not_see_each_other_need_one_number_each(cell, rng, given):
    width = 4 * getattr(cell, "WIDTH", 1)
    params = cell.init_params(3, 4, rng=rng)
    for value in params.values():
        value += 0.3 * rng.standard_normal(value.shape)
    x, dh = rng.standard_normal((2, 8, 3)), rng.standard_normal((2, 8, width))
    state = (rng.standard_normal((2, width)),) if given else None
    expected = cell.backward(dh, cell.forward(x, params, state)[1], params)[2]
    assert_same(rtrl.diagonal(x, dh, params, cell=cell, state=state), expected)
    assert_same(rtrl.gradients(x, dh, params, cell=cell, state=state), expected)


@pytest.mark.parametrize("cell", [rnn, lstm, gru], ids=["rnn", "lstm", "gru"])
def test_units_that_see_each_other_are_refused(cell, problem, rng):
    x, params, _, dh, _ = problem(cell, rng)
    with pytest.raises(ValueError, match="see each other; use `gradients`"):
        rtrl.diagonal(x, dh, params, cell=cell)


def test_in_a_stack_only_the_highest_layer_is_exact(rng):
    """What a lower layer does through the memory of the one above is not in its own influence."""
    stack = Stack(mingru, 2)
    params = stack.init_params(3, 8, rng=rng)
    x, dh = rng.standard_normal((2, 60, 3)), rng.standard_normal((2, 60, 8))
    full = stack.backward(dh, stack.forward(x, params)[1], params)[2]
    low, high = (under_prefix(params, f"layer_{i}") for i in range(2))
    middle, _ = mingru.forward(x, low)
    h, _ = mingru.forward(middle, high)
    assert_same(rtrl.diagonal(middle, dh, high, cell=mingru), under_prefix(full, "layer_1"))
    before = np.concatenate([np.zeros((2, 1, 8)), h[:, :-1]], axis=1)
    steps = [
        mingru.step_backward((dh[:, t],), middle[:, t], (before[:, t],), high)[0] for t in range(60)
    ]
    found = rtrl.diagonal(x, np.stack(steps, axis=1), low, cell=mingru)
    right = under_prefix(full, "layer_0")
    assert max(np.abs(found[n] - right[n]).max() / np.abs(right[n]).max() for n in right) > 0.3


@pytest.mark.parametrize("form", [rtrl.gradients, rtrl.diagonal])
def test_what_does_not_fit_is_refused(form, rng):
    params = mingru.init_params(3, 4, rng=rng)
    x, dh = np.zeros((2, 5, 3)), np.zeros((2, 5, 4))
    with pytest.raises(ValueError, match="dh must have the shape of h"):
        form(x, dh[:, :4], params, cell=mingru)
    with pytest.raises(ValueError, match="float32"):
        form(x, dh.astype(np.float32), params, cell=mingru)
    with pytest.raises(ValueError, match="the initial state must have shape"):
        form(x, dh, params, cell=mingru, state=(np.zeros((2, 3)),))
