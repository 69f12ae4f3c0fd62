"""The readout: logits = h W_hy + b_y, at one step or at all of them. Built up in chapter 3."""

import numpy as np

from ..checks import look_up


def init_params(H, K, *, rng, dtype=np.float64):
    """Draw W_hy (H, K), normal with standard deviation 1/sqrt(H), and b_y (K,), zero."""
    if H < 1 or K < 1:
        raise ValueError(f"H and K must be at least 1; got H={H}, K={K}")
    return {
        "W_hy": (rng.standard_normal((H, K)) / np.sqrt(H)).astype(dtype),
        "b_y": np.zeros(K, dtype),
    }


def forward(h, params):
    """Map hidden states (..., H) to logits (..., K).

    Raises ValueError if the last axis of h is not H.
    """
    W_hy, b_y = look_up(params, "W_hy"), look_up(params, "b_y")
    if h.shape[-1] != W_hy.shape[0]:
        raise ValueError(
            f"h has {h.shape[-1]} hidden units but W_hy expects {W_hy.shape[0]}; "
            f"h.shape={h.shape}, W_hy.shape={W_hy.shape}"
        )
    logits = h.reshape(-1, W_hy.shape[0]) @ W_hy
    logits += b_y
    return logits.reshape(*h.shape[:-1], W_hy.shape[1])


def backward(dlogits, h, params):
    """Gradients of the loss: dh with the shape of h, and a dict of W_hy (H, K), b_y (K,)."""
    W_hy = look_up(params, "W_hy")
    h_flat = h.reshape(-1, W_hy.shape[0])
    dlogits_flat = dlogits.reshape(-1, W_hy.shape[1])
    grads = {"W_hy": h_flat.T @ dlogits_flat, "b_y": dlogits_flat.sum(axis=0)}
    return dlogits @ W_hy.T, grads
