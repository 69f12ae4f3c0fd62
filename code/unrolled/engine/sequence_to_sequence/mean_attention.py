"""No score at all: every state weighs the same, and the context is their mean. See chapter 20.

It is the control for attention: the decoder gets something of all states, and cannot choose.
"""

import numpy as np


def init_params(H, *, rng=None, dtype=np.float64):
    """Nothing: there is nothing to learn."""
    return {}


def scores(s, h, params):
    """Zero for each s (N, U, H) and each h (N, T, H), shape (N, U, T)."""
    return np.zeros((s.shape[0], s.shape[1], h.shape[1]), s.dtype)


def scores_backward(dscores, s, h, params):
    """ds (N, U, H) and dh (N, T, H), both zero, and no gradients of parameters."""
    return np.zeros_like(s), np.zeros_like(h), {}
