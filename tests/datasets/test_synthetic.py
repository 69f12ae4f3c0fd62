import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from unrolled.datasets import recall


@settings(deadline=None)
@given(st.integers(1, 4), st.integers(1, 12), st.integers(0, 15), st.integers(0, 99))
def test_the_target_is_what_was_heard_lag_steps_ago_and_zero_before(N, T, lag, seed):
    x, targets = recall(N, T, lag=lag, rng=np.random.default_rng(seed))
    assert x.shape == targets.shape == (N, T, 1)
    for t in range(T):
        assert_array_equal(targets[:, t], x[:, t - lag] if t >= lag else np.zeros((N, 1)))


def test_without_a_lag_the_target_is_the_input(rng):
    x, targets = recall(2, 5, lag=0, rng=rng)
    assert_array_equal(targets, x)


@pytest.mark.parametrize("lag", [5, 6, 100])
def test_an_answer_before_the_beginning_is_zero(rng, lag):
    _, targets = recall(2, 5, lag=lag, rng=rng)
    assert not targets.any()


def test_inputs_are_independent_standard_normal_numbers(rng):
    x, _ = recall(200, 300, lag=3, rng=rng)
    assert abs(x.mean()) < 0.02
    assert x.std() == pytest.approx(1, abs=0.02)
    neighbors = np.corrcoef(x[:, :-1].ravel(), x[:, 1:].ravel())[0, 1]
    assert abs(neighbors) < 0.02


def test_targets_are_an_array_of_their_own(rng):
    x, targets = recall(2, 5, lag=0, rng=rng)
    assert not np.shares_memory(x, targets)


def test_the_same_generator_state_gives_the_same_task():
    first, second = (recall(2, 5, lag=2, rng=np.random.default_rng(3)) for _ in range(2))
    assert_array_equal(first, second)


@pytest.mark.parametrize(("N", "T", "lag"), [(0, 5, 1), (2, 0, 1), (2, 5, -1), (-2, 5, 1)])
def test_sizes_that_make_no_sense_are_refused(rng, N, T, lag):
    with pytest.raises(ValueError, match=rf"got N={N}, T={T}, lag={lag}$"):
        recall(N, T, lag=lag, rng=rng)
