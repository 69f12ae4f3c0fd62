"""Mistakes that are made before the model sees anything."""

import numpy as np

from .report import Report


def scaler_leak(scaler, train, rest, *, tolerance=1e-4):
    """Was a scaler fitted on the training part alone?

    A fitted scaler betrays what it was fitted on: that is what comes out with mean 0 and standard
    deviation 1, or between 0 and 1, or between -1 and 1.

    Parameters
    ----------
    scaler : function, or object with `transform`
        Takes and returns an array (T, D).
    train, rest : ndarray, shape (T, D) or (T,)
        The training part, and everything else that will be scaled.

    Returns
    -------
    Report
        `numbers` maps "train" and "all" to the means (D,) after scaling.

    Raises
    ------
    ValueError
        If the two do not have the same columns.
    """
    train, rest = (np.asarray(part, float) for part in (train, rest))
    train, rest = (part[:, None] if part.ndim == 1 else part for part in (train, rest))
    if train.ndim != 2 or train.shape[1:] != rest.shape[1:]:
        raise ValueError(f"train and rest must be (T, D); got {train.shape} and {rest.shape}")
    transform = getattr(scaler, "transform", scaler)
    parts = {"train": train, "all": np.concatenate([train, rest])}
    scaled = {name: np.asarray(transform(part), float) for name, part in parts.items()}
    fits = {name: _is_scaled(part, tolerance) for name, part in scaled.items()}
    findings = ()
    if not fits["train"]:
        culprit = "train and rest together" if fits["all"] else "other data than either"
        far = np.abs(scaled["train"].mean(axis=0)).max()
        findings = (
            f"the scaler was fitted on {culprit}: the scaled training part has a mean of up to "
            f"{far:.2g} and standard deviations of {scaled['train'].std(axis=0).round(2)}",
        )
    means = {name: part.mean(axis=0) for name, part in scaled.items()}
    return Report("scaler", findings, "the scaler was fitted on the training part alone", means)


def _is_scaled(part, tolerance):
    low, high = part.min(axis=0), part.max(axis=0)
    standard = np.abs(part.mean(axis=0)) + np.abs(part.std(axis=0) - 1)
    zero_to_one = np.abs(low) + np.abs(high - 1)
    both_sides = np.abs(low + 1) + np.abs(high - 1)
    return any((off < tolerance).all() for off in (standard, zero_to_one, both_sides))


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
