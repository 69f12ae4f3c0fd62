"""The mean over many draws is the gradient, and a cut without its factor is not."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from unrolled.engine import rnn, unbiased
from unrolled.engine.bptt import truncated_backward
from unrolled.engine.stack import Stack

DRAWS = 800


def off_in_standard_errors(draws, right):
    """How far the mean of the draws is from the gradients, number by number, one array."""
    found = []
    for name, value in right.items():
        values = np.array([draw[name] for draw in draws])
        error = values.std(axis=0, ddof=1) / np.sqrt(len(draws))
        found.append(((values.mean(axis=0) - value) / np.maximum(error, 1e-12)).ravel())
    return np.concatenate(found)


@pytest.fixture
def small(problem, rng):
    """A network with all that belongs to it, and its right gradient."""
    x, params, state, dh, _ = problem(rnn, rng, N=2, T=6, D=2, H=3)
    tape = rnn.forward(x, params, state)[1]
    return x, params, state, dh, tape, rnn.backward(dh, tape, params)[2]


def test_the_mean_of_uoro_is_the_gradient(small, rng):
    x, params, state, dh, _, right = small
    how = {"cell": rnn, "rng": rng, "state": state}
    off = off_in_standard_errors([unbiased.uoro(x, dh, params, **how) for _ in range(DRAWS)], right)
    assert np.abs(off).max() < 4
    assert 0.5 < np.sqrt(np.mean(off**2)) < 1.6


def test_uoro_of_one_step_and_one_unit_is_exact(problem, rng):
    x, params, state, dh, _ = problem(rnn, rng, N=1, T=1, D=2, H=1)
    right = rnn.backward(dh, rnn.forward(x, params, state)[1], params)[2]
    found = unbiased.uoro(x, dh, params, cell=rnn, rng=rng, state=state)
    for name, grad in right.items():
        assert_allclose(found[name], grad, rtol=1e-12)


@pytest.mark.parametrize("length", [1.5, 3, 20])
def test_the_mean_of_random_cuts_is_the_gradient(small, rng, length):
    _, params, _, dh, tape, right = small
    how = {"cell": rnn, "length": length, "rng": rng}
    draws = [unbiased.random_truncation(dh, tape, params, **how) for _ in range(DRAWS)]
    off = off_in_standard_errors([grads for _, _, grads in draws], right)
    assert np.abs(off).max() < 4
    dx, dstate, _ = rnn.backward(dh, tape, params)
    for i, part in enumerate((dx, dstate[0])):
        values = np.array([(draw[0], draw[1][0])[i] for draw in draws])
        error = values.std(axis=0) / np.sqrt(DRAWS)
        assert (np.abs(values.mean(axis=0) - part) <= 4.5 * error + 1e-12).all()


def test_the_mean_of_cuts_at_fixed_places_is_not(small):
    _, params, _, dh, tape, right = small
    cut = truncated_backward(dh, tape, params, cell=rnn, k1=1, k2=3)[2]
    assert np.abs(cut["W_hh"] - right["W_hh"]).max() > 0.02 * np.abs(right["W_hh"]).max()


def test_cuts_that_hardly_ever_come_leave_the_gradient(cell, problem, rng):
    x, params, state, dh, _ = problem(cell, rng)
    tape = cell.forward(x, params, state)[1]
    found = unbiased.random_truncation(dh, tape, params, cell=cell, length=1e14, rng=rng)
    for name, grad in cell.backward(dh, tape, params)[2].items():
        assert_allclose(found[2][name], grad, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_of_the_parameters_rules(problem, rng, dtype):
    x, params, state, dh, _ = problem(rnn, rng, dtype=dtype)
    grads = unbiased.uoro(x, dh, params, cell=rnn, rng=rng, state=state)
    assert {grad.dtype for grad in grads.values()} == {np.dtype(dtype)}
    tape = rnn.forward(x, params, state)[1]
    dx, dstate, grads = unbiased.random_truncation(dh, tape, params, cell=rnn, length=3, rng=rng)
    assert {array.dtype for array in (dx, *dstate, *grads.values())} == {np.dtype(dtype)}


def test_what_does_not_fit_is_refused(small, rng):
    x, params, _, dh, tape, _ = small
    how = {"cell": rnn, "rng": rng}
    with pytest.raises(ValueError, match="above 1; got 1"):
        unbiased.random_truncation(dh, tape, params, length=1, **how)
    with pytest.raises(ValueError, match="dh has 5 steps but the tape has 6"):
        unbiased.random_truncation(dh[:, :5], tape, params, length=3, **how)
    with pytest.raises(ValueError, match="rng must be a Generator"):
        unbiased.random_truncation(dh, tape, params, length=3, cell=rnn, rng=7)
    with pytest.raises(ValueError, match="rng must be a Generator"):
        unbiased.uoro(x, dh, params, cell=rnn, rng=None)
    with pytest.raises(ValueError, match="dh must have the shape of h"):
        unbiased.uoro(x, dh[:, :5], params, **how)
    with pytest.raises(ValueError, match="its tape has no window"):
        unbiased.random_truncation(dh, object(), params, length=3, cell=Stack(rnn, 1), rng=rng)
