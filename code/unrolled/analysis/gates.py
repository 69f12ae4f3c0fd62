"""What gates do, and what a network does without one of them. Used in chapters 9 and 10."""

import numpy as np

from unrolled.engine import gru, lstm
from unrolled.engine.checks import check_inputs


def clamped(x, params, clamp=None):
    """Run an LSTM with some of its gates held at fixed values.

    Parameters
    ----------
    x : ndarray, shape (N, T, D)
    params : dict as from `lstm.init_params`
    clamp : dict of gate -> value, optional
        Gates are "i", "f", "g" and "o"; a value is a number for all units or an array (H,).

    Returns
    -------
    dict of i, f, g, o, c and h, each (N, T, H)
        Without a clamp these are the gates and states of `lstm.forward`, to rounding.

    Raises
    ------
    ValueError
        If there is no such gate, or a shape or dtype does not fit.
    """
    clamp = clamp or {}
    if unknown := sorted(clamp.keys() - set("ifgo")):
        raise ValueError(f"the gates of an LSTM are i, f, g and o; got {unknown}")
    check_inputs(x, params, weight="W_xi", state=None, recurrent="W_hi", widths=(1, 1))
    N, T, _ = x.shape
    H = len(params["b_i"])
    found = {name: np.empty((N, T, H), params["b_i"].dtype) for name in "ifgoch"}
    h_t, c_t = np.zeros((2, N, H), params["b_i"].dtype)
    for t in range(T):
        now = dict(zip("ifgo", lstm.gates(x[:, t], h_t, params), strict=True))
        for gate, value in clamp.items():
            now[gate][...] = value
        c_t = now["f"] * c_t + now["i"] * now["g"]
        h_t = now["o"] * np.tanh(c_t)
        for name, value in {**now, "c": c_t, "h": h_t}.items():
            found[name][:, t] = value
    return found


def log10_kept(bias, lag):
    """Logarithm to base 10 of what is left of a cell after `lag` steps.

    The forget gate is sigmoid(bias) at every step and nothing is written: sigmoid(bias)**lag,
    which for long lags no float could hold. Broadcasts.
    """
    return -np.multiply(lag, np.logaddexp(0, -np.asarray(bias, float)) / np.log(10))


def bias_to_keep(share, lag):
    """The bias at which `share`, between 0 and 1, of a cell is left after `lag` steps."""
    per_step = share ** (1 / lag)
    return np.log(per_step / (1 - per_step))


def gru_reset_before(x, params, state=None):
    """Run the GRU of Cho et al. (2014) in its last version, with the reset gate before the product.

        n_t = tanh(x_t W_xn + b_n + (r_t * h_{t-1}) W_hn)

    All else is as in `gru.forward`, and the weights are the same; b_hn has no place here. Where the
    reset gates of all units are equal the product does not care, and both forms agree.

    Parameters
    ----------
    x : ndarray, shape (N, T, D)
    params : dict as from `gru.init_params`
    state : tuple of h_0, shape (N, H), optional

    Returns
    -------
    h : ndarray, shape (N, T, H)
    """
    check_inputs(x, params, weight="W_xr", state=state, recurrent="W_hr")
    N, T, _ = x.shape
    H = len(params["b_n"])
    h = np.empty((N, T, H), params["b_n"].dtype)
    h_t = np.zeros((N, H), h.dtype) if state is None else state[0]
    for t in range(T):
        r, z, _, _ = gru.gates(x[:, t], h_t, params)
        n = np.tanh(x[:, t] @ params["W_xn"] + params["b_n"] + (r * h_t) @ params["W_hn"])
        h_t = h[:, t] = (1 - z) * n + z * h_t
    return h
