import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from unrolled.analysis.truncation import by_lag, cosine, kept, pair_gradients, reach
from unrolled.engine import rnn
from unrolled.engine.bptt import truncated_backward

N, T, D, H = 2, 5, 3, 4
P = (D + H + 1) * H

size = st.integers(1, 4)
steps = st.integers(1, 11)
seeds = st.integers(0, 999)


def problem(rng, N=N, T=T, D=D, H=H):
    """dh, the tape of random inputs from a random state, and parameters."""
    params = rnn.init_params(D, H, rng=rng)
    params["b_h"] += 0.3 * rng.standard_normal(H)
    x, h_0 = rng.standard_normal((N, T, D)), rng.standard_normal((N, H))
    return rng.standard_normal((N, T, H)), rnn.forward(x, params, (h_0,))[1], params


def flat(grads):
    """A gradient dictionary as one vector, in the order of `pair_gradients`."""
    return np.concatenate([grads[name].ravel() for name in ("W_xh", "W_hh", "b_h")])


@settings(deadline=None, max_examples=40)
@given(N=size, T=steps, D=size, H=size, seed=seeds)
def test_all_pairs_together_are_full_bptt(N, T, D, H, seed):
    dh, tape, params = problem(np.random.default_rng(seed), N, T, D, H)
    pairs = pair_gradients(dh, tape, params)
    assert pairs.shape == (T, T, (D + H + 1) * H)
    expected = flat(rnn.backward(dh, tape, params)[2])
    assert_allclose(pairs.sum(axis=(0, 1)), expected, rtol=1e-9, atol=1e-12)


def test_a_pair_is_one_loss_at_one_visit_to_the_weights(rng):
    dh, tape, params = problem(rng)
    pairs = pair_gradients(dh, tape, params)
    for e in range(T):
        dh_t = dh[:, e]
        for lag in range(e + 1):
            t = e - lag
            _, (dh_t,), grads = rnn.step_backward((dh_t,), tape.x[t], (tape.h[t],), params)
            assert_allclose(pairs[lag, e], flat(grads), rtol=1e-9, atol=1e-12)


def test_no_loss_reaches_back_beyond_the_first_step(rng):
    lag, e = np.indices((T, T))
    pairs = pair_gradients(*problem(rng))
    assert pairs.shape == (T, T, P)
    assert not pairs[e < lag].any()
    assert pairs[e >= lag].any(axis=1).all()


@settings(deadline=None, max_examples=120)
@given(N=size, T=steps, D=size, H=size, k1=steps, more=st.integers(0, 6), seed=seeds)
def test_truncation_keeps_some_pairs_and_changes_none(N, T, D, H, k1, more, seed):
    dh, tape, params = problem(np.random.default_rng(seed), N, T, D, H)
    k2 = k1 + more
    gradient = by_lag(pair_gradients(dh, tape, params), kept(T, k1, k2)).sum(axis=0)
    expected = truncated_backward(dh, tape, params, cell=rnn, k1=k1, k2=k2)[2]
    assert_allclose(gradient, flat(expected), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("T", [12, 13])
@pytest.mark.parametrize("k1", [1, 2, 3, 5, 12])
@pytest.mark.parametrize("k2", [1, 3, 4, 6, 11, 12, 40])
def test_each_loss_reaches_as_far_as_the_definition_says(T, k1, k2):
    if k1 > k2:
        k1, k2 = k2, k1
    expected = np.zeros((T, T), bool)
    previous = -1
    for e in [t for t in range(T) if (t + 1) % k1 == 0 or t == T - 1]:
        for loss in range(previous + 1, e + 1):
            for t in range(loss + 1):
                expected[loss - t, loss] = e - k2 < t
        previous = e
    assert kept(T, k1, k2).tolist() == expected.tolist()
    assert reach(T, k1, k2).tolist() == (expected.sum(axis=0) - 1).tolist()


def test_detached_blocks_let_the_losses_of_a_block_reach_its_start():
    assert reach(6, k1=3, k2=3).tolist() == [0, 1, 2, 0, 1, 2]
    assert reach(6, k1=3, k2=3).dtype == int  # a number of steps indexes
    assert reach(7, k1=3, k2=3).tolist() == [0, 1, 2, 0, 1, 2, 2]
    assert reach(6, k1=1, k2=3).tolist() == [0, 1, 2, 2, 2, 2]
    assert reach(6, k1=4, k2=6).tolist() == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("k1", [1, 2, 5, 9])
def test_reaching_over_the_whole_sequence_keeps_every_pair(rng, k1):
    pairs = pair_gradients(*problem(rng))
    keep = kept(T, k1, max(k1, T))
    assert_allclose(by_lag(pairs, keep), by_lag(pairs), rtol=1e-12)
    assert by_lag(pairs).shape == (T, P)


def test_when_every_loss_goes_back_alone_the_cut_leaves_the_lags_below_k2_untouched(rng):
    pairs = pair_gradients(*problem(rng))
    full, cut = by_lag(pairs), by_lag(pairs, kept(T, 1, 3))
    assert_allclose(cut[:3], full[:3], rtol=1e-12)
    assert not cut[3:].any()


def test_the_dtype_of_the_states_rules(rng):
    params = rnn.init_params(D, H, rng=rng, dtype=np.float32)
    h, tape = rnn.forward(rng.standard_normal((N, T, D)).astype(np.float32), params)
    pairs = pair_gradients(h, tape, params)
    assert {pairs.dtype, by_lag(pairs).dtype, by_lag(pairs, kept(T, 1, 3)).dtype} == {h.dtype}


def test_taking_a_gradient_apart_writes_into_none_of_its_inputs(rng):
    dh, tape, params = problem(rng)
    for array in (dh, *tape, *params.values()):
        array.setflags(write=False)
    pair_gradients(dh, tape, params)


def test_the_cosine_sees_the_direction_and_not_the_length():
    a, b = np.array([3.0, 4.0]), np.array([-4.0, 3.0])
    assert cosine(a, 10 * a) == pytest.approx(1)
    assert cosine(a, -a) == pytest.approx(-1)
    assert cosine(a, b) == pytest.approx(0)
    assert cosine(a, a + b) == pytest.approx(0.5**0.5)
    assert np.isnan(cosine(a, 0 * b))
