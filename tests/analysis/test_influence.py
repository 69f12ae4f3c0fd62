import numpy as np
import pytest
from unrolled.analysis.influence import gradient_times_input, influence, left_out
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


def test_the_dtype_of_the_parameters_rules(x, rng):
    params = gru.init_params(D, H, rng=rng, dtype=np.float32)
    assert influence(x.astype(np.float32), params, cell=gru).dtype == np.float32


V, SHIFT = 9, 1e-5
IDS = np.array([3, 1, 4, 1, 5])  # one word stands there twice
CELLS = pytest.mark.parametrize("cell", [rnn, lstm, gru], ids=["rnn", "lstm", "gru"])


def a_reader(cell, rng):
    """Parameters of a cell with an embedding, and the weights of a readout."""
    params = cell.init_params(D, H, rng=rng) | {"W_e": rng.standard_normal((V, D))}
    return params, rng.standard_normal(H)


def logit_of(x, params, cell, w):
    """The logit of one text, from its word vectors (T, D)."""
    return cell.forward(x[None], params)[0][0, -1] @ w + 0.7


@CELLS
def test_a_word_left_out_is_a_shorter_text(cell, rng):
    params, w = a_reader(cell, rng)
    found = left_out(IDS, params, cell=cell, logit=lambda h: h @ w + 0.7)
    whole = logit_of(params["W_e"][IDS], params, cell, w)
    for t in range(len(IDS)):
        rest = [int(word) for i, word in enumerate(IDS) if i != t]
        shorter = logit_of(params["W_e"][rest], params, cell, w)
        assert found[t] == pytest.approx(whole - shorter, abs=1e-13)
    assert found.shape == IDS.shape


def test_a_logit_may_be_any_function_of_the_last_state(rng):
    params, _ = a_reader(rnn, rng)
    found = left_out(IDS[:2], params, cell=rnn, logit=lambda h: (h**2).sum(axis=1))
    both, first, last = (
        (rnn.forward(params["W_e"][ids][None], params)[0][0, -1] ** 2).sum()
        for ids in (IDS[:2], IDS[:1], IDS[1:2])
    )
    np.testing.assert_allclose(found, [both - last, both - first], rtol=1e-12)


@CELLS
def test_the_first_order_share_is_the_derivative_by_a_words_size(cell, rng):
    params, w = a_reader(cell, rng)
    found = gradient_times_input(IDS, params, cell=cell, dlogit=w)
    x = params["W_e"][IDS]
    for t in range(len(IDS)):
        ends = []
        for sign in (1, -1):
            scaled = x.copy()
            scaled[t] *= 1 + sign * SHIFT
            ends.append(logit_of(scaled, params, cell, w))
        assert found[t] == pytest.approx((ends[0] - ends[1]) / (2 * SHIFT), abs=1e-8)
    assert found.shape == IDS.shape


@CELLS
def test_the_first_order_shares_add_up_to_the_derivative_by_the_size_of_all(cell, rng):
    params, w = a_reader(cell, rng)
    x = params["W_e"][IDS]
    ends = [logit_of(x * (1 + sign * SHIFT), params, cell, w) for sign in (1, -1)]
    total = gradient_times_input(IDS, params, cell=cell, dlogit=w).sum()
    assert total == pytest.approx((ends[0] - ends[1]) / (2 * SHIFT), abs=1e-8)


def test_where_the_logit_is_linear_both_are_the_weights_of_the_words_and_add_up_to_it(rng):
    """An RNN whose numbers are so small that its tanh is a straight line: it adds up words."""
    params, w = a_reader(rnn, rng)
    params["W_e"] *= 1e-5
    params["W_hh"][:] = np.eye(H)
    params["b_h"][:] = 0
    weights = params["W_e"][IDS] @ params["W_xh"] @ w
    without = left_out(IDS, params, cell=rnn, logit=lambda h: h @ w + 0.7)
    by_gradient = gradient_times_input(IDS, params, cell=rnn, dlogit=w)
    for found in (without, by_gradient):
        np.testing.assert_allclose(found, weights, rtol=1e-6, atol=1e-13)
        assert found[1] == pytest.approx(found[3], rel=1e-6)  # the same word
        assert found.sum() == pytest.approx(
            logit_of(params["W_e"][IDS], params, rnn, w) - 0.7, rel=1e-6
        )


def test_where_it_is_not_the_same_word_counts_by_its_place(rng):
    params, w = a_reader(lstm, rng)
    without = left_out(IDS, params, cell=lstm, logit=lambda h: h @ w)
    by_gradient = gradient_times_input(IDS, params, cell=lstm, dlogit=w)
    for found in (without, by_gradient):
        assert abs(found[1] - found[3]) > 1e-3
