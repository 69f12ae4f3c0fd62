import math

import numpy as np
import pytest
from numpy.testing import assert_allclose
from unrolled.engine import dense, losses, rnn
from unrolled.engine.bptt import truncated_backward
from unrolled.engine.optimizers import SGD, Adam, Momentum, clip_by_global_norm
from unrolled.engine.training import loss_and_gradients

torch = pytest.importorskip("torch")

N, T, D, H, K = 2, 5, 3, 4, 6


def problem(rng, T=T, dtype=np.float64):
    """Inputs, parameters, an initial state and the gradients that come from outside."""
    params = rnn.init_params(D, H, rng=rng, dtype=dtype)
    params["b_h"] += rng.standard_normal(H).astype(dtype)
    x, h_0, dh, dh_T = (
        rng.standard_normal(shape).astype(dtype) for shape in [(N, T, D), (N, H), (N, T, H), (N, H)]
    )
    return x, params, h_0, dh, dh_T


def leaf(array):
    return torch.tensor(array, requires_grad=True)


def torch_rnn(params):
    """The same RNN in PyTorch, with its second bias at zero."""
    module = torch.nn.RNN(D, H, batch_first=True)
    module.to(torch.from_numpy(params["W_xh"]).dtype)
    with torch.no_grad():
        module.weight_ih_l0.copy_(torch.from_numpy(params["W_xh"].T))
        module.weight_hh_l0.copy_(torch.from_numpy(params["W_hh"].T))
        module.bias_ih_l0.copy_(torch.from_numpy(params["b_h"]))
        module.bias_hh_l0.zero_()
    return module


def torch_grads(module):
    return {
        "W_xh": module.weight_ih_l0.grad.numpy().T,
        "W_hh": module.weight_hh_l0.grad.numpy().T,
        "b_h": module.bias_ih_l0.grad.numpy(),
    }


def assert_same(grads, expected, rtol=1e-10, atol=1e-12):
    assert grads.keys() == expected.keys()
    for name, grad in grads.items():
        assert_allclose(grad, expected[name], rtol=rtol, atol=atol, err_msg=name)


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-12), (np.float32, 1e-5)])
def test_same_hidden_states_and_gradients_as_torch(rng, dtype, tolerance):
    x, params, h_0, dh, dh_T = problem(rng, dtype=dtype)
    module, x_torch, h_0_torch = torch_rnn(params), leaf(x), leaf(h_0[None])
    h_torch, h_T_torch = module(x_torch, h_0_torch)
    torch.autograd.backward([h_torch, h_T_torch], [torch.tensor(dh), torch.tensor(dh_T[None])])

    h, tape = rnn.forward(x, params, (h_0,))
    dx, (dh_0,), grads = rnn.backward(dh, tape, params, (dh_T,))
    close = {"rtol": tolerance, "atol": tolerance}
    assert_allclose(h, h_torch.detach().numpy(), **close)
    assert_allclose(tape.state[0], h_T_torch[0].detach().numpy(), **close)
    assert_allclose(dx, x_torch.grad.numpy(), **close)
    assert_allclose(dh_0, h_0_torch.grad[0].numpy(), **close)
    assert_same(grads, torch_grads(module), **close)


def test_same_step_as_torch(rng):
    x, params, h_0, dh, _ = problem(rng)
    cell = torch.nn.RNNCell(D, H, dtype=torch.float64)
    cell.load_state_dict(
        {name.removesuffix("_l0"): w for name, w in torch_rnn(params).state_dict().items()}
    )
    x_t, h_prev = leaf(x[:, 0]), leaf(h_0)
    h_t = cell(x_t, h_prev)
    h_t.backward(torch.tensor(dh[:, 0]))

    dx_t, (dh_prev,), grads = rnn.step_backward((dh[:, 0],), x[:, 0], (h_0,), params)
    assert_allclose(rnn.step(x[:, 0], (h_0,), params)[0], h_t.detach().numpy(), rtol=1e-12)
    assert_allclose(dx_t, x_t.grad.numpy(), rtol=1e-10, atol=1e-14)
    assert_allclose(dh_prev, h_prev.grad.numpy(), rtol=1e-10, atol=1e-14)
    assert_allclose(grads["W_xh"], cell.weight_ih.grad.numpy().T, rtol=1e-10, atol=1e-14)
    assert_allclose(grads["W_hh"], cell.weight_hh.grad.numpy().T, rtol=1e-10, atol=1e-14)
    assert_allclose(grads["b_h"], cell.bias_ih.grad.numpy(), rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("k", [1, 2, 3, 6])
def test_equal_k1_and_k2_are_what_detach_does(rng, k):
    x, params, h_0, dh, _ = problem(rng, T=6)
    module, x_torch, h_0_torch = torch_rnn(params), leaf(x), leaf(h_0[None])
    state, loss = h_0_torch, 0
    for start in range(0, 6, k):
        h_block, state = module(x_torch[:, start : start + k], state)
        loss = loss + (h_block * torch.tensor(dh[:, start : start + k])).sum()
        state = state.detach()
    loss.backward()

    _, tape = rnn.forward(x, params, (h_0,))
    dx, (dh_0,), grads = truncated_backward(dh, tape, params, cell=rnn, k1=k, k2=k)
    assert_allclose(dx, x_torch.grad.numpy(), rtol=1e-10, atol=1e-12)
    assert_allclose(dh_0, h_0_torch.grad[0].numpy(), rtol=1e-10, atol=1e-12)
    assert_same(grads, torch_grads(module))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (losses.cross_entropy, torch.nn.functional.cross_entropy),
        (losses.mean_squared_error, torch.nn.functional.mse_loss),
        (losses.binary_cross_entropy, torch.nn.functional.binary_cross_entropy_with_logits),
    ],
)
def test_same_losses_and_gradients_as_torch(rng, ours, theirs):
    logits = 3 * rng.standard_normal((N * T, K))
    targets = rng.integers(0, K, N * T)
    if ours is not losses.cross_entropy:
        targets = rng.random((N * T, K))
    logits_torch = leaf(logits)
    expected = theirs(logits_torch, torch.tensor(targets))
    expected.backward()
    value, dlogits = ours(logits, targets)
    assert math.isclose(value, expected.item(), rel_tol=1e-12)
    assert_allclose(dlogits, logits_torch.grad.numpy(), rtol=1e-10, atol=1e-15)


