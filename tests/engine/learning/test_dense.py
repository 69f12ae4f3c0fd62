import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from unrolled.engine import dense
from unrolled.engine.gradcheck import numerical_gradient, relative_error

N, T, H, K = 2, 5, 4, 6

size = st.integers(1, 6)


def problem(rng, *leading, H=H, K=K, dtype=np.float64):
    """Hidden states, parameters and the gradient of the logits."""
    params = dense.init_params(H, K, rng=rng, dtype=dtype)
    params["b_y"] += rng.standard_normal(K).astype(dtype)
    h = rng.standard_normal((*leading, H)).astype(dtype)
    return h, params, rng.standard_normal((*leading, K)).astype(dtype)


@settings(deadline=None, max_examples=25)
@given(leading=st.lists(size, max_size=3), H=size, K=size, seed=st.integers(0, 999))
def test_any_number_of_leading_axes_goes_through_the_readout(leading, H, K, seed):
    h, params, dlogits = problem(np.random.default_rng(seed), *leading, H=H, K=K)
    logits = dense.forward(h, params)
    dh, grads = dense.backward(dlogits, h, params)
    assert logits.shape == (*leading, K)
    assert dh.shape == h.shape
    assert {name: grad.shape for name, grad in grads.items()} == {"W_hy": (H, K), "b_y": (K,)}


def test_the_logits_are_the_formula_written_out(rng):
    h, params, _ = problem(rng, N, T)
    expected = np.einsum("nth,hk->ntk", h, params["W_hy"]) + params["b_y"]
    assert_allclose(dense.forward(h, params), expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("leading", [(N,), (N, T)])
def test_backward_matches_central_differences(rng, leading):
    h, params, dlogits = problem(rng, *leading)

    def loss():
        return (dense.forward(h, params) * dlogits).sum()

    dh, grads = dense.backward(dlogits, h, params)
    arrays = {"h": h, **params}
    computed = {"h": dh, **grads}
    assert computed.keys() == arrays.keys()
    for name, array in arrays.items():
        assert relative_error(computed[name], numerical_gradient(loss, array)) < 1e-7, name


def test_the_readout_of_all_steps_is_the_sum_of_its_readouts_at_each_step(rng):
    h, params, dlogits = problem(rng, N, T)
    dh, grads = dense.backward(dlogits, h, params)
    steps = [dense.backward(dlogits[:, t], h[:, t], params) for t in range(T)]
    assert_allclose(dh, np.stack([dh_t for dh_t, _ in steps], axis=1), rtol=1e-12)
    for name, grad in grads.items():
        assert_allclose(grad, sum(grads_t[name] for _, grads_t in steps), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_of_the_parameters_rules(rng, dtype):
    h, params, dlogits = problem(rng, N, T, dtype=dtype)
    dh, grads = dense.backward(dlogits, h, params)
    arrays = [*params.values(), dense.forward(h, params), dh, *grads.values()]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}


def test_the_readout_writes_into_none_of_its_inputs(rng):
    h, params, dlogits = problem(rng, N, T)
    for array in (h, dlogits, *params.values()):
        array.setflags(write=False)
    dense.forward(h, params)
    dense.backward(dlogits, h, params)


def test_init_params_keeps_the_variance_of_its_inputs(rng):
    params = dense.init_params(400, 50, rng=rng)
    assert math.isclose(params["W_hy"].std(), 1 / math.sqrt(400), rel_tol=0.02)
    assert (params["b_y"] == 0).all()


def test_forward_names_both_sizes_when_the_hidden_states_do_not_fit(rng):
    _, params, _ = problem(rng, N, T)
    with pytest.raises(ValueError, match=r"h has 5 hidden units but W_hy expects 4; .*\(2, 4, 5\)"):
        dense.forward(np.zeros((N, H, T)), params)


@pytest.mark.parametrize(("H", "K"), [(0, 6), (4, 0)])
def test_init_params_refuses_sizes_below_one(rng, H, K):
    with pytest.raises(ValueError, match=f"at least 1; got H={H}, K={K}"):
        dense.init_params(H, K, rng=rng)


@pytest.mark.parametrize("name", ["W_hy", "b_y"])
def test_a_parameter_that_is_missing_is_named(rng, name):
    h, params, _ = problem(rng, N, T)
    del params[name]
    with pytest.raises(ValueError, match=rf"params has no {name}; it has \['.*_.*y'\]"):
        dense.forward(h, params)
