"""Tasks on bits: one to remember, all to add up or to be odd or even about.

Bits are written -1 and 1 as inputs and 0 and 1 as classes. `targets` belong to the last steps,
``logits[:, -targets.shape[1]:]``.
"""

import numpy as np


def parity(N, *, lag, rng):
    """Say whether the number of ones among lag + 1 bits is odd, asked at the last bit.

    One bit of memory is enough, but every bit counts: to ignore one is to guess (Minsky and Papert
    1969; as a task with long lags, Bengio et al. 1994).

    Parameters
    ----------
    N : int
        Sequences.
    lag : int
        0 <= lag, from the first bit to the last; T = lag + 1.
    rng : numpy.random.Generator

    Returns
    -------
    x : ndarray, shape (N, lag + 1, 1)
        Independent bits, -1 and 1 with equal chance.
    targets : ndarray of int, shape (N, 1)
        1 if the number of ones is odd, else 0.

    Raises
    ------
    ValueError
        If N is less than 1 or lag is negative.
    """
    if N < 1 or lag < 0:
        raise ValueError(f"parity needs N >= 1 and lag >= 0; got N={N}, lag={lag}")
    bits = rng.integers(0, 2, (N, lag + 1))
    return as_inputs(bits), bits.sum(axis=1, keepdims=True) % 2


def running_parity(N, T, *, rng):
    """Say at every bit whether the number of ones so far is odd: `parity` with help on the way.

    Parameters
    ----------
    N, T : int
        Sequences and time steps.
    rng : numpy.random.Generator

    Returns
    -------
    x : ndarray, shape (N, T, 1)
        Independent bits, -1 and 1 with equal chance.
    targets : ndarray of int, shape (N, T)
        1 if the number of ones so far is odd, else 0.

    Raises
    ------
    ValueError
        If N or T is less than 1.
    """
    bits = _bits(N, T, rng, "running_parity")
    return as_inputs(bits), bits.cumsum(axis=1) % 2


def switches(N, T, *, pairs, rng):
    """Read pairs of switches at every step: each pair with both on flips a lamp. Is it on?

    The pairs of one step ask for an inner product of two rows of bits, modulo 2.

    Parameters
    ----------
    N, T, pairs : int
        Sequences, time steps, and pairs at a step.
    rng : numpy.random.Generator

    Returns
    -------
    x : ndarray, shape (N, T, 2 * pairs)
        Independent switches, -1 and 1 with equal chance; one of each pair comes first.
    targets : ndarray of int, shape (N, T)
        1 if the lamp, dark at the start, is on after the step, else 0.

    Raises
    ------
    ValueError
        If N, T or pairs is less than 1.
    """
    if min(N, T, pairs) < 1:
        raise ValueError(f"switches needs N, T, pairs >= 1; got N={N}, T={T}, pairs={pairs}")
    on = rng.integers(0, 2, (N, T, 2, pairs))
    flips = on.prod(axis=2).sum(axis=2)
    return 2.0 * on.reshape(N, T, 2 * pairs) - 1, flips.cumsum(axis=1) % 2


def count(N, T, *, rng):
    """Say at every bit how many ones there have been so far.

    To guess half the bits read has a mean squared error of (T + 1) / 8.

    Parameters
    ----------
    N, T : int
        Sequences and time steps.
    rng : numpy.random.Generator

    Returns
    -------
    x : ndarray, shape (N, T, 1)
        Independent bits, -1 and 1 with equal chance.
    targets : ndarray, shape (N, T, 1)
        Whole numbers from 0 to T.

    Raises
    ------
    ValueError
        If N or T is less than 1.
    """
    bits = _bits(N, T, rng, "count")
    return as_inputs(bits), bits.cumsum(axis=1)[..., None].astype(np.float64)


def as_many(n, T):
    """Say at every letter whether at least as many b as a have been read: some a, then b alone.

    The language a^n b^n, read step by step (with LSTMs first Gers and Schmidhuber 2001).

    Parameters
    ----------
    n : ndarray of int, shape (N,)
        How many a each sequence begins with, at least 1.
    T : int
        Time steps, more than any n.

    Returns
    -------
    x : ndarray, shape (N, T, 2)
        One-hot: a, b.
    targets : ndarray of int, shape (N, T)
        1 from step 2 n - 1 on, where the last b that is needed is read, else 0.

    Raises
    ------
    ValueError
        If an n is less than 1 or no less than T.
    """
    if len(n) < 1 or min(n) < 1 or max(n) >= T:
        raise ValueError(f"as_many needs 1 <= n < T; got T={T} and n={n}")
    t = np.arange(T)
    is_b = t >= np.asarray(n)[:, None]
    return np.eye(2)[is_b.astype(int)], (t >= 2 * np.asarray(n)[:, None] - 1).astype(int)


def as_inputs(bits):
    """-1.0 and 1.0 with a feature axis, from 0 and 1."""
    return 2.0 * bits[..., None] - 1


def _bits(N, T, rng, name):
    if N < 1 or T < 1:
        raise ValueError(f"{name} needs N >= 1 and T >= 1; got N={N}, T={T}")
    return rng.integers(0, 2, (N, T))
