"""Mistakes that are made before the model sees anything."""

import numpy as np

from .report import Report, listed

NATURAL = {0, 1, -1, 6, 7, 10, 11, 12, 23, 24, 30, 31, 59, 60, 90, -90, 100, 180, -180, 255, 256}
NATURAL |= {359, 360, 365, 366, 1000}
CLASSIC = ((0, 1), (-1, 1))


def scaler_leak(scaler, train, rest, *, tolerance=1e-4):
    """Was a scaler fitted on the training part alone?

    A fitted scaler betrays what it was fitted on: that is what comes out with mean 0 and standard
    deviation 1 (of n or of n - 1), with median 0 and interquartile range 1, or between two round
    bounds such as 0 and 1. Each column is asked by itself; one that is constant, missing or passed
    through tells nothing. Whoever scales in another way is not accused: that cannot be told.

    Parameters
    ----------
    scaler : function, or object with `transform`
        Takes and returns an array (T, D).
    train, rest : ndarray, shape (T, D) or (T,)
        The training part, and everything else that will be scaled. NaN are left out.

    Returns
    -------
    Report
        `numbers` maps "train" and "all" to the means (D,) after scaling.

    Raises
    ------
    ValueError
        If the two do not have the same columns.
    """
    train, rest = (np.array(part, float) for part in (train, rest))
    train, rest = (part[:, None] if part.ndim == 1 else part for part in (train, rest))
    if train.ndim != 2 or train.shape[1:] != rest.shape[1:] or not len(train) or not len(rest):
        raise ValueError(f"train and rest must be (T, D); got {train.shape} and {rest.shape}")
    transform, T = getattr(scaler, "transform", scaler), len(train)
    raw = np.concatenate([train, rest])
    scaled = np.array(transform(raw.copy()), float).reshape(len(raw), -1)
    same = raw.shape == scaled.shape  # else columns were added, and which is which is not known
    columns = [
        c
        for c in range(scaled.shape[1])
        if _tells(scaled[:, c], raw, T) and not (same and _is_natural(raw[:, c]))
    ]

    def fitting(c, start=0):
        own = raw[start:, c] if same else None
        return lengths_that_fit(scaled[start:, c], own, T if not start else len(rest), tolerance)

    fits = {c: fitting(c) for c in columns}
    off = {c: (fit, fitting(c, T)) for c, fit in fits.items() if not fit[T]}
    findings = [*_leaked(off, scaled, T)]
    told = [c for c, fit in fits.items() if fit[: T + 1].any()]
    unsure = []
    if not findings and len(told) < scaled.shape[1]:
        which = [c for c in range(scaled.shape[1]) if c not in told]
        unsure = [f"what column {listed(which)} was fitted on: it is constant or scaled otherwise"]
    means = {name: _mean(part) for name, part in (("train", scaled[:T]), ("all", scaled))}
    looked = "the scaler was fitted on the training part alone"
    if not told:
        looked = "no column says what the scaler was fitted on"
    return Report("scaler", tuple(findings), looked, means, tuple(unsure))


def _leaked(off, scaled, T):
    """A sentence about columns that do not fit the training part: `off` maps each to the lengths
    of all, and of the rest alone, that fit."""
    for fit, alone in off.values():
        longer = np.flatnonzero(fit[T + 1 :]) + 1
        if fit[-1]:
            culprit = "train and rest together"
        elif alone[-1]:
            culprit = "the rest alone"
        elif len(longer) and not fit[:T].any():
            culprit = f"train and the first {longer[0]} rows of the rest"
        else:
            continue
        part = scaled[:T][:, list(off)]
        yield (
            f"the scaler was fitted on {culprit}: the scaled training part has a mean of up to "
            f"{np.abs(_mean(part)).max():.2g} and standard deviations of "
            f"{np.nanstd(part, axis=0).round(2)}"
        )
        return


def _tells(column, raw, T):
    """Whether a scaled column differs from its raw one, and has two values in the first T rows."""
    known = column[:T][np.isfinite(column[:T])]
    if not len(known) or np.ptp(known) <= 1e-9 * np.abs(known).max():
        return False
    return not any(np.array_equal(column, other, equal_nan=True) for other in raw.T)


