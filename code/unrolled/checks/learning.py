"""A model that can learn anything can learn one small batch by heart."""

import operator

import numpy as np

from .answer import described, to_numpy
from .report import Report


def overfit_one_batch(step, *, below, steps=200):
    """Train on the same batch again and again: the loss must fall below a bound.

    Parameters
    ----------
    step : function
        Called without arguments; does one update on the batch and returns the loss. A list or tuple
        that begins with it will do, and a dict with "loss" and, as a share, "accuracy".
    below : float
        What the loss must reach: a small fraction of what guessing costs. For a loss that may be
        negative, as that of a density, a negative number.
    steps : int
        How often to try. It stops as soon as the loss is below the bound.

    Returns
    -------
    Report
        `numbers` holds the losses, one for each step taken.
    """
    steps = operator.index(steps)
    if steps < 1:
        raise ValueError(f"steps must be at least 1; got {steps}")
    curve, accuracies = [], []
    for _ in range(steps):
        loss, *accuracy = _numbers(step())
        curve.append(loss)
        accuracies += accuracy
        if not np.isfinite(loss) or loss < below:
            break
    curve, findings = np.array(curve), _complaints(curve, accuracies, below, steps)
    looked = f"the loss is below {below:g} after {len(curve)} of {steps} steps on one batch"
    return Report("overfit one batch", tuple(findings), looked, curve)


def _complaints(curve, accuracies, below, steps):
    first, last = curve[0], curve[-1]
    if not np.isfinite(last):
        yield f"the loss is {last} at step {len(curve)}"
    elif len(curve) == 1 and last < below:
        yield (
            f"the loss starts at {first:.2g}, below {below:g} before anything is learned: it is no "
            "loss, or the bound is too high"
        )
    elif last < 0 < below:
        yield (
            f"the loss is {last:.2g} at step {len(curve)}, but a cross entropy or a squared error "
            "is never negative; for the loss of a density give a bound below 0"
        )
    elif not last < below:
        yield (
            f"after {steps} steps on one batch the loss is {last:.2g}, from {first:.2g} at "
            f"first, and not below {below:g}"
        )
    elif accuracies and accuracies[-1] < 1 and accuracies[-1] <= (1 + accuracies[0]) / 2:
        yield (
            f"the loss is below {below:g}, but the accuracy is {accuracies[-1]:.0%}, from "
            f"{accuracies[0]:.0%} at first: the loss is not about these answers"
        )


def _numbers(returned):
    """The loss, and the accuracy if a dict has one, as floats. Of a list the first is the loss."""
    values = [returned]
    if isinstance(returned, dict):
        values = [returned.get("loss"), *(v for k, v in returned.items() if "acc" in str(k))][:2]
    elif isinstance(returned, list | tuple):
        values = returned[:1] or [None]
    try:
        return [float(to_numpy(value).reshape(())) for value in values]
    except (TypeError, ValueError):
        raise ValueError(
            "step must return the loss as one number, or a dict with loss and accuracy; "
            f"got {described(returned)}"
        ) from None
