import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from unrolled.engine import rnn
from unrolled.engine.gradcheck import check_gradients, numerical_gradient, relative_error

N, T, D, H = 2, 5, 3, 4

size = st.integers(1, 7)


def problem(rng, N=N, T=T, D=D, H=H, dtype=np.float64):
    """Inputs, parameters, an initial state and the gradients that come from outside."""
    params = rnn.init_params(D, H, rng=rng, dtype=dtype)
    params["b_h"] += rng.standard_normal(H).astype(dtype)
    x, h_0, dh, dh_T = (
        rng.standard_normal(shape).astype(dtype) for shape in [(N, T, D), (N, H), (N, T, H), (N, H)]
    )
    return x, params, (h_0,), dh, (dh_T,)


def loop_of_steps(x, params, state):
    h = []
    for t in range(x.shape[1]):
        state = rnn.step(x[:, t], state, params)
        h.append(state[0])
    return np.stack(h, axis=1)


def loop_of_step_backwards(x, params, state, dh, dstate):
    h = np.concatenate([state[0][:, None], loop_of_steps(x, params, state)], axis=1)
    dx = np.empty_like(x)
    grads = {name: np.zeros_like(value) for name, value in params.items()}
    for t in reversed(range(x.shape[1])):
        dstate = (dstate[0] + dh[:, t],)
        dx[:, t], dstate, grads_t = rnn.step_backward(dstate, x[:, t], (h[:, t],), params)
        for name, grad in grads_t.items():
            grads[name] += grad
    return dx, dstate, grads


def freeze(*arrays):
    for array in arrays:
        array.setflags(write=False)


def assert_same(result, expected, **tolerance):
    """Compare two triples (dx, dstate, grads)."""
    dx, dstate, grads = result
    dx_expected, dstate_expected, grads_expected = expected
    assert_allclose(dx, dx_expected, **tolerance)
    assert_allclose(dstate[0], dstate_expected[0], **tolerance)
    assert grads.keys() == grads_expected.keys()
    for name, grad in grads.items():
        assert_allclose(grad, grads_expected[name], **tolerance, err_msg=name)


def test_one_step_is_the_formula_written_out_unit_by_unit(rng):
    x, params, (h_prev,), _, _ = problem(rng)
    (h_t,) = rnn.step(x[:, 0], (h_prev,), params)
    for n in range(N):
        for j in range(H):
            a = params["b_h"][j]
            a += sum(x[n, 0, i] * params["W_xh"][i, j] for i in range(D))
            a += sum(h_prev[n, i] * params["W_hh"][i, j] for i in range(H))
            assert math.isclose(h_t[n, j], math.tanh(a), rel_tol=1e-12)


@settings(deadline=None, max_examples=40)
@given(N=size, T=size, D=size, H=size, seed=st.integers(0, 999))
def test_forward_is_a_loop_of_steps(N, T, D, H, seed):
    x, params, state, _, _ = problem(np.random.default_rng(seed), N, T, D, H)
    h, tape = rnn.forward(x, params, state)
    assert h.shape == (N, T, H)
    assert_allclose(h, loop_of_steps(x, params, state), rtol=1e-12, atol=1e-14)
    assert_array_equal(tape.state[0], h[:, -1])


@settings(deadline=None, max_examples=40)
@given(N=size, T=size, D=size, H=size, seed=st.integers(0, 999))
def test_backward_is_a_loop_of_step_backwards(N, T, D, H, seed):
    x, params, state, dh, dstate = problem(np.random.default_rng(seed), N, T, D, H)
    dx, dstate_0, grads = rnn.backward(dh, rnn.forward(x, params, state)[1], params, dstate)
    assert dx.shape == x.shape
    assert dstate_0[0].shape == (N, H)
    assert {name: grad.shape for name, grad in grads.items()} == {
        "W_xh": (D, H),
        "W_hh": (H, H),
        "b_h": (H,),
    }
    expected = loop_of_step_backwards(x, params, state, dh, dstate)
    assert_same((dx, dstate_0, grads), expected, rtol=1e-10, atol=1e-12)


