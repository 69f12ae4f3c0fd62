"""The long short-term memory (Hochreiter and Schmidhuber 1997), with forget gates (Gers 2000).

    i_t = sigmoid(x_t W_xi + h_{t-1} W_hi + b_i)        what is written
    f_t = sigmoid(x_t W_xf + h_{t-1} W_hf + b_f)        what is kept
    g_t = tanh(x_t W_xg + h_{t-1} W_hg + b_g)           the candidate
    o_t = sigmoid(x_t W_xo + h_{t-1} W_ho + b_o)        what is shown
    c_t = f_t * c_{t-1} + i_t * g_t
    h_t = o_t * tanh(c_t)

N sequences in a batch, T time steps, D inputs, H hidden units. Built up in chapter 9. The names are
those of `rnn.py`; a state is (h_t, c_t).
"""

from typing import NamedTuple

import numpy as np

from ..checks import check_gradient, check_inputs, explain_nan
from .activations import sigmoid

# In memory the sigmoids stand together, and so do the three gates that act through the cell.
ORDER = "oifg"
STATE = ("h", "c")  # the parts of a state


class Tape(NamedTuple):
    """What `forward` remembers for `backward`, laid out time first.

    x : (T, N, D)         the inputs
    h : (T + 1, N, H)     the hidden states, with the initial state in front
    c : (T + 1, N, H)     the cell states, with the initial state in front
    gates : (T, 4, N, H)  o, i, f and g of every step
    tanh_c : (T, N, H)    tanh(c_t)
    """

    x: np.ndarray
    h: np.ndarray
    c: np.ndarray
    gates: np.ndarray
    tanh_c: np.ndarray

    @property
    def state(self):
        """The final state, a tuple of h and c, (N, H) each."""
        return self.h[-1], self.c[-1]

    def gate(self, name):
        """One gate, "i", "f", "g" or "o", at all steps: shape (N, T, H)."""
        return self.gates[:, ORDER.index(name)].transpose(1, 0, 2)

    def window(self, start, stop):
        """The tape of steps start <= t < stop alone, without copying."""
        steps, states = slice(start, stop), slice(start, stop + 1)
        return Tape(
            self.x[steps], self.h[states], self.c[states], self.gates[steps], self.tanh_c[steps]
        )


def init_params(D, H, *, rng, dtype=np.float64, forget_bias=1.0):
    """Draw parameters: normal weights of standard deviation 1/sqrt(fan-in), biases zero but b_f.

    Parameters
    ----------
    D, H : int
        Inputs per time step and hidden units.
    rng : numpy.random.Generator
    forget_bias : float
        The value of b_f. 1 lets the cell keep most of its state at first (Gers et al. 2000;
        Jozefowicz et al. 2015).

    Returns
    -------
    dict of W_xi (D, H), W_hi (H, H), b_i (H,), and the same for f, g and o
    """
    if D < 1 or H < 1:
        raise ValueError(f"D and H must be at least 1; got D={D}, H={H}")
    params = {}
    for gate in "ifgo":
        params[f"W_x{gate}"] = (rng.standard_normal((D, H)) / np.sqrt(D)).astype(dtype)
        params[f"W_h{gate}"] = (rng.standard_normal((H, H)) / np.sqrt(H)).astype(dtype)
        params[f"b_{gate}"] = np.full(H, forget_bias if gate == "f" else 0, dtype)
    return params


def gates(x_t, h_prev, params):
    """The gates i, f, g, o of one step, each (N, H), from x_t (N, D) and h_prev (N, H)."""
    i, f, g, o = (
        x_t @ params[f"W_x{gate}"] + h_prev @ params[f"W_h{gate}"] + params[f"b_{gate}"]
        for gate in "ifgo"
    )
    return sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)


def step(x_t, state, params):
    """Advance the state by one time step.

    Parameters
    ----------
    x_t : ndarray, shape (N, D)
    state : tuple of h_prev and c_prev, shape (N, H) each
    params : dict as from `init_params`

    Returns
    -------
    tuple of h_t and c_t, shape (N, H) each
    """
    h_prev, c_prev = state
    i, f, g, o = gates(x_t, h_prev, params)
    c_t = f * c_prev + i * g
    return o * np.tanh(c_t), c_t


