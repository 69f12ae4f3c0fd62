import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from unrolled.engine.gradcheck import numerical_gradient, relative_error
from unrolled.engine.losses import (
    binary_cross_entropy,
    cross_entropy,
    mean_squared_error,
    softmax,
)

N, T, K = 2, 5, 6

LOSSES = [cross_entropy, mean_squared_error, binary_cross_entropy]


def problem(rng, loss, dtype=np.float64):
    """Predictions (N, T, K) and the targets that `loss` takes."""
    predictions = rng.standard_normal((N, T, K)).astype(dtype)
    if loss is cross_entropy:
        return predictions, rng.integers(0, K, (N, T))
    if loss is binary_cross_entropy:
        return predictions, rng.random((N, T, K)).astype(dtype)
    return predictions, rng.standard_normal((N, T, K)).astype(dtype)


@pytest.mark.parametrize("loss", LOSSES)
def test_the_gradient_matches_central_differences(rng, loss):
    predictions, targets = problem(rng, loss)
    _, computed = loss(predictions, targets)
    expected = numerical_gradient(lambda: loss(predictions, targets)[0], predictions)
    assert relative_error(computed, expected) < 1e-7


@pytest.mark.parametrize("loss", LOSSES)
def test_a_loss_is_a_mean_so_it_does_not_grow_with_the_batch(rng, loss):
    predictions, targets = problem(rng, loss)
    value, gradient = loss(predictions, targets)
    twice, gradient_twice = loss(np.tile(predictions, (2, 1, 1)), np.concatenate([targets] * 2))
    assert math.isclose(twice, value, rel_tol=1e-12)
    assert_allclose(gradient_twice.sum(axis=0), gradient.sum(axis=0), rtol=1e-12)


@pytest.mark.parametrize("loss", LOSSES)
def test_a_small_step_against_the_gradient_lowers_the_loss(rng, loss):
    predictions, targets = problem(rng, loss)
    value, gradient = loss(predictions, targets)
    assert loss(predictions - 0.1 * gradient, targets)[0] < value


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("loss", LOSSES)
def test_the_gradient_has_the_shape_and_dtype_of_the_predictions(rng, loss, dtype):
    predictions, targets = problem(rng, loss, dtype)
    value, gradient = loss(predictions, targets)
    assert type(value) is float
    assert gradient.shape == predictions.shape
    assert gradient.dtype == dtype


@pytest.mark.parametrize("loss", LOSSES)
def test_a_loss_writes_into_none_of_its_inputs(rng, loss):
    predictions, targets = problem(rng, loss)
    predictions.setflags(write=False)
    targets.setflags(write=False)
    loss(predictions, targets)


def test_probabilities_sum_to_one_and_keep_the_order_of_the_logits(rng):
    logits = 5 * rng.standard_normal((N, T, K))
    p = softmax(logits)
    assert p.shape == (N, T, K)
    assert (p > 0).all()
    assert_allclose(p.sum(axis=-1), 1, rtol=1e-14)
    assert_array_equal(p.argsort(axis=-1), logits.argsort(axis=-1))


def test_softmax_sees_only_differences_between_logits(rng):
    logits = rng.standard_normal((N, T, K))
    assert_allclose(softmax(logits + 7), softmax(logits), rtol=1e-12)
    assert_allclose(softmax(np.array([0, math.log(3)])), [0.25, 0.75], rtol=1e-14)


def test_softmax_keeps_float32(rng):
    assert softmax(rng.standard_normal((N, K)).astype(np.float32)).dtype == np.float32


def test_equal_logits_cost_log_k(rng):
    value, _ = cross_entropy(np.full((N, T, K), 3.0), rng.integers(0, K, (N, T)))
    assert math.isclose(value, math.log(K), rel_tol=1e-12)


def test_cross_entropy_is_the_mean_of_minus_log_p(rng):
    logits, targets = problem(rng, cross_entropy)
    value, dlogits = cross_entropy(logits, targets)
    p = softmax(logits)
    log_p = [math.log(p[n, t, targets[n, t]]) for n in range(N) for t in range(T)]
    assert math.isclose(value, -sum(log_p) / (N * T), rel_tol=1e-12)
    assert_allclose(dlogits, (p - np.eye(K)[targets]) / (N * T), rtol=1e-10, atol=1e-15)


