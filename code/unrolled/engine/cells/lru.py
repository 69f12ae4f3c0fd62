"""A linear recurrent unit: pairs of units that turn and shrink (Orvieto et al. 2023).

    r = exp(-exp(nu)),  angle = exp(theta),  scale = exp(gamma)
    p_t = r (cos(angle) p_{t-1} - sin(angle) q_{t-1}) + scale * (x_t W_re)
    q_t = r (sin(angle) p_{t-1} + cos(angle) q_{t-1}) + scale * (x_t W_im)

N sequences in a batch, T time steps, D inputs, H pairs. A state holds the H first coordinates p and
then the H second ones q, so h_t is (N, 2 H), and `WIDTH` says so. Every pair is a point in a plane,
p + i q as one complex number, and a step multiplies it by r e^(i angle): that is how `forward` and
`backward` reach `scan.linear`, which needs a decay for each number and no matrix. Logarithms keep r
between 0 and 1, and the gradient of nu of one size whether r is 0.9 or 0.999. Built up in chapter
22. The names are those of `rnn.py`.
"""

from typing import NamedTuple

import numpy as np

from ..checks import check_gradient, check_inputs, explain_nan
from ..through_time import scan

STATE = ("h",)  # the parts of a state
WIDTH = 2  # the state is 2 H numbers wide


class Tape(NamedTuple):
    """What `forward` remembers for `backward`, laid out time first.

    x : (T, N, D)        the inputs
    h : (T + 1, N, 2 H)  the hidden states, with the initial state in front
    """

    x: np.ndarray
    h: np.ndarray

    @property
    def state(self):
        """The final state, a tuple of one (N, 2 H) array."""
        return (self.h[-1],)

    def window(self, start, stop):
        """The tape of steps start <= t < stop alone, without copying."""
        return Tape(self.x[start:stop], self.h[start : stop + 1])


def init_params(D, H, *, rng, dtype=np.float64, r_min=0.9, r_max=0.999, phase=np.pi):
    """Draw parameters: turns spread evenly over the area of a ring (Orvieto et al. 2023).

    Parameters
    ----------
    D, H : int
        Inputs per time step, and pairs of units.
    rng : numpy.random.Generator
    r_min, r_max : float, 0 < r_min <= r_max < 1
        Between these lies what a pair keeps at each step.
    phase : float, 0 < phase
        The largest angle of a turn, in radians. Beyond pi a turn is one in the other direction.

    Returns
    -------
    dict of nu, theta, gamma (H,), W_re, W_im (D, H)
        The scale is sqrt(1 - r^2), with which inputs of variance 1 give a state of variance 1.

    Raises
    ------
    ValueError
        If D or H is below 1, or the ring is none.
    """
    if D < 1 or H < 1:
        raise ValueError(f"D and H must be at least 1; got D={D}, H={H}")
    if not (0 < r_min <= r_max < 1 and phase > 0):
        raise ValueError(
            f"a ring needs 0 < r_min <= r_max < 1 and phase > 0; got {r_min}, {r_max}, {phase}"
        )
    r = np.sqrt(rng.uniform(r_min**2, r_max**2, H))
    params = {
        "nu": np.log(-np.log(r)),
        "theta": np.log(phase * (1 - rng.random(H))),
        "gamma": np.log(1 - r**2) / 2,
        "W_re": rng.standard_normal((D, H)) / np.sqrt(D),
        "W_im": rng.standard_normal((D, H)) / np.sqrt(D),
    }
    return {name: value.astype(dtype) for name, value in params.items()}


def step(x_t, state, params):
    """Advance the hidden state by one time step.

    Parameters
    ----------
    x_t : ndarray, shape (N, D)
    state : tuple of h_prev, shape (N, 2 H)
    params : dict as from `init_params`

    Returns
    -------
    tuple of h_t, shape (N, 2 H)
    """
    (h_prev,) = state
    p, q = np.split(h_prev, 2, axis=1)
    r, angle, scale = (
        np.exp(-np.exp(params["nu"])),
        np.exp(params["theta"]),
        np.exp(params["gamma"]),
    )
    along, across = r * np.cos(angle), r * np.sin(angle)
    p_t = along * p - across * q + scale * (x_t @ params["W_re"])
    q_t = across * p + along * q + scale * (x_t @ params["W_im"])
    return (np.concatenate([p_t, q_t], axis=1),)


