"""Tasks with a dial: how far back the answer lies."""

import numpy as np


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
