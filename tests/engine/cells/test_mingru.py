import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from unrolled.engine import gru, mingru, rnn, signed_mingru
from unrolled.engine.bptt import truncated_backward
from unrolled.engine.final import Final
from unrolled.engine.gradcheck import check_gradients
from unrolled.engine.masking import Masked
from unrolled.engine.stack import Stack

N, T, D, H = 2, 5, 3, 4
both = pytest.mark.parametrize(("cell", "low"), [(mingru, 0), (signed_mingru, -1)])
EXACT = {"rtol": 1e-10, "atol": 1e-12}


def as_torch(x, params, h_0, low):
    """The states by a loop of PyTorch's, as tensors."""
    import torch

    z = torch.sigmoid(x @ params["W_xz"] + params["b_z"])
    n = x @ params["W_xn"] + params["b_n"]
    h, states = h_0, []
    for t in range(x.shape[1]):
        decay = z[:, t] if low == 0 else 2 * z[:, t] - 1
        h = decay * h + (1 - z[:, t]) * n[:, t]
        states.append(h)
    return torch.stack(states, dim=1)


@both
def test_one_step_is_the_formula_written_out_unit_by_unit(cell, low, problem, rng):
    x, params, (h_prev,), _, _ = problem(cell, rng)
    (h_t,) = cell.step(x[:, 0], (h_prev,), params)
    for n in range(N):
        for j in range(H):
            a = [
                sum(x[n, 0, i] * params[f"W_x{g}"][i, j] for i in range(D)) + params[f"b_{g}"][j]
                for g in "zn"
            ]
            z = 1 / (1 + math.exp(-a[0]))
            decay = z if low == 0 else z - (1 - z)
            expected = decay * h_prev[n, j] + (1 - z) * a[1]
            assert math.isclose(h_t[n, j], expected, rel_tol=1e-12, abs_tol=1e-15)


@both
def test_states_and_gradients_are_those_of_pytorch(cell, low, problem, rng):
    torch = pytest.importorskip("torch")
    x, params, state, dh, dstate = problem(cell, rng, T=9)
    there = {name: torch.tensor(value, requires_grad=True) for name, value in params.items()}
    x_there, h_0 = (torch.tensor(array, requires_grad=True) for array in (x, state[0]))
    states = as_torch(x_there, there, h_0, low)
    torch.autograd.backward([states, states[:, -1]], [torch.tensor(dh), torch.tensor(dstate[0])])

    h, tape = cell.forward(x, params, state)
    dx, (dh_0,), grads = cell.backward(dh, tape, params, dstate)
    assert_allclose(h, states.detach().numpy(), **EXACT)
    assert_allclose(dx, x_there.grad.numpy(), **EXACT)
    assert_allclose(dh_0, h_0.grad.numpy(), **EXACT)
    for name, grad in grads.items():
        assert_allclose(grad, there[name].grad.numpy(), **EXACT, err_msg=name)


def test_it_is_a_gru_whose_gates_do_not_look_back(problem, rng):
    x, params, state, _, _ = problem(mingru, rng)
    whole = gru.init_params(D, H, rng=rng) | {"W_xz": params["W_xz"], "b_z": params["b_z"]}
    whole |= {"W_hz": np.zeros((H, H)), "W_hn": np.zeros((H, H))}
    small = 1e-4  # where the tanh of the GRU's candidate is straight
    whole |= {"W_xn": small * params["W_xn"], "b_n": small * params["b_n"]}
    h, _ = gru.forward(x, whole, (small * state[0],))
    assert_allclose(h / small, mingru.forward(x, params, state)[0], rtol=1e-6, atol=1e-6)


