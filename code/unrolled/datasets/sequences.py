"""Sequences of different lengths in one array. Built up in chapter 7."""

import numpy as np

SIDES = ("pre", "post")


def pad(sequences, T, *, padding="pre", truncating="pre", value=0):
    """Bring sequences of ids to one length, as Keras's `pad_sequences` does.

    Parameters
    ----------
    sequences : list of sequences of int
        Of any lengths, N of them.
    T : int
        Steps of every row, at least 1.
    padding, truncating : "pre" or "post"
        The side on which a short sequence gets padding, and on which a long one loses ids.
    value : int
        The id that stands for padding.

    Returns
    -------
    ids : ndarray of int32, shape (N, T)
    mask : ndarray of bool, shape (N, T)
        True where there is an id of the sequence and not padding.

    Raises
    ------
    ValueError
        If T is less than 1, a side is neither "pre" nor "post", or a sequence is not a list of
        integers.
    """
    if T < 1:
        raise ValueError(f"T must be at least 1; got {T}")
    for name, side in (("padding", padding), ("truncating", truncating)):
        if side not in SIDES:
            raise ValueError(f"{name} must be 'pre' or 'post'; got {side!r}")
    ids = np.full((len(sequences), T), value, np.int32)
    mask = np.zeros((len(sequences), T), bool)
    for n, sequence in enumerate(sequences):
        kept = _checked(sequence, n)
        kept = kept[-T:] if truncating == "pre" else kept[:T]
        place = slice(T - len(kept), T) if padding == "pre" else slice(0, len(kept))
        ids[n, place], mask[n, place] = kept, True
    return ids, mask


def _checked(sequence, n):
    """A sequence as an array of integers, or a ValueError that says which one is not."""
    array = np.asarray(sequence)
    if array.ndim != 1 or (array.size and not np.issubdtype(array.dtype, np.integer)):
        raise ValueError(
            f"sequence {n} must be a list of integers; got {array.dtype}, shape {array.shape}"
        )
    return array
