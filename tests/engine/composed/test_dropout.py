import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from unrolled.engine import dropout
from unrolled.engine.gradcheck import numerical_gradient, relative_error
from unrolled.engine.stack import Stack, under_prefix

N, T, D, H = 2, 5, 3, 4


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
def test_a_share_p_is_zero_and_the_mean_stays_one(rng, p):
    mask = dropout.mask((200, 500), p, rng=rng)
    assert abs((mask == 0).mean() - p) < 0.01
    assert abs(mask.mean() - 1) < 0.03
    assert_allclose(np.unique(mask), [0, 1 / (1 - p)], rtol=1e-15)


def test_without_dropping_everything_passes_as_it_is(rng):
    assert_array_equal(dropout.mask((N, T, H), 0, rng=rng), np.ones((N, T, H)))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_mask_has_the_dtype_that_it_is_asked_for(rng, dtype):
    assert dropout.mask((N, H), 0.3, rng=rng, dtype=dtype).dtype == dtype
    assert dropout.locked(0.3, rng)(N, H, np.dtype(dtype)).dtype == dtype


def test_a_sequence_lacks_the_same_units_at_all_its_steps(cell, problem, rng):
    stack = Stack(cell, 2, drop=dropout.locked(0.5, rng))
    x, params, *_ = problem(stack, rng, N=20)
    _, tape = stack.forward(x, params)
    (mask,) = tape.masks
    assert mask.shape == (20, 1, H)
    assert len(np.unique(mask[:, 0], axis=0)) > 5  # but not all sequences the same
    read = tape.layers[1].x.transpose(1, 0, 2)
    assert_array_equal(read == 0, np.broadcast_to(mask == 0, read.shape))


def test_a_stack_drops_between_layers_and_not_after_the_last(cell, problem, rng):
    stack = Stack(cell, 3, drop=dropout.locked(0.5, rng))
    x, params, *_ = problem(stack, rng)
    h, tape = stack.forward(x, params)
    assert len(tape.masks) == 2
    for i, mask in enumerate([*tape.masks, 1]):
        x = cell.forward(x, under_prefix(params, f"layer_{i}"))[0] * mask
    assert_array_equal(h, x)


def test_the_way_back_lacks_what_the_way_forward_lacked(cell, problem, rng):
    mask = dropout.mask((N, 1, H), 0.5, rng=rng)
    stack = Stack(cell, 2, drop=lambda N, H, dtype: mask)
    x, params, state, dh, _ = problem(stack, rng)
    dx, dstate, grads = stack.backward(dh, stack.forward(x, params, state)[1], params)

    def loss():
        return (stack.forward(x, params, state)[0] * dh).sum()

    arrays = {"x": (x, dx), **{name: (value, grads[name]) for name, value in params.items()}}
    arrays |= {name: pair for name, *pair in zip(stack.STATE, state, dstate, strict=True)}
    for name, (array, gradient) in arrays.items():
        assert relative_error(gradient, numerical_gradient(loss, array)) < 1e-6, name


def test_every_forward_pass_drops_anew_and_prediction_drops_nothing(cell, problem, rng):
    training = Stack(cell, 2, drop=dropout.locked(0.5, rng))
    x, params, *_ = problem(training, rng)
    first, second = (training.forward(x, params)[0] for _ in range(2))
    assert (first != second).any()
    first, second = (Stack(cell, 2).forward(x, params)[0] for _ in range(2))
    assert_array_equal(first, second)


@pytest.mark.parametrize("p", [-0.1, 1, 1.5, float("nan")])
def test_a_share_below_zero_or_of_one_is_refused(rng, p):
    with pytest.raises(ValueError, match=rf"p must lie in \[0, 1\); got {p}"):
        dropout.mask((N, H), p, rng=rng)
    with pytest.raises(ValueError, match=rf"p must lie in \[0, 1\); got {p}"):
        dropout.locked(p, rng)


@pytest.mark.parametrize("rng", [7, None, np.random])
def test_what_draws_is_a_generator(rng):
    with pytest.raises(ValueError, match=r"rng must be a Generator, as .*; got"):
        dropout.locked(0.5, rng)


@pytest.mark.parametrize("dtype", [int, bool])
def test_a_mask_of_integers_is_refused(rng, dtype):
    with pytest.raises(ValueError, match=f"needs a floating dtype; got {np.dtype(dtype)}"):
        dropout.mask((N, H), 0.5, rng=rng, dtype=dtype)
