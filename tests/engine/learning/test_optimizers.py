import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from unrolled.engine.optimizers import SGD, Adam, Momentum, clip_by_global_norm, global_norm

D, H = 3, 4

OPTIMIZERS = [lambda: SGD(0.1), lambda: Momentum(0.1), lambda: Adam(0.1)]
every_optimizer = pytest.mark.parametrize("make", OPTIMIZERS, ids=["sgd", "momentum", "adam"])


def problem(rng, dtype=np.float64):
    shapes = {"W_xh": (D, H), "W_hh": (H, H), "b_h": (H,)}
    return tuple(
        {name: rng.standard_normal(shape).astype(dtype) for name, shape in shapes.items()}
        for _ in range(2)
    )


def copies(arrays):
    return {name: array.copy() for name, array in arrays.items()}


def test_sgd_subtracts_lr_times_the_gradient(rng):
    params, grads = problem(rng)
    before = copies(params)
    SGD(0.1).update(params, grads)
    for name, param in params.items():
        assert_allclose(param, before[name] - 0.1 * grads[name], rtol=1e-14)


def test_momentum_adds_what_is_left_of_the_past(rng):
    params, grads = problem(rng)
    before = copies(params)
    optimizer = Momentum(0.1, momentum=0.5)
    for _ in range(3):
        optimizer.update(params, grads)
    for name, param in params.items():
        assert_allclose(
            param, before[name] - 0.1 * (1 + 1.5 + 1.75) * grads[name], rtol=1e-12, atol=1e-14
        )


def test_momentum_zero_is_sgd(rng):
    params, grads = problem(rng)
    others = copies(params)
    plain, heavy = SGD(0.1), Momentum(0.1, momentum=0)
    for _ in range(3):
        plain.update(params, grads)
        heavy.update(others, grads)
    for name, param in params.items():
        assert_array_equal(param, others[name])


@pytest.mark.parametrize("scale", [1e-3, 1, 1e6])
def test_the_first_step_of_adam_is_lr_long_whatever_the_gradient(rng, scale):
    params, grads = problem(rng)
    before = copies(params)
    Adam(0.01).update(params, {name: scale * grad for name, grad in grads.items()})
    for name, param in params.items():
        assert_allclose(before[name] - param, 0.01 * np.sign(grads[name]), rtol=0.01)


def test_adam_takes_full_steps_under_a_steady_gradient():
    params = {"w": np.zeros(1)}
    optimizer = Adam(0.01)
    for _ in range(50):
        optimizer.update(params, {"w": np.array([-3.0])})
    assert math.isclose(params["w"].item(), 0.5, rel_tol=1e-6)


@every_optimizer
def test_update_works_in_place(rng, make):
    params, grads = problem(rng)
    arrays, before = dict(params), copies(params)
    make().update(params, grads)
    for name, array in arrays.items():
        assert params[name] is array
        assert (array != before[name]).all()


@every_optimizer
def test_update_leaves_the_gradients_alone(rng, make):
    params, grads = problem(rng)
    for grad in grads.values():
        grad.setflags(write=False)
    optimizer = make()
    for _ in range(2):
        optimizer.update(params, grads)


@every_optimizer
def test_only_parameters_with_a_gradient_move(rng, make):
    params, grads = problem(rng)
    before = copies(params)
    make().update(params, {"W_hh": grads["W_hh"]})
    assert_array_equal(params["W_xh"], before["W_xh"])
    assert_array_equal(params["b_h"], before["b_h"])
    assert (params["W_hh"] != before["W_hh"]).all()


@every_optimizer
def test_a_zero_gradient_moves_nothing(rng, make):
    params, _ = problem(rng)
    before = copies(params)
    make().update(params, {name: np.zeros_like(value) for name, value in params.items()})
    for name, param in params.items():
        assert_array_equal(param, before[name])


@every_optimizer
def test_two_optimizers_share_no_memory_of_the_past(rng, make):
    params, grads = problem(rng)
    others = copies(params)
    first, second = make(), make()
    first.update(params, grads)
    first.update(copies(params), grads)
    second.update(others, grads)
    for name, param in params.items():
        assert_array_equal(param, others[name])


@every_optimizer
def test_parameters_keep_float32(rng, make):
    params, grads = problem(rng, dtype=np.float32)
    optimizer = make()
    optimizer.update(params, grads)
    kept = [getattr(optimizer, name, {}) for name in ("velocity", "mean", "square")]
    arrays = [*params.values(), *(array for memory in kept for array in memory.values())]
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


@every_optimizer
def test_every_optimizer_descends_into_a_valley(make):
    params = {"w": np.array([3.0, -2.0])}
    optimizer = make()
    for _ in range(300):
        optimizer.update(params, {"w": params["w"] * [1, 5]})
    assert np.abs(params["w"]).max() < 0.01


