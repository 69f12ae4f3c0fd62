import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from unrolled.analysis.gates import bias_to_keep, clamped, gru_reset_before, log10_kept
from unrolled.engine import gru, lstm

N, T, D, H = 3, 7, 4, 5


def an_lstm(rng, dtype=np.float64):
    """Inputs and parameters in which no bias is zero."""
    params = lstm.init_params(D, H, rng=rng, dtype=dtype)
    for gate in "ifgo":
        params[f"b_{gate}"] += rng.standard_normal(H).astype(dtype)
    return rng.standard_normal((N, T, D)).astype(dtype), params


def a_gru(rng, b_hn=0.0):
    params = gru.init_params(D, H, rng=rng)
    for gate in "rzn":
        params[f"b_{gate}"] += 0.5 * rng.standard_normal(H)
    params["b_hn"] += b_hn
    return rng.standard_normal((N, T, D)), params


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 999))
def test_without_a_clamp_it_is_the_forward_pass(seed):
    x, params = an_lstm(np.random.default_rng(seed))
    h, tape = lstm.forward(x, params)
    for held in (None, {}):
        found = clamped(x, params, held)
        assert set(found) == set("ifgoch")
        assert_allclose(found["h"], h, rtol=0, atol=1e-13)
        assert_allclose(found["c"], tape.c[1:].transpose(1, 0, 2), rtol=0, atol=1e-13)
        for gate in "ifgo":
            assert_allclose(found[gate], tape.gate(gate), rtol=0, atol=1e-13)


@pytest.mark.parametrize("gate", list("ifgo"))
def test_a_gate_that_is_held_stays_there_and_the_equations_still_hold(rng, gate):
    x, params = an_lstm(rng)
    found = clamped(x, params, {gate: 0.25})
    assert (found[gate] == 0.25).all()
    c_prev = np.concatenate([np.zeros((N, 1, H)), found["c"][:, :-1]], axis=1)
    assert_allclose(found["c"], found["f"] * c_prev + found["i"] * found["g"], atol=1e-15)
    assert_allclose(found["h"], found["o"] * np.tanh(found["c"]), atol=1e-15)


def test_the_other_gates_hear_of_it_one_step_later(rng):
    x, params = an_lstm(rng)
    free, held = clamped(x, params), clamped(x, params, {"o": 0})
    assert_array_equal(held["i"][:, 0], free["i"][:, 0])
    assert (held["i"][:, 1] != free["i"][:, 1]).all()


def test_a_large_bias_holds_a_gate_open(rng):
    x, params = an_lstm(rng)
    opened = {**params, "b_f": np.full(H, 60.0)}
    assert_allclose(clamped(x, params, {"f": 1})["h"], lstm.forward(x, opened)[0], atol=1e-13)


def test_single_units_can_be_held(rng):
    x, params = an_lstm(rng)
    values = np.linspace(0, 1, H)
    assert (clamped(x, params, {"i": values})["i"] == values).all()


def test_the_dtype_of_the_parameters_rules(rng):
    x, params = an_lstm(rng, np.float32)
    found = clamped(x, params, {"f": 0.5})
    assert {value.dtype for value in found.values()} == {np.dtype(np.float32)}
    i, f, g, c = (found[name] for name in "ifgc")
    assert_array_equal(c[:, 1:], f[:, 1:] * c[:, :-1] + i[:, 1:] * g[:, 1:])  # not in float64 first


@pytest.mark.parametrize(
    ("change", "message"),
    [({"clamp": {"z": 1}}, "are i, f, g and o; got"), ({"x": np.zeros((T, D))}, "three axes")],
)
def test_what_does_not_fit_is_named(rng, change, message):
    x, params = an_lstm(rng)
    with pytest.raises(ValueError, match=message):
        clamped(**{"x": x, "params": params} | change)


def test_what_is_left_of_a_cell_that_only_its_forget_gate_moves(rng):
    """A cell of 2 that nothing is written to, with the gate's bias and nothing else."""
    params = {name: np.zeros_like(value) for name, value in an_lstm(rng)[1].items()}
    params["b_f"] += 1.5
    x, state = np.zeros((1, 30, D)), (np.zeros((1, H)), np.full((1, H), 2.0))
    c = lstm.forward(x, params, state)[1].c[1:, 0, 0]
    assert_allclose(10 ** log10_kept(1.5, np.arange(1, 31)), c / 2, rtol=1e-12)


@pytest.mark.parametrize(("bias", "left"), [(0, 8.88e-16), (1, 1.58e-7), (3, 0.0881), (5, 0.715)])
def test_what_is_left_after_fifty_steps(bias, left):
    assert 10 ** log10_kept(bias, 50) == pytest.approx(left, rel=0.005)


def test_the_logarithm_is_there_where_the_number_is_not():
    assert log10_kept(-1000, 50) == pytest.approx(-50 * 1000 / np.log(10))


@pytest.mark.parametrize("lag", [1, 7, 200])
@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_the_bias_to_keep_a_share_keeps_it(share, lag):
    assert 10 ** log10_kept(bias_to_keep(share, lag), lag) == pytest.approx(share)


def with_reset(params, bias):
    """Reset gates that are the same for every unit and step."""
    zero = {name: np.zeros_like(params[name]) for name in ("W_xr", "W_hr")}
    return {**params, **zero, "b_r": np.full(H, bias)}


@pytest.mark.parametrize("bias", [-1.0, 0.0, 60.0])
def test_with_equal_reset_gates_both_forms_agree(rng, bias):
    x, params = a_gru(rng)
    params = with_reset(params, bias)
    assert_allclose(gru_reset_before(x, params), gru.forward(x, params)[0], rtol=0, atol=1e-13)


def test_with_an_open_reset_gate_only_the_second_bias_is_between_them(rng):
    x, params = a_gru(rng, b_hn=0.7)
    params = with_reset(params, 60.0)
    before, after = gru_reset_before(x, params), gru.forward(x, params)[0]
    assert np.abs(before - after).max() > 0.01
    moved = {**params, "b_n": params["b_n"] + params["b_hn"]}
    assert_allclose(gru_reset_before(x, moved), after, rtol=0, atol=1e-13)


def test_with_reset_gates_that_differ_the_forms_differ(rng):
    x, params = a_gru(rng)
    before, after = gru_reset_before(x, params), gru.forward(x, params)[0]
    assert_allclose(before[:, 0], after[:, 0], atol=1e-15)
    assert np.abs(before - after)[:, 1:].max() > 1e-3


@pytest.mark.parametrize("shape", [(N, H + 1), (N + 1, H)])
def test_a_state_that_does_not_fit_is_refused(rng, shape):
    x, params = a_gru(rng)
    with pytest.raises(ValueError, match=r"the initial state must have shape \(N, H\) = \(3, 5\)"):
        gru_reset_before(x, params, (np.zeros(shape),))


def test_reset_before_is_what_the_paper_writes(rng):
    """One step from a given state, unit by unit."""
    x, params = a_gru(rng)
    h_0 = rng.standard_normal((N, H))
    found = gru_reset_before(x[:, :1], params, (h_0,))[:, 0]
    r, z, _, _ = gru.gates(x[:, 0], h_0, params)
    for k in range(H):
        reset = (r * h_0) @ params["W_hn"][:, k]
        n = np.tanh(x[:, 0] @ params["W_xn"][:, k] + params["b_n"][k] + reset)
        assert_allclose(found[:, k], (1 - z[:, k]) * n + z[:, k] * h_0[:, k], atol=1e-14)
