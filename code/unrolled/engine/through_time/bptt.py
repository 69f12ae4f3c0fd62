"""Truncated backpropagation through time, for any cell of this package. Built up in chapter 6.

Full BPTT is the cell's own `backward`.
"""

import numpy as np


def truncated_backward(dh, tape, params, *, cell, k1, k2):
    """Send the losses back every k1 steps, and at most k2 steps far (Williams and Peng 1990).

    At steps e = k1 - 1, 2 k1 - 1, ... and at the last step, the losses since the previous such step
    go back together and reach step t only if e - k2 < t <= e. So k1 = k2 = k is what detaching the
    state every k steps does (where k divides T), k1 = 1 lets each loss reach exactly k2 steps, its
    own included, and k2 >= T is full BPTT.

    Parameters
    ----------
    dh : ndarray, shape (N, T, H)
        Gradient of the loss with respect to each hidden state, from outside the recurrence.
    tape : Tape
        From `cell.forward`.
    params : dict
    cell : module
        `unrolled.engine.rnn` or another cell with `backward` and a tape with `window`.
    k1, k2 : int
        1 <= k1 <= k2.

    Returns
    -------
    dx, dstate, grads
        As `cell.backward`. dstate sums what reaches the initial state.

    Raises
    ------
    ValueError
        If not 1 <= k1 <= k2, if dh does not belong to the tape, or if the tape has no `window`.
    """
    T = _steps(dh, tape, k1, k2)
    if k2 >= T:
        return cell.backward(dh, tape, params)
    dx, dstate, grads = np.zeros_like(tape.x.transpose(1, 0, 2)), None, {}
    for first, stop in blocks(T, k1):
        start = max(0, stop - k2)
        dx_block, dstate_block, grads_block = send_back(
            dh, tape, params, cell=cell, start=start, first=first, stop=stop
        )
        dx[:, start:stop] += dx_block
        for name, grad in grads_block.items():
            grads[name] = grads[name] + grad if name in grads else grad
        if start == 0:
            dstate = dstate_block if dstate is None else tuple(map(np.add, dstate, dstate_block))
    return dx, dstate, grads


def send_back(dh, tape, params, *, cell, start, first, stop):
    """Send the losses of steps first <= e < stop back together, and no farther than step start.

    Returns
    -------
    dx (N, stop - start, D), dstate, grads
        As `cell.backward` of these steps alone; dstate is what would go on to the step before.
    """
    dh_own = dh[:, start:stop].copy()
    dh_own[:, : first - start] = 0
    return cell.backward(dh_own, tape.window(start, stop), params)


def blocks(T, k1):
    """Pairs (first, stop): the k1 losses that travel together. The last block may be shorter."""
    return [(first, min(first + k1, T)) for first in range(0, T, k1)]


def _steps(dh, tape, k1, k2):
    """T, after checking that everything fits."""
    if not 1 <= k1 <= k2:
        raise ValueError(f"truncated BPTT needs 1 <= k1 <= k2; got k1={k1}, k2={k2}")
    if not hasattr(tape, "window"):
        raise ValueError("this cell cannot be truncated: its tape has no window")
    T = len(tape.x)
    if dh.shape[1] != T:
        raise ValueError(f"dh has {dh.shape[1]} steps but the tape has {T}")
    return T