def step_backward(dstate, x_t, state_prev, params):
    """Send a gradient back through one step: turn it the other way, and shrink it as much.

    Parameters
    ----------
    dstate : tuple of dh_t, shape (N, 2 H)
        Gradient of the loss with respect to h_t, from the readout and from the next step together.
    x_t : ndarray, shape (N, D)
    state_prev : tuple of h_prev, shape (N, 2 H)
    params : dict as from `init_params`

    Returns
    -------
    dx_t : ndarray, shape (N, D)
    dstate_prev : tuple of dh_prev, shape (N, 2 H)
    grads : dict with the keys and shapes of params
    """
    dp, dq = np.split(dstate[0], 2, axis=1)
    p, q = np.split(state_prev[0], 2, axis=1)
    r, angle, scale = (
        np.exp(-np.exp(params["nu"])),
        np.exp(params["theta"]),
        np.exp(params["gamma"]),
    )
    along, across = r * np.cos(angle), r * np.sin(angle)
    dp_prev, dq_prev = along * dp + across * dq, along * dq - across * dp
    from_x = scale * (x_t @ params["W_re"]), scale * (x_t @ params["W_im"])
    grads = {
        "nu": -np.exp(params["nu"]) * (dp_prev * p + dq_prev * q).sum(axis=0),
        "theta": angle * (dq_prev * p - dp_prev * q).sum(axis=0),
        "gamma": (dp * from_x[0] + dq * from_x[1]).sum(axis=0),
        "W_re": x_t.T @ (scale * dp),
        "W_im": x_t.T @ (scale * dq),
    }
    dx_t = (scale * dp) @ params["W_re"].T + (scale * dq) @ params["W_im"].T
    return dx_t, (np.concatenate([dp_prev, dq_prev], axis=1),), grads


def forward(x, params, state=None):
    """Run `step` over whole sequences, by `scan.linear`.

    Parameters
    ----------
    x : ndarray, shape (N, T, D)
    params : dict as from `init_params`
    state : tuple of h_0, shape (N, 2 H), optional
        The state before the first step; zeros if not given.

    Returns
    -------
    h : ndarray, shape (N, T, 2 H)
        h[:, t] is the state after reading x[:, t]. A view of the tape: do not write into it.
    tape : Tape
        tape.state is the final state.

    Raises
    ------
    ValueError
        If a shape or dtype does not fit, or if NaN reaches the final state.
    """
    check_inputs(x, params, weight="W_re", recurrent="nu", state=state, widths=(2,))
    decay, scale, W = _turns(params), np.exp(params["gamma"]), _weights(params)
    N, T, D = x.shape
    H = len(scale)
    x = x.transpose(1, 0, 2).copy()
    drive = (x.reshape(T * N, D) @ W).reshape(T, N, 2 * H)
    drive *= np.tile(scale, 2)
    h = _apart(scan.linear(decay, _together(drive), state and _together(state[0])))
    if np.isnan(h[-1]).any():
        explain_nan(x.transpose(1, 0, 2), params, (h[0],))
    return h[1:].transpose(1, 0, 2), Tape(x, h)


def backward(dh, tape, params, dstate=None):
    """Backpropagate through all time steps of the tape, by `scan.linear_backward`.

    Parameters
    ----------
    dh : ndarray, shape (N, T, 2 H)
        Gradient of the loss with respect to each h_t from outside the recurrence.
    tape : Tape
        From `forward`.
    params : dict
        The parameters that `forward` was called with.
    dstate : tuple of ndarray, shape (N, 2 H), optional
        Gradient with respect to the final state from whatever came after the last step.

    Returns
    -------
    dx : ndarray, shape (N, T, D)
    dstate : tuple of dh_0, shape (N, 2 H)
    grads : dict with the keys and shapes of params

    Raises
    ------
    ValueError
        If the shape or dtype of dh or dstate is not that of the hidden states.
    """
    x, h = tape
    T, N, D = x.shape
    check_gradient(dh, (N, T, h.shape[2]), tape.state, dstate)
    decay, scale, W = _turns(params), np.tile(np.exp(params["gamma"]), 2), _weights(params)
    dlast = dstate and _together(dstate[0])
    dh = _together(dh.transpose(1, 0, 2))
    turns, ddrive, dh_0 = scan.linear_backward(dh, decay.conj(), _together(h).conj(), dlast)
    size_and_angle = turns[0, 0] * decay[0, 0].conj()  # a turn's gradient along and across itself
    ddrive = _apart(ddrive).reshape(T * N, len(scale))
    x = x.reshape(T * N, D)
    dW = x.T @ ddrive
    along = (dW * W).sum(axis=0) * scale
    dW *= scale
    H = len(scale) // 2
    grads = {
        "nu": -np.exp(params["nu"]) * size_and_angle.real,
        "theta": np.exp(params["theta"]) * size_and_angle.imag,
        "gamma": along[:H] + along[H:],
        "W_re": dW[:, :H].copy(),
        "W_im": dW[:, H:].copy(),
    }
    dx = ((ddrive * scale) @ W.T).reshape(T, N, D)
    return dx.transpose(1, 0, 2), (_apart(dh_0),), grads


def _turns(params):
    """What a step multiplies the pairs by, as complex numbers of shape (1, 1, H)."""
    turns = np.exp(-np.exp(params["nu"]) + 1j * np.exp(params["theta"]))
    return turns.astype(np.result_type(params["nu"], np.complex64))[None, None]


def _weights(params):
    """Both input matrices side by side, (D, 2 H)."""
    return np.concatenate([params["W_re"], params["W_im"]], axis=1)


def _together(h):
    """States (..., 2 H) as complex numbers (..., H)."""
    H = h.shape[-1] // 2
    pairs = np.empty((*h.shape[:-1], H), np.result_type(h, np.complex64))
    pairs.real, pairs.imag = h[..., :H], h[..., H:]
    return pairs


def _apart(pairs):
    """Complex numbers (..., H) as states (..., 2 H)."""
    return np.concatenate([pairs.real, pairs.imag], axis=-1)
