"""What truncation does to the gradient of a vanilla RNN, lag by lag. Built up in chapter 6.

The weight gradient is a sum over pairs (loss at step e, visit to the weights at step e - lag).
Truncation keeps some pairs and drops the others; nothing else changes.
"""

import numpy as np

from unrolled.engine.bptt import blocks


def pair_gradients(dh, tape, params):
    """The weight gradient taken apart: one vector for each lag and each loss.

    Parameters
    ----------
    dh : ndarray, shape (N, T, H)
        Gradient of each step's loss with respect to that step's state.
    tape : Tape
        From `rnn.forward`.
    params : dict

    Returns
    -------
    ndarray, shape (T, T, P)
        Element [lag, e] is what the loss at step e sends to W_xh, W_hh and b_h at step e - lag,
        flattened in that order; zero where e < lag. The sum over both axes is full BPTT.
    """
    x, h = tape
    T, N, D = x.shape
    H = h.shape[2]
    slope = 1 - h[1:] ** 2
    da = dh.transpose(1, 0, 2) * slope
    visits = np.concatenate([x, h[:-1], np.ones((T, N, 1), h.dtype)], axis=2)
    pairs = np.zeros((T, T, (D + H + 1) * H), h.dtype)
    for lag in range(T):
        pairs[lag, lag:] = (visits[: T - lag].transpose(0, 2, 1) @ da).reshape(T - lag, -1)
        da = (da[1:] @ params["W_hh"].T) * slope[: T - lag - 1]
    return pairs


def reach(T, k1, k2):
    """How many steps back each loss reaches under truncation: array of int, shape (T,).

    Loss e reaches lag 0 to reach[e]. The definition is that of `truncated_backward`.
    """
    steps = np.empty(T, int)
    for first, stop in blocks(T, k1):
        steps[first:stop] = np.arange(first, stop) - max(0, stop - k2)
    return steps


def kept(T, k1, k2):
    """Which pairs truncation keeps: array of bool, shape (T, T), indexed [lag, e]."""
    lag, e = np.indices((T, T))
    return (lag <= e) & (lag <= reach(T, k1, k2)[e])


def by_lag(pairs, keep=None):
    """Sum of the pair gradients of each lag, shape (T, P), over all pairs or those of `keep`."""
    if keep is None:
        return pairs.sum(axis=1)
    return np.einsum("lep,le->lp", pairs, keep.astype(pairs.dtype))


def cosine(a, b):
    """Cosine of the angle between two vectors; NaN if either is zero."""
    lengths = np.linalg.norm(a) * np.linalg.norm(b)
    return float(a @ b / lengths) if lengths else float("nan")
