"""What a reader is told who calls a cell with something that does not fit."""

import re

import numpy as np
import pytest

N, T, D, H = 2, 5, 3, 4


@pytest.mark.parametrize("shape", [(), (D,), (T, D), (N, T, D, 1)])
def test_forward_asks_for_three_axes(cell, problem, rng, shape):
    _, params, *_ = problem(cell, rng)
    with pytest.raises(ValueError, match=r"three axes, \(N sequences, T steps, D inputs\); got"):
        cell.forward(np.zeros(shape), params)


def test_forward_names_both_sizes_when_the_inputs_do_not_fit(cell, problem, rng):
    _, params, *_ = problem(cell, rng)
    with pytest.raises(ValueError, match=r"x has 5 inputs per time step but W_x. expects 3.*\(2, "):
        cell.forward(np.zeros((N, D, T)), params)


@pytest.mark.parametrize("axis", range(3))
def test_forward_names_the_axis_that_is_empty(cell, problem, rng, axis):
    _, params, *_ = problem(cell, rng)
    shape = [N, T, D]
    shape[axis] = 0
    with pytest.raises(ValueError, match=rf"x is empty along axis {axis} \({'NTD'[axis]}\)"):
        cell.forward(np.zeros(shape), params)


@pytest.mark.parametrize("dtype", [np.float32, np.int64])
def test_forward_does_not_cast_its_inputs(cell, problem, rng, dtype):
    x, params, *_ = problem(cell, rng)
    with pytest.raises(ValueError, match=rf"x is {np.dtype(dtype)} but W_x. is float64; .*astype"):
        cell.forward(x.astype(dtype), params)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_forward_does_not_cast_one_parameter_to_meet_another(cell, problem, rng, dtype):
    x, params, *_ = problem(cell, rng, dtype=dtype)
    other = np.float32 if dtype is np.float64 else np.float64
    for name in list(params)[1:]:
        with pytest.raises(ValueError, match=rf"{name} is {np.dtype(other)} but W_x. is"):
            cell.forward(x, params | {name: params[name].astype(other)})


@pytest.mark.parametrize("shape", [(N, H + 1), (N + 1, H), (1, H), (H,)])
def test_forward_names_the_shape_that_each_part_of_a_state_must_have(cell, problem, rng, shape):
    x, params, state, _, _ = problem(cell, rng)
    for i in range(len(state)):
        wrong = (*state[:i], np.zeros(shape), *state[i + 1 :])
        with pytest.raises(ValueError, match=r"initial state must have shape \(N, H\) = \(2, 4\)"):
            cell.forward(x, params, wrong)


def test_forward_does_not_cast_any_part_of_the_initial_state(cell, problem, rng):
    x, params, state, _, _ = problem(cell, rng)
    for i in range(len(state)):
        wrong = (*state[:i], state[i].astype(np.float32), *state[i + 1 :])
        with pytest.raises(ValueError, match=r"the initial state is float32 but W_x. is float64"):
            cell.forward(x, params, wrong)


@pytest.mark.parametrize(
    "change",
    [lambda s: s[0], list, lambda s: (*s, s[0]), lambda s: s[1:]],
    ids=["an-array", "a-list", "one-too-many", "one-too-few"],
)
def test_a_state_is_a_tuple_with_all_its_parts(cell, problem, rng, change):
    x, params, state, dh, dstate = problem(cell, rng)
    parts = rf"must be a tuple of {len(cell.STATE)} array"
    with pytest.raises(ValueError, match=f"the initial state {parts}"):
        cell.forward(x, params, change(state))
    _, tape = cell.forward(x, params, state)
    with pytest.raises(ValueError, match=f"dstate {parts}"):
        cell.backward(dh, tape, params, change(dstate))


