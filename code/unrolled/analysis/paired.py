"""Two models on the same items: who is right where the other is wrong. Built up in chapter 7."""

from math import comb
from typing import NamedTuple

import numpy as np


class Paired(NamedTuple):
    """What `mcnemar` finds."""

    only_first: int
    only_second: int
    p: float


def mcnemar(first, second):
    """The exact test of McNemar (1947), two-sided.

    Items on which both models are right, or both wrong, say nothing about which of them is better.
    On the n others, if neither were better, each is a fair coin, so that p is the probability of a
    count at least as uneven as the one found: 2 * sum of C(n, k) / 2^n for k up to the smaller
    count, at most 1.

    Parameters
    ----------
    first, second : bool arrays, shape (N,)
        Where each model is right, item by item. Items have to be independent of each other.

    Returns
    -------
    Paired
        On how many items only the first is right, on how many only the second, and p.

    Raises
    ------
    ValueError
        If they are not two arrays of bools of one length.
    """
    first, second = np.asarray(first), np.asarray(second)
    kinds = {first.dtype, second.dtype}
    if first.ndim != 1 or first.shape != second.shape or kinds != {np.dtype(bool)}:
        raise ValueError(
            "mcnemar compares two bool arrays of one length, right or wrong for each item; got "
            f"{first.dtype} {first.shape} and {second.dtype} {second.shape}"
        )
    only_first, only_second = int((first & ~second).sum()), int((second & ~first).sum())
    n = only_first + only_second
    tail = sum(comb(n, k) for k in range(min(only_first, only_second) + 1)) / 2**n
    return Paired(only_first, only_second, min(1.0, 2 * tail))
