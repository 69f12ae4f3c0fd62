"""Touch a part of the input, and see which answers move."""

import numpy as np

from .adapter import as_function


def as_batch(x):
    """x as an array (N, T, D), or (N, T) of integer ids. Raises ValueError for anything else."""
    x = np.asarray(x)
    if x.ndim not in (2, 3):
        raise ValueError(f"x must be (N, T, D), or (N, T) ids; got shape {x.shape}")
    if not x.size:
        raise ValueError(f"x is empty; got shape {x.shape}")
    whole = np.issubdtype(x.dtype, np.integer)
    if not whole and not np.issubdtype(x.dtype, np.floating):
        raise ValueError(f"x must hold fractions or ids; got {x.dtype}")
    if x.ndim == 2 and not whole:
        raise ValueError(f"x with two axes, (N, T), holds integer ids; got {x.dtype}")
    return x


def answers(function, x, *more):
    """The answers of a model as (N, T, K), or (N, 1, K) if it gives one for each sequence."""
    result = function(x.copy(), *more)
    N, T = x.shape[:2]
    result = result.reshape(len(result), 1, -1) if result.ndim in (1, 2) else result
    if result.ndim != 3 or len(result) != N or result.shape[1] not in (1, T):
        swapped = result.shape[:2] == (T, N)
        raise ValueError(
            f"for x of shape {x.shape} the model must return (N, T, K) or (N, K) with N = {N} and "
            f"T = {T}; got {result.shape}{', which has time first' if swapped else ''}"
        )
    return result


def steady(model, x, *more):
    """The model as a function, and its answers. Raises ValueError if it cannot repeat them."""
    function = as_function(model)
    first, again = answers(function, x, *more), answers(function, x, *more)
    if not np.array_equal(first, again):
        raise ValueError(
            "the model answers differently when it is called again: switch off its dropout, reset "
            "its state, or ask fresh_randomness"
        )
    return function, first


def touch(x, where, rng):
    """A copy of x with other values at the index `where`: fractions are moved, ids replaced."""
    other = x.copy()
    if np.issubdtype(x.dtype, np.floating):
        shift = (0.5 + rng.random(x[where].shape)) * rng.choice([-1, 1], x[where].shape)
        other[where] += (shift * (x.std() or 1)).astype(x.dtype)
        return other
    ids = np.unique(x)
    if len(ids) < 2:
        raise ValueError(f"x must hold at least two different ids; it holds only {ids[0]}")
    at = np.searchsorted(ids, x[where])
    other[where] = ids[(at + rng.integers(1, len(ids), at.shape)) % len(ids)]
    return other


def moved(before, after, axes):
    """The largest change over some axes, as a fraction of the largest answer."""
    return np.abs(after - before).max(axis=axes) / (np.abs(before).max() or 1)