def test_without_a_state_the_network_starts_from_zero(rng):
    x, params, _, dh, _ = problem(rng)
    zero = (np.zeros((N, H)),)
    h, tape = rnn.forward(x, params)
    h_zero, tape_zero = rnn.forward(x, params, zero)
    assert_array_equal(h, h_zero)
    assert_same(rnn.backward(dh, tape, params), rnn.backward(dh, tape_zero, params, zero), rtol=0)


def test_step_backward_matches_central_differences(rng):
    x, params, (h_prev,), dh, _ = problem(rng)
    x_t, dh_t = x[:, 0].copy(), dh[:, 0]

    def loss():
        return (rnn.step(x_t, (h_prev,), params)[0] * dh_t).sum()

    dx_t, (dh_prev,), grads = rnn.step_backward((dh_t,), x_t, (h_prev,), params)
    arrays = {"x": x_t, "h_prev": h_prev, **params}
    computed = {"x": dx_t, "h_prev": dh_prev, **grads}
    assert computed.keys() == arrays.keys()
    for name, array in arrays.items():
        assert relative_error(computed[name], numerical_gradient(loss, array)) < 1e-7, name


@pytest.mark.parametrize("seed", range(3))
def test_backward_matches_central_differences(seed):
    report = check_gradients(rnn, seed=seed, tolerance=1e-7)
    assert report.ok, report


def test_backward_without_final_gradient_matches_central_differences(rng):
    x, params, state, dh, _ = problem(rng)

    def loss():
        return (rnn.forward(x, params, state)[0] * dh).sum()

    dx, (dh_0,), grads = rnn.backward(dh, rnn.forward(x, params, state)[1], params)
    arrays = {"x": x, "h_0": state[0], **params}
    for name, computed in {"x": dx, "h_0": dh_0, **grads}.items():
        assert relative_error(computed, numerical_gradient(loss, arrays[name])) < 1e-7, name


def test_hidden_states_stay_between_minus_one_and_one(rng):
    x, params, _, _, _ = problem(rng, N=7, T=50)
    h, _ = rnn.forward(3 * x, params, (3 * rng.standard_normal((7, H)),))
    assert np.abs(h).max() < 1
    assert np.abs(h).max() > 0.99


def test_the_past_does_not_see_the_future(rng):
    x, params, state, _, _ = problem(rng)
    other = x.copy()
    other[:, 2] += 1
    h, h_other = rnn.forward(x, params, state)[0], rnn.forward(other, params, state)[0]
    assert_array_equal(h[:, :2], h_other[:, :2])
    assert (h[:, 2:] != h_other[:, 2:]).all()


def test_a_loss_at_one_step_reaches_every_step_before_it_and_none_after(rng):
    x, params, _, dh, _ = problem(rng)
    dh[:, [0, 1, 3, 4]] = 0
    dx, (dh_0,), _ = rnn.backward(dh, rnn.forward(x, params)[1], params)
    assert (dx[:, :3] != 0).all()
    assert (dx[:, 3:] == 0).all()
    assert (dh_0 != 0).all()


def test_sequences_in_a_batch_do_not_see_each_other(rng):
    x, params, state, dh, dstate = problem(rng)
    h, tape = rnn.forward(x, params, state)
    dx, (dh_0,), _ = rnn.backward(dh, tape, params, dstate)
    for n in range(N):
        one = slice(n, n + 1)
        h_one, tape_one = rnn.forward(x[one], params, (state[0][one],))
        dx_one, (dh_0_one,), _ = rnn.backward(dh[one], tape_one, params, (dstate[0][one],))
        assert_allclose(h_one, h[one], rtol=1e-12)
        assert_allclose(dx_one, dx[one], rtol=1e-12, atol=1e-14)
        assert_allclose(dh_0_one, dh_0[one], rtol=1e-12, atol=1e-14)


def test_without_recurrent_weights_there_is_no_memory(rng):
    x, params, _, dh, _ = problem(rng)
    params["W_hh"][:] = 0
    h, tape = rnn.forward(x, params)
    h_reversed, _ = rnn.forward(x[:, ::-1], params)
    assert_allclose(h, h_reversed[:, ::-1], rtol=1e-14)
    assert (rnn.backward(dh, tape, params)[1][0] == 0).all()