def test_the_gradient_of_cross_entropy_only_moves_belief_between_classes(rng):
    _, dlogits = cross_entropy(*problem(rng, cross_entropy))
    assert_allclose(dlogits.sum(axis=-1), 0, atol=1e-15)


def test_huge_logits_neither_overflow_nor_lose_the_loss():
    logits = np.array([[1e4, 0.0], [-1e4, 0.0]])
    value, dlogits = cross_entropy(logits, np.array([1, 1]))
    assert value == 5e3
    assert_array_equal(dlogits, [[0.5, -0.5], [0, 0]])
    assert_array_equal(softmax(logits), [[1, 0], [0, 1]])


def test_mean_squared_error_of_known_numbers():
    value, gradient = mean_squared_error(np.array([[1.0, 2.0]]), np.array([[0.0, 4.0]]))
    assert value == 2.5
    assert_array_equal(gradient, [[1.0, -2.0]])


def test_binary_cross_entropy_is_cross_entropy_between_two_classes(rng):
    logits = 3 * rng.standard_normal((N, T))
    targets = rng.integers(0, 2, (N, T))
    value, dlogits = binary_cross_entropy(logits, targets.astype(float))
    pairs = np.stack([np.zeros_like(logits), logits], axis=-1)
    value_two, dpairs = cross_entropy(pairs, targets)
    assert math.isclose(value, value_two, rel_tol=1e-12)
    assert_allclose(dlogits, dpairs[..., 1], rtol=1e-10, atol=1e-15)


def test_binary_cross_entropy_survives_certainty():
    logits = np.array([-1e4, 1e4, -1e4, 1e4])
    value, dlogits = binary_cross_entropy(logits, np.array([0.0, 1.0, 1.0, 0.0]))
    assert value == 5e3
    assert_array_equal(dlogits, [0, 0, -0.25, 0.25])
    tiny, _ = binary_cross_entropy(np.array([-50.0]), np.array([0.0]))
    assert math.isclose(tiny, math.exp(-50), rel_tol=1e-12)


@pytest.mark.parametrize("loss", [mean_squared_error, binary_cross_entropy])
def test_integer_targets_do_not_turn_float32_into_float64(rng, loss):
    predictions = rng.standard_normal((N, T)).astype(np.float32)
    _, gradient = loss(predictions, rng.integers(0, 2, (N, T)))
    assert gradient.dtype == np.float32


@pytest.mark.parametrize("shape", [(N, T, K), (N,), (T, N), (N, T, 1)])
def test_cross_entropy_names_the_shape_that_targets_must_have(rng, shape):
    logits, _ = problem(rng, cross_entropy)
    with pytest.raises(ValueError, match=r"without its last axis, \(2, 5\); got"):
        cross_entropy(logits, np.zeros(shape, int))


@pytest.mark.parametrize("dtype", [float, bool])
def test_cross_entropy_asks_for_integer_targets(rng, dtype):
    logits, _ = problem(rng, cross_entropy)
    with pytest.raises(ValueError, match="targets must be integers, the index of a class; got"):
        cross_entropy(logits, np.zeros((N, T), dtype))


@pytest.mark.parametrize("target", [-1, K])
def test_cross_entropy_names_the_range_of_its_classes(rng, target):
    logits, targets = problem(rng, cross_entropy)
    targets[1, 3] = target
    with pytest.raises(ValueError, match=rf"targets must lie in 0\.\.5; got .*{target}"):
        cross_entropy(logits, targets)


@pytest.mark.parametrize("loss", [mean_squared_error, binary_cross_entropy])
def test_targets_are_never_broadcast(rng, loss):
    with pytest.raises(ValueError, match=r"must have the same shape; got \(2, 5\) and \(2, 1\)"):
        loss(rng.standard_normal((N, T)), np.zeros((N, 1)))


@pytest.mark.parametrize("target", [-0.5, 1.5])
def test_binary_cross_entropy_asks_for_targets_between_zero_and_one(rng, target):
    with pytest.raises(ValueError, match=rf"targets must lie in \[0, 1\]; got .*{target}"):
        binary_cross_entropy(rng.standard_normal(2), np.array([0.5, target]))


@pytest.mark.parametrize("loss", LOSSES)
def test_a_mean_of_nothing_is_an_error(loss):
    predictions = np.zeros((0, T, K))
    targets = np.zeros((0, T), int) if loss is cross_entropy else predictions
    with pytest.raises(ValueError, match="there are no targets"):
        loss(predictions, targets)
