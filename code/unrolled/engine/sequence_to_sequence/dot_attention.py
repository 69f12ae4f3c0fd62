"""A score of two states: their product, s_u . h_t (Luong et al. 2015). Built up in chapter 20."""

import numpy as np


def init_params(H, *, rng=None, dtype=np.float64):
    """Nothing: a dot product has no parameters."""
    return {}


def scores(s, h, params):
    """How well each s (N, U, H) fits each h (N, T, H), shape (N, U, T)."""
    return s @ h.transpose(0, 2, 1)


def scores_backward(dscores, s, h, params):
    """ds (N, U, H), dh (N, T, H) and no gradients of parameters: each gets the other one."""
    return dscores @ h, dscores.transpose(0, 2, 1) @ s, {}
