"""The cells beside those of PyTorch, which is a second opinion on every number."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose
from unrolled.bridges.torch import from_torch_state, gradients, to_torch, to_torch_state
from unrolled.engine import dense, gru, losses, lstm, rnn
from unrolled.engine.bptt import truncated_backward
from unrolled.engine.training import loss_and_gradients

torch = pytest.importorskip("torch")

D, H, K = 3, 4, 6
ONE_STEP = {rnn: torch.nn.RNNCell, lstm: torch.nn.LSTMCell, gru: torch.nn.GRUCell}
EXACT = {"rtol": 1e-10, "atol": 1e-12}


@pytest.fixture
def cell(torch_cell):
    return torch_cell


def leaf(array):
    return torch.tensor(array, requires_grad=True)


def parts(state):
    return state if isinstance(state, tuple) else (state,)


def to_leaf(cell, state):
    """Our state as PyTorch takes it, with gradients."""
    there = to_torch_state(cell, state)
    for part in parts(there):
        part.requires_grad_()
    return there


def grads_of(state):
    return from_torch_state(tuple(part.grad for part in parts(state)))


def assert_same(grads, expected, rtol=1e-10, atol=1e-12):
    assert grads.keys() == expected.keys()
    for name, grad in grads.items():
        assert_allclose(grad, expected[name], rtol=rtol, atol=atol, err_msg=name)


@pytest.mark.parametrize("sizes", [{}, {"T": 1}, {"N": 1}, {"N": 1, "T": 1}], ids=str)
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-12), (np.float32, 2e-5)])
def test_same_states_and_gradients(cell, problem, rng, sizes, dtype, tolerance):
    x, params, state, dh, dstate = problem(cell, rng, **sizes, dtype=dtype)
    module, x_torch, state_torch = to_torch(cell, params), leaf(x), to_leaf(cell, state)
    h_torch, end = module(x_torch, state_torch)
    from_outside = [torch.tensor(dh), *parts(to_torch_state(cell, dstate))]
    torch.autograd.backward([h_torch, *parts(end)], from_outside)

    h, tape = cell.forward(x, params, state)
    dx, dstate_0, grads = cell.backward(dh, tape, params, dstate)
    close = {"rtol": tolerance, "atol": tolerance}
    assert_allclose(h, h_torch.detach().numpy(), **close)
    assert_allclose(dx, x_torch.grad.numpy(), **close)
    for part, expected in zip(tape.state, from_torch_state(end), strict=True):
        assert_allclose(part, expected, **close)
    for part, expected in zip(dstate_0, grads_of(state_torch), strict=True):
        assert_allclose(part, expected, **close)
    assert_same(grads, gradients(module), **close)


def test_same_states_and_gradients_from_zero_on(cell, problem, rng):
    x, params, _, dh, _ = problem(cell, rng)
    module, x_torch = to_torch(cell, params), leaf(x)
    h_torch, _ = module(x_torch)
    h_torch.backward(torch.tensor(dh))

    h, tape = cell.forward(x, params)
    dx, _, grads = cell.backward(dh, tape, params)
    assert_allclose(h, h_torch.detach().numpy(), **EXACT)
    assert_allclose(dx, x_torch.grad.numpy(), **EXACT)
    assert_same(grads, gradients(module))


def test_same_step(cell, problem, rng):
    x, params, state, _, dstate = problem(cell, rng)
    module, one_step = to_torch(cell, params), ONE_STEP[cell](D, H, dtype=torch.float64)
    for name, weight in module.named_parameters():  # the same weights, not a copy
        setattr(one_step, name.removesuffix("_l0"), weight)
    x_t, state_prev = leaf(x[:, 0]), tuple(leaf(part) for part in state)
    after = parts(one_step(x_t, state_prev if cell is lstm else state_prev[0]))
    torch.autograd.backward(after, [torch.tensor(part) for part in dstate])

    for part, expected in zip(cell.step(x[:, 0], state, params), after, strict=True):
        assert_allclose(part, expected.detach().numpy(), **EXACT)
    dx_t, dstate_prev, grads = cell.step_backward(dstate, x[:, 0], state, params)
    assert_allclose(dx_t, x_t.grad.numpy(), **EXACT)
    for part, expected in zip(dstate_prev, state_prev, strict=True):
        assert_allclose(part, expected.grad.numpy(), **EXACT)
    assert_same(grads, gradients(module))


@pytest.mark.parametrize("k", [1, 2, 3, 6])
def test_equal_k1_and_k2_are_what_detach_does(cell, problem, rng, k):
    x, params, state, dh, _ = problem(cell, rng, T=6)
    module, x_torch, state_torch = to_torch(cell, params), leaf(x), to_leaf(cell, state)
    carried, loss = state_torch, 0
    for start in range(0, 6, k):
        h_block, carried = module(x_torch[:, start : start + k], carried)
        loss = loss + (h_block * torch.tensor(dh[:, start : start + k])).sum()
        carried = tuple(c.detach() for c in carried) if cell is lstm else carried.detach()
    loss.backward()

    _, tape = cell.forward(x, params, state)
    dx, dstate_0, grads = truncated_backward(dh, tape, params, cell=cell, k1=k, k2=k)
    assert_allclose(dx, x_torch.grad.numpy(), **EXACT)
    for part, expected in zip(dstate_0, grads_of(state_torch), strict=True):
        assert_allclose(part, expected, **EXACT)
    assert_same(grads, gradients(module))


def test_same_gradients_through_cell_readout_and_loss(cell, problem, rng):
    x, params, state, _, _ = problem(cell, rng)
    module = to_torch(cell, params)
    params |= dense.init_params(H, K, rng=rng)
    targets = rng.integers(0, K, x.shape[:2])
    W_hy, b_y = leaf(params["W_hy"]), leaf(params["b_y"])
    logits = module(torch.tensor(x), to_torch_state(cell, state))[0] @ W_hy + b_y
    expected = torch.nn.functional.cross_entropy(
        logits.reshape(-1, K), torch.tensor(targets.ravel())
    )
    expected.backward()

    value, grads, _ = loss_and_gradients(
        x, targets, params, cell=cell, loss=losses.cross_entropy, state=state
    )
    assert math.isclose(value, expected.item(), rel_tol=1e-12)
    readout = {"W_hy": W_hy.grad.numpy(), "b_y": b_y.grad.numpy()}
    assert_same(grads, gradients(module) | readout)
