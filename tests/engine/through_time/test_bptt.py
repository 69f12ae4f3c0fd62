from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from unrolled.engine import rnn
from unrolled.engine.bidirectional import Bidirectional
from unrolled.engine.bptt import blocks, truncated_backward
from unrolled.engine.final import Final
from unrolled.engine.masking import Masked
from unrolled.engine.stack import Stack

N, T, D, H = 2, 5, 3, 4

size = st.integers(1, 4)
steps = st.integers(1, 9)
seeds = st.integers(0, 999)


def assert_same(result, expected):
    dx, dstate, grads = result
    dx_expected, dstate_expected, grads_expected = expected
    assert_allclose(dx, dx_expected, rtol=1e-10, atol=1e-12)
    for part, part_expected in zip(dstate, dstate_expected, strict=True):
        assert_allclose(part, part_expected, rtol=1e-10, atol=1e-12)
    assert grads.keys() == grads_expected.keys()
    for name, grad in grads.items():
        assert_allclose(grad, grads_expected[name], rtol=1e-10, atol=1e-12, err_msg=name)


def drawn(cell, problem, rng, **sizes):
    """Inputs, parameters, their tape, dh, and the states before each step and after the last."""
    x, params, state, dh, _ = problem(cell, rng, **sizes)
    states = [state]
    for t in range(x.shape[1]):
        states.append(cell.step(x[:, t], states[t], params))
    return x, params, cell.forward(x, params, state)[1], dh, states


def walk_back(cell, x, params, states, dh, k1, k2):
    """Truncated BPTT as its definition reads: one step_backward at a time."""
    T = x.shape[1]
    zero = tuple(np.zeros_like(part) for part in states[0])
    dx, dstate_0 = np.zeros_like(x), zero
    grads = {name: np.zeros_like(value) for name, value in params.items()}
    previous = -1
    for e in [t for t in range(T) if (t + 1) % k1 == 0 or t == T - 1]:
        dstate = zero
        for t in range(e, max(e - k2, -1), -1):
            if t > previous:
                dstate = (dstate[0] + dh[:, t], *dstate[1:])
            dx_t, dstate, grads_t = cell.step_backward(dstate, x[:, t], states[t], params)
            dx[:, t] += dx_t
            for name, grad in grads_t.items():
                grads[name] += grad
        if t == 0:
            dstate_0 = tuple(map(np.add, dstate_0, dstate))
        previous = e
    return dx, dstate_0, grads


@settings(deadline=None, max_examples=30)
@given(N=size, T=steps, D=size, H=size, k1=steps, more=st.integers(0, 5), seed=seeds)
def test_truncated_backward_is_its_definition_walked_step_by_step(
    cell, problem, N, T, D, H, k1, more, seed
):
    rng = np.random.default_rng(seed)
    x, params, tape, dh, states = drawn(cell, problem, rng, N=N, T=T, D=D, H=H)
    k2 = k1 + more
    result = truncated_backward(dh, tape, params, cell=cell, k1=k1, k2=k2)
    assert result[0].shape == x.shape
    assert {n: g.shape for n, g in result[2].items()} == {n: v.shape for n, v in params.items()}
    assert_same(result, walk_back(cell, x, params, states, dh, k1, k2))


@settings(deadline=None, max_examples=20)
@given(T=steps, k1=steps, more=st.integers(0, 3), seed=seeds)
def test_reaching_the_first_step_is_full_bptt_whatever_k1(cell, problem, T, k1, more, seed):
    _, params, tape, dh, _ = drawn(cell, problem, np.random.default_rng(seed), T=T)
    k2 = max(k1, T + more)
    result = truncated_backward(dh, tape, params, cell=cell, k1=k1, k2=k2)
    assert_same(result, cell.backward(dh, tape, params))


@settings(deadline=None, max_examples=20)
@given(T=steps, k2=steps, seed=seeds)
def test_k1_of_one_is_the_sum_over_windows_rerun_one_by_one(cell, problem, T, k2, seed):
    x, params, tape, dh, states = drawn(cell, problem, np.random.default_rng(seed), T=T)
    dx, dstate_0 = np.zeros_like(x), [np.zeros_like(part) for part in states[0]]
    grads = {name: np.zeros_like(value) for name, value in params.items()}
    for stop in range(1, T + 1):
        start = max(0, stop - k2)
        _, window = cell.forward(x[:, start:stop], params, states[start])
        only_last = np.zeros((N, stop - start, H))
        only_last[:, -1] = dh[:, stop - 1]
        dx_window, dstate_start, grads_window = cell.backward(only_last, window, params)
        dx[:, start:stop] += dx_window
        for part, part_start in zip(dstate_0, dstate_start, strict=True):
            part += part_start if start == 0 else 0
        for name, grad in grads_window.items():
            grads[name] += grad
    result = truncated_backward(dh, tape, params, cell=cell, k1=1, k2=k2)
    assert_same(result, (dx, dstate_0, grads))


@pytest.mark.parametrize("k", [1, 2, 3, 6])
def test_equal_k1_and_k2_cut_the_sequence_into_separate_blocks(cell, problem, rng, k):
    x, params, tape, dh, states = drawn(cell, problem, rng, T=6)
    dx, _, grads = truncated_backward(dh, tape, params, cell=cell, k1=k, k2=k)
    for start in range(0, 6, k):
        block = slice(start, start + k)
        _, alone = cell.forward(x[:, block], params, states[start])
        dx_block, _, grads_block = cell.backward(dh[:, block], alone, params)
        assert_allclose(dx[:, block], dx_block, rtol=1e-10, atol=1e-12)
        grads = {name: grad - grads_block[name] for name, grad in grads.items()}
    for name, rest in grads.items():
        assert_allclose(rest, 0, atol=1e-12, err_msg=name)


