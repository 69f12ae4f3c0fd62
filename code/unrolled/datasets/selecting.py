"""Selective copying: what to keep is said by what is read, and not by when."""

import numpy as np


def selective_copy(N, places, *, rng, symbols=3, alphabet=4):
    """Read a few symbols scattered among blanks, and say them again in their order.

    `copy` with symbols at places that differ from sequence to sequence, after Gu and Dao (2023), so
    that no fixed delay helps. T = places + symbols.

    Parameters
    ----------
    N : int
        Sequences.
    places : int
        Steps among which the symbols are scattered; all others are blank.
    rng : numpy.random.Generator
    symbols, alphabet : int
        How many to remember, and how many different ones there are.

    Returns
    -------
    x : ndarray, shape (N, places + symbols, alphabet + 2)
        One-hot: a symbol, the blank (feature `alphabet`) or, at the last steps, the cue.
    targets : ndarray of int, shape (N, symbols)
        The symbols in their order, asked at the last steps.

    Raises
    ------
    ValueError
        If N or symbols is less than 1, alphabet less than 2, or places less than symbols.
    """
    if N < 1 or not 1 <= symbols <= places or alphabet < 2:
        raise ValueError(
            "selective_copy needs N >= 1, 1 <= symbols <= places and alphabet >= 2; "
            f"got N={N}, places={places}, symbols={symbols}, alphabet={alphabet}"
        )
    targets = rng.integers(0, alphabet, (N, symbols))
    where = np.sort(rng.permuted(np.tile(np.arange(places), (N, 1)), axis=1)[:, :symbols], axis=1)
    read = np.full((N, places + symbols), alphabet)
    np.put_along_axis(read, where, targets, axis=1)
    read[:, places:] = alphabet + 1
    return np.eye(alphabet + 2)[read], targets
