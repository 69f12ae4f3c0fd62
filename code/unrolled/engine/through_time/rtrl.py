"""Real-time recurrent learning: the gradient is carried forward (Williams and Zipser 1989).

    P_t = J_t P_{t-1} + F_t,   dL/dw = sum over t of dL/dh_t P_t

The influence P_t = ds_t/dw says how each number of the state depends on each parameter, through all
steps so far; J_t = ds_t/ds_{t-1} is chapter 5's Jacobian, F_t what the parameter does in this step
alone. Nothing is stored per step and nothing goes back: the gradient of a loss is there as soon as
the loss is. It is exact as long as the weights stand still, and full BPTT sums up the same.
Built up in chapter 24.
"""

import numpy as np

from ..cells import rnn
from ..checks import check_gradient


def start(params, N, S):
    """The influence before the first step, a dict of zeros: each array (N, S, *parameter's shape).

    S is the width of all parts of the state together.
    """
    return {w: np.zeros((N, S, *value.shape), value.dtype) for w, value in params.items()}


def step(x_t, state, influence, params, *, cell):
    """Advance the state and the influence by one time step.

    Parameters
    ----------
    x_t : ndarray, shape (N, D)
    state : tuple of ndarray, shape (N, H)
    influence : dict
        From `start` or the step before.
    params : dict
    cell : module
        Any cell with `step` and `step_backward`. For `rnn` there is a faster form.

    Returns
    -------
    state, influence
    """
    J, F = local(x_t, state, params, cell=cell)
    N, S = J.shape[:2]
    moved = {
        name: (J @ P.reshape(N, S, -1)).reshape(P.shape) + F[name] for name, P in influence.items()
    }
    return cell.step(x_t, state, params), moved


def local(x_t, state, params, *, cell):
    """J_t (N, S, S) and F_t, a dict of arrays (N, S, *parameter's shape), of one step.

    `step_backward` is asked once for each sequence and each number of the state.
    """
    if cell is rnn:
        return _local_rnn(x_t, state, params)
    N, widths = len(x_t), [part.shape[1] for part in state]
    S, cuts = sum(widths), np.cumsum(widths)[:-1]
    J, F = np.empty((N, S, S), state[0].dtype), start(params, N, S)
    for n in range(N):
        own = tuple(part[n : n + 1] for part in state)
        for i, row in enumerate(np.eye(S, dtype=J.dtype)):
            dstate = tuple(np.split(row[None], cuts, axis=1))
            _, before, grads = cell.step_backward(dstate, x_t[n : n + 1], own, params)
            J[n, i] = np.concatenate(before, axis=1)
            for name, grad in grads.items():
                F[name][n, i] = grad
    return J, F


def _local_rnn(x_t, state, params):
    """The same for the tanh network: unit i has a slope, and its own column of the parameters."""
    (h_prev,) = state
    slope = 1 - rnn.step(x_t, state, params)[0] ** 2
    own = slope[:, :, None] * np.eye(slope.shape[1], dtype=slope.dtype)  # (N, i, column)
    F = {"W_xh": np.einsum("nd,nij->nidj", x_t, own), "b_h": own}
    F["W_hh"] = np.einsum("nk,nij->nikj", h_prev, own)
    return slope[:, :, None] * params["W_hh"].T, F


def read(dh_t, influence):
    """The gradient of a loss that depends on h_t: dh_t (N, H) times its influence, a dict."""
    H = dh_t.shape[1]  # h is the first part of every state
    return {name: np.tensordot(dh_t, P[:, :H], axes=2) for name, P in influence.items()}


def gradients(x, dh, params, *, cell, state=None):
    """The gradients that `cell.backward` finds, without a way back.

    Parameters
    ----------
    x : ndarray, shape (N, T, D)
    dh : ndarray, shape (N, T, H)
        Gradient of the loss with respect to each hidden state.
    params : dict
    cell : module
        As for `step`.
    state : tuple of ndarray, shape (N, H), optional

    Returns
    -------
    grads : dict with the keys and shapes of params

    Raises
    ------
    ValueError
        If x, dh or state do not fit.
    """
    state = first_state(x, dh, params, cell, state)
    influence = start(params, len(x), sum(part.shape[1] for part in state))
    grads = {name: np.zeros_like(value) for name, value in params.items()}
    for t in range(x.shape[1]):
        state, influence = step(x[:, t], state, influence, params, cell=cell)
        for name, grad in read(dh[:, t], influence).items():
            grads[name] += grad
    return grads


def diagonal(x, dh, params, *, cell, state=None):
    """`gradients` of a cell whose units do not see each other: one number of influence each.

    A unit depends on its own past and on its own column of every parameter alone, as in `mingru`,
    so that the influence has the size of the parameters. `WIDTH` numbers belong to a unit together
    where the cell has that, as in `lru`.

    Raises
    ------
    ValueError
        If x, dh or state do not fit, or the units do see each other.
    """
    state = first_state(x, dh, params, cell, state)
    N, T, W = len(x), x.shape[1], getattr(cell, "WIDTH", 1)
    H = state[0].shape[1] // W
    _check_diagonal(cell, x[:1, 0], tuple(part[:1] for part in state), params, H)
    P = start(params, N, W)
    grads = {name: np.zeros_like(value) for name, value in params.items()}
    for t in range(T):
        moved = start(params, N, W)
        for a in range(W):
            dstate = np.zeros((1, W * H), dh.dtype)
            dstate[:, a * H : (a + 1) * H] = 1  # this number of every unit at once
            for n in range(N):
                own = (state[0][n : n + 1],)
                _, (J,), F = cell.step_backward((dstate,), x[n : n + 1, t], own, params)
                for name in params:
                    carried = (J.reshape(W, H)[b] * P[name][n, b] for b in range(W))
                    moved[name][n, a] = F[name] + sum(carried)
        P, state = moved, cell.step(x[:, t], state, params)
        dh_t = dh[:, t].reshape(N, W, H)
        for name, grad in grads.items():
            grad += np.einsum("nah,na...h->...h", dh_t, P[name])
    return grads


def _check_diagonal(cell, x_t, state, params, H):
    """Raise ValueError unless a number of the state depends on those of its own unit alone."""
    if len(state) > 1:
        raise ValueError("the units of this cell see each other; use `gradients`")
    S = state[0].shape[1]
    many = tuple(np.repeat(part, S, axis=0) for part in state)
    x_t = np.repeat(x_t, S, axis=0)
    _, (J,), _ = cell.step_backward((np.eye(S, dtype=many[0].dtype),), x_t, many, params)
    units = np.arange(S) % H
    if J[units[:, None] != units].any():
        raise ValueError("the units of this cell see each other; use `gradients`")


def first_state(x, dh, params, cell, state):
    """The state before the first step, after checking that everything fits."""
    h, tape = cell.forward(x[:, :1], params, state)
    check_gradient(dh, (*x.shape[:2], h.shape[2]), tape.state)
    return tuple(np.zeros_like(part) for part in tape.state) if state is None else state
