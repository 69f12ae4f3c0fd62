"""Forecasts that read themselves: how long they hold, and rivals without a reservoir.

Built up in chapter 26. A rival sees a window of the last values, turns it into features and fits a
readout to these, as a reservoir does to its states.
"""

from itertools import combinations_with_replacement

import numpy as np

from unrolled.engine import dense, reservoir

WIDE = 10.0  # standard deviations, where a rival that runs away is held


def valid_time(outputs, truth, *, limit=0.4):
    """For how many steps forecasts stay near the truth.

    Parameters
    ----------
    outputs, truth : ndarray, shape (N, T, D)
        In standard deviations of each of the D numbers.
    limit : float
        0 < limit. The root mean square over the D numbers that ends a forecast.

    Returns
    -------
    ndarray of int, shape (N,)
        Steps before the first one that is farther away; T where there is none.

    Raises
    ------
    ValueError
        If the shapes differ or the limit is not positive.
    """
    if outputs.shape != truth.shape or outputs.ndim != 3:
        raise ValueError(f"both must have one shape (N, T, D); got {outputs.shape}, {truth.shape}")
    if not limit > 0:
        raise ValueError(f"limit must be positive; got {limit}")
    far = ~(np.sqrt(np.mean((outputs - truth) ** 2, axis=2)) <= limit)  # NaN is far
    return np.where(far.any(axis=1), far.argmax(axis=1), far.shape[1])


def spread(x):
    """Mean and standard deviation of each number of x (N, T, D), two arrays (D,)."""
    return x.mean(axis=(0, 1)), x.std(axis=(0, 1))


def recent(x, lags, gap=1):
    """Windows of `lags` values, `gap` steps apart, of x (N, T, D): the newest first.

    Returns an array (N, T - (lags - 1) gap, lags D), one row for each step that has enough past.
    """
    T = x.shape[1]
    first = (lags - 1) * gap
    if first >= T:
        raise ValueError(f"{lags} values, {gap} steps apart, do not fit into {T} steps")
    return np.concatenate([x[:, first - k * gap : T - k * gap] for k in range(lags)], axis=2)


def powers(x, degree):
    """All products of up to `degree` of the last axis of x (..., D): (..., number of products)."""
    axes = range(x.shape[-1])
    parts = [
        np.prod(x[..., list(combinations_with_replacement(axes, d))], axis=-1)
        for d in range(1, degree + 1)
    ]
    return np.concatenate(parts, axis=-1)


def fit(features, x, *, lags=1, gap=1, ridge):
    """A readout that says the next value from the features of a window of x (N, T, D)."""
    windows = recent(x[:, :-1], lags, gap)
    return reservoir.fit_readout(features(windows), x[:, -windows.shape[1] :], ridge=ridge)


def run(features, readout, past, steps, *, lags=1, gap=1):
    """Let a rival read its own forecasts: (N, steps, D), from a past (N, T, D)."""
    if past.shape[1] <= (lags - 1) * gap:
        raise ValueError(f"the past has {past.shape[1]} steps; {(lags - 1) * gap + 1} are needed")
    seen = [past[:, t] for t in range(past.shape[1])]
    for _ in range(steps):
        window = np.concatenate([seen[-1 - k * gap] for k in range(lags)], axis=1)
        seen.append(np.clip(dense.forward(features(window), readout), -WIDE, WIDE))
    return np.stack(seen[-steps:], axis=1)
