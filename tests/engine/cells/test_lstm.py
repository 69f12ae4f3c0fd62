import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from unrolled.engine import lstm

N, T, D, H = 2, 5, 3, 4
OPEN, CLOSED = 1000, -1000  # biases that saturate a gate


def test_one_step_is_the_formula_written_out_unit_by_unit(problem, rng):
    x, params, (h_prev, c_prev), _, _ = problem(lstm, rng)
    h_t, c_t = lstm.step(x[:, 0], (h_prev, c_prev), params)

    def activation(gate, n, j):
        a = params[f"b_{gate}"][j]
        a += sum(x[n, 0, i] * params[f"W_x{gate}"][i, j] for i in range(D))
        a += sum(h_prev[n, i] * params[f"W_h{gate}"][i, j] for i in range(H))
        return math.tanh(a) if gate == "g" else 1 / (1 + math.exp(-a))

    for n in range(N):
        for j in range(H):
            i, f, g, o = (activation(gate, n, j) for gate in "ifgo")
            c = f * c_prev[n, j] + i * g
            assert math.isclose(c_t[n, j], c, rel_tol=1e-12)
            assert math.isclose(h_t[n, j], o * math.tanh(c), rel_tol=1e-12)


def test_the_parameters_are_those_of_the_notation(rng):
    params = lstm.init_params(D, H, rng=rng)
    assert list(params) == [kind + gate for gate in "ifgo" for kind in ("W_x", "W_h", "b_")]


@pytest.mark.parametrize("forget_bias", [1.0, 0.0, 3.5])
def test_every_bias_starts_at_zero_but_that_of_the_forget_gate(rng, forget_bias):
    params = lstm.init_params(D, H, rng=rng, forget_bias=forget_bias)
    for gate in "ifgo":
        assert (params[f"b_{gate}"] == (forget_bias if gate == "f" else 0)).all()
    assert (lstm.init_params(D, H, rng=rng)["b_f"] == 1).all()


def test_the_tape_holds_the_gates_of_every_step(problem, rng):
    x, params, state, _, _ = problem(lstm, rng)
    h, tape = lstm.forward(x, params, state)
    for t in range(T):
        gates = lstm.gates(x[:, t], state[0], params)
        for name, gate in zip("ifgo", gates, strict=True):
            assert_allclose(tape.gate(name)[:, t], gate, rtol=1e-12, atol=1e-14, err_msg=name)
        state = lstm.step(x[:, t], state, params)
        assert_allclose(tape.c[t + 1], state[1], rtol=1e-12, atol=1e-14)
    assert tape.gate("f").shape == h.shape


def test_with_an_open_forget_gate_and_a_closed_input_gate_the_cell_keeps_c(problem, rng):
    x, params, state, dh, (_, dc) = problem(lstm, rng, T=1000)
    params["b_f"][:], params["b_i"][:] = OPEN, CLOSED
    _, tape = lstm.forward(x, params, state)
    assert_array_equal(tape.c, np.broadcast_to(state[1], tape.c.shape))
    _, (_, dc_0), _ = lstm.backward(0 * dh, tape, params, (0 * dc, dc))
    assert_array_equal(dc_0, dc)


def test_with_a_closed_forget_gate_and_an_open_input_gate_the_candidate_replaces_c(problem, rng):
    x, params, state, _, _ = problem(lstm, rng)
    params["b_f"][:], params["b_i"][:] = CLOSED, OPEN
    _, tape = lstm.forward(x, params, state)
    assert_array_equal(tape.c[1:].transpose(1, 0, 2), tape.gate("g"))


def test_with_a_closed_output_gate_nothing_is_shown_and_c_goes_on(problem, rng):
    x, params, state, _, _ = problem(lstm, rng)
    params["b_o"][:] = CLOSED
    h, tape = lstm.forward(x, params, state)
    assert (h == 0).all()
    assert (tape.c[1:] != tape.c[:-1]).all()


def test_along_the_cell_the_gradient_is_the_product_of_the_forget_gates(problem, rng):
    x, params, state, dh, (dh_T, _) = problem(lstm, rng)
    only_c = 0 * dh_T, np.ones((N, H))
    for gate in "ifgo":  # leaves no other way back than the cell
        params[f"W_h{gate}"][:] = 0
    _, tape = lstm.forward(x, params, state)
    _, (dh_0, dc_0), _ = lstm.backward(0 * dh, tape, params, only_c)
    assert_allclose(dc_0, tape.gate("f").prod(axis=1), rtol=1e-12)
    assert (dh_0 == 0).all()


def test_with_recurrent_weights_the_gates_open_other_ways_back(problem, rng):
    x, params, state, dh, (dh_T, _) = problem(lstm, rng)
    _, tape = lstm.forward(x, params, state)
    _, (dh_0, dc_0), _ = lstm.backward(0 * dh, tape, params, (0 * dh_T, np.ones((N, H))))
    assert np.abs(dc_0 - tape.gate("f").prod(axis=1)).max() > 1e-3
    assert (dh_0 != 0).all()


def test_hidden_states_stay_between_minus_one_and_one_while_c_can_count(problem, rng):
    x, params, *_ = problem(lstm, rng, T=50)
    for gate in "ifo":
        params[f"b_{gate}"][:] = OPEN
    params["b_g"][:] = OPEN
    h, tape = lstm.forward(x, params)
    assert_array_equal(tape.c[:, 0, 0], np.arange(51))
    assert np.abs(h).max() <= 1
