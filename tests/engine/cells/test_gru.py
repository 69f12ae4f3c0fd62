import math

import numpy as np
from numpy.testing import assert_allclose, assert_array_equal
from unrolled.engine import gru, rnn

N, T, D, H = 2, 5, 3, 4
OPEN, CLOSED = 1000, -1000  # biases that saturate a gate


def test_one_step_is_the_formula_written_out_unit_by_unit(problem, rng):
    x, params, (h_prev,), _, _ = problem(gru, rng)
    (h_t,) = gru.step(x[:, 0], (h_prev,), params)

    def from_x(gate, n, j):
        products = (x[n, 0, i] * params[f"W_x{gate}"][i, j] for i in range(D))
        return sum(products) + params[f"b_{gate}"][j]

    def from_h(gate, n, j):
        return sum(h_prev[n, i] * params[f"W_h{gate}"][i, j] for i in range(H))

    for n in range(N):
        for j in range(H):
            r, z = (1 / (1 + math.exp(-from_x(k, n, j) - from_h(k, n, j))) for k in "rz")
            candidate = math.tanh(from_x("n", n, j) + r * (from_h("n", n, j) + params["b_hn"][j]))
            expected = (1 - z) * candidate + z * h_prev[n, j]
            assert math.isclose(h_t[n, j], expected, rel_tol=1e-12)


def test_the_parameters_are_those_of_the_notation(rng):
    params = gru.init_params(D, H, rng=rng)
    assert list(params) == [k + gate for gate in "rzn" for k in ("W_x", "W_h", "b_")] + ["b_hn"]
    assert all((value == 0).all() for name, value in params.items() if name.startswith("b_"))


def test_the_tape_holds_the_gates_of_every_step(problem, rng):
    x, params, state, _, _ = problem(gru, rng)
    h, tape = gru.forward(x, params, state)
    for t in range(T):
        *gates, q = gru.gates(x[:, t], state[0], params)
        for name, gate in zip("rzn", gates, strict=True):
            assert_allclose(tape.gate(name)[:, t], gate, rtol=1e-12, atol=1e-14, err_msg=name)
        assert_allclose(tape.q[t], q, rtol=1e-12, atol=1e-14)
        state = gru.step(x[:, t], state, params)
    assert tape.gate("z").shape == h.shape


def test_with_z_near_one_the_state_and_its_gradient_are_copied(problem, rng):
    x, params, state, dh, dstate = problem(gru, rng, T=1000)
    params["b_z"][:] = OPEN
    h, tape = gru.forward(x, params, state)
    assert_allclose(h, np.broadcast_to(state[0][:, None], h.shape), rtol=1e-12)
    dx, (dh_0,), _ = gru.backward(0 * dh, tape, params, dstate)
    assert_array_equal(dh_0, dstate[0])
    assert (dx == 0).all()


def test_with_z_near_zero_the_candidate_overwrites_the_state(problem, rng):
    x, params, state, _, _ = problem(gru, rng)
    params["b_z"][:] = CLOSED
    h, tape = gru.forward(x, params, state)
    assert_allclose(h, tape.gate("n"), rtol=1e-14)


def test_with_both_gates_closed_there_is_no_memory(problem, rng):
    x, params, state, dh, dstate = problem(gru, rng)
    params["b_z"][:] = params["b_r"][:] = CLOSED
    h, tape = gru.forward(x, params, state)
    assert_allclose(h, np.tanh(x @ params["W_xn"] + params["b_n"]), rtol=1e-12, atol=1e-14)
    _, (dh_0,), grads = gru.backward(dh, tape, params, dstate)
    assert (dh_0 == 0).all()
    assert (grads["W_hn"] == 0).all()
    assert (grads["b_hn"] == 0).all()  # the reset gate stands after the product and its bias


def test_with_r_near_one_and_z_near_zero_it_is_the_rnn_of_its_candidate(problem, rng):
    x, params, state, dh, dstate = problem(gru, rng)
    params["b_r"][:], params["b_z"][:] = OPEN, CLOSED
    plain = {
        "W_xh": params["W_xn"], "W_hh": params["W_hn"], "b_h": params["b_n"] + params["b_hn"]
    }  # fmt: skip
    h, tape = gru.forward(x, params, state)
    h_plain, tape_plain = rnn.forward(x, plain, state)
    dx, (dh_0,), grads = gru.backward(dh, tape, params, dstate)
    dx_plain, (dh_0_plain,), grads_plain = rnn.backward(dh, tape_plain, plain, dstate)
    assert_allclose(h, h_plain, rtol=1e-12, atol=1e-14)
    assert_allclose(dx, dx_plain, rtol=1e-10, atol=1e-13)
    assert_allclose(dh_0, dh_0_plain, rtol=1e-10, atol=1e-13)
    for name, same in {"W_xn": "W_xh", "W_hn": "W_hh", "b_n": "b_h", "b_hn": "b_h"}.items():
        assert_allclose(grads[name], grads_plain[same], rtol=1e-10, atol=1e-13, err_msg=name)


def test_the_state_stays_between_its_past_and_the_candidate(problem, rng):
    x, params, state, _, _ = problem(gru, rng, T=50)
    _, tape = gru.forward(3 * x, params, state)
    n, before, after = tape.gates[:, 2], tape.h[:-1], tape.h[1:]
    assert (after >= np.minimum(n, before) - 1e-15).all()
    assert (after <= np.maximum(n, before) + 1e-15).all()
