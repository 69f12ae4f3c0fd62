"""A reservoir: a vanilla RNN whose recurrent weights are drawn and left, with a fitted readout.

    h_t = tanh(x_t W_xh + h_{t-1} W_hh + b_h)          as in `rnn`, never trained
    y_t = h_t W_hy + b_y                               fitted by ridge regression

The echo state network of Jaeger (2001). Built up in chapter 26. There is no cell of its own: `rnn`
runs it, and `dense` reads it.
"""

import numpy as np

from ..cells import rnn
from ..checks import as_integer, check_finite, check_rng, look_up
from . import dense
from .initializers import spectral_radius


def init_params(D, H, *, radius, scale, rng, dtype=np.float64):
    """Draw a reservoir: what `rnn` takes, with a recurrent matrix of a given spectral radius.

    Parameters
    ----------
    D, H : int
        Inputs per time step and hidden units.
    radius : float
        0 <= radius, the largest absolute eigenvalue of W_hh; at 0 nothing is fed back.
    scale : float
        0 < scale. Biases, and what inputs of size 1 add to a unit, have this standard deviation.
    rng : numpy.random.Generator

    Returns
    -------
    dict of W_xh (D, H), W_hh (H, H), b_h (H,)

    Raises
    ------
    ValueError
        If D or H is less than 1, the radius is negative or the scale is not positive.
    """
    check_rng(rng)
    if not (radius >= 0 and scale > 0):
        raise ValueError(
            f"radius must be at least 0 and scale positive; got radius={radius}, scale={scale}"
        )
    params = rnn.init_params(D, H, rng=rng)
    params["b_h"] = scale * rng.standard_normal(H)
    params["W_xh"] *= scale
    params["W_hh"] *= radius / spectral_radius(params["W_hh"])
    return {name: value.astype(dtype) for name, value in params.items()}


def fit_readout(h, targets, *, ridge):
    """Fit the readout by ridge regression: the only thing about a reservoir that is learned.

    It minimizes the mean over all rows of |h W_hy + b_y - target|^2, plus ridge |W_hy|^2. The bias
    is free.

    Parameters
    ----------
    h : ndarray, shape (..., H)
        States after the washout.
    targets : ndarray, shape (..., K)
        What the readout should say at each of them.
    ridge : float
        0 <= ridge.

    Returns
    -------
    dict of W_hy (H, K), b_y (K,)

    Raises
    ------
    ValueError
        If the shapes do not agree, the ridge is negative, or a number is not finite; and without a
        ridge where the states leave the weights undecided.
    """
    if h.shape[:-1] != targets.shape[:-1] or h.ndim < 2:
        raise ValueError(f"h and targets must have the same rows; got {h.shape}, {targets.shape}")
    if not ridge >= 0:
        raise ValueError(f"ridge must be at least 0; got {ridge}")
    check_finite(h=h, targets=targets)
    h, targets = h.reshape(-1, h.shape[-1]), targets.reshape(-1, targets.shape[-1])
    mean_h, mean = h.mean(axis=0), targets.mean(axis=0)
    centered = h - mean_h
    gram = centered.T @ centered / len(h)
    gram[np.diag_indices_from(gram)] += ridge
    try:
        W_hy = np.linalg.solve(gram, centered.T @ (targets - mean) / len(h))
    except np.linalg.LinAlgError:
        raise ValueError(
            "the states leave the weights undecided: take more of them, or a ridge above 0"
        ) from None
    return {"W_hy": W_hy, "b_y": mean - mean_h @ W_hy}


def closed(params):
    """The network without inputs that a reservoir becomes when it reads its own readout.

    What comes in is h_{t-1} W_hy + b_y, so that x_t W_xh turns into a part of the recurrent matrix
    and of the bias.

    Parameters
    ----------
    params : dict of W_xh (D, H), W_hh (H, H), b_h (H,), W_hy (H, D), b_y (D,)

    Returns
    -------
    dict of W_xh (D, H), W_hh (H, H), b_h (H,)
        For `rnn`, whose inputs are then zero.

    Raises
    ------
    ValueError
        If the readout does not say as many numbers as the network reads.
    """
    W_xh, W_hy, b_y = (look_up(params, name) for name in ("W_xh", "W_hy", "b_y"))
    if W_hy.shape != W_xh.shape[::-1]:
        raise ValueError(
            f"the readout says {W_hy.shape[1]} number(s) of {W_hy.shape[0]} units, and the "
            f"network reads {W_xh.shape[0]} into {W_xh.shape[1]}"
        )
    return {
        "W_xh": W_xh,
        "W_hh": params["W_hh"] + W_hy @ W_xh,
        "b_h": params["b_h"] + b_y @ W_xh,
    }


def generate(state, params, steps):
    """Let a reservoir run free: its readout is its next input.

    Parameters
    ----------
    state : tuple of h, shape (N, H)
        Where the inputs end, as in `rnn.forward(...)[1].state`.
    params : dict of W_xh, W_hh, b_h, W_hy, b_y
    steps : int
        1 <= steps.

    Returns
    -------
    outputs : ndarray, shape (N, steps, D)
        outputs[:, 0] is what the readout says in `state`, the forecast of the first input that has
        not come.
    tape : Tape
        Of the network that reads itself, `closed(params)`.

    Raises
    ------
    ValueError
        If steps is less than 1, or a shape does not fit.
    """
    if as_integer("steps", steps) < 1:
        raise ValueError(f"steps must be at least 1; got {steps}")
    free = closed(params)
    silence = np.zeros((len(state[0]), steps, len(free["W_xh"])), free["W_hh"].dtype)
    _, tape = rnn.forward(silence, free, state)
    return dense.forward(tape.h[:-1].transpose(1, 0, 2), params), tape
