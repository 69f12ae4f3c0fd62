"""Tasks that ask at every step what comes next: the value of a curve, the character of a text."""

import numpy as np


def waves(N, T, *, periods, rng):
    """Say the next value of a sum of sines, each of which begins anywhere in its period.

    Every sine has amplitude 1, so to guess 0 has a mean squared error of half their number.

    Parameters
    ----------
    N, T : int
        Sequences and time steps.
    periods : sequence of float
        In steps, one for each sine.
    rng : numpy.random.Generator

    Returns
    -------
    x, targets : ndarray, shape (N, T, 1)
        targets[:, t] is the value one step after x[:, t].

    Raises
    ------
    ValueError
        If N or T is less than 1, there are no periods, or one is not positive.
    """
    periods = np.asarray(periods, dtype=np.float64)
    if N < 1 or T < 1 or periods.size < 1 or not (periods > 0).all():
        raise ValueError(
            f"waves needs N >= 1, T >= 1 and positive periods; got N={N}, T={T}, "
            f"periods={periods.tolist()}"
        )
    phases = rng.random((N, len(periods)))
    turns = np.arange(T + 1)[:, None] / periods + phases[:, None]  # (N, T + 1, waves)
    values = np.sin(2 * np.pi * turns).sum(axis=2)[..., None]
    return values[:, :-1], values[:, 1:]


def text_windows(N, T, *, text, rng):
    """Say the next character of a text that begins again after its end.

    Parameters
    ----------
    N, T : int
        Windows and characters in each.
    text : str
    rng : numpy.random.Generator
        Draws where each window begins, anywhere in the text.

    Returns
    -------
    x : ndarray, shape (N, T, K)
        One-hot; the K different characters of the text are in the order of `sorted`.
    targets : ndarray of int, shape (N, T)
        The index of the character that follows.

    Raises
    ------
    ValueError
        If N or T is less than 1 or the text has fewer than two different characters.
    """
    letters = sorted(set(text))
    if N < 1 or T < 1 or len(letters) < 2:
        raise ValueError(
            "text_windows needs N >= 1, T >= 1 and a text of at least two different characters; "
            f"got N={N}, T={T}, text={text!r}"
        )
    ids = np.array([letters.index(letter) for letter in text])
    starts = rng.integers(0, len(text), (N, 1))
    read = ids[(starts + np.arange(T + 1)) % len(text)]
    return np.eye(len(letters))[read[:, :-1]], read[:, 1:]