def test_the_final_state_continues_the_sequence(rng):
    x, params, state, _, _ = problem(rng)
    h, _ = rnn.forward(x, params, state)
    h_first, tape = rnn.forward(x[:, :2], params, state)
    h_rest, _ = rnn.forward(x[:, 2:], params, tape.state)
    assert_allclose(np.concatenate([h_first, h_rest], axis=1), h, rtol=1e-12)


def test_the_gradient_of_the_state_joins_two_halves_of_a_sequence(rng):
    x, params, state, dh, dstate = problem(rng)
    _, tape_first = rnn.forward(x[:, :2], params, state)
    _, tape_rest = rnn.forward(x[:, 2:], params, tape_first.state)
    dx_rest, dstate_middle, grads_rest = rnn.backward(dh[:, 2:], tape_rest, params, dstate)
    dx_first, dstate_0, grads = rnn.backward(dh[:, :2], tape_first, params, dstate_middle)
    halves = (
        np.concatenate([dx_first, dx_rest], axis=1),
        dstate_0,
        {name: grads[name] + grads_rest[name] for name in grads},
    )
    whole = rnn.backward(dh, rnn.forward(x, params, state)[1], params, dstate)
    assert_same(halves, whole, rtol=1e-11, atol=1e-13)


def test_a_window_of_the_tape_is_the_tape_of_the_window(rng):
    x, params, state, dh, _ = problem(rng)
    h, tape = rnn.forward(x, params, state)
    window = tape.window(2, 4)
    _, tape_alone = rnn.forward(x[:, 2:4], params, (h[:, 1],))
    assert_array_equal(window.x, tape_alone.x)
    assert_allclose(window.h, tape_alone.h, rtol=1e-12)
    assert np.shares_memory(window.x, tape.x)
    assert np.shares_memory(window.h, tape.h)
    assert_same(
        rnn.backward(dh[:, 2:4], window, params),
        rnn.backward(dh[:, 2:4], tape_alone, params),
        rtol=1e-11,
        atol=1e-13,
    )


@pytest.mark.parametrize("N", [1, 2])
def test_forward_and_backward_write_into_none_of_their_inputs(rng, N):
    x, params, state, dh, dstate = problem(rng, N=N)
    freeze(x, *state, *params.values(), dh, *dstate)
    _, tape = rnn.forward(x, params, state)
    freeze(*tape)
    first = rnn.backward(dh, tape, params, dstate)
    assert_same(rnn.backward(dh, tape, params, dstate), first, rtol=0)


def test_steps_write_into_none_of_their_inputs(rng):
    x, params, state, _, dstate = problem(rng)
    freeze(x, *state, *params.values(), *dstate)
    rnn.step(x[:, 0], state, params)
    rnn.step_backward(dstate, x[:, 0], state, params)


@pytest.mark.parametrize("N", [1, 2])
def test_the_tape_remembers_inputs_that_are_overwritten_later(rng, N):
    x, params, state, dh, _ = problem(rng, N=N)
    _, tape = rnn.forward(x, params, state)
    expected = rnn.backward(dh, tape, params)
    x[:], state[0][:] = 0, 0
    assert_same(rnn.backward(dh, tape, params), expected, rtol=0)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_of_the_parameters_rules(rng, dtype):
    x, params, state, dh, dstate = problem(rng, dtype=dtype)
    h, tape = rnn.forward(x, params, state)
    dx, dstate_0, grads = rnn.backward(dh, tape, params, dstate)
    (h_1,) = rnn.step(x[:, 0], state, params)
    dx_1, dstate_1, grads_1 = rnn.step_backward(dstate, x[:, 0], state, params)
    arrays = [h, *tape, dx, *dstate_0, *grads.values()]
    arrays += [h_1, dx_1, *dstate_1, *grads_1.values()]
    arrays += rnn.backward(dh, rnn.forward(x, params)[1], params)[1]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}


