"""Tasks with a dial: how far back the answer lies.

`recall` and `flip_flop` ask at every step. The others ask at the last steps only, and `targets`
hold nothing else: they belong to ``logits[:, -targets.shape[1]:]``. Bits are written -1 and 1 as
inputs and 0 and 1 as classes.
"""

import numpy as np

from .bits import as_inputs


def recall(N, T, *, lag, rng):
    """Say at every step what was heard `lag` steps ago.

    Parameters
    ----------
    N, T : int
        Sequences and time steps.
    lag : int
        0 <= lag.
    rng : numpy.random.Generator

    Returns
    -------
    x : ndarray, shape (N, T, 1)
        Independent normal numbers.
    targets : ndarray, shape (N, T, 1)
        x moved `lag` steps later; zero where nothing had been heard yet.

    Raises
    ------
    ValueError
        If N or T is less than 1 or lag is negative.
    """
    if N < 1 or T < 1 or lag < 0:
        raise ValueError(f"recall needs N >= 1, T >= 1 and lag >= 0; got N={N}, T={T}, lag={lag}")
    x = rng.standard_normal((N, T, 1))
    targets = np.zeros_like(x)
    targets[:, lag:] = x[:, : max(0, T - lag)]
    return x, targets


def echo(N, T, *, lag, rng):
    """Say which bit was heard `lag` steps ago: `recall` with two classes.

    Every bit on the way has to be kept as well, so the memory that is needed grows with the lag.

    Parameters
    ----------
    N, T : int
        Sequences and time steps.
    lag : int
        0 <= lag < T.
    rng : numpy.random.Generator

    Returns
    -------
    x : ndarray, shape (N, T, 1)
        Independent bits, -1 and 1 with equal chance.
    targets : ndarray of int, shape (N, T - lag)
        0 or 1, the bits of steps 0 to T - lag - 1, asked at steps lag to T - 1.

    Raises
    ------
    ValueError
        If N is less than 1 or lag does not lie in 0..T-1.
    """
    if N < 1 or not 0 <= lag < T:
        raise ValueError(f"echo needs N >= 1 and 0 <= lag < T; got N={N}, T={T}, lag={lag}")
    bits = rng.integers(0, 2, (N, T))
    return as_inputs(bits), bits[:, : T - lag].copy()


def copy(N, *, lag, rng, symbols=3, alphabet=4):
    """Read a few symbols, wait `lag` blanks, and say the symbols again after a cue.

    The copying memory task, from Hochreiter and Schmidhuber (1997) in the layout of Arjovsky et al.
    (2016). T = 2 symbols + lag + 1: each symbol lies symbols + lag + 1 steps before its answer.

    Parameters
    ----------
    N : int
        Sequences.
    lag : int
        0 <= lag, the number of blanks between the last symbol and the cue.
    rng : numpy.random.Generator
    symbols, alphabet : int
        How many to remember, and how many different ones there are.

    Returns
    -------
    x : ndarray, shape (N, T, alphabet + 2)
        One-hot: a symbol, the blank (feature `alphabet`) or the cue (the last feature). While it
        answers, the network reads blanks.
    targets : ndarray of int, shape (N, symbols)
        The symbols in their order, asked at the last steps.

    Raises
    ------
    ValueError
        If N or symbols is less than 1, lag is negative, or alphabet is less than 2.
    """
    if N < 1 or lag < 0 or symbols < 1 or alphabet < 2:
        raise ValueError(
            "copy needs N >= 1, lag >= 0, symbols >= 1 and alphabet >= 2; "
            f"got N={N}, lag={lag}, symbols={symbols}, alphabet={alphabet}"
        )
    targets = rng.integers(0, alphabet, (N, symbols))
    read = np.full((N, 2 * symbols + lag + 1), alphabet)
    read[:, :symbols] = targets
    read[:, symbols + lag] = alphabet + 1
    return np.eye(alphabet + 2)[read], targets