def _is_natural(column):
    """Whether a column runs between bounds that it has by nature, as a percentage or an hour."""
    return {np.nanmin(column), np.nanmax(column)} <= NATURAL


def _mean(part):
    known = np.isfinite(part)
    return np.where(known, part, 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)


def lengths_that_fit(column, raw, T, tolerance):
    """Where the first n values of a scaled column look like what it was fitted on, for each n.

    `raw` is the column before, if that is known. Robust scaling is looked for in the first T and in
    all. Returns bools for n = 0 to len(column).
    """
    known = np.isfinite(column)
    most = np.abs(column[known]).max(initial=0)
    proportional = raw is not None and np.allclose(
        column[known] * np.abs(raw[known]).max(initial=0), raw[known] * most
    )
    value, count = np.where(known, column, 0), np.maximum(known.cumsum(), 1)
    mean = value.cumsum() / count
    variance = np.maximum((value**2).cumsum() / count - mean**2, 0)
    std = np.sqrt(variance)
    sample = std * np.sqrt(count / np.maximum(count - 1, 1))
    fits = np.abs(mean) + np.minimum(np.abs(std - 1), np.abs(sample - 1)) < tolerance
    low = np.minimum.accumulate(np.where(known, column, np.inf))
    high = np.maximum.accumulate(np.where(known, column, -np.inf))
    if any(np.allclose((low[-1], high[-1]), bounds, rtol=0, atol=1e-6) for bounds in CLASSIC):
        fits |= np.isclose(low, low[-1], atol=1e-6) & np.isclose(high, high[-1])
    else:
        fits |= _is_round(low) & _is_round(high) & (low < high)
    if proportional:  # divided by the largest
        fits |= np.abs(np.maximum(-low, high) - 1) < 1e-6
    for n in {T, len(column)}:
        part = column[:n][known[:n]]
        if len(part):
            quarter, middle, three = np.quantile(part, (0.25, 0.5, 0.75))
            fits[n - 1] |= abs(middle) + abs(three - quarter - 1) < tolerance
        only_one = min(abs(mean[n - 1] / std[n - 1]) if std[n - 1] else 1, abs(std[n - 1] - 1))
        fits[n - 1] |= only_one < 1e-7  # only centered, or only divided
    return np.concatenate([[False], fits & (count > 1)])


def _is_round(bound):
    """Whether bounds are such as 0.1 or 255, and not what a series happens to hold."""
    bound = np.where(np.isfinite(bound), bound, 0.01) * 20
    return np.abs(bound - np.round(bound)) < 1e-5


def continuation(batches):
    """Does row n of each batch go on where row n of the one before stopped?

    A state that is carried from batch to batch needs that. Where the targets are the inputs one
    step later, it can be seen: the last target of a row is its first input in the next batch.

    Parameters
    ----------
    batches : iterable of (x, targets)
        x (N, k, ...) and targets of the same shape, in the order in which they are read.

    Returns
    -------
    Report
        `numbers` holds the share of rows that go on, one for each pair of batches.
    """
    shares, before = [], None
    for x, targets in batches:
        x, targets = np.asarray(x), np.asarray(targets)
        if x.ndim < 2 or x.shape != targets.shape:
            raise ValueError(
                "x and targets must be (N, k, ...), of the same shape; "
                f"got {x.shape} and {targets.shape}"
            )
        if before is not None:
            if before.shape != x[:, 0].shape:
                raise ValueError(
                    f"a batch of {len(x)} rows follows one of {len(before)}; leave it out"
                )
            shares.append((before == x[:, 0]).reshape(len(x), -1).all(axis=1).mean())
        before = targets[:, -1]
    if not shares:
        raise ValueError("there must be at least two batches")
    shares, findings = np.array(shares), ()
    if shares.min() < 1:
        at = int((shares < 1).argmax())
        findings = (
            f"of the rows of batch {at + 1} only {shares[at]:.0%} go on where their row of batch "
            f"{at} stopped; over all batches {shares.mean():.0%}",
        )
    looked = f"{len(shares) + 1} batches: every row goes on where it stopped"
    return Report("continuation", findings, looked, shares)