def test_float32_agrees_with_float64(rng):
    x, params, state, dh, dstate = problem(rng)
    single = [array.astype(np.float32) for array in (x, state[0], dh, dstate[0])]
    x_32, h_0_32, dh_32, dh_T_32 = single
    params_32 = {name: value.astype(np.float32) for name, value in params.items()}
    _, tape_32 = rnn.forward(x_32, params_32, (h_0_32,))
    assert_same(
        rnn.backward(dh_32, tape_32, params_32, (dh_T_32,)),
        rnn.backward(dh, rnn.forward(x, params, state)[1], params, dstate),
        rtol=1e-4,
        atol=1e-5,
    )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_init_params_has_the_shapes_and_dtype_of_the_notation(rng, dtype):
    params = rnn.init_params(D, H, rng=rng, dtype=dtype)
    assert {name: value.shape for name, value in params.items()} == {
        "W_xh": (D, H),
        "W_hh": (H, H),
        "b_h": (H,),
    }
    assert {value.dtype for value in params.values()} == {np.dtype(dtype)}


def test_init_params_keeps_the_variance_of_its_inputs(rng):
    params = rnn.init_params(100, 400, rng=rng)
    assert math.isclose(params["W_xh"].std(), 1 / math.sqrt(100), rel_tol=0.02)
    assert math.isclose(params["W_hh"].std(), 1 / math.sqrt(400), rel_tol=0.02)
    assert (params["b_h"] == 0).all()
    assert math.isclose((rng.standard_normal((200, 100)) @ params["W_xh"]).var(), 1, rel_tol=0.1)


def test_init_params_draws_the_same_from_the_same_seed():
    first, second = (rnn.init_params(D, H, rng=np.random.default_rng(3)) for _ in range(2))
    for name, value in first.items():
        assert_array_equal(value, second[name])


@pytest.mark.parametrize(("D", "H"), [(0, 4), (3, 0), (-1, 4)])
def test_init_params_refuses_sizes_below_one(rng, D, H):
    with pytest.raises(ValueError, match=f"at least 1; got D={D}, H={H}"):
        rnn.init_params(D, H, rng=rng)


@pytest.mark.parametrize("shape", [(), (D,), (T, D), (N, T, D, 1)])
def test_forward_asks_for_three_axes(rng, shape):
    _, params, _, _, _ = problem(rng)
    with pytest.raises(ValueError, match=r"three axes, \(N sequences, T steps, D inputs\); got"):
        rnn.forward(np.zeros(shape), params)


def test_forward_names_both_sizes_when_the_inputs_do_not_fit(rng):
    _, params, _, _, _ = problem(rng)
    with pytest.raises(ValueError, match=r"x has 5 inputs per time step but W_xh expects 3.*\(2, "):
        rnn.forward(np.zeros((N, D, T)), params)


@pytest.mark.parametrize("axis", range(3))
def test_forward_names_the_axis_that_is_empty(rng, axis):
    _, params, _, _, _ = problem(rng)
    shape = [N, T, D]
    shape[axis] = 0
    with pytest.raises(ValueError, match=rf"x is empty along axis {axis} \({'NTD'[axis]}\)"):
        rnn.forward(np.zeros(shape), params)


@pytest.mark.parametrize("dtype", [np.float32, np.int64])
def test_forward_does_not_cast_its_inputs(rng, dtype):
    x, params, _, _, _ = problem(rng)
    with pytest.raises(ValueError, match=rf"x is {np.dtype(dtype)} but W_xh is float64; .*astype"):
        rnn.forward(x.astype(dtype), params)


@pytest.mark.parametrize("shape", [(N, H + 1), (N + 1, H), (1, H), (H,)])
def test_forward_names_the_shape_that_a_state_must_have(rng, shape):
    x, params, _, _, _ = problem(rng)
    with pytest.raises(ValueError, match=r"initial state must have shape \(N, H\) = \(2, 4\)"):
        rnn.forward(x, params, (np.zeros(shape),))


def test_forward_does_not_cast_the_initial_state(rng):
    x, params, (h_0,), _, _ = problem(rng)
    with pytest.raises(ValueError, match="the initial state is float32 but W_xh is float64"):
        rnn.forward(x, params, (h_0.astype(np.float32),))


