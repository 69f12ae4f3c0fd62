"""A series cut by time, and its parts into windows and what follows. Built up in chapter 18."""

from itertools import pairwise

import numpy as np


def time_split(times, *cuts):
    """Part a series by time: what lies before the first cut, from each cut to the next, the rest.

    Parameters
    ----------
    times : ndarray, shape (T,)
        In order.
    cuts : times
        The first time of each later part, in order.

    Returns
    -------
    list of slice
        One more than there are cuts; together they cover the series.

    Raises
    ------
    ValueError
        If the times are not in order or a part would be empty.
    """
    times = np.asarray(times)
    if times.ndim != 1 or (times[1:] <= times[:-1]).any():
        raise ValueError("times must be (T,), each once and in order")
    places = [0, *np.searchsorted(times, np.array(cuts, times.dtype)).tolist(), len(times)]
    for first, stop in pairwise(places):
        if stop <= first:
            raise ValueError(
                f"cuts {[str(cut) for cut in cuts]} leave a part of {times[0]} to {times[-1]} "
                "without a time; they must be in order and inside"
            )
    return [slice(first, stop) for first, stop in pairwise(places)]


def windows(series, window, horizon, part=slice(None)):
    """Every stretch of `window` values, and the `horizon` values that follow it.

    Parameters
    ----------
    series : ndarray, shape (T,)
    window, horizon : int
        How many values are read, and how many are to be forecast; at least 1.
    part : slice, optional
        Where the targets must lie, all of them. A window may begin before it: that is the past.

    Returns
    -------
    x : ndarray, shape (N, window, 1)
    targets : ndarray, shape (N, horizon)
        ``targets[n, 0]`` comes right after ``x[n, -1, 0]``, and row n + 1 is one step later.

    Raises
    ------
    ValueError
        If the series is not one row of values, a length is less than 1, or nothing fits.
    """
    series = np.asarray(series)
    if series.ndim != 1:
        raise ValueError(f"a series has the shape (T,); got {series.shape}")
    if window < 1 or horizon < 1:
        raise ValueError(f"needs window >= 1 and horizon >= 1; got {window}, {horizon}")
    first, stop, _ = part.indices(len(series))
    first = max(first, window)
    if stop - first < horizon:
        raise ValueError(f"{window} and {horizon} values do not fit into {part} of {len(series)}")
    cut = np.lib.stride_tricks.sliding_window_view(series, window + horizon)
    cut = cut[first - window : stop - window - horizon + 1].copy()
    return cut[:, :window, None], cut[:, window:]
