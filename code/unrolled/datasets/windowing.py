"""A series cut by time, and its parts into windows and what follows. Built up in chapter 18."""

import warnings
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

    Warns
    -----
    UserWarning
        If a cut is none of the times: the later part then begins with the next one.

    Raises
    ------
    ValueError
        If the times are not in order, a cut is no such time, or a part would be empty.
    """
    times = np.asarray(times)
    if times.ndim != 1 or (times[1:] <= times[:-1]).any():
        raise ValueError("times must be (T,), each once and in order")
    try:  # a day keeps its day among months: numpy compares them
        marks = [np.datetime64(c) if times.dtype.kind == "M" else np.asarray(c)[()] for c in cuts]
        places = [0, *(int(np.searchsorted(times, mark)) for mark in marks), len(times)]
    except (TypeError, ValueError):
        raise ValueError(f"cuts must be times such as {times[:1]}; got {cuts}") from None
    for first, stop in pairwise(places):
        if stop <= first:
            raise ValueError(
                f"cuts {[str(cut) for cut in cuts]} leave a part of {times[0]} to {times[-1]} "
                "without a time; they must be in order and inside"
            )
    for mark, place in zip(marks, places[1:-1], strict=True):
        if times[place] != mark:
            warnings.warn(
                f"{mark} lies between {times[place - 1]} and {times[place]}: the later part "
                f"begins with {times[place]}",
                stacklevel=2,
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
