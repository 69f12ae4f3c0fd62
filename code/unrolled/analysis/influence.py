"""Which inputs an output of a recurrent network uses, and how strongly. Chapters 11 and 14."""

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


def left_out(ids, params, *, cell, logit):
    """How much the logit of a text falls when one of its words is left out.

    Parameters
    ----------
    ids : ndarray of int, shape (T,), T at least 2
    params : dict
        With the embedding W_e (V, D).
    cell : module or object
        `rnn` or another cell.
    logit : function
        From final hidden states (N, H) to (N,).

    Returns
    -------
    ndarray, shape (T,)
    """
    T = len(ids)
    whole = logit(cell.forward(params["W_e"][ids][None], params)[0][:, -1])
    shorter = np.array([np.delete(ids, t) for t in range(T)])
    return whole - logit(cell.forward(params["W_e"][shorter], params)[0][:, -1])


def gradient_times_input(ids, params, *, cell, dlogit):
    """The first-order share of each word in the logit: d logit / d x_t times x_t, (T,).

    It is what `left_out` would be if the logit were linear in the word vectors and a word's absence
    were a vector of zeros (Simonyan et al. 2014 for images). `dlogit` is the gradient of the logit
    with respect to the final hidden state, (H,).
    """
    x = params["W_e"][ids][None]
    h, tape = cell.forward(x, params)
    dh = np.zeros_like(h)
    dh[:, -1] = dlogit
    dx, _, _ = cell.backward(dh, tape, params)
    return (dx * x).sum(axis=2)[0]
