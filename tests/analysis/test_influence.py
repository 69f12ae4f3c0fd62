import numpy as np
import pytest
from unrolled.analysis.influence import influence
from unrolled.engine import gru, lstm, rnn
from unrolled.engine.bidirectional import Bidirectional
from unrolled.engine.stack import Stack

T, D, H = 5, 2, 3


@pytest.fixture
def x(rng):
    return rng.standard_normal((T, D))


def by_differences(x, params, cell, units=slice(None), shift=1e-5):
    """The same by moving each number of x a little."""
    squares = np.zeros((T, T))
    for s in range(T):
        for d in range(D):
            ends = []
            for sign in (1, -1):
                moved = x.copy()
                moved[s, d] += sign * shift
                ends.append(cell.forward(moved[None], params)[0][0][:, units])
            squares[:, s] += (((ends[0] - ends[1]) / (2 * shift)) ** 2).sum(axis=1)
    return np.sqrt(squares)


@pytest.mark.parametrize(
    "cell",
    [rnn, lstm, gru, Stack(rnn, 2), Bidirectional(rnn), Stack(Bidirectional(gru), 2)],
    ids=["rnn", "lstm", "gru", "stack", "both ways", "stack of both ways"],
)
def test_it_is_the_length_of_the_jacobian(cell, x, rng):
    params = cell.init_params(D, H, rng=rng)
    for units in (slice(None), slice(1), slice(H // 2, None)):
        found = influence(x, params, cell=cell, units=units)
        np.testing.assert_allclose(found, by_differences(x, params, cell, units), atol=1e-8)


def test_without_recurrence_it_is_the_input_weights_times_the_slope(x, rng):
    params = rnn.init_params(D, H, rng=rng)
    params["W_hh"][:] = 0
    slope = 1 - np.tanh(x @ params["W_xh"]) ** 2
    lengths = np.linalg.norm(params["W_xh"] * slope[:, None, :], axis=(1, 2))
    np.testing.assert_allclose(influence(x, params, cell=rnn), np.diag(lengths), rtol=1e-12)


def test_where_no_path_leads_it_is_exactly_zero(x, rng):
    later = np.triu(np.ones((T, T), bool), 1)
    for cell in (rnn, Stack(lstm, 3)):
        found = influence(x, cell.init_params(D, H, rng=rng), cell=cell)
        np.testing.assert_array_equal(found == 0, later)
    cell = Bidirectional(rnn)
    params = cell.init_params(D, H, rng=rng)
    assert (influence(x, params, cell=cell) > 0).all()
    back = influence(x, params, cell=cell, units=slice(H, None))
    np.testing.assert_array_equal(back == 0, later.T)


def test_a_faint_influence_is_not_taken_for_none(x, rng):
    params = rnn.init_params(D, H, rng=rng)
    params["W_hh"] *= 1e-60
    found = influence(x, params, cell=rnn)
    assert 0 < found[T - 1, 0] < 1e-200
