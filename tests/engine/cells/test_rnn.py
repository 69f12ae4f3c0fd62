import math

import numpy as np
from numpy.testing import assert_allclose
from unrolled.engine import rnn

N, T, D, H = 2, 5, 3, 4


def test_one_step_is_the_formula_written_out_unit_by_unit(problem, rng):
    x, params, (h_prev,), _, _ = problem(rnn, rng)
    (h_t,) = rnn.step(x[:, 0], (h_prev,), params)
    for n in range(N):
        for j in range(H):
            a = params["b_h"][j]
            a += sum(x[n, 0, i] * params["W_xh"][i, j] for i in range(D))
            a += sum(h_prev[n, i] * params["W_hh"][i, j] for i in range(H))
            assert math.isclose(h_t[n, j], math.tanh(a), rel_tol=1e-12)


def test_the_parameters_are_those_of_the_notation(rng):
    params = rnn.init_params(D, H, rng=rng)
    assert list(params) == ["W_xh", "W_hh", "b_h"]
    assert (params["b_h"] == 0).all()


def test_hidden_states_stay_between_minus_one_and_one(problem, rng):
    x, params, _, _, _ = problem(rnn, rng, N=7, T=50)
    h, _ = rnn.forward(3 * x, params, (3 * rng.standard_normal((7, H)),))
    assert np.abs(h).max() < 1
    assert np.abs(h).max() > 0.99


def test_without_recurrent_weights_there_is_no_memory(problem, rng):
    x, params, _, dh, _ = problem(rnn, rng)
    params["W_hh"][:] = 0
    h, tape = rnn.forward(x, params)
    h_reversed, _ = rnn.forward(x[:, ::-1], params)
    assert_allclose(h, h_reversed[:, ::-1], rtol=1e-14)
    assert (rnn.backward(dh, tape, params)[1][0] == 0).all()


def test_a_gradient_is_multiplied_by_the_slope_and_by_the_recurrent_weights_at_every_step(
    problem, rng
):
    x, params, state, dh, (dh_t,) = problem(rnn, rng, N=1)
    h, tape = rnn.forward(x, params, state)
    _, (dh_0,), _ = rnn.backward(0 * dh, tape, params, (dh_t,))
    for t in reversed(range(T)):
        dh_t = dh_t @ np.diag(1 - h[0, t] ** 2) @ params["W_hh"].T
    assert_allclose(dh_0, dh_t, rtol=1e-10)
