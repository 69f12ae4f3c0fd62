"""The score of two states is what a small network says of them (Bahdanau et al. 2015).

m_ut = tanh(s_u W_sm + h_t W_hm),     score_ut = m_ut v_m                     See chapter 20.
"""

import numpy as np


def init_params(H, *, rng, dtype=np.float64):
    """Draw W_sm (H, H), W_hm (H, H) and v_m (H,), normal of standard deviation 1/sqrt(H)."""
    if H < 1:
        raise ValueError(f"H must be at least 1; got {H}")
    shapes = {"W_sm": (H, H), "W_hm": (H, H), "v_m": (H,)}
    return {
        name: (rng.standard_normal(shape) / np.sqrt(H)).astype(dtype)
        for name, shape in shapes.items()
    }


def scores(s, h, params):
    """How well each s (N, U, H) fits each h (N, T, H), shape (N, U, T)."""
    return _match(s, h, params) @ params["v_m"]


def scores_backward(dscores, s, h, params):
    """ds (N, U, H), dh (N, T, H) and a dict of gradients with the keys of params."""
    m = _match(s, h, params)
    dv_m = np.tensordot(dscores, m, axes=3)
    da = dscores[..., None] * params["v_m"] * (1 - m**2)
    da_s, da_h = da.sum(axis=2), da.sum(axis=1)  # s was used for every t, h for every u
    grads = {
        "W_sm": np.tensordot(s, da_s, axes=((0, 1), (0, 1))),
        "W_hm": np.tensordot(h, da_h, axes=((0, 1), (0, 1))),
        "v_m": dv_m,
    }
    return da_s @ params["W_sm"].T, da_h @ params["W_hm"].T, grads


def _match(s, h, params):
    """m (N, U, T, H): every state of one side with every state of the other."""
    return np.tanh((s @ params["W_sm"])[:, :, None] + (h @ params["W_hm"])[:, None])
