"""Which inputs an output of a recurrent network uses, and how strongly. Used in chapter 11."""

import numpy as np


def influence(x, params, *, cell, units=slice(None)):
    """The length of dh_t/dx_s for every output step t and every input step s.

    Parameters
    ----------
    x : ndarray, shape (T, D)
        One sequence.
    params : dict
    cell : module or object
        `rnn` or another cell, `Stack` or `Bidirectional`.
    units : slice
        Which of the output's units count; all if not given.

    Returns
    -------
    ndarray, shape (T, T)
        Element [t, s] is the Frobenius norm of the Jacobian. It is exactly 0 where there is no
        path from the input to the output.
    """
    T, D = x.shape
    chosen = np.arange(cell.forward(x[None], params)[0].shape[2])[units]
    # One copy of the sequence for every element of h, so that one backward pass does them all.
    copies = np.repeat(x[None], T * len(chosen), axis=0)
    h, tape = cell.forward(copies, params)
    dh = np.zeros(h.shape, h.dtype)
    dh[np.arange(len(h)), np.repeat(np.arange(T), len(chosen)), np.tile(chosen, T)] = 1
    dx, _, _ = cell.backward(dh, tape, params)
    return np.hypot.reduce(dx.reshape(T, len(chosen), T, D), axis=(1, 3))
