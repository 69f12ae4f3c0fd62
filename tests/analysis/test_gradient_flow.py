import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from unrolled.analysis.gradient_flow import backward_norms, jacobian_product, jacobians, log10
from unrolled.engine import initializers, rnn

N, T, D, H = 2, 6, 3, 4


def problem(rng, N=N, T=T, D=D, H=H):
    """Inputs, parameters, their tape from a random state, and the gradient of the last state."""
    params = rnn.init_params(D, H, rng=rng)
    params["b_h"] += 0.3 * rng.standard_normal(H)
    x, h_0 = rng.standard_normal((N, T, D)), rng.standard_normal((N, H))
    return x, params, rnn.forward(x, params, (h_0,))[1], rng.standard_normal((N, H))


def from_zero(W_hh, T):
    """Parameters and the tape of a network that rests at zero: no input, no bias, no state."""
    params = {"W_xh": np.zeros((1, len(W_hh))), "W_hh": W_hh, "b_h": np.zeros(len(W_hh))}
    return params, rnn.forward(np.zeros((1, T, 1)), params)[1]


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 4), st.integers(1, 9), st.integers(1, 5), st.integers(0, 999))
def test_the_norms_are_those_of_what_backward_sends_to_each_state(N, T, H, seed):
    _, params, tape, dh_T = problem(np.random.default_rng(seed), N, T, D, H)
    norms = backward_norms(tape, params, dh_T)
    assert norms.shape == (T,)
    for t in range(T - 1):
        rest = np.zeros((N, T - 1 - t, H))
        _, (dh_t,), _ = rnn.backward(rest, tape.window(t + 1, T), params, (dh_T,))
        assert_allclose(norms[t], np.linalg.norm(dh_t), rtol=1e-12)
    assert_allclose(norms[-1], np.linalg.norm(dh_T), rtol=1e-12)


def test_the_norms_are_those_of_the_gradients_that_torch_retains(rng):
    torch = pytest.importorskip("torch")
    x, params, tape, dh_T = problem(rng)
    W_xh, W_hh, b_h = (torch.tensor(params[name]) for name in ("W_xh", "W_hh", "b_h"))
    state, states = torch.tensor(tape.h[0], requires_grad=True), []
    for t in range(T):
        state = torch.tanh(torch.tensor(x[:, t]) @ W_xh + state @ W_hh + b_h)
        state.retain_grad()
        states.append(state)
    (state * torch.tensor(dh_T)).sum().backward()
    expected = [float(state.grad.norm()) for state in states]
    assert_allclose(backward_norms(tape, params, dh_T), expected, rtol=1e-12)


def test_a_jacobian_is_what_nudging_the_state_before_does_to_the_state_after(rng):
    x, params, tape, _ = problem(rng)
    eps = 1e-6 * np.eye(H)
    J = jacobians(tape, params, sequence=1)
    assert J.shape == (T, H, H)
    for t in range(T):
        x_t, h_prev = np.tile(x[1, t], (H, 1)), tape.h[t, 1]
        (above,), (below,) = (rnn.step(x_t, (h_prev + s * eps,), params) for s in (1, -1))
        assert_allclose(J[t], (above - below) / 2e-6, atol=1e-9)


def test_the_product_is_what_nudging_the_first_state_does_to_the_last(rng):
    x, params, tape, _ = problem(rng)
    rest, eps = np.tile(x[1:2, 1:], (H, 1, 1)), 1e-6 * np.eye(H)
    first = tape.h[1, 1]
    above, below = (rnn.forward(rest, params, (first + s * eps,))[0][:, -1] for s in (1, -1))
    product = jacobian_product(tape, params, sequence=1)
    assert product.shape == (H, H)
    assert_allclose(product, (above - below) / 2e-6, atol=1e-9)


def test_the_product_is_what_torch_differentiates(rng):
    torch = pytest.importorskip("torch")
    x, params, tape, _ = problem(rng)
    W_xh, W_hh, b_h = (torch.tensor(params[name]) for name in ("W_xh", "W_hh", "b_h"))

    def last(state):
        for x_t in torch.tensor(x[0, 1:]):
            state = torch.tanh(x_t @ W_xh + state @ W_hh + b_h)
        return state

    jacobian = torch.autograd.functional.jacobian(last, torch.tensor(tape.h[1, 0]))
    expected = jacobian.numpy().T  # torch has a row for each output, the book for each input
    assert_allclose(jacobian_product(tape, params), expected, rtol=1e-10, atol=1e-13)


def test_the_product_sends_the_last_gradient_to_the_first_state(rng):
    _, params, tape, dh_T = problem(rng, N=1)
    dh_first = dh_T @ jacobian_product(tape, params).T
    assert_allclose(backward_norms(tape, params, dh_T)[0], np.linalg.norm(dh_first), rtol=1e-12)


def test_a_single_step_has_nothing_between_its_first_and_its_last_state(rng):
    _, params, tape, dh_T = problem(rng, T=1)
    assert jacobian_product(tape, params).tolist() == np.eye(H).tolist()
    assert jacobians(tape, params).tolist() == jacobians(tape, params, sequence=0).tolist()
    assert_allclose(backward_norms(tape, params, dh_T), [np.linalg.norm(dh_T)])


@pytest.mark.parametrize("gain", [0.8, 1.0, 1.25])
def test_at_rest_an_orthogonal_matrix_multiplies_the_gradient_by_its_gain_at_each_step(rng, gain):
    params, tape = from_zero(initializers.orthogonal(8, gain=gain, rng=rng), T=20)
    dh_T = rng.standard_normal((1, 8))
    norms = backward_norms(tape, params, dh_T)
    assert_allclose(norms, np.linalg.norm(dh_T) * gain ** np.arange(19, -1, -1), rtol=1e-12)


def test_a_gradient_can_grow_for_a_while_although_the_spectral_radius_is_below_one():
    W_hh = initializers.non_normal(2, gain=0.9, coupling=5.0)
    assert W_hh.tolist() == [[0.9, 5.0], [0.0, 0.9]]
    assert initializers.spectral_radius(W_hh) == pytest.approx(0.9)
    assert np.linalg.norm(W_hh, 2) == pytest.approx(5.16, abs=0.005)
    assert np.linalg.norm(np.linalg.matrix_power(W_hh, 10), 2) == pytest.approx(19.4, abs=0.1)
    assert np.linalg.norm(np.linalg.matrix_power(W_hh, 200), 2) < 1e-6
    params, tape = from_zero(W_hh, T=201)
    norms = backward_norms(tape, params, np.array([[0.0, 1.0]]))[::-1]
    assert norms[1] > 5
    assert norms[10] == pytest.approx(19.4, abs=0.1)
    assert norms[:30].argmax() in (9, 10)
    assert norms[200] < 1e-6


def test_log10_has_a_floor_and_no_warning():
    assert log10(np.array([0.0, 1e-9, 1.0, 1000.0])).tolist() == [-300, -9, 0, 3]
    assert log10(np.array([0.0, 1e-9, 10.0]), floor=-5.0).tolist() == [-5, -5, 1]


def test_measuring_a_gradient_writes_into_none_of_its_inputs(rng):
    _, params, tape, dh_T = problem(rng)
    for array in (*tape, *params.values(), dh_T):
        array.setflags(write=False)
    backward_norms(tape, params, dh_T)
    jacobian_product(tape, params)
