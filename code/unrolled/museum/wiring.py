"""Wires, axes, and a batch size in the state. Built up in chapter 21."""

import numpy as np

from unrolled.engine import rnn


def two_cells(x, cell_0, cell_1, state_1, *, mended):
    """Outputs (N, T, H) of two RNN cells, one above the other, for inputs x (N, T, H).

    In the broken form the second cell reads what the first one reads, and continues from its state.
    """
    state_0, outputs = (np.zeros_like(x[:, 0]),), []
    for x_t in x.swapaxes(0, 1):
        state_0 = rnn.step(x_t, state_0, cell_0)
        if mended:
            state_1 = rnn.step(state_0[0], state_1, cell_1)
        else:
            state_1 = rnn.step(x_t, state_0, cell_1)
        outputs.append(state_1[0])
    return np.stack(outputs, axis=1)


def across(x, params, *, mended):
    """Hidden states (N, T, H); in the broken form the first axis is taken for time."""
    if mended:
        return rnn.forward(x, params)[0]
    return rnn.forward(x.swapaxes(0, 1), params)[0].swapaxes(0, 1)


def fixed_batch(params, N):
    """A model whose initial state was made for N sequences and no others."""
    state = (np.zeros((N, len(params["b_h"]))),)
    return lambda x: rnn.forward(x, params, state)[0]
