"""Two ways back that are wrong, and train. Built up in chapter 21."""

from types import SimpleNamespace

import numpy as np

from unrolled import checks
from unrolled.engine import dense, losses, lstm, rnn
from unrolled.engine.training import loss_and_gradients


def leaked(dh, tape, params, dstate=None):
    """Backpropagation through an RNN in which the name `grad` outlives its loop.

    At the end it holds the bias gradient of the first step, and NumPy repeats that (H,) over the
    rows of each matrix. `total` is meant.
    """
    dx, dh_t = np.empty_like(tape.x), 0
    totals = {name: np.zeros_like(params[name]) for name in ("W_xh", "W_hh", "b_h")}
    for t in reversed(range(len(dx))):
        dstate, before = (dh[:, t] + dh_t,), (tape.h[t],)
        dx[t], (dh_t,), grads = rnn.step_backward(dstate, tape.x[t], before, params)
        for name, grad in grads.items():
            totals[name] += grad
    for total in totals.values():
        total[...] = grad
    return dx.swapaxes(0, 1), (dh_t,), totals


def forgotten(dh, tape, params, dstate=None):
    """Backpropagation through an LSTM in which no step hears from the one after it.

    `dstate` comes back from every step and is never handed on.
    """
    dx, grads = np.empty_like(tape.x), {}
    for t in reversed(range(len(dx))):
        from_outside = (dh[:, t], np.zeros_like(tape.c[t]))
        before = (tape.h[t], tape.c[t])
        dx[t], dstate, found = lstm.step_backward(from_outside, tape.x[t], before, params)
        grads = {name: grads.get(name, 0) + grad for name, grad in found.items()}
    return dx.swapaxes(0, 1), dstate, grads


def with_backward(cell, backward):
    """A cell with another way back."""
    return SimpleNamespace(**{**vars(cell), "backward": backward})


def frozen(cell):
    """A cell that never learns, so that its readout learns alone."""

    def backward(dh, tape, params, dstate=None):
        dx, dstate, grads = cell.backward(dh, tape, params, dstate)
        return dx, dstate, {name: np.zeros_like(grad) for name, grad in grads.items()}

    return with_backward(cell, backward)


def check(cell):
    """The gradient check of a cell with a readout and cross-entropy, on random sequences."""
    rng = np.random.default_rng(7)
    x, targets = rng.standard_normal((2, 5, 3)), rng.integers(0, 3, (2, 5))
    params = cell.init_params(3, 4, rng=rng) | dense.init_params(4, 3, rng=rng)
    how = {"cell": cell, "loss": losses.cross_entropy}
    return checks.gradients(lambda p: loss_and_gradients(x, targets, p, **how)[:2], params)


LEAKED, FORGOTTEN = with_backward(rnn, leaked), with_backward(lstm, forgotten)
