"""The mixture of normals as a loss: a density, its gradient, and what PyTorch says of both."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from unrolled.engine import losses
from unrolled.engine.gradcheck import numerical_gradient, relative_error
from unrolled.engine.mixture import biased, mixture, mixture_density

SIZES = pytest.mark.parametrize("K", [1, 3, 8])


def problem(rng, K, shape=(2, 5)):
    outputs = rng.standard_normal((*shape, 6 * K + 1))
    targets = rng.standard_normal((*shape, 3))
    targets[..., 2] = targets[..., 2] > 0
    return outputs, targets


def density(outputs, dx, dy, K):
    """exp(-loss) of one row of outputs at offsets dx, dy, pen up and down together."""
    found = 0
    for pen in (0, 1):
        targets = np.stack([dx, dy, np.full_like(dx, pen)], axis=-1)[..., None, :]
        each = [
            mixture_density(outputs[None], t, components=K)[0] for t in targets.reshape(-1, 1, 3)
        ]
        found = found + np.exp(-np.reshape(each, dx.shape))
    return found


@SIZES
@pytest.mark.parametrize("floor", [-6.0, -0.3])
def test_the_gradient_matches_central_differences(rng, K, floor):
    outputs, targets = problem(rng, K)

    def loss():
        return mixture_density(outputs, targets, components=K, floor=floor)

    assert relative_error(loss()[1], numerical_gradient(lambda: loss()[0], outputs)) < 1e-7


@SIZES
def test_loss_and_gradient_are_those_of_torch_distributions(rng, K):
    torch = pytest.importorskip("torch")
    outputs, targets = problem(rng, K)
    leaf = torch.tensor(outputs, requires_grad=True)
    logits, mx, my, sx, sy, turn = torch.split(leaf[..., :-1], K, dim=-1)
    sx, sy, rho = sx.exp(), sy.exp(), turn.tanh()
    zero = torch.zeros_like(sx)
    tril = torch.stack(
        [torch.stack([sx, zero], -1), torch.stack([rho * sy, (1 - rho**2).sqrt() * sy], -1)], -2
    )
    normal = torch.distributions.MultivariateNormal(torch.stack([mx, my], -1), scale_tril=tril)
    mixed = torch.distributions.MixtureSameFamily(
        torch.distributions.Categorical(logits=logits), normal
    )
    pen = torch.distributions.Bernoulli(logits=leaf[..., -1])
    aim = torch.tensor(targets)
    expected = -(mixed.log_prob(aim[..., :2]) + pen.log_prob(aim[..., 2])).mean()
    expected.backward()
    value, gradient = mixture_density(outputs, targets, components=K)
    assert value == pytest.approx(expected.item(), rel=1e-12)
    assert_allclose(gradient, leaf.grad.numpy(), rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize("K", [1, 3])
def test_the_density_adds_up_to_one(rng, K):
    outputs = 0.5 * rng.standard_normal(6 * K + 1)
    side = np.linspace(-12, 12, 81)
    dx, dy = np.meshgrid(side, side)
    assert density(outputs, dx, dy, K).sum() * (side[1] - side[0]) ** 2 == pytest.approx(
        1, abs=1e-3
    )


def test_one_component_without_correlation_is_two_normals_and_a_coin():
    outputs = np.array([[0.7, 0.1, -0.2, np.log(0.5), np.log(2.0), 0.0, 0.4]])
    targets = np.array([[0.3, 1.0, 1.0]])
    logs = [-np.log(s) - np.log(2 * np.pi) / 2 - ((x - m) / s) ** 2 / 2
            for x, m, s in ((0.3, 0.1, 0.5), (1.0, -0.2, 2.0))]  # fmt: skip
    pen = np.log1p(np.exp(-0.4))
    assert mixture_density(outputs, targets, components=1)[0] == pytest.approx(pen - sum(logs))


def test_components_have_no_order(rng):
    outputs, targets = problem(rng, 4)
    order = np.array([2, 0, 3, 1])
    shuffled = outputs.copy()
    shuffled[..., :-1] = outputs[..., :-1].reshape(2, 5, 6, 4)[..., order].reshape(2, 5, 24)
    first, second = (mixture_density(o, targets, components=4) for o in (outputs, shuffled))
    assert first[0] == pytest.approx(second[0])
    moved = first[1][..., :-1].reshape(2, 5, 6, 4)[..., order].reshape(2, 5, 24)
    assert_allclose(second[1][..., :-1], moved)


def test_another_unit_moves_the_loss_by_its_logarithm(rng):
    """In millimeters rather than centimeters the same network is log 100 nats worse."""
    outputs, targets = problem(rng, 3)
    parts = outputs[..., :-1].reshape(2, 5, 6, 3).copy()
    parts[..., 1:3, :] *= 10
    parts[..., 3:5, :] += np.log(10)
    larger = np.concatenate([parts.reshape(2, 5, 18), outputs[..., -1:]], axis=-1)
    moved = targets * [10, 10, 1]
    before, after = (
        mixture_density(o, t, components=3)[0] for o, t in ((outputs, targets), (larger, moved))
    )
    assert after - before == pytest.approx(2 * np.log(10))


def test_below_the_floor_nothing_is_heard_and_nothing_is_told(rng):
    outputs, targets = problem(rng, 2)
    outputs[..., 6:10] = -9.0
    value, gradient = mixture_density(outputs, targets, components=2, floor=-1.0)
    outputs[..., 6:10] = -1.5
    assert mixture_density(outputs, targets, components=2, floor=-1.0)[0] == value
    assert (gradient[..., 6:10] == 0).all()
    assert (gradient[..., :6] != 0).all()


def test_far_away_it_is_large_and_finite():
    outputs, targets = np.zeros((1, 13)), np.array([[1e4, -1e4, 0.0]])
    outputs[0, 10:12] = 30  # a correlation of 1 to the last digit
    value, gradient = mixture_density(outputs, targets, components=2)
    assert np.isfinite(value)
    assert np.isfinite(gradient).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_gradient_has_the_dtype_of_the_outputs(rng, dtype):
    outputs, targets = problem(rng, 3)
    value, gradient = mixture_density(outputs.astype(dtype), targets, components=3)
    assert type(value) is float
    assert gradient.dtype == dtype


def test_a_mixture_is_read_from_the_outputs(rng):
    outputs, _ = problem(rng, 3)
    mixed = mixture(outputs, components=3, floor=-0.5)
    assert_allclose(mixed.weights.sum(axis=-1), 1)
    assert mixed.deviation.min() >= np.exp(-0.5)
    assert_allclose(mixed.correlation, np.tanh(outputs[..., 15:18]))
    assert_allclose(mixed.pen, 1 / (1 + np.exp(-outputs[..., -1])))


def test_a_bias_makes_it_surer(rng):
    mixed = mixture(problem(rng, 3)[0], components=3)
    surer = biased(mixed, 1.0)
    assert_allclose(surer.deviation, mixed.deviation / np.e)
    assert_allclose(surer.weights.sum(axis=-1), 1)
    assert (surer.weights.max(axis=-1) > mixed.weights.max(axis=-1)).all()
    for part, same in zip(biased(mixed, 0.0), mixed, strict=True):
        assert_allclose(part, same)
    for wrong in (np.nan, np.inf, -1.5):
        with pytest.raises(ValueError, match="bias must be"):
            biased(mixed, wrong)


def test_it_is_a_loss_like_the_others():
    assert losses.mixture_density is mixture_density


@pytest.mark.parametrize(
    ("outputs", "targets", "components", "complaint"),
    [
        (np.zeros((2, 13)), np.zeros((2, 2)), 2, "targets must have the shape"),
        (np.zeros((2, 13)), np.zeros((2, 3)), 3, "need 6 \\* 3"),
        (np.zeros((2, 13)), np.zeros((2, 3)), 0, "components must be at least 1"),
        (np.zeros((2, 13)), np.zeros((2, 3)), 2.0, "components must be an integer"),
        (np.zeros((2, 13)), np.full((2, 3), 0.5), 2, "must be 0 or 1"),
        (np.zeros((0, 13)), np.zeros((0, 3)), 2, "there are no targets"),
    ],
)
def test_what_does_not_fit_is_refused(outputs, targets, components, complaint):
    with pytest.raises(ValueError, match=complaint):
        mixture_density(outputs, targets, components=components)
