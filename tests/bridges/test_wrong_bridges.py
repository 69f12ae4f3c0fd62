"""Mistakes that no library complains of: only comparing hidden states shows them."""

import numpy as np
import pytest
from unrolled.bridges.layout import KERAS, TORCH, pack
from unrolled.engine import gru

SEEN = 1e-2  # mistakes are this large at least; a right bridge is off by 1e-15


def run_keras(cell, weights, x, **options):
    """Hidden states of a layer of Keras that is filled by hand."""
    pytest.importorskip("tensorflow")
    layers = pytest.importorskip("keras").layers
    kind = {"rnn": layers.SimpleRNN, "lstm": layers.LSTM, "gru": layers.GRU}
    layer = kind[cell.__name__.split(".")[-1]](4, return_sequences=True, dtype="float64", **options)
    layer.build((None, None, 3))
    layer.set_weights(weights)
    return layer(x).numpy()


def run_torch(cell, weights, x):
    """Hidden states of a layer of PyTorch that is filled by hand."""
    torch = pytest.importorskip("torch")
    kind = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}
    layer = kind[cell.__name__.split(".")[-1]](3, 4, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        for weight, value in zip(layer.parameters(), weights, strict=True):
            assert weight.shape == value.shape
            weight.copy_(torch.tensor(value))
        return layer(torch.tensor(x))[0].numpy()


def stored(cell, W_x, W_h, b_x, b_h):
    """A packed layer as Keras keeps it."""
    return [W_x, W_h, np.stack([b_x, b_h]) if cell is gru else b_x]


def blocks_transposed(W_h):
    """The matrix of each gate transposed, (H, G H)."""
    return np.hstack([block.T for block in np.split(W_h, W_h.shape[1] // len(W_h), axis=1)])


def apart(h, other):
    return np.abs(h - other).max()


@pytest.fixture
def solved(cell, draw):
    """Parameters, inputs, and our hidden states from zero on."""
    problem = draw(cell)
    return problem.params, problem.x, cell.forward(problem.x, problem.params)[0]


def test_filling_by_hand_can_be_right(cell, solved):
    params, x, h = solved
    assert apart(h, run_torch(cell, [part.T for part in pack(cell, params, TORCH)], x)) < 1e-12
    assert apart(h, run_keras(cell, stored(cell, *pack(cell, params, KERAS)), x)) < 1e-12


def test_gates_of_a_gru_in_the_order_of_the_other_library(draw):
    params, x, *_ = draw(gru)
    h, _ = gru.forward(x, params)
    assert apart(h, run_keras(gru, stored(gru, *pack(gru, params, TORCH)), x)) > SEEN
    assert apart(h, run_torch(gru, [part.T for part in pack(gru, params, KERAS)], x)) > SEEN


def test_a_reset_before_the_product(draw):
    params, x, *_ = draw(gru)
    params["b_hn"][:] = 0  # one bias can then hold everything
    h, _ = gru.forward(x, params)
    W_x, W_h, b_x, _ = pack(gru, params, KERAS)
    assert apart(h, run_keras(gru, [W_x, W_h, b_x], x, reset_after=False)) > SEEN
    assert apart(h, run_keras(gru, stored(gru, W_x, W_h, b_x, 0 * b_x), x)) < 1e-12


def test_recurrent_matrices_transposed_once_too_often(cell, solved):
    params, x, h = solved
    W_x, W_h, b_x, b_h = pack(cell, params, TORCH)
    wrong = run_torch(cell, [W_x.T, blocks_transposed(W_h).T, b_x, b_h], x)
    assert apart(h, wrong) > SEEN
    W_x, W_h, b_x, b_h = pack(cell, params, KERAS)
    wrong_keras = run_keras(cell, stored(cell, W_x, blocks_transposed(W_h), b_x, b_h), x)
    assert apart(h, wrong_keras) > SEEN
    assert apart(wrong, wrong_keras) < 1e-12
    # A first step from zero never multiplies by W_h, so one step shows nothing.
    assert apart(h[:, 0], wrong[:, 0]) < 1e-12


def test_both_biases_of_the_candidate_summed(draw):
    params, x, *_ = draw(gru)
    h, _ = gru.forward(x, params)
    W_x, W_h, b_x, b_h = pack(gru, params, TORCH)
    assert apart(h, run_torch(gru, [W_x.T, W_h.T, b_x + b_h, 0 * b_h], x)) > SEEN
    W_x, W_h, b_x, b_h = pack(gru, params, KERAS)
    assert apart(h, run_keras(gru, stored(gru, W_x, W_h, b_x + b_h, 0 * b_h), x)) > SEEN


def test_summed_biases_do_not_show_where_the_second_is_zero(draw):
    params, x, *_ = draw(gru)
    params["b_hn"][:] = 0  # as init_params leaves it
    h, _ = gru.forward(x, params)
    W_x, W_h, b_x, b_h = pack(gru, params, TORCH)
    assert apart(h, run_torch(gru, [W_x.T, W_h.T, b_x + b_h, 0 * b_h], x)) < 1e-12