def adding(N, T, *, lag, rng):
    """Add the two marked numbers of a sequence, asked at its last step.

    The adding problem (Hochreiter and Schmidhuber 1997), with numbers and marks as in Le et al.
    (2015). To guess 1 always has a mean squared error of 1/6.

    Parameters
    ----------
    N, T : int
        Sequences and time steps.
    lag : int
        1 <= lag < T. The first marked number stands exactly `lag` steps before the last step, the
        second anywhere after it.
    rng : numpy.random.Generator

    Returns
    -------
    x : ndarray, shape (N, T, 2)
        x[..., 0] are independent numbers, uniform in [0, 1]; x[..., 1] is 1 at the two marked steps
        and 0 elsewhere.
    targets : ndarray, shape (N, 1, 1)
        The sum, between 0 and 2.

    Raises
    ------
    ValueError
        If N is less than 1 or lag does not lie in 1..T-1.
    """
    if N < 1 or not 1 <= lag < T:
        raise ValueError(f"adding needs N >= 1 and 1 <= lag < T; got N={N}, T={T}, lag={lag}")
    x = np.zeros((N, T, 2))
    x[..., 0] = rng.random((N, T))
    first = T - 1 - lag
    x[:, first, 1] = 1
    x[np.arange(N), rng.integers(first + 1, T, N), 1] = 1
    return x, x.prod(axis=2).sum(axis=1)[:, None, None]


def latch(N, T, *, rng, alphabet=4):
    """Name the letter that came with the last "store", asked at the last step.

    A latch problem (Bengio et al. 1994) with letters that are to be ignored, and with overwriting.
    Each step is a "store" with probability 2 / T, and one more, drawn at random, is one for sure.

    Parameters
    ----------
    N, T : int
        Sequences and time steps.
    rng : numpy.random.Generator
    alphabet : int
        How many different letters there are, all as likely.

    Returns
    -------
    x : ndarray, shape (N, T, alphabet + 1)
        A one-hot letter at every step; the last feature is 1 where it is to be stored, else 0.
    targets : ndarray of int, shape (N, 1)
        The letter stored last.

    Raises
    ------
    ValueError
        If N or T is less than 1, or alphabet less than 2.
    """
    if N < 1 or T < 1 or alphabet < 2:
        raise ValueError(
            f"latch needs N >= 1, T >= 1 and alphabet >= 2; got N={N}, T={T}, alphabet={alphabet}"
        )
    letters, store = rng.integers(0, alphabet, (N, T)), rng.random((N, T)) < 2 / T
    store[np.arange(N), rng.integers(0, T, N)] = True
    x = np.concatenate([np.eye(alphabet)[letters], store[:, :, None]], axis=2)
    last = T - 1 - store[:, ::-1].argmax(axis=1)
    return x, letters[np.arange(N), last][:, None]


def flip_flop(N, T, *, bits, chance, rng):
    """Say of every bit at every step which way it was pushed last.

    The task of Sussillo and Barak (2013), who had three bits.

    Parameters
    ----------
    N, T : int
        Sequences and time steps.
    bits : int
        How many bits are kept, independent of each other.
    chance : float
        The probability that a bit is pushed at a step. At the first step all are, so that
        there is an answer from the start.
    rng : numpy.random.Generator

    Returns
    -------
    x : ndarray, shape (N, T, bits)
        Pushes: -1 or 1, as likely; 0 where a bit is left alone.
    targets : ndarray, shape (N, T, bits)
        -1 or 1, the last push of each bit.

    Raises
    ------
    ValueError
        If N, T or bits is less than 1, or chance does not lie in [0, 1].
    """
    if N < 1 or T < 1 or bits < 1 or not 0 <= chance <= 1:
        raise ValueError(
            "flip_flop needs N >= 1, T >= 1, bits >= 1 and 0 <= chance <= 1; "
            f"got N={N}, T={T}, bits={bits}, chance={chance}"
        )
    pushed = rng.random((N, T, bits)) < chance
    pushed[:, 0] = True
    x = np.where(pushed, rng.choice([-1.0, 1.0], (N, T, bits)), 0.0)
    last = np.maximum.accumulate(np.where(pushed, np.arange(T)[:, None], 0), axis=1)
    return x, np.take_along_axis(x, last, axis=1)
