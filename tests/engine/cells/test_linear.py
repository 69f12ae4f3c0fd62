import numpy as np
import pytest
from numpy.testing import assert_allclose
from unrolled.engine import linear, rnn
from unrolled.engine.bptt import truncated_backward

N, T, D, H = 2, 5, 3, 4
EXACT = {"rtol": 1e-10, "atol": 1e-12}


def test_the_answer_to_a_sum_is_the_sum_of_the_answers(problem, rng):
    x, params, state, _, _ = problem(linear, rng)
    other, _, other_state, _, _ = problem(linear, rng)
    params["b_h"][:] = 0
    both = (2 * state[0] - other_state[0],)
    h, h_other, h_both = (
        linear.forward(*run)[0]
        for run in ((x, params, state), (other, params, other_state), (2 * x - other, params, both))
    )
    assert_allclose(h_both, 2 * h - h_other, **EXACT)


def test_a_state_is_a_sum_over_all_inputs_through_powers_of_the_recurrent_matrix(problem, rng):
    x, params, (h_0,), _, _ = problem(linear, rng)
    h, _ = linear.forward(x, params, (h_0,))
    expected = h_0 @ np.linalg.matrix_power(params["W_hh"], T)
    for t in range(T):
        power = np.linalg.matrix_power(params["W_hh"], T - 1 - t)
        expected = expected + (x[:, t] @ params["W_xh"] + params["b_h"]) @ power
    assert_allclose(h[:, -1], expected, **EXACT)


def test_what_goes_back_does_not_depend_on_what_was_read(problem, rng):
    x, params, _, dh, dstate = problem(linear, rng)
    dx, (dh_0,), _ = linear.backward(dh, linear.forward(x, params)[1], params, dstate)
    other, (other_0,), _ = linear.backward(dh, linear.forward(x**2, params)[1], params, dstate)
    assert (dx == other).all()
    assert (dh_0 == other_0).all()


def test_small_states_are_those_of_an_rnn(problem, rng):
    x, params, _, dh, _ = problem(linear, rng)
    params["b_h"][:] = 0
    (h, tape), (h_tanh, tape_tanh) = (cell.forward(1e-5 * x, params) for cell in (linear, rnn))
    assert_allclose(h, h_tanh, rtol=1e-6, atol=1e-14)
    grads, grads_tanh = (
        cell.backward(dh, t, params)[2] for cell, t in ((linear, tape), (rnn, tape_tanh))
    )
    for name, grad in grads.items():
        assert_allclose(grad, grads_tanh[name], rtol=1e-5, atol=1e-12, err_msg=name)


def with_autograd(x, params, state, dh, dstate, detach_every=T):
    """dx, dh_0 and gradients by PyTorch, the state detached every so many steps."""
    torch = pytest.importorskip("torch")
    leaves = {
        name: torch.tensor(value, requires_grad=True)
        for name, value in {"x": x, "h_0": state[0], **params}.items()
    }
    h_t, loss = leaves["h_0"], 0
    for t in range(x.shape[1]):
        if t and t % detach_every == 0:
            h_t = h_t.detach()
        h_t = leaves["x"][:, t] @ leaves["W_xh"] + h_t @ leaves["W_hh"] + leaves["b_h"]
        loss = loss + (h_t * torch.tensor(dh[:, t])).sum()
    (loss + (h_t * torch.tensor(dstate[0])).sum()).backward()
    grads = {name: leaf.grad.numpy() for name, leaf in leaves.items()}
    return grads.pop("x"), grads.pop("h_0"), grads


def test_same_gradients_as_autograd(problem, rng):
    x, params, state, dh, dstate = problem(linear, rng)
    dx, (dh_0,), grads = linear.backward(dh, linear.forward(x, params, state)[1], params, dstate)
    expected = with_autograd(x, params, state, dh, dstate)
    assert_allclose(dx, expected[0], **EXACT)
    assert_allclose(dh_0, expected[1], **EXACT)
    for name, grad in grads.items():
        assert_allclose(grad, expected[2][name], **EXACT, err_msg=name)


@pytest.mark.parametrize("k", [1, 2, 3, 6])
def test_equal_k1_and_k2_are_what_detach_does(problem, rng, k):
    x, params, state, dh, dstate = problem(linear, rng, T=6)
    _, tape = linear.forward(x, params, state)
    zero = (np.zeros_like(dstate[0]),)
    dx, (dh_0,), grads = truncated_backward(dh, tape, params, cell=linear, k1=k, k2=k)
    expected = with_autograd(x, params, state, dh, zero, k)
    assert_allclose(dx, expected[0], **EXACT)
    assert_allclose(dh_0, expected[1], **EXACT)
    for name, grad in grads.items():
        assert_allclose(grad, expected[2][name], **EXACT, err_msg=name)