def test_same_softmax_as_torch(rng):
    logits = 3 * rng.standard_normal((N, T, K))
    expected = torch.softmax(torch.tensor(logits), dim=-1).numpy()
    assert_allclose(losses.softmax(logits), expected, rtol=1e-12)


def test_same_gradients_as_torch_through_cell_readout_and_loss(rng):
    x, params, h_0, _, _ = problem(rng)
    params |= dense.init_params(H, K, rng=rng)
    targets = rng.integers(0, K, (N, T))
    module = torch_rnn(params)
    W_hy, b_y = leaf(params["W_hy"]), leaf(params["b_y"])
    h_torch, _ = module(torch.tensor(x), torch.tensor(h_0[None]))
    expected = torch.nn.functional.cross_entropy(
        (h_torch @ W_hy + b_y).reshape(N * T, K), torch.tensor(targets.ravel())
    )
    expected.backward()

    value, grads, _ = loss_and_gradients(
        x, targets, params, cell=rnn, loss=losses.cross_entropy, state=(h_0,)
    )
    assert math.isclose(value, expected.item(), rel_tol=1e-12)
    readout = {"W_hy": W_hy.grad.numpy(), "b_y": b_y.grad.numpy()}
    assert_same(grads, torch_grads(module) | readout)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (SGD(0.1), lambda p: torch.optim.SGD(p, lr=0.1)),
        (Momentum(0.1, momentum=0.8), lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.8)),
        (Adam(0.02), lambda p: torch.optim.Adam(p, lr=0.02)),
        (
            Adam(0.02, beta1=0.7, beta2=0.9, epsilon=0.1),
            lambda p: torch.optim.Adam(p, lr=0.02, betas=(0.7, 0.9), eps=0.1),
        ),
    ],
    ids=["sgd", "momentum", "adam", "adam-with-other-settings"],
)
def test_same_steps_as_the_optimizers_of_torch(rng, ours, theirs):
    _, params, _, _, _ = problem(rng)
    params_torch = {name: leaf(value.copy()) for name, value in params.items()}
    optimizer = theirs(params_torch.values())
    for _ in range(6):
        grads = {name: rng.standard_normal(value.shape) for name, value in params.items()}
        ours.update(params, grads)
        for name, param in params_torch.items():
            param.grad = torch.tensor(grads[name])
        optimizer.step()
        assert_same(params, {name: p.detach().numpy() for name, p in params_torch.items()})


@pytest.mark.parametrize("max_norm", [0.5, 100])
def test_same_clipping_as_torch(rng, max_norm):
    _, params, _, _, _ = problem(rng)
    grads = {name: rng.standard_normal(value.shape) for name, value in params.items()}
    params_torch = {name: leaf(value) for name, value in params.items()}
    for name, param in params_torch.items():
        param.grad = torch.tensor(grads[name])
    norm_torch = torch.nn.utils.clip_grad_norm_(params_torch.values(), max_norm)

    clipped, norm = clip_by_global_norm(grads, max_norm)
    assert math.isclose(norm, norm_torch.item(), rel_tol=1e-12)
    # PyTorch divides by the norm plus 1e-6.
    assert_same(clipped, {n: p.grad.numpy() for n, p in params_torch.items()}, rtol=1e-6)
