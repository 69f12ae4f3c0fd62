"""The vanilla (Elman) recurrent network.

    h_t = tanh(x_t W_xh + h_{t-1} W_hh + b_h)                                 (Elman 1990)

N sequences in a batch, T time steps, D inputs, H hidden units. Built up in chapters 2 to 4.
`step` and `step_backward` are the mathematics as one writes it down; `forward` and `backward` are
the same mathematics organized for speed. The dtype of the parameters rules.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ..checks import check_gradient, check_inputs, explain_nan

STATE = ("h",)  # the parts of a state


class Tape(NamedTuple):
    """What `forward` remembers for `backward`, laid out time first.

    x : (T, N, D)      the inputs
    h : (T + 1, N, H)  the hidden states, with the initial state in front
    """

    x: np.ndarray
    h: np.ndarray

    @property
    def state(self):
        """The final state, a tuple of one (N, H) array."""
        return (self.h[-1],)

    def window(self, start, stop):
        """The tape of steps start <= t < stop alone, without copying."""
        return Tape(self.x[start:stop], self.h[start : stop + 1])


def init_params(D, H, *, rng, dtype=np.float64):
    """Draw parameters: normal weights of standard deviation 1/sqrt(fan-in), zero bias.

    The scale keeps the pre-activation's variance near that of the inputs (LeCun et al. 1998).

    Parameters
    ----------
    D, H : int
        Inputs per time step and hidden units.
    rng : numpy.random.Generator

    Returns
    -------
    dict of W_xh (D, H), W_hh (H, H), b_h (H,)
    """
    if D < 1 or H < 1:
        raise ValueError(f"D and H must be at least 1; got D={D}, H={H}")
    return {
        "W_xh": (rng.standard_normal((D, H)) / np.sqrt(D)).astype(dtype),
        "W_hh": (rng.standard_normal((H, H)) / np.sqrt(H)).astype(dtype),
        "b_h": np.zeros(H, dtype),
    }


def step(x_t, state, params):
    """Advance the hidden state by one time step.

    Parameters
    ----------
    x_t : ndarray, shape (N, D)
    state : tuple of h_prev, shape (N, H)
    params : dict of W_xh (D, H), W_hh (H, H), b_h (H,)

    Returns
    -------
    tuple of h_t, shape (N, H), every element between -1 and 1
    """
    (h_prev,) = state
    a_t = x_t @ params["W_xh"] + h_prev @ params["W_hh"] + params["b_h"]
    return (np.tanh(a_t),)


def step_backward(dstate, x_t, state_prev, params):
    """Send a gradient back through one step.

    Parameters
    ----------
    dstate : tuple of dh_t, shape (N, H)
        Gradient of the loss with respect to h_t, from the readout and from the next step together.
    x_t : ndarray, shape (N, D)
    state_prev : tuple of h_prev, shape (N, H)
    params : dict of W_xh (D, H), W_hh (H, H), b_h (H,)

    Returns
    -------
    dx_t : ndarray, shape (N, D)
    dstate_prev : tuple of dh_prev, shape (N, H)
    grads : dict with the keys and shapes of params
    """
    (dh_t,) = dstate
    (h_prev,) = state_prev
    (h_t,) = step(x_t, state_prev, params)
    da_t = dh_t * (1 - h_t**2)
    grads = {"W_xh": x_t.T @ da_t, "W_hh": h_prev.T @ da_t, "b_h": da_t.sum(axis=0)}
    return da_t @ params["W_xh"].T, (da_t @ params["W_hh"].T,), grads


def forward(x, params, state=None):
    """Run `step` over whole sequences.

    The product of all inputs with W_xh is one matrix product before the loop; inside the loop
    nothing is allocated.

    Parameters
    ----------
    x : ndarray, shape (N, T, D)
    params : dict of W_xh (D, H), W_hh (H, H), b_h (H,)
    state : tuple of h_0, shape (N, H), optional
        The state before the first step; zeros if not given.

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
    check_inputs(x, params, weight="W_xh", state=state, recurrent="W_hh")
    W_xh, W_hh, b_h = params["W_xh"], params["W_hh"], params["b_h"]
    N, T, D = x.shape
    H = len(b_h)
    x = x.transpose(1, 0, 2).copy()
    h = np.empty((T + 1, N, H), W_hh.dtype)
    h[0] = 0 if state is None else state[0]
    np.matmul(x.reshape(T * N, D), W_xh, out=h[1:].reshape(T * N, H))
    h[1:] += b_h
    recurrent = np.empty((N, H), W_hh.dtype)
    for h_prev, h_t in pairwise(h):  # h_t holds x_t W_xh + b_h so far
        np.matmul(h_prev, W_hh, out=recurrent)
        h_t += recurrent
        np.tanh(h_t, out=h_t)
    if np.isnan(h[-1]).any():
        explain_nan(x.transpose(1, 0, 2), params, (h[0],))
    return h[1:].transpose(1, 0, 2), Tape(x, h)


def backward(dh, tape, params, dstate=None):
    """Backpropagate through all time steps of the tape (Werbos 1990).

    Parameters
    ----------
    dh : ndarray, shape (N, T, H)
        Gradient of the loss with respect to each h_t from outside the recurrence, that is from the
        readout. What flows back from h_{t+1} is added here.
    tape : Tape
        From `forward`.
    params : dict
        The parameters that `forward` was called with.
    dstate : tuple of ndarray, shape (N, H), optional
        Gradient with respect to the final state from whatever came after the last step.

    Returns
    -------
    dx : ndarray, shape (N, T, D)
    dstate : tuple of dh_0, shape (N, H)
    grads : dict of W_xh (D, H), W_hh (H, H), b_h (H,)

    Raises
    ------
    ValueError
        If the shape or dtype of dh or dstate is not that of the hidden states.
    """
    x, h = tape
    T, N, D = x.shape
    H = h.shape[2]
    check_gradient(dh, (N, T, H), tape.state, dstate)
    W_hh_T = np.ascontiguousarray(params["W_hh"].T)
    # The slope of the tanh; step by step it becomes the gradient before the tanh.
    da = 1 - h[1:] ** 2
    dh_t = np.zeros((N, H), h.dtype) if dstate is None else dstate[0].copy()
    for dh_outside, da_t in zip(dh.transpose(1, 0, 2)[::-1], da[::-1], strict=True):
        dh_t += dh_outside
        da_t *= dh_t
        np.matmul(da_t, W_hh_T, out=dh_t)
    da = da.reshape(T * N, H)
    grads = {
        "W_xh": x.reshape(T * N, D).T @ da,
        "W_hh": h[:-1].reshape(T * N, H).T @ da,
        "b_h": da.sum(axis=0),
    }
    dx = (da @ params["W_xh"].T).reshape(T, N, D)
    return dx.transpose(1, 0, 2), (dh_t,), grads
