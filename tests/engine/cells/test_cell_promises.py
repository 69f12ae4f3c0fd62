"""What every cell promises beside the mathematics: dtypes, untouched inputs, clear errors."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

N, T, D, H = 2, 5, 3, 4


def arrays_of(dx, dstate, grads):
    return [dx, *dstate, *grads.values()]


def assert_equal(result, expected):
    """Compare two triples (dx, dstate, grads), bit by bit."""
    for array, array_expected in zip(arrays_of(*result), arrays_of(*expected), strict=True):
        assert_array_equal(array, array_expected)


def freeze(*arrays):
    for array in arrays:
        array.setflags(write=False)


@pytest.mark.parametrize("N", [1, 2])
def test_forward_and_backward_write_into_none_of_their_inputs(cell, problem, rng, N):
    x, params, state, dh, dstate = problem(cell, rng, N=N)
    freeze(x, *state, *params.values(), dh, *dstate)
    _, tape = cell.forward(x, params, state)
    freeze(*tape)
    first = cell.backward(dh, tape, params, dstate)
    assert_equal(cell.backward(dh, tape, params, dstate), first)


def test_going_back_twice_gives_the_same_twice(cell, problem, rng):
    x, params, state, dh, dstate = problem(cell, rng)
    _, tape = cell.forward(x, params, state)
    before = [array.copy() for array in tape]
    first = cell.backward(dh, tape, params, dstate)
    assert_equal(cell.backward(dh, tape, params, dstate), first)
    for array, array_before in zip(tape, before, strict=True):
        assert_array_equal(array, array_before)


def test_steps_write_into_none_of_their_inputs(cell, problem, rng):
    x, params, state, _, dstate = problem(cell, rng)
    freeze(x, *state, *params.values(), *dstate)
    cell.step(x[:, 0], state, params)
    cell.step_backward(dstate, x[:, 0], state, params)


@pytest.mark.parametrize("N", [1, 2])
def test_the_tape_remembers_inputs_that_are_overwritten_later(cell, problem, rng, N):
    x, params, state, dh, _ = problem(cell, rng, N=N)
    _, tape = cell.forward(x, params, state)
    expected = cell.backward(dh, tape, params)
    for array in (x, *state):
        array[:] = 0
    assert_equal(cell.backward(dh, tape, params), expected)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_of_the_parameters_rules(cell, problem, rng, dtype):
    x, params, state, dh, dstate = problem(cell, rng, dtype=dtype)
    h, tape = cell.forward(x, params, state)
    arrays = [h, *tape, *arrays_of(*cell.backward(dh, tape, params, dstate))]
    arrays += cell.step(x[:, 0], state, params)
    arrays += arrays_of(*cell.step_backward(dstate, x[:, 0], state, params))
    arrays += arrays_of(*cell.backward(dh, cell.forward(x, params)[1], params))
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}


def test_float32_agrees_with_float64(cell, problem, rng):
    x, params, state, dh, dstate = problem(cell, rng)
    x_32, dh_32 = x.astype(np.float32), dh.astype(np.float32)
    state_32, dstate_32 = (tuple(p.astype(np.float32) for p in s) for s in (state, dstate))
    params_32 = {name: value.astype(np.float32) for name, value in params.items()}
    h, tape = cell.forward(x, params, state)
    h_32, tape_32 = cell.forward(x_32, params_32, state_32)
    result = arrays_of(*cell.backward(dh, tape, params, dstate))
    result_32 = arrays_of(*cell.backward(dh_32, tape_32, params_32, dstate_32))
    for single, double in zip([h_32, *result_32], [h, *result], strict=True):
        assert_allclose(single, double, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_init_params_has_the_shapes_and_dtype_of_the_notation(cell, rng, dtype):
    params = cell.init_params(D, H, rng=rng, dtype=dtype)
    shapes = {"W_x": (D, H), "W_h": (H, H), "b_": (H,)}
    for name, value in params.items():
        assert value.shape == next(s for kind, s in shapes.items() if name.startswith(kind))
        assert value.dtype == dtype


def test_init_params_keeps_the_variance_of_its_inputs(cell, rng):
    x = rng.standard_normal((200, 100))
    for name, value in cell.init_params(100, 300, rng=rng).items():
        if name.startswith("W_x"):
            assert math.isclose(value.std(), 1 / math.sqrt(100), rel_tol=0.02)
            assert math.isclose((x @ value).var(), 1, rel_tol=0.1)
        elif name.startswith("W_h"):
            assert math.isclose(value.std(), 1 / math.sqrt(300), rel_tol=0.02)


def test_init_params_draws_the_same_from_the_same_seed(cell):
    first, second = (cell.init_params(D, H, rng=np.random.default_rng(3)) for _ in range(2))
    for name, value in first.items():
        assert_array_equal(value, second[name])


@pytest.mark.parametrize(("D", "H"), [(0, 4), (3, 0), (-1, 4)])
def test_init_params_refuses_sizes_below_one(cell, rng, D, H):
    with pytest.raises(ValueError, match=f"at least 1; got D={D}, H={H}"):
        cell.init_params(D, H, rng=rng)
