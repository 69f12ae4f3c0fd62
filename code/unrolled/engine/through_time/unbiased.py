"""Gradients that are right on average, from memory that does not grow. See chapter 24.

`uoro` carries forward a single random pair in the place of RTRL's influence (Tallec and Ollivier
2018), `random_truncation` goes back and cuts at random places (Tallec and Ollivier 2017). Each call
is another draw; over all draws the mean is the gradient of full BPTT.
"""

import numpy as np

from ..checks import check_rng
from . import rtrl

TINY = 1e-30  # in the place of a length of zero, before the first step has left something


def uoro(x, dh, params, *, cell, rng, state=None):
    """One draw of unbiased online recurrent optimization.

    The influence P_t is S numbers for each parameter. Its place is taken by one number for each of
    the state and one for each parameter, s and w, such that the mean of the product s w is P_t:

        s <- a J s + b v,   w <- w / a + v F / b,   signs v drawn anew at each step

    The mixed terms have a mean of zero, and v v^T has that of the identity. The factors a and b
    make both of a length, for which the noise is least.

    Parameters
    ----------
    x : ndarray, shape (N, T, D)
    dh : ndarray, shape (N, T, H)
    params : dict
    cell : module
        As for `rtrl.step`.
    rng : numpy.random.Generator
    state : tuple of ndarray, shape (N, H), optional

    Returns
    -------
    grads : dict with the keys and shapes of params

    Raises
    ------
    ValueError
        If something does not fit or rng is no generator.
    """
    check_rng(rng)
    state = rtrl.first_state(x, dh, params, cell, state)
    sizes = [value.size for value in params.values()]
    N, T, H = dh.shape
    S = sum(part.shape[1] for part in state)
    s, w, total = np.zeros((N, S), dh.dtype), np.zeros((N, sum(sizes)), dh.dtype), 0
    for t in range(T):
        J, F = rtrl.local(x[:, t], state, params, cell=cell)
        F = np.concatenate([F[name].reshape(N, S, -1) for name in params], axis=2)
        signs = rng.choice(np.array([-1.0, 1.0], dh.dtype), (N, S))
        s, added = np.einsum("nij,nj->ni", J, s), np.einsum("ni,nip->np", signs, F)
        a, b = _balance(w, s), _balance(added, signs)
        s, w = a * s + b * signs, w / a + added / b
        total = total + np.einsum("nh,nh,np->p", dh[:, t], s[:, :H], w)
        state = cell.step(x[:, t], state, params)
    parts = np.split(total, np.cumsum(sizes)[:-1])
    return {
        name: part.reshape(params[name].shape) for name, part in zip(params, parts, strict=True)
    }


def _balance(long, short):
    """sqrt(|long| / |short|) for each sequence, (N, 1)."""
    lengths = (np.linalg.norm(part, axis=1, keepdims=True) for part in (long, short))
    long, short = (np.maximum(length, TINY) for length in lengths)
    return np.sqrt(long / short)


def random_truncation(dh, tape, params, *, cell, length, rng):
    """One draw of a gradient that is cut at random, about every `length` steps.

    Between two steps the way back of each sequence is cut with probability 1 / length. Where it is
    not, it is made longer by 1 / (1 - 1 / length), and so makes up for the draws in which it is.

    Parameters
    ----------
    dh : ndarray, shape (N, T, H)
    tape : Tape
        From `cell.forward`; it needs `window`.
    params : dict
    cell : module
    length : float
        Mean number of steps between two cuts, above 1.
    rng : numpy.random.Generator

    Returns
    -------
    dx, dstate, grads
        As `cell.backward`.

    Raises
    ------
    ValueError
        If length is not above 1, rng is no generator, or something does not fit.
    """
    check_rng(rng)
    if not length > 1:
        raise ValueError(f"the mean length must be above 1; got {length}")
    if not hasattr(tape, "window"):
        raise ValueError("this cell cannot be truncated: its tape has no window")
    T = len(tape.x)
    if dh.shape[1] != T:
        raise ValueError(f"dh has {dh.shape[1]} steps but the tape has {T}")
    kept = 1 - 1 / length
    dx, dstate, grads = np.empty_like(tape.x.transpose(1, 0, 2)), None, {}
    for t in range(T - 1, -1, -1):
        step = tape.window(t, t + 1)
        dx[:, t : t + 1], dstate, more = cell.backward(dh[:, t : t + 1], step, params, dstate)
        grads = {name: grads[name] + grad if grads else grad for name, grad in more.items()}
        if t:
            factor = (rng.random(len(dh)) < kept) / kept
            dstate = tuple((part.T * factor.astype(part.dtype)).T for part in dstate)
    return dx, dstate, grads
