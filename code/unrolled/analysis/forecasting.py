"""Forecasts without a network, and how wrong one is at each horizon. Built up in chapter 18.

Errors are targets minus forecasts, shape (N, horizon): one row for each origin, in order of time.
"""

import numpy as np


def naive(x, horizon):
    """The last value of each window (N, window, 1), repeated: (N, horizon)."""
    return np.repeat(x[:, -1], horizon, axis=1)


def seasonal_naive(x, horizon, period):
    """The last `period` values of each window (N, window, 1), again and again: (N, horizon).

    Raises ValueError if the windows are shorter than a period.
    """
    if not 1 <= period <= x.shape[1]:
        raise ValueError(f"a period of {period} does not fit into windows of {x.shape[1]} values")
    return x[:, np.arange(horizon) % period - period, 0]


def fit_linear(x, targets):
    """Least squares from windows (N, window, 1) to targets (N, horizon).

    Returns weights (window + 1, horizon), the last row the constant. Where there are fewer windows
    than weights it returns the smallest weights that fit. Raises ValueError if N differs.
    """
    if len(x) != len(targets):
        raise ValueError(f"x has {len(x)} windows, targets has {len(targets)}")
    return np.linalg.lstsq(_with_ones(x), targets, rcond=None)[0]


def linear(x, weights):
    """The forecasts (N, horizon) of `fit_linear`'s weights.

    Raises ValueError if the weights are for windows of another length.
    """
    if len(weights) != x.shape[1] + 1:
        raise ValueError(f"weights of windows of {len(weights) - 1} values; got {x.shape[1]}")
    return _with_ones(x) @ weights


def _with_ones(x):
    return np.column_stack([x[:, :, 0], np.ones(len(x), x.dtype)])


def recursive(one_step, x, horizon):
    """Forecast one step, take the forecast for a measurement, and go on: (N, horizon).

    `one_step` maps windows (N, window, 1) to the next value (N, 1).
    """
    forecasts = []
    for _ in range(horizon):
        forecasts.append(one_step(x))
        x = np.concatenate([x[:, 1:], forecasts[-1][:, None]], axis=1)
    return np.concatenate(forecasts, axis=1)


def rmse(errors):
    """Root mean square over the origins: (horizon,), in the unit of the errors."""
    return np.sqrt(np.mean(np.square(errors), axis=0))


def over_steps(errors):
    """Root mean square over the steps ahead, for each origin: (N, 1), as the intervals take it."""
    return np.sqrt(np.mean(np.square(errors), axis=1, keepdims=True))


def block_counts(N, block, *, draws, rng):
    """How often each of N origins is drawn when blocks of neighbors are: int (draws, N).

    The moving-block bootstrap (Künsch 1989), with the ends joined so that every origin has the
    same chance. Each row sums to N. Raises ValueError if a block does not fit.
    """
    if not 1 <= block <= N:
        raise ValueError(f"block must lie in 1..N = 1..{N}; got {block}")
    starts = rng.integers(0, N, (draws, -(-N // block), 1))
    drawn = ((starts + np.arange(block)) % N).reshape(draws, -1)[:, :N]
    return np.stack([np.bincount(row, minlength=N) for row in drawn])


def rmse_interval(errors, *, block, rng, level=0.9, draws=1000):
    """Where the RMSE of each horizon would lie on other stretches of such a series.

    Origins are drawn again in blocks of `block` neighbors. The interval covers the choice of the
    test period, if that is like others. It does not cover another start of the network, nor a
    future that behaves differently.

    Returns
    -------
    ndarray, shape (2, horizon)
        Low and high end.
    """
    counts = block_counts(len(errors), block, draws=draws, rng=rng)
    return _middle(_resampled(counts, errors), level)


def ratio_interval(errors, rival, *, block, rng, level=0.9, draws=1000):
    """The interval of rmse(errors) / rmse(rival), both resampled at the same origins.

    What makes an origin hard for both cancels. Below 1 the first is better.

    Returns
    -------
    ndarray, shape (2, horizon)

    Raises
    ------
    ValueError
        If the shapes differ.
    """
    if np.shape(errors) != np.shape(rival):
        raise ValueError(
            f"both need errors at the same origins; got {np.shape(errors)}, {np.shape(rival)}"
        )
    counts = block_counts(len(errors), block, draws=draws, rng=rng)
    return _middle(_resampled(counts, errors) / _resampled(counts, rival), level)


def against(errors, rival, *, block, rng, level=0.9):
    """Each of several starts beside one rival, and all of them together.

    Parameters
    ----------
    errors : ndarray, shape (starts, N)
        Root mean square over the steps ahead, at each origin (`over_steps`).
    rival : ndarray, shape (N,)

    Returns
    -------
    dict of ratio (starts,), interval (2, starts), all (low, high) and together
        Of the error over the origins and the rival's. `together` is that of all starts at once (a
        mean square over starts and origins), `all` its interval, for which starts are drawn again
        as well as blocks of origins.
    """
    starts, N = np.shape(errors)
    counts = block_counts(N, block, draws=1000, rng=rng)
    own, other = np.square(errors).T, np.square(rival)[:, None]
    drawn = counts @ own / (counts @ other)  # (draws, starts), of mean squares
    picked = np.take_along_axis(drawn, rng.integers(0, starts, drawn.shape), axis=1)
    whole = own.mean(axis=0) / other.mean()
    return {
        "ratio": np.sqrt(whole),
        "interval": _middle(np.sqrt(drawn), level),
        "together": float(np.sqrt(whole.mean())),
        "all": _middle(np.sqrt(picked.mean(axis=1)), level),
    }


def _resampled(counts, errors):
    """The RMSE (draws, horizon) of each draw."""
    return np.sqrt(counts @ np.square(errors) / len(errors))


def _middle(values, level):
    return np.quantile(values, [(1 - level) / 2, (1 + level) / 2], axis=0)


def band(errors, level=0.8):
    """What to add to a forecast so that `level` of these errors lie inside: (2, horizon)."""
    return _middle(errors, level)


def coverage(errors, offsets):
    """The share of errors (N, horizon) that lie inside a `band`'s offsets: (horizon,)."""
    return np.mean((offsets[0] <= errors) & (errors <= offsets[1]), axis=0)


def conformal(errors, level=0.8):
    """How far to go to both sides of a forecast, from errors (N, horizon) on a part not trained on.

    Split conformal prediction: of N + 1 errors that might have come in any order, the last lies
    within the returned one with probability `level` or more. Raises ValueError where N is too small
    for that.
    """
    rank = int(np.ceil((len(errors) + 1) * level))
    if rank > len(errors):
        raise ValueError(f"{len(errors)} errors are too few for a level of {level:g}")
    return np.sort(np.abs(errors), axis=0)[rank - 1]


def adaptive(known, errors, level=0.8, *, rate=0.05, steps=1):
    """Half widths (N,) that grow after a miss and shrink after a hit (Gibbs and Candès 2021).

    `known` are errors from before, and `errors` (N,) those of forecasts so many `steps` ahead: each
    is known only after its target has come. A width is a quantile of all errors known by then, at
    a level that moves by `rate`; above 1 it is the largest of them.
    """
    asked, widths = level, np.zeros(len(errors))
    for n in range(len(errors)):
        come = n - steps  # the last origin whose target is known
        if come >= 0:
            asked += rate * ((abs(errors[come]) > widths[come]) - (1 - level))
        seen = np.abs(np.concatenate([known, errors[: max(come + 1, 0)]]))
        widths[n] = np.quantile(seen, np.clip(asked, 0, 1))
    return widths
