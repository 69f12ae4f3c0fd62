"""The minimal GRU (Feng et al. 2024): a gated recurrent unit whose gate does not look back.

    z_t = sigmoid(x_t W_xz + b_z)                  what is kept
    n_t = x_t W_xn + b_n                           the candidate
    h_t = (1 - z_t) * n_t + z_t * h_{t-1}

This is `gru` without the products with h_{t-1}, without the reset gate, which has nothing left to
do, and without the tanh. The paper writes z for the share of the new; here it is that of the old,
as in `gru`. All z_t and n_t are known before the first step, so `scan` needs no loop over steps.

With low = -1, which is the cell `signed_mingru`, the decay runs from -1 to 1 in place of 0 to 1:

    h_t = (1 - z_t) * n_t + (2 z_t - 1) * h_{t-1} = z_t * h_{t-1} + (1 - z_t) * (n_t - h_{t-1})

N sequences in a batch, T time steps, D inputs, H hidden units. Built up in chapter 23. The names
are those of `rnn.py`.
"""

from typing import NamedTuple

import numpy as np

from ..checks import check_gradient, check_inputs, explain_nan
from ..through_time import scan
from .activations import sigmoid

STATE = ("h",)  # the parts of a state


class Tape(NamedTuple):
    """What `forward` remembers for `backward`, laid out time first.

    x : (T, N, D)      the inputs
    h : (T + 1, N, H)  the hidden states, with the initial state in front
    z : (T, N, H)      the gate
    n : (T, N, H)      the candidate
    """

    x: np.ndarray
    h: np.ndarray
    z: np.ndarray
    n: np.ndarray

    @property
    def state(self):
        """The final state, a tuple of one (N, H) array."""
        return (self.h[-1],)

    def gate(self, name):
        """One gate, "z" or "n", at all steps: shape (N, T, H)."""
        return {"z": self.z, "n": self.n}[name].transpose(1, 0, 2)

    def window(self, start, stop):
        """The tape of steps start <= t < stop alone, without copying."""
        steps = slice(start, stop)
        return Tape(self.x[steps], self.h[start : stop + 1], self.z[steps], self.n[steps])


def init_params(D, H, *, rng, dtype=np.float64):
    """Draw parameters: normal weights of standard deviation 1/sqrt(fan-in), zero biases.

    Parameters
    ----------
    D, H : int
        Inputs per time step and hidden units.
    rng : numpy.random.Generator

    Returns
    -------
    dict of W_xz (D, H), b_z (H,), W_xn (D, H), b_n (H,)
    """
    if D < 1 or H < 1:
        raise ValueError(f"D and H must be at least 1; got D={D}, H={H}")
    params = {}
    for gate in "zn":
        params[f"W_x{gate}"] = (rng.standard_normal((D, H)) / np.sqrt(D)).astype(dtype)
        params[f"b_{gate}"] = np.zeros(H, dtype)
    return params


def gates(x_t, params):
    """z and n, each (N, H), of the inputs (N, D) of a step, or of many steps as more rows."""
    z = sigmoid(x_t @ params["W_xz"] + params["b_z"])
    n = x_t @ params["W_xn"] + params["b_n"]
    return z, n


def decay_of(z, low):
    """The decay of a gate: z itself for low = 0, and 2 z - 1 for low = -1."""
    return z if low == 0 else 2 * z - 1


def step(x_t, state, params, low=0):
    """Advance the hidden state by one time step.

    Parameters
    ----------
    x_t : ndarray, shape (N, D)
    state : tuple of h_prev, shape (N, H)
    params : dict as from `init_params`
    low : 0 or -1
        The least decay.

    Returns
    -------
    tuple of h_t, shape (N, H)
    """
    (h_prev,) = state
    z, n = gates(x_t, params)
    return ((1 - z) * n + decay_of(z, low) * h_prev,)


