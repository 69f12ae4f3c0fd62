import math

import pytest
from numpy.testing import assert_allclose
from unrolled.engine import losses
from unrolled.engine.optimizers import SGD, Adam, Momentum, clip_by_global_norm

torch = pytest.importorskip("torch")

N, T, D, H, K = 2, 5, 3, 4, 6
SHAPES = {"W_xh": (D, H), "W_hh": (H, H), "b_h": (H,)}


def draw(rng):
    return {name: rng.standard_normal(shape) for name, shape in SHAPES.items()}


def leaf(array):
    return torch.tensor(array, requires_grad=True)


def assert_same(grads, expected, rtol=1e-10, atol=1e-12):
    assert grads.keys() == expected.keys()
    for name, grad in grads.items():
        assert_allclose(grad, expected[name], rtol=rtol, atol=atol, err_msg=name)


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
    params = draw(rng)
    params_torch = {name: leaf(value.copy()) for name, value in params.items()}
    optimizer = theirs(params_torch.values())
    for _ in range(6):
        grads = draw(rng)
        ours.update(params, grads)
        for name, param in params_torch.items():
            param.grad = torch.tensor(grads[name])
        optimizer.step()
        assert_same(params, {name: p.detach().numpy() for name, p in params_torch.items()})


@pytest.mark.parametrize("max_norm", [0.5, 100])
def test_same_clipping_as_torch(rng, max_norm):
    params, grads = draw(rng), draw(rng)
    params_torch = {name: leaf(value) for name, value in params.items()}
    for name, param in params_torch.items():
        param.grad = torch.tensor(grads[name])
    norm_torch = torch.nn.utils.clip_grad_norm_(params_torch.values(), max_norm)

    clipped, norm = clip_by_global_norm(grads, max_norm)
    assert math.isclose(norm, norm_torch.item(), rel_tol=1e-12)
    # PyTorch divides by the norm plus 1e-6.
    assert_same(clipped, {n: p.grad.numpy() for n, p in params_torch.items()}, rtol=1e-6)
