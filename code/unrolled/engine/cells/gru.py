"""The gated recurrent unit (Cho et al. 2014), with the reset gate after the product.

    r_t = sigmoid(x_t W_xr + h_{t-1} W_hr + b_r)                   how much of the past n_t sees
    z_t = sigmoid(x_t W_xz + h_{t-1} W_hz + b_z)                   what is kept
    n_t = tanh(x_t W_xn + b_n + r_t * (h_{t-1} W_hn + b_hn))       the candidate
    h_t = (1 - z_t) * n_t + z_t * h_{t-1}

This is the form of cuDNN, PyTorch and Keras, and of the paper's first version; its last version
applies r_t to h_{t-1} before the product.
N sequences in a batch, T time steps, D inputs, H hidden units. Built up in chapter 10. The names
are those of `rnn.py`.
"""

from typing import NamedTuple

import numpy as np

from ..checks import check_gradient, check_inputs, explain_nan
from .activations import sigmoid

ORDER = "rzn"
STATE = ("h",)  # the parts of a state


class Tape(NamedTuple):
    """What `forward` remembers for `backward`, laid out time first.

    x : (T, N, D)         the inputs
    h : (T + 1, N, H)     the hidden states, with the initial state in front
    gates : (T, 3, N, H)  r, z and n of every step
    q : (T, N, H)         h_{t-1} W_hn + b_hn, what r is applied to
    """

    x: np.ndarray
    h: np.ndarray
    gates: np.ndarray
    q: np.ndarray

    @property
    def state(self):
        """The final state, a tuple of one (N, H) array."""
        return (self.h[-1],)

    def gate(self, name):
        """One gate, "r", "z" or "n", at all steps: shape (N, T, H)."""
        return self.gates[:, ORDER.index(name)].transpose(1, 0, 2)

    def window(self, start, stop):
        """The tape of steps start <= t < stop alone, without copying."""
        steps = slice(start, stop)
        return Tape(self.x[steps], self.h[start : stop + 1], self.gates[steps], self.q[steps])


def init_params(D, H, *, rng, dtype=np.float64):
    """Draw parameters: normal weights of standard deviation 1/sqrt(fan-in), zero biases.

    Parameters
    ----------
    D, H : int
        Inputs per time step and hidden units.
    rng : numpy.random.Generator

    Returns
    -------
    dict of W_xr (D, H), W_hr (H, H), b_r (H,), the same for z and n, and b_hn (H,)
    """
    if D < 1 or H < 1:
        raise ValueError(f"D and H must be at least 1; got D={D}, H={H}")
    params = {}
    for gate in ORDER:
        params[f"W_x{gate}"] = (rng.standard_normal((D, H)) / np.sqrt(D)).astype(dtype)
        params[f"W_h{gate}"] = (rng.standard_normal((H, H)) / np.sqrt(H)).astype(dtype)
        params[f"b_{gate}"] = np.zeros(H, dtype)
    return params | {"b_hn": np.zeros(H, dtype)}


def gates(x_t, h_prev, params):
    """r, z, n of one step and q = h_prev W_hn + b_hn, each (N, H)."""
    r = sigmoid(x_t @ params["W_xr"] + h_prev @ params["W_hr"] + params["b_r"])
    z = sigmoid(x_t @ params["W_xz"] + h_prev @ params["W_hz"] + params["b_z"])
    q = h_prev @ params["W_hn"] + params["b_hn"]
    n = np.tanh(x_t @ params["W_xn"] + params["b_n"] + r * q)
    return r, z, n, q


def step(x_t, state, params):
    """Advance the hidden state by one time step.

    Parameters
    ----------
    x_t : ndarray, shape (N, D)
    state : tuple of h_prev, shape (N, H)
    params : dict as from `init_params`

    Returns
    -------
    tuple of h_t, shape (N, H)
    """
    (h_prev,) = state
    _, z, n, _ = gates(x_t, h_prev, params)
    return ((1 - z) * n + z * h_prev,)


def step_backward(dstate, x_t, state_prev, params):
    """Send a gradient back through one step.

    Parameters
    ----------
    dstate : tuple of dh_t, shape (N, H)
        Gradient of the loss with respect to h_t, from the readout and from the next step together.
    x_t : ndarray, shape (N, D)
    state_prev : tuple of h_prev, shape (N, H)
    params : dict as from `init_params`

    Returns
    -------
    dx_t : ndarray, shape (N, D)
    dstate_prev : tuple of dh_prev, shape (N, H)
    grads : dict with the keys and shapes of params
    """
    (dh_t,) = dstate
    (h_prev,) = state_prev
    r, z, n, q = gates(x_t, h_prev, params)
    da_n = dh_t * (1 - z) * (1 - n**2)
    da_z = dh_t * (h_prev - n) * z * (1 - z)
    da_r = da_n * q * r * (1 - r)
    dq = da_n * r
    dx_t, dh_prev, grads = 0, dh_t * z, {}
    for gate, from_x, from_h in (("r", da_r, da_r), ("z", da_z, da_z), ("n", da_n, dq)):
        grads[f"W_x{gate}"] = x_t.T @ from_x
        grads[f"W_h{gate}"] = h_prev.T @ from_h
        grads[f"b_{gate}"] = from_x.sum(axis=0)
        dx_t = dx_t + from_x @ params[f"W_x{gate}"].T
        dh_prev = dh_prev + from_h @ params[f"W_h{gate}"].T
    grads["b_hn"] = dq.sum(axis=0)
    return dx_t, (dh_prev,), grads