@pytest.mark.parametrize("name", ["W_hh", "b_h"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_forward_does_not_cast_one_parameter_to_meet_another(rng, name, dtype):
    x, params, _, _, _ = problem(rng, dtype=dtype)
    params[name] = params[name].astype(np.float32 if dtype is np.float64 else np.float64)
    with pytest.raises(ValueError, match=name):
        rnn.forward(x, params)


def test_forward_refuses_a_state_of_two_arrays(rng):
    x, params, (h_0,), _, _ = problem(rng)
    with pytest.raises(ValueError, match="state"):
        rnn.forward(x, params, (h_0, h_0))


def test_forward_explains_that_a_state_is_a_tuple(rng):
    x, params, (h_0,), _, _ = problem(rng)
    with pytest.raises(ValueError, match="state"):
        rnn.forward(x, params, h_0)


@pytest.mark.parametrize(("n", "t", "d"), [(0, 0, 0), (1, 2, 1), (1, 4, 2)])
def test_forward_says_where_x_is_nan(rng, n, t, d):
    x, params, _, _, _ = problem(rng)
    x[n, t, d] = np.nan
    with pytest.raises(ValueError, match=rf"x holds nan at \[{n}, {t}, {d}\]; shape \(2, 5, 3\)"):
        rnn.forward(x, params)


@pytest.mark.parametrize(
    ("name", "index"), [("W_xh", (2, 1)), ("W_hh", (1, 3)), ("b_h", (2,))], ids=str
)
def test_forward_says_where_a_parameter_is_nan(rng, name, index):
    x, params, _, _, _ = problem(rng)
    params[name][index] = np.nan
    where = ", ".join(map(str, index))
    with pytest.raises(ValueError, match=rf"{name} holds nan at \[{where}\]"):
        rnn.forward(x, params)


def test_forward_does_not_blame_overflow_for_a_nan_in_the_initial_state(rng):
    x, params, (h_0,), _, _ = problem(rng)
    h_0[1, 2] = np.nan
    with pytest.raises(ValueError, match=r"state.* holds nan at \[1, 2\]"):
        rnn.forward(x, params, (h_0,))


def test_forward_calls_an_overflow_by_its_name(rng):
    x, params, _, _, _ = problem(rng)
    x[0, 0], params["W_xh"][:, 0], params["W_hh"][:, 0] = 1e308, 10, -1e308
    with np.errstate(all="ignore"), pytest.raises(ValueError, match="are finite: overflow"):
        rnn.forward(x, params, (np.ones((N, H)),))


@pytest.mark.parametrize("shape", [(N, T - 1, H), (N, T, H - 1), (T, N, H), (N, H)])
def test_backward_names_the_shape_that_dh_must_have(rng, shape):
    x, params, _, _, _ = problem(rng)
    _, tape = rnn.forward(x, params)
    with pytest.raises(ValueError, match=r"dh must have the shape of h, .* = \(2, 5, 4\); got"):
        rnn.backward(np.zeros(shape), tape, params)


def test_backward_does_not_cast_dh(rng):
    x, params, _, dh, _ = problem(rng)
    _, tape = rnn.forward(x, params)
    with pytest.raises(ValueError, match="dh is float32 but the hidden states are float64"):
        rnn.backward(dh.astype(np.float32), tape, params)


def test_backward_does_not_cast_the_gradient_of_the_final_state(rng):
    x, params, _, dh, (dh_T,) = problem(rng)
    _, tape = rnn.forward(x, params)
    with pytest.raises(ValueError, match=r"dtype float64; got .* float32"):
        rnn.backward(dh, tape, params, (dh_T.astype(np.float32),))


@pytest.mark.parametrize("shape", [(1, H), (H,), (N, H + 1)])
def test_backward_names_the_shape_that_dstate_must_have(rng, shape):
    x, params, _, dh, _ = problem(rng)
    _, tape = rnn.forward(x, params)
    with pytest.raises(ValueError, match="dstate"):
        rnn.backward(dh, tape, params, (np.zeros(shape),))