def step_backward(dstate, x_t, state_prev, params, low=0):
    """Send a gradient back through one step.

    Parameters
    ----------
    dstate : tuple of dh_t, shape (N, H)
        Gradient of the loss with respect to h_t, from the readout and from the next step together.
    x_t : ndarray, shape (N, D)
    state_prev : tuple of h_prev, shape (N, H)
    params : dict as from `init_params`
    low : 0 or -1

    Returns
    -------
    dx_t : ndarray, shape (N, D)
    dstate_prev : tuple of dh_prev, shape (N, H)
    grads : dict with the keys and shapes of params
    """
    (dh_t,) = dstate
    (h_prev,) = state_prev
    z, n = gates(x_t, params)
    dn = dh_t * (1 - z)
    da_z = dh_t * ((1 - low) * h_prev - n) * z * (1 - z)
    grads = {
        "W_xz": x_t.T @ da_z, "b_z": da_z.sum(axis=0), "W_xn": x_t.T @ dn, "b_n": dn.sum(axis=0)
    }  # fmt: skip
    dx_t = da_z @ params["W_xz"].T + dn @ params["W_xn"].T
    return dx_t, (dh_t * decay_of(z, low),), grads


def forward(x, params, state=None, low=0):
    """All states of whole sequences: gates in one product, the recurrence by `scan.linear`.

    Parameters
    ----------
    x : ndarray, shape (N, T, D)
    params : dict as from `init_params`
    state : tuple of h_0, shape (N, H), optional
        The state before the first step; zeros if not given.
    low : 0 or -1
        The least decay.

    Returns
    -------
    h : ndarray, shape (N, T, H)
        h[:, t] is the state after reading x[:, t]. A view of the tape: do not write into it.
    tape : Tape
        tape.state is the final state.

    Raises
    ------
    ValueError
        If a shape or dtype does not fit, or if NaN reaches the final state.
    """
    check_inputs(x, params, weight="W_xz", state=state, recurrent="b_z")
    N, T, D = x.shape
    x = x.transpose(1, 0, 2).copy()
    z, n = (part.reshape(T, N, -1) for part in gates(x.reshape(T * N, D), params))
    h = scan.linear(decay_of(z, low), n - z * n, None if state is None else state[0])
    if np.isnan(h[-1]).any():
        explain_nan(x.transpose(1, 0, 2), params, (h[0],))
    return h[1:].transpose(1, 0, 2), Tape(x, h, z, n)


def backward(dh, tape, params, dstate=None, low=0):
    """Backpropagate through all time steps of the tape: the same recurrence, read backward.

    Parameters
    ----------
    dh : ndarray, shape (N, T, H)
        Gradient of the loss with respect to each h_t from outside the recurrence.
    tape : Tape
        From `forward`.
    params : dict
        The parameters that `forward` was called with.
    dstate : tuple of ndarray, shape (N, H), optional
        Gradient with respect to the final state from whatever came after the last step.
    low : 0 or -1
        As `forward` was called with.

    Returns
    -------
    dx : ndarray, shape (N, T, D)
    dstate : tuple of dh_0, shape (N, H)
    grads : dict with the keys and shapes of params

    Raises
    ------
    ValueError
        If the shape or dtype of dh or dstate is not that of the hidden states.
    """
    x, h, z, n = tape
    T, N, D = x.shape
    H = h.shape[2]
    check_gradient(dh, (N, T, H), tape.state, dstate)
    _, ddrive, dh_0 = scan.linear_backward(
        dh.transpose(1, 0, 2), decay_of(z, low), h, None if dstate is None else dstate[0]
    )
    da_z = ((1 - low) * h[:-1] - n) * z * (1 - z) * ddrive
    dn = ddrive - z * ddrive
    rows, da_z, dn = x.reshape(T * N, D), da_z.reshape(T * N, H), dn.reshape(T * N, H)
    grads = {
        "W_xz": rows.T @ da_z, "b_z": da_z.sum(axis=0), "W_xn": rows.T @ dn, "b_n": dn.sum(axis=0)
    }  # fmt: skip
    dx = (da_z @ params["W_xz"].T + dn @ params["W_xn"].T).reshape(T, N, D)
    return dx.transpose(1, 0, 2), (dh_0,), grads