def forward(x, params, state=None):
    """Run `step` over whole sequences, organized as in `lstm.forward`.

    Parameters
    ----------
    x : ndarray, shape (N, T, D)
    params : dict as from `init_params`
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
    check_inputs(x, params, weight="W_xr", state=state, recurrent="W_hr")
    W_x, W_h, b = (
        [params[kind + gate] * (1 if gate == "n" else 0.5) for gate in ORDER]
        for kind in ("W_x", "W_h", "b_")
    )
    N, T, D = x.shape
    H = len(b[0])
    x = x.transpose(1, 0, 2).copy()
    h = np.empty((T + 1, N, H), b[0].dtype)
    h[0] = 0 if state is None else state[0]
    gates, q = np.empty((T, 3, N, H), h.dtype), np.empty((T, N, H), h.dtype)
    a = x.reshape(T * N, D) @ np.concatenate(W_x, axis=1)
    np.add(a.reshape(T, N, 3, H).transpose(0, 2, 1, 3), np.array(b)[:, None], out=gates)
    W_h, half, b_hn = np.array(W_h), np.array(0.5, h.dtype), np.tile(params["b_hn"], (N, 1))
    recurrent, rest = np.empty((3, N, H), h.dtype), np.empty((N, H), h.dtype)
    from_r_z, from_n = recurrent[:2], recurrent[2]
    for r_z, r, z, n, q_t, h_prev, h_t in zip(
        gates[:, :2], gates[:, 0], gates[:, 1], gates[:, 2], q, h[:-1], h[1:], strict=True
    ):
        np.matmul(h_prev, W_h, recurrent)
        np.add(r_z, from_r_z, r_z)
        np.tanh(r_z, r_z)
        np.multiply(r_z, half, r_z)
        np.add(r_z, half, r_z)
        np.add(from_n, b_hn, q_t)
        np.multiply(r, q_t, rest)
        np.add(n, rest, n)
        np.tanh(n, n)
        np.subtract(h_prev, n, rest)
        np.multiply(z, rest, rest)
        np.add(n, rest, h_t)
    if np.isnan(h[-1]).any():
        explain_nan(x.transpose(1, 0, 2), params, (h[0],))
    return h[1:].transpose(1, 0, 2), Tape(x, h, gates, q)


def backward(dh, tape, params, dstate=None):
    """Backpropagate through all time steps of the tape, organized as in `lstm.backward`.

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
    x, h = tape.x, tape.h
    T, N, D = x.shape
    H = h.shape[2]
    check_gradient(dh, (N, T, H), tape.state, dstate)
    slopes, slope_n = _slopes(tape)
    da = np.empty((T, N, 3, H), h.dtype)
    # Transposed in memory, too: BLAS takes up to half as long again for a mere view.
    W_h_T = np.array([params[f"W_h{gate}"].T for gate in ORDER]).reshape(3 * H, H)
    all_dh, kept = np.empty((T, N, H), h.dtype), np.empty((N, H), h.dtype)
    dh_t = np.zeros((N, H), h.dtype) if dstate is None else dstate[0].copy()
    for dh_outside, total, da_t, da_rows, da_flat, z in zip(
        dh.transpose(1, 0, 2)[::-1], all_dh[::-1], slopes[::-1],
        da.transpose(0, 2, 1, 3)[::-1], da.reshape(T, N, 3 * H)[::-1],
        tape.gates[::-1, ORDER.index("z")],
        strict=True,
    ):  # fmt: skip
        np.add(dh_t, dh_outside, total)
        np.multiply(da_t, total, da_t)
        np.copyto(da_rows, da_t)  # gate by gate becomes row by row, for one product
        np.dot(da_flat, W_h_T, dh_t)
        np.multiply(total, z, kept)
        np.add(dh_t, kept, dh_t)
    from_h = da.reshape(T * N, 3 * H)
    dW_h = h[:-1].reshape(T * N, H).T @ from_h
    db_hn = from_h[:, 2 * H :].sum(axis=0)
    np.multiply(slope_n, all_dh, out=da[:, :, 2])  # from here on for n itself, without r
    dW_x = x.reshape(T * N, D).T @ from_h
    db, grads = from_h.sum(axis=0), {}
    for k, gate in enumerate(ORDER):
        columns = slice(k * H, (k + 1) * H)
        grads[f"W_x{gate}"], grads[f"W_h{gate}"] = dW_x[:, columns], dW_h[:, columns]
        grads[f"b_{gate}"] = db[columns]
    grads["b_hn"] = db_hn
    W_x = np.concatenate([params[f"W_x{gate}"] for gate in ORDER], axis=1)
    dx = (from_h @ W_x.T).reshape(T, N, D)
    return dx.transpose(1, 0, 2), (dh_t,), grads


def _slopes(tape):
    """What dh_t is multiplied by for r, z and q, (T, 3, N, H), and for n, (T, N, H)."""
    r, z, n = tape.gates.swapaxes(0, 1)
    slope_n = (1 - z) * (1 - n**2)
    slopes = np.empty(tape.gates.shape, r.dtype)
    np.subtract(1, tape.gates[:, :2], out=slopes[:, :2])
    slopes[:, :2] *= tape.gates[:, :2]
    slopes[:, 0] *= tape.q
    slopes[:, 0] *= slope_n
    slopes[:, 1] *= tape.h[:-1] - n
    np.multiply(slope_n, r, out=slopes[:, 2])
    return slopes, slope_n