@pytest.mark.parametrize(("k1", "k2"), [(1, 1), (1, 2), (1, 4), (2, 2), (2, 3), (3, 4), (4, 4)])
@pytest.mark.parametrize("t_loss", range(T))
def test_a_loss_reaches_the_steps_that_the_definition_names_and_no_others(
    cell, problem, rng, k1, k2, t_loss
):
    _, params, tape, dh, _ = drawn(cell, problem, rng)
    dh[:, [t for t in range(T) if t != t_loss]] = 0
    dx, dstate, _ = truncated_backward(dh, tape, params, cell=cell, k1=k1, k2=k2)
    e = min(T - 1, (t_loss // k1 + 1) * k1 - 1)
    reached = [e - k2 < t <= t_loss for t in range(T)]
    assert (dx != 0).all(axis=(0, 2)).tolist() == reached
    assert (dx != 0).any(axis=(0, 2)).tolist() == reached
    assert all((part != 0).all() == (e - k2 < 0) for part in dstate)


def test_truncation_changes_every_recurrent_gradient(cell, problem, rng):
    _, params, tape, dh, _ = drawn(cell, problem, rng)
    full = cell.backward(dh, tape, params)[2]
    cut = truncated_backward(dh, tape, params, cell=cell, k1=1, k2=2)[2]
    for name in [name for name in params if name.startswith("W_h")]:
        assert np.abs(cut[name] - full[name]).max() > 0.01 * np.abs(full[name]).max(), name


@pytest.mark.parametrize(("k1", "k2", "calls"), [(1, 2, 5), (2, 2, 3), (3, 4, 2), (1, 5, 1)])
def test_the_cell_goes_back_once_for_each_block_and_never_farther_than_k2(
    cell, problem, rng, k1, k2, calls
):
    _, params, tape, dh, _ = drawn(cell, problem, rng)
    lengths = []

    def backward(dh, tape, params):
        lengths.append(dh.shape[1])
        return cell.backward(dh, tape, params)

    truncated_backward(dh, tape, params, cell=SimpleNamespace(backward=backward), k1=k1, k2=k2)
    assert len(lengths) == calls
    assert max(lengths) <= k2


@pytest.mark.parametrize(("k1", "k2"), [(1, 3), (2, 2), (2, 7)])
def test_truncated_backward_writes_into_none_of_its_inputs(cell, problem, rng, k1, k2):
    _, params, tape, dh, _ = drawn(cell, problem, rng)
    for array in (dh, *tape, *params.values()):
        array.setflags(write=False)
    truncated_backward(dh, tape, params, cell=cell, k1=k1, k2=k2)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_of_the_parameters_rules(cell, problem, rng, dtype):
    _, params, tape, dh, _ = drawn(cell, problem, rng, dtype=dtype)
    dx, dstate, grads = truncated_backward(dh, tape, params, cell=cell, k1=1, k2=3)
    assert {array.dtype for array in [dx, *dstate, *grads.values()]} == {np.dtype(dtype)}


@settings(deadline=None)
@given(T=st.integers(1, 30), k1=st.integers(1, 40))
def test_blocks_cover_every_step_once_and_only_the_last_is_shorter(T, k1):
    covered = [t for first, stop in blocks(T, k1) for t in range(first, stop)]
    assert covered == list(range(T))
    assert {stop - first for first, stop in blocks(T, k1)[:-1]} <= {k1}


@pytest.mark.parametrize(("k1", "k2"), [(3, 2), (0, 2), (0, 0), (-1, 3), (9, 8)])
def test_losses_cannot_wait_longer_than_they_reach(cell, problem, rng, k1, k2):
    _, params, tape, dh, _ = drawn(cell, problem, rng)
    with pytest.raises(ValueError, match=f"1 <= k1 <= k2; got k1={k1}, k2={k2}"):
        truncated_backward(dh, tape, params, cell=cell, k1=k1, k2=k2)


@pytest.mark.parametrize("k2", [2, T])
@pytest.mark.parametrize("T_dh", [T - 1, T + 1])
def test_dh_must_be_as_long_as_the_tape(cell, problem, rng, T_dh, k2):
    _, params, tape, _, _ = drawn(cell, problem, rng)
    with pytest.raises(ValueError, match=r"dh has .* steps but the tape has"):
        truncated_backward(np.ones((N, T_dh, H)), tape, params, cell=cell, k1=1, k2=k2)


@pytest.mark.parametrize("k2", [2, T])
def test_truncated_backward_does_not_cast_dh(cell, problem, rng, k2):
    _, params, tape, dh, _ = drawn(cell, problem, rng)
    with pytest.raises(ValueError, match="dh is float32 but the hidden states are float64"):
        truncated_backward(dh.astype(np.float32), tape, params, cell=cell, k1=1, k2=k2)


@pytest.mark.parametrize(
    "made",
    [
        Bidirectional(rnn),
        Masked(rnn, np.ones((2, 5), bool)),
        Stack(Bidirectional(rnn), 2),
        Final(rnn),
    ],
    ids=["bidirectional", "masked", "stack", "final"],
)
def test_what_cannot_be_truncated_says_so(made, rng):
    params = made.init_params(3, 4, rng=rng)
    h, tape = made.forward(rng.standard_normal((2, 5, 3)), params)
    with pytest.raises(ValueError, match="cannot be truncated"):
        truncated_backward(h, tape, params, cell=made, k1=2, k2=2)