def step_backward(dstate, x_t, state_prev, params):
    """Send a gradient back through one step.

    Parameters
    ----------
    dstate : tuple of dh_t and dc_t, shape (N, H) each
        Gradient of the loss with respect to h_t, from the readout and from the next step together,
        and to c_t, from the next step.
    x_t : ndarray, shape (N, D)
    state_prev : tuple of h_prev and c_prev, shape (N, H) each
    params : dict as from `init_params`

    Returns
    -------
    dx_t : ndarray, shape (N, D)
    dstate_prev : tuple of dh_prev and dc_prev, shape (N, H) each
    grads : dict with the keys and shapes of params
    """
    dh_t, dc_t = dstate
    h_prev, c_prev = state_prev
    i, f, g, o = gates(x_t, h_prev, params)
    tanh_c = np.tanh(f * c_prev + i * g)
    dc_t = dc_t + dh_t * o * (1 - tanh_c**2)
    da = {
        "i": dc_t * g * i * (1 - i),
        "f": dc_t * c_prev * f * (1 - f),
        "g": dc_t * i * (1 - g**2),
        "o": dh_t * tanh_c * o * (1 - o),
    }
    grads = {}
    for gate, da_gate in da.items():
        grads[f"W_x{gate}"] = x_t.T @ da_gate
        grads[f"W_h{gate}"] = h_prev.T @ da_gate
        grads[f"b_{gate}"] = da_gate.sum(axis=0)
    dx_t = sum(da[gate] @ params[f"W_x{gate}"].T for gate in da)
    dh_prev = sum(da[gate] @ params[f"W_h{gate}"].T for gate in da)
    return dx_t, (dh_prev, dc_t * f), grads


def forward(x, params, state=None):
    """Run `step` over whole sequences.

    The product of all inputs with the four input matrices is one matrix product before the loop.
    In the loop each gate is one contiguous block and nothing is allocated: the last argument of
    each call is where its result goes. Weights that are halved beforehand turn four activations
    into one tanh, since sigmoid(a) = (tanh(a / 2) + 1) / 2.

    Parameters
    ----------
    x : ndarray, shape (N, T, D)
    params : dict as from `init_params`
    state : tuple of h_0 and c_0, shape (N, H) each, optional
        The state before the first step; zeros if not given.

    Returns
    -------
    h : ndarray, shape (N, T, H)
        h[:, t] is the hidden state after reading x[:, t]. A view of the tape: do not write into it.
    tape : Tape
        tape.state is the final state.

    Raises
    ------
    ValueError
        If a shape or dtype does not fit, or if NaN reaches the final state.
    """
    check_inputs(x, params, weight="W_xi", state=state, recurrent="W_hi", widths=(1, 1))
    W_x, W_h, b = (
        [params[kind + gate] * (1 if gate == "g" else 0.5) for gate in ORDER]
        for kind in ("W_x", "W_h", "b_")
    )
    N, T, D = x.shape
    H = len(b[0])
    x = x.transpose(1, 0, 2).copy()
    h = np.empty((T + 1, N, H), b[0].dtype)
    tanh_c = np.empty((T, N, H), h.dtype)
    slots = np.empty((T + 1, 5, N, H), h.dtype)  # o, i, f, g of a step, and c before it
    gates, c = slots[:T, :4], slots[:, 4]
    h[0], c[0] = (0, 0) if state is None else state
    a = x.reshape(T * N, D) @ np.concatenate(W_x, axis=1)
    np.add(a.reshape(T, N, 4, H).transpose(0, 2, 1, 3), np.array(b)[:, None], out=gates)
    W_h, half = np.array(W_h), np.array(0.5, h.dtype)
    recurrent, terms = np.empty((4, N, H), h.dtype), np.empty((2, N, H), h.dtype)
    written, kept = terms
    for a, sigmoids, i_f, g_c, o, c_t, tanh_c_t, h_prev, h_t in zip(
        gates, gates[:, :3], slots[:, 1:3], slots[:, 3:], gates[:, 0], c[1:], tanh_c, h, h[1:],
        strict=False,
    ):  # fmt: skip
        np.matmul(h_prev, W_h, recurrent)
        np.add(a, recurrent, a)
        np.tanh(a, a)
        np.multiply(sigmoids, half, sigmoids)
        np.add(sigmoids, half, sigmoids)
        np.multiply(i_f, g_c, terms)
        np.add(written, kept, c_t)
        np.tanh(c_t, tanh_c_t)
        np.multiply(o, tanh_c_t, h_t)
    if np.isnan(h[-1]).any():
        explain_nan(x.transpose(1, 0, 2), params, (h[0], c[0]))
    return h[1:].transpose(1, 0, 2), Tape(x, h, c, gates, tanh_c)