@every_optimizer
def test_a_gradient_of_another_shape_is_refused_before_anything_moves(rng, make):
    params, grads = problem(rng)
    before = copies(params)
    grads["b_h"] = np.ones((1, H))
    with pytest.raises(ValueError, match=r"gradient of b_h has shape \(1, 4\), the parameter \(4,"):
        make().update(params, grads)
    for name, param in params.items():
        assert_array_equal(param, before[name])


@every_optimizer
def test_a_gradient_without_parameter_is_refused(rng, make):
    params, grads = problem(rng)
    grads["W_hy"] = np.ones((H, 6))
    with pytest.raises(
        ValueError, match=r"no parameter 'W_hy'; params has .*'W_hh', 'W_xh', 'b_h'"
    ):
        make().update(params, grads)


@pytest.mark.parametrize("lr", [0, -0.1, float("nan")])
@pytest.mark.parametrize("optimizer", [SGD, Momentum, Adam])
def test_the_learning_rate_must_be_positive(optimizer, lr):
    with pytest.raises(ValueError, match="lr must be positive; got"):
        optimizer(lr)


@pytest.mark.parametrize("value", [-0.1, 1, 1.5, float("nan")])
@pytest.mark.parametrize(
    ("optimizer", "name"), [(Momentum, "momentum"), (Adam, "beta1"), (Adam, "beta2")]
)
def test_a_decay_must_lie_between_zero_and_one(optimizer, name, value):
    with pytest.raises(ValueError, match=rf"{name} must lie in \[0, 1\); got"):
        optimizer(0.1, **{name: value})


def test_the_epsilon_of_adam_must_be_positive():
    with pytest.raises(ValueError, match="epsilon must be positive; got 0"):
        Adam(epsilon=0)


def test_the_global_norm_is_the_length_of_one_long_vector(rng):
    _, grads = problem(rng)
    joined = np.concatenate([grad.ravel() for grad in grads.values()])
    assert math.isclose(global_norm(grads), np.linalg.norm(joined), rel_tol=1e-14)
    assert global_norm({"a": np.array([3.0]), "b": np.array([[4.0]])}) == 5


def test_the_global_norm_of_float32_does_not_overflow():
    assert math.isclose(global_norm({"w": np.full(4, 1e30, np.float32)}), 2e30, rel_tol=1e-6)


def test_clipping_keeps_the_direction_and_sets_the_length(rng):
    _, grads = problem(rng)
    clipped, norm = clip_by_global_norm(grads, 0.5)
    assert norm == global_norm(grads)
    assert math.isclose(global_norm(clipped), 0.5, rel_tol=1e-12)
    assert clipped.keys() == grads.keys()
    for name, grad in grads.items():
        assert_allclose(clipped[name] / grad, 0.5 / norm, rtol=1e-12)


def test_clipping_leaves_what_is_short_alone(rng):
    _, grads = problem(rng)
    clipped, norm = clip_by_global_norm(grads, 100)
    assert norm < 100
    for name, grad in grads.items():
        assert clipped[name] is grad
    zero = {"w": np.zeros(3)}
    assert clip_by_global_norm(zero, 1) == (zero, 0)


def test_clipping_writes_into_none_of_its_inputs(rng):
    _, grads = problem(rng)
    for grad in grads.values():
        grad.setflags(write=False)
    clip_by_global_norm(grads, 0.5)


def test_clipping_keeps_float32(rng):
    _, grads = problem(rng, dtype=np.float32)
    clipped, _ = clip_by_global_norm(grads, 0.5)
    assert {grad.dtype for grad in clipped.values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_clipping_names_the_gradient_that_no_factor_repairs(rng, bad):
    _, grads = problem(rng)
    grads["W_hh"][1, 2] = bad
    with pytest.raises(ValueError, match="the gradient of W_hh is NaN or infinite"):
        clip_by_global_norm(grads, 1)


@pytest.mark.parametrize("max_norm", [0, -1, float("nan")])
def test_the_largest_norm_must_be_positive(max_norm):
    with pytest.raises(ValueError, match="max_norm must be positive; got"):
        clip_by_global_norm({"w": np.ones(3)}, max_norm)


@pytest.mark.parametrize("make", [lambda: Momentum(0.1), Adam])
def test_an_optimizer_remembers_one_network(rng, make):
    params, grads = problem(rng)
    optimizer, before = make(), copies(params)
    optimizer.update({"b_h": np.zeros(9)}, {"b_h": np.ones(9)})
    with pytest.raises(ValueError, match=r"with a b_h of shape \(9,\), not \(4,\); another"):
        optimizer.update(params, grads)
    for name, param in params.items():
        assert_array_equal(param, before[name])
