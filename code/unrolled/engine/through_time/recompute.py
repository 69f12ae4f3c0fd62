"""The exact gradient in less memory: states are thrown away and computed again. See chapter 24.

Which of them are kept, and when the cell runs again from which, a schedule says (`schedules`).
Also known as checkpointing; in this package `checkpoint` is what saves a training.
"""

import numpy as np

from ..contract import carries, of
from .schedules import counts

PIECE = 16  # steps that `backward` advances at once: more would cost memory, fewer cost time


def backward(x, dh, params, *, cell, schedule, state=None, dstate=None, need_dx=True):
    """Full BPTT by a schedule: what `cell.backward` returns, to rounding, without its tape.

    Parameters
    ----------
    x : ndarray, shape (N, T, D)
    dh : ndarray, shape (N, T, H), or function
        Gradient of the loss with respect to each hidden state. A function of (start, stop) returns
        that of these steps, so that it need not be kept for all of them, which would cost as much
        as the states.
    params : dict
    cell : module or object
        Any cell that reads forward only and does the same when it is run again. A function of
        (start, stop) returns the cell of these steps, where it differs from step to step.
    schedule : Schedule, or list of Move
        From `schedules.segments`, `halving` or `binomial`, for T steps, or made by hand.
    state, dstate : tuple of ndarray, optional
        As for `cell.forward` and `cell.backward`.
    need_dx : bool
        Without it, dx, which is as long as x, is not kept and None is returned.

    Returns
    -------
    dx, dstate, grads
        As `cell.backward`.

    Raises
    ------
    ValueError
        If the schedule is not one for T steps, or the cell reads backward or draws dropout.
    """
    T = x.shape[1]
    if (steps := counts(schedule).reversed) != T:
        raise ValueError(f"the schedule reverses {steps} steps but x has {T}")
    cell_of = cell if callable(cell) else (lambda start, stop: cell)
    if not callable(dh) and dh.shape[1] != T:
        raise ValueError(f"dh has {dh.shape[1]} steps but x has {T}")
    kept, now, grads = {}, state, {}
    dx = np.empty_like(x) if need_dx else None
    for name, start, stop in schedule:
        if name == "store":
            kept[start] = now
        elif name == "restore":
            now = kept[start]
        elif name == "advance":
            for first in range(start, stop, PIECE):
                last = min(first + PIECE, stop)
                now = _run(cell_of(first, last), x[:, first:last], params, now).state
                now = tuple(part.copy() for part in now)  # or a view would keep the whole tape
        else:
            into = dx[:, start:stop] if need_dx else None
            given = dh(start, stop) if callable(dh) else dh[:, start:stop]
            own = cell_of(start, stop)
            dstate, more = _reverse(own, x[:, start:stop], given, params, now, dstate, into)
            for key, value in more.items():
                if key in grads:
                    grads[key] += value
                else:
                    grads[key] = value.copy()
            kept = {t: value for t, value in kept.items() if t < start}
    return dx, dstate, grads


def _reverse(cell, x, dh, params, state, dstate, dx):
    """dstate and gradients of these steps, whose tape is gone when this returns; dx is filled."""
    tape = _run(cell, x, params, state)
    dx_own, dstate, grads = cell.backward(dh, tape, params, dstate)
    if dx is not None:
        dx[:] = dx_own
    return dstate, grads


def _run(cell, x, params, state):
    """The tape of these steps. Raises ValueError if running them again would not give the same."""
    if not carries(cell) or of(cell).OUTERMOST:
        raise ValueError("recomputation needs a cell that reads forward, with an output per step")
    if of(cell).DROPS:
        raise ValueError("recomputation would draw another dropout mask; leave dropout away")
    return cell.forward(x, params, state)[1]