def backward(dh, tape, params, dstate=None):
    """Backpropagate through all time steps of the tape.

    All slopes of all gates are computed in bulk before the loop; step by step the loop turns them
    into the gradients before the activations.

    Parameters
    ----------
    dh : ndarray, shape (N, T, H)
        Gradient of the loss with respect to each h_t from outside the recurrence.
    tape : Tape
        From `forward`.
    params : dict
        The parameters that `forward` was called with.
    dstate : tuple of dh and dc, shape (N, H) each, optional
        Gradient with respect to the final state from whatever came after the last step.

    Returns
    -------
    dx : ndarray, shape (N, T, D)
    dstate : tuple of dh_0 and dc_0, shape (N, H) each
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
    slopes, through_tanh = _slopes(tape)
    da = np.empty((T, N, 4, H), h.dtype)
    W_x = np.concatenate([params[f"W_x{gate}"] for gate in ORDER], axis=1)
    # Transposed in memory, too: BLAS takes up to half as long again for a mere view.
    W_h_T = np.array([params[f"W_h{gate}"].T for gate in ORDER]).reshape(4 * H, H)
    dh_t, dc_t = np.zeros((2, N, H), h.dtype) if dstate is None else (d.copy() for d in dstate)
    for dh_outside, to_c, da_t, da_o, da_ifg, da_rows, da_flat, f in zip(
        dh.transpose(1, 0, 2)[::-1], through_tanh[::-1],
        slopes[::-1], slopes[::-1, 0], slopes[::-1, 1:],
        da.transpose(0, 2, 1, 3)[::-1], da.reshape(T, N, 4 * H)[::-1],
        tape.gates[::-1, ORDER.index("f")],
        strict=True,
    ):  # fmt: skip
        np.add(dh_t, dh_outside, dh_t)
        np.multiply(to_c, dh_t, to_c)
        np.add(dc_t, to_c, dc_t)
        np.multiply(da_o, dh_t, da_o)
        np.multiply(da_ifg, dc_t, da_ifg)
        np.multiply(dc_t, f, dc_t)
        np.copyto(da_rows, da_t)  # gate by gate becomes row by row, for one product
        np.dot(da_flat, W_h_T, dh_t)
    da = da.reshape(T * N, 4 * H)
    dW_x, dW_h = x.reshape(T * N, D).T @ da, h[:-1].reshape(T * N, H).T @ da
    db, grads = da.sum(axis=0), {}
    for gate in "ifgo":
        k = ORDER.index(gate)
        columns = slice(k * H, (k + 1) * H)
        grads[f"W_x{gate}"], grads[f"W_h{gate}"] = dW_x[:, columns], dW_h[:, columns]
        grads[f"b_{gate}"] = db[columns]
    dx = (da @ W_x.T).reshape(T, N, D)
    return dx.transpose(1, 0, 2), (dh_t, dc_t), grads


def _slopes(tape):
    """What dh_t (for o) or dc_t (for i, f, g) is multiplied by, (T, 4, N, H); and dc_t by dh_t."""
    o, i, _, g = tape.gates.swapaxes(0, 1)
    slopes = np.empty(tape.gates.shape, o.dtype)
    np.subtract(1, tape.gates[:, :3], out=slopes[:, :3])
    slopes[:, :3] *= tape.gates[:, :3]
    for k, factor in enumerate((tape.tanh_c, g, tape.c[:-1])):
        slopes[:, k] *= factor
    np.multiply(g, g, out=slopes[:, 3])
    np.subtract(1, slopes[:, 3], out=slopes[:, 3])
    slopes[:, 3] *= i
    through_tanh = tape.tanh_c**2
    np.subtract(1, through_tanh, out=through_tanh)
    through_tanh *= o
    return slopes, through_tanh
