"""Dropout (Srivastava et al. 2014) with one mask per sequence (Gal and Ghahramani 2016).

At all its time steps a sequence lacks the same units. Built up in chapter 11.
"""

import numpy as np

from ..checks import check_rng


def mask(shape, p, *, rng, dtype=np.float64):
    """Zero with probability p, else 1 / (1 - p), so that the mean of what it multiplies stays.

    Raises ValueError unless 0 <= p < 1 and the dtype is one of fractions.
    """
    _check(p, rng)
    if not np.issubdtype(dtype, np.floating):
        raise ValueError(f"a dropout mask needs a floating dtype; got {np.dtype(dtype)}")
    return (rng.random(shape) >= p).astype(dtype) / np.asarray(1 - p, dtype)


def locked(p, rng):
    """For `Stack`: drops the same units of a sequence, shape (N, 1, H), at all its time steps."""
    _check(p, rng)
    return lambda N, H, dtype: mask((N, 1, H), p, rng=rng, dtype=dtype)


def _check(p, rng):
    if not 0 <= p < 1:
        raise ValueError(f"p must lie in [0, 1); got {p}")
    check_rng(rng)
