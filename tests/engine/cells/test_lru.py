"""Pairs of units that turn and shrink: what every cell is tested for, and what only these have."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from unrolled.engine import lru, rnn
from unrolled.engine.bidirectional import Bidirectional
from unrolled.engine.bptt import truncated_backward
from unrolled.engine.final import Final
from unrolled.engine.gradcheck import check_gradients
from unrolled.engine.masking import Masked
from unrolled.engine.stack import Stack

N, T, D, H = 2, 7, 3, 4
EXACT = {"rtol": 1e-10, "atol": 1e-12}


@pytest.fixture
def run(rng):
    """x, params, state, dh, dstate."""

    def normal(*shape):
        return rng.standard_normal(shape)

    params = {
        name: a + 0.1 * normal(*a.shape) for name, a in lru.init_params(D, H, rng=rng).items()
    }
    return normal(N, T, D), params, (normal(N, 2 * H),), normal(N, T, 2 * H), (normal(N, 2 * H),)


def loop(x, params, state):
    states = [state]
    for t in range(x.shape[1]):
        states.append(lru.step(x[:, t], states[t], params))
    return states


def assert_same(result, expected):
    for array, other in zip(
        (result[0], *result[1], *result[2].values()),
        (expected[0], *expected[1], *expected[2].values()),
        strict=True,
    ):
        assert_allclose(array, other, **EXACT)
    assert list(result[2]) == list(expected[2])


@pytest.mark.parametrize("sizes", [{}, {"T": 70, "H": 3}, {"N": 1, "T": 1}, {"D": 1, "H": 1}])
def test_all_seven_gradients_match_central_differences(sizes):
    report = check_gradients(lru, **sizes)
    assert report.ok, report
    assert list(report.errors) == ["x", "h_0", "nu", "theta", "gamma", "W_re", "W_im"]


MASK = np.array([[1, 1, 1, 0, 0], [1, 1, 1, 1, 1]], bool)


@pytest.mark.parametrize(
    "cell",
    [
        Stack(lru, 2),
        Masked(lru, MASK),
        Bidirectional(lru),
        Final(lru),
        Stack(Bidirectional(lru), 2),
    ],
    ids=["stack", "masked", "both ways", "final", "stack of both ways"],
)
def test_cells_made_of_it_have_the_right_gradients(cell):
    report = check_gradients(cell)
    assert report.ok, report


def test_forward_and_backward_are_loops_of_steps(run):
    x, params, state, dh, dstate = run
    states = loop(x, params, state)
    h, tape = lru.forward(x, params, state)
    assert_allclose(h, np.stack([h_t for (h_t,) in states[1:]], axis=1), **EXACT)
    assert_array_equal(tape.state[0], h[:, -1])
    dx, back, grads = np.empty_like(x), dstate, {name: 0 for name in params}
    for t in reversed(range(T)):
        dx[:, t], back, found = lru.step_backward((back[0] + dh[:, t],), x[:, t], states[t], params)
        grads = {name: grads[name] + found[name] for name in params}
    assert_same(lru.backward(dh, tape, params, dstate), (dx, back, grads))


def test_the_pairs_are_complex_numbers_that_are_multiplied(run):
    x, params, (h_0,), _, _ = run
    h, _ = lru.forward(x, params, (h_0,))
    turn = np.exp(-np.exp(params["nu"]) + 1j * np.exp(params["theta"]))
    weights = np.exp(params["gamma"]) * (params["W_re"] + 1j * params["W_im"])
    pairs = h_0[:, :H] + 1j * h_0[:, H:]
    for t in range(T):
        pairs = turn * pairs + x[:, t] @ weights
    assert_allclose(h[:, -1, :H] + 1j * h[:, -1, H:], pairs, **EXACT)


def test_the_other_sign_of_all_angles_mirrors_the_second_coordinates(run):
    x, params, _, _, _ = run
    mirrored = params | {
        "theta": np.log(2 * np.pi - np.exp(params["theta"])),
        "W_im": -params["W_im"],
    }
    h, other = lru.forward(x, params)[0], lru.forward(x, mirrored)[0]
    assert_allclose(other, h * np.repeat([1, -1], H), rtol=1e-9, atol=1e-12)


def test_same_gradients_as_autograd(run):
    torch = pytest.importorskip("torch")
    x, params, state, dh, dstate = run
    leaves = {
        name: torch.tensor(value, requires_grad=True)
        for name, value in {"x": x, "h_0": state[0], **params}.items()
    }
    r, angle = torch.exp(-torch.exp(leaves["nu"])), torch.exp(leaves["theta"])
    turn = torch.polar(r, angle)
    weights = torch.exp(leaves["gamma"]) * torch.complex(leaves["W_re"], leaves["W_im"])
    pairs = torch.complex(leaves["h_0"][:, :H], leaves["h_0"][:, H:])
    loss = 0
    for t in range(T):
        pairs = turn * pairs + leaves["x"][:, t].to(weights.dtype) @ weights
        h_t = torch.cat([pairs.real, pairs.imag], dim=1)
        loss = loss + (h_t * torch.tensor(dh[:, t])).sum()
    (loss + (h_t * torch.tensor(dstate[0])).sum()).backward()
    dx, (dh_0,), grads = lru.backward(dh, lru.forward(x, params, state)[1], params, dstate)
    for name, gradient in {"x": dx, "h_0": dh_0, **grads}.items():
        assert_allclose(gradient, leaves[name].grad.numpy(), **EXACT, err_msg=name)


def test_two_halves_are_the_whole(run):
    x, params, state, dh, dstate = run
    h, tape = lru.forward(x, params, state)
    first, tape_first = lru.forward(x[:, :3], params, state)
    rest, tape_rest = lru.forward(x[:, 3:], params, tape_first.state)
    assert_allclose(np.concatenate([first, rest], axis=1), h, **EXACT)
    dx_rest, middle, late = lru.backward(dh[:, 3:], tape_rest, params, dstate)
    dx_first, dstate_0, early = lru.backward(dh[:, :3], tape_first, params, middle)
    both = np.concatenate([dx_first, dx_rest], axis=1), dstate_0
    grads = {name: early[name] + late[name] for name in early}
    assert_same(lru.backward(dh, tape, params, dstate), (*both, grads))


@pytest.mark.parametrize("k", [1, 2, 3, 6])
def test_truncated_backward_is_what_blocks_give(run, k):
    x, params, _, dh, _ = run
    x, dh = x[:, :6], dh[:, :6]
    _, tape = lru.forward(x, params)
    dx, _, grads = truncated_backward(dh, tape, params, cell=lru, k1=k, k2=k)
    state, blocks = None, []
    for t in range(0, 6, k):
        _, block = lru.forward(x[:, t : t + k], params, state)
        state = block.state
        blocks.append(lru.backward(dh[:, t : t + k], block, params))
    assert_allclose(dx, np.concatenate([b[0] for b in blocks], axis=1), **EXACT)
    for name in grads:
        assert_allclose(grads[name], sum(b[2][name] for b in blocks), **EXACT)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_of_the_parameters_rules_and_nothing_is_written_into(rng, dtype):
    params = lru.init_params(D, H, rng=rng, dtype=dtype)
    x, dh = (rng.standard_normal(s).astype(dtype) for s in ((N, 90, D), (N, 90, 2 * H)))
    state = (np.ones((N, 2 * H), dtype),)
    for array in (x, dh, *state, *params.values()):
        array.setflags(write=False)
    h, tape = lru.forward(x, params, state)
    for array in tape:
        array.setflags(write=False)
    dx, back, grads = lru.backward(dh, tape, params, state)
    stepped = lru.step_backward(state, x[:, 0], state, params)
    arrays = [h, *tape, dx, *back, *grads.values(), *lru.step(x[:, 0], state, params)]
    arrays += [stepped[0], *stepped[1], *stepped[2].values()]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}
    again = lru.backward(dh, tape, params, state)
    assert all((a == b).all() for a, b in zip(grads.values(), again[2].values(), strict=True))


def test_a_turn_starts_in_the_ring_spread_over_its_area(rng):
    params = lru.init_params(1, 20000, rng=rng, r_min=0.5, r_max=0.9, phase=np.pi / 2)
    r, angle = np.exp(-np.exp(params["nu"])), np.exp(params["theta"])
    assert 0.5 <= r.min() < 0.501
    assert 0.899 < r.max() <= 0.9
    assert 0 < angle.min() < 0.001
    assert np.pi / 2 - 0.001 < angle.max() <= np.pi / 2
    assert abs((r**2).mean() - (0.5**2 + 0.9**2) / 2) < 0.005  # uniform in r squared
    assert_allclose(np.exp(2 * params["gamma"]), 1 - r**2, rtol=1e-10)


def test_inputs_of_variance_one_give_states_of_variance_one(rng):
    params = lru.init_params(5, 300, rng=rng, r_min=0.5, r_max=0.95)
    h, _ = lru.forward(rng.standard_normal((20, 300, 5)), params)
    assert abs(h[:, 200:].var() - 1) < 0.1


def test_its_tape_is_as_large_as_that_of_an_rnn_with_as_many_numbers(rng):
    x = rng.standard_normal((2, 50, 3))
    _, tape = lru.forward(x, lru.init_params(3, 8, rng=rng))
    _, other = rnn.forward(x, rnn.init_params(3, 16, rng=rng))
    assert sum(a.nbytes for a in tape) == sum(a.nbytes for a in other)


@pytest.mark.parametrize(("D", "H"), [(0, 4), (3, 0), (-1, 4)])
def test_init_params_refuses_sizes_below_one(rng, D, H):
    with pytest.raises(ValueError, match=f"at least 1; got D={D}, H={H}"):
        lru.init_params(D, H, rng=rng)


@pytest.mark.parametrize("ring", [{"r_min": 0.0}, {"r_max": 1.0}, {"r_max": 0.8}, {"phase": 0}])
def test_init_params_refuses_what_is_no_ring(rng, ring):
    with pytest.raises(ValueError, match="0 < r_min <= r_max < 1 and phase > 0"):
        lru.init_params(2, 3, rng=rng, **ring)


def test_what_does_not_fit_is_named(run):
    x, params, state, dh, _ = run
    half = (state[0][:, :H],)
    for arguments, match in (
        ((x, params, half), r"\(N, 2 H\) = \(2, 8\); got \(2, 4\)"),
        ((x, params, state[0]), "tuple of 1"),
        ((x, params, (state[0].astype(np.float32),)), "state is float32 but W_re is float64"),
        ((x[:, :, :2], params), "2 inputs per time step but W_re expects 3"),
        ((x * np.nan, params), "x holds nan"),
        ((x.astype(np.float32), params), "x is float32"),
    ):
        with pytest.raises(ValueError, match=match):
            lru.forward(*arguments)
    _, tape = lru.forward(x, params)
    with pytest.raises(ValueError, match="dh must have the shape of h"):
        lru.backward(dh[:, :, :H], tape, params)