@pytest.mark.parametrize(("n", "t", "d"), [(0, 0, 0), (1, 2, 1), (1, 4, 2)])
def test_forward_says_where_x_is_nan(cell, problem, rng, n, t, d):
    x, params, *_ = problem(cell, rng)
    x[n, t, d] = np.nan
    with pytest.raises(ValueError, match=rf"x holds nan at \[{n}, {t}, {d}\]; shape \(2, 5, 3\)"):
        cell.forward(x, params)


def test_forward_says_where_a_parameter_is_nan(cell, problem, rng):
    x, params, *_ = problem(cell, rng)
    for name, value in params.items():
        index = tuple(int(i) for i in rng.integers(value.shape))
        wrong = value.copy()
        wrong[index] = np.nan
        where = re.escape(f"{name} holds nan at [{', '.join(map(str, index))}]")
        with pytest.raises(ValueError, match=where):
            cell.forward(x, params | {name: wrong})


def test_forward_does_not_blame_overflow_for_a_nan_in_the_initial_state(cell, problem, rng):
    x, params, state, _, _ = problem(cell, rng)
    for i, part in enumerate(state):
        wrong = part.copy()
        wrong[1, 2] = np.nan
        with pytest.raises(ValueError, match=rf"part {i} of the .* state holds nan at \[1, 2\]"):
            cell.forward(x, params, (*state[:i], wrong, *state[i + 1 :]))


def test_forward_calls_an_overflow_by_its_name(cell, problem, rng):
    x, params, state, _, _ = problem(cell, rng)
    x[0, 0] = 1e308
    for name in [name for name in params if name.startswith("W_")]:
        params[name][:, 0] = 10 if name.startswith("W_x") else -1e308
    ones = tuple(np.ones_like(part) for part in state)
    with np.errstate(all="ignore"), pytest.raises(ValueError, match="are finite: overflow"):
        cell.forward(x, params, ones)


@pytest.mark.parametrize("shape", [(N, T - 1, H), (N, T, H - 1), (T, N, H), (N, H)])
def test_backward_names_the_shape_that_dh_must_have(cell, problem, rng, shape):
    x, params, *_ = problem(cell, rng)
    _, tape = cell.forward(x, params)
    with pytest.raises(ValueError, match=r"dh must have the shape of h, .* = \(2, 5, 4\); got"):
        cell.backward(np.zeros(shape), tape, params)


def test_backward_does_not_cast_dh(cell, problem, rng):
    x, params, _, dh, _ = problem(cell, rng)
    _, tape = cell.forward(x, params)
    with pytest.raises(ValueError, match="dh is float32 but the hidden states are float64"):
        cell.backward(dh.astype(np.float32), tape, params)


@pytest.mark.parametrize("shape", [(1, H), (H,), (N, H + 1)])
def test_backward_names_the_shape_that_each_part_of_dstate_must_have(cell, problem, rng, shape):
    x, params, _, dh, dstate = problem(cell, rng)
    _, tape = cell.forward(x, params)
    for i in range(len(dstate)):
        wrong = (*dstate[:i], np.zeros(shape), *dstate[i + 1 :])
        with pytest.raises(ValueError, match=r"dstate must have the final state's shape \(2, 4\)"):
            cell.backward(dh, tape, params, wrong)


def test_backward_does_not_cast_any_part_of_dstate(cell, problem, rng):
    x, params, _, dh, dstate = problem(cell, rng)
    _, tape = cell.forward(x, params)
    for i in range(len(dstate)):
        wrong = (*dstate[:i], dstate[i].astype(np.float32), *dstate[i + 1 :])
        with pytest.raises(ValueError, match=r"dtype float64; got .* float32"):
            cell.backward(dh, tape, params, wrong)


def test_forward_names_a_matrix_that_is_missing(cell, problem, rng):
    x, params, *_ = problem(cell, rng)
    kinds = {name[:3]: name for name in reversed(params) if name.startswith("W_")}
    for name in kinds.values():
        others = {other: value for other, value in params.items() if other != name}
        with pytest.raises(ValueError, match=rf"params has no {name}; it has \['"):
            cell.forward(x, others)
