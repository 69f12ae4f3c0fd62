"""A model that can learn anything can learn one small batch by heart."""

import operator

import numpy as np

from .report import Report


def overfit_one_batch(step, *, below, steps=200):
    """Train on the same batch again and again: the loss must fall below a bound.

    Parameters
    ----------
    step : function
        Called without arguments; does one update on the batch and returns the loss.
    below : float
        What the loss must reach: a small fraction of what guessing costs.
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
    losses = []
    for _ in range(steps):
        loss = float(step())
        losses.append(loss)
        if not np.isfinite(loss) or loss < below:
            break
    curve, findings = np.array(losses), ()
    if not np.isfinite(curve[-1]):
        findings = (f"the loss is {curve[-1]} at step {len(curve)}",)
    elif not curve[-1] < below:
        findings = (
            f"after {steps} steps on one batch the loss is {curve[-1]:.2g}, from {curve[0]:.2g} at "
            f"first, and not below {below:g}",
        )
    looked = f"the loss is below {below:g} after {len(curve)} of {steps} steps on one batch"
    return Report("overfit one batch", findings, looked, curve)