@both
def test_with_a_gate_that_does_not_see_the_input_it_is_a_leaky_unit(cell, low, problem, rng):
    lfilter = pytest.importorskip("scipy.signal").lfilter
    x, params, _, _, _ = problem(cell, rng, T=60)
    params["W_xz"][:] = 0
    h, _ = cell.forward(x, params)
    z = 1 / (1 + np.exp(-params["b_z"]))
    for j in range(H):
        decay = z[j] if low == 0 else 2 * z[j] - 1
        drive = (1 - z[j]) * (x @ params["W_xn"][:, j] + params["b_n"][j])
        assert_allclose(h[:, :, j], lfilter([1], [1, -decay], drive, axis=1), **EXACT)


@both
def test_what_is_left_of_the_start_is_the_product_of_the_decays(cell, low, problem, rng):
    x, params, state, _, _ = problem(cell, rng, T=30)
    h, tape = cell.forward(x, params, state)
    moved, _ = cell.forward(x, params, (state[0] + 1,))
    decay = mingru.decay_of(tape.z, low)
    assert low < decay.min()
    assert decay.max() < 1
    assert_allclose(moved[:, -1] - h[:, -1], decay.prod(axis=0), rtol=1e-9, atol=1e-12)
    dh = np.zeros_like(h)
    dh[:, -1] = 1
    assert_allclose(cell.backward(dh, tape, params)[1][0], decay.prod(axis=0), rtol=1e-9)


def test_the_state_stays_between_its_past_and_the_candidate(problem, rng):
    x, params, state, _, _ = problem(mingru, rng, T=50)
    _, tape = mingru.forward(3 * x, params, state)
    before, after = tape.h[:-1], tape.h[1:]
    assert (after >= np.minimum(tape.n, before) - 1e-14).all()
    assert (after <= np.maximum(tape.n, before) + 1e-14).all()


def test_by_hand_one_signed_unit_is_right_about_a_million_bits(rng):
    params = {"W_xz": [[-80.0]], "b_z": [0.0], "W_xn": [[0.0]], "b_n": [1.0]}
    params = {name: np.array(value) for name, value in params.items()}
    bits = rng.integers(0, 2, 10**6)
    h, _ = signed_mingru.forward((2.0 * bits - 1)[None, :, None], params)
    assert_array_equal(h[0, :, 0].round().astype(int), bits.cumsum() % 2)
    assert np.abs(h[0, -1, 0] - bits.sum() % 2) < 1e-12


@both
def test_two_halves_are_the_whole_from_any_state(cell, low, problem, rng):
    x, params, state, _, _ = problem(cell, rng, T=40)
    h, _ = cell.forward(x, params, state)
    first, tape = cell.forward(x[:, :17], params, state)
    rest, _ = cell.forward(x[:, 17:], params, tape.state)
    assert_allclose(np.concatenate([first, rest], axis=1), h, **EXACT)


@both
def test_the_gradient_is_that_of_differences_over_seventy_steps(cell, low):
    assert check_gradients(cell, T=70, H=3).ok
    for composed in (Stack(cell, 2), Final(cell), Masked(cell, np.tri(2, 5, 2, dtype=bool))):
        assert check_gradients(composed).ok


@both
def test_it_can_be_truncated(cell, low, problem, rng):
    x, params, state, dh, _ = problem(cell, rng, T=12)
    _, tape = cell.forward(x, params, state)
    dx, _, grads = truncated_backward(dh, tape, params, cell=cell, k1=4, k2=4)
    for name, grad in cell.backward(dh, tape, params)[2].items():
        assert np.abs(grads[name] - grad).max() > 1e-3
    alone = cell.backward(dh[:, 8:], tape.window(8, 12), params)[0]
    assert_allclose(dx[:, 8:], alone, **EXACT)


@pytest.mark.parametrize("cell", [gru, rnn])
def test_cells_that_look_back_are_not_linear_in_their_start(cell, problem, rng):
    x, params, _, _, _ = problem(cell, rng, T=10)
    ends = [
        cell.forward(x, params, (np.full((N, H), start),))[0][:, -1] for start in (-1.0, 0.0, 1.0)
    ]
    assert np.abs(ends[0] - 2 * ends[1] + ends[2]).max() > 1e-3
