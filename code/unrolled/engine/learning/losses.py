"""Losses: each returns its value and its gradient. Built up in chapter 3.

A loss is a mean over all its targets, so the gradient does not grow with N or T. The dtype of the
gradient is that of the logits or predictions. That of a pen's next offset has a module of its own.
"""

import numpy as np

from .mixture import mixture_density as mixture_density


def softmax(logits):
    """Turn logits (..., K) into probabilities (..., K) that sum to one over the last axis."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return shifted / shifted.sum(axis=-1, keepdims=True)


def cross_entropy(logits, targets):
    """Mean of -log softmax(logits)[target].

    Parameters
    ----------
    logits : ndarray, shape (..., K)
    targets : ndarray of int, shape (...)
        The right class of each row, from 0 to K - 1.

    Returns
    -------
    loss : float
        In nats.
    dlogits : ndarray, shape (..., K)
        (softmax(logits) - onehot(targets)) / number of targets.

    Raises
    ------
    ValueError
        If the shapes do not fit, there are no targets, or a target is not one of the K classes.
    """
    targets = np.asarray(targets)
    K = logits.shape[-1]
    if targets.shape != logits.shape[:-1]:
        raise ValueError(
            f"targets must have the shape of logits without its last axis, {logits.shape[:-1]}; "
            f"got {targets.shape}"
        )
    _check_not_empty(targets)
    if not np.issubdtype(targets.dtype, np.integer):
        raise ValueError(f"targets must be integers, the index of a class; got {targets.dtype}")
    if targets.min() < 0 or targets.max() >= K:
        raise ValueError(f"targets must lie in 0..{K - 1}; got {targets.min()}..{targets.max()}")
    index = targets[..., None]
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_p = np.take_along_axis(shifted, index, axis=-1)
    dlogits = np.exp(shifted, out=shifted)
    normalizer = dlogits.sum(axis=-1, keepdims=True)
    log_p -= np.log(normalizer)
    dlogits /= normalizer
    np.put_along_axis(dlogits, index, np.take_along_axis(dlogits, index, axis=-1) - 1, axis=-1)
    dlogits /= targets.size
    return float(-log_p.mean()), dlogits


def mean_squared_error(predictions, targets):
    """Mean of (prediction - target)^2 over every element, and its gradient.

    Raises ValueError if the shapes differ (NumPy would broadcast) or there is nothing to compare.
    """
    _check_same_shape(predictions, targets)
    error = predictions - targets.astype(predictions.dtype)
    return float((error**2).mean()), 2 * error / error.size


def binary_cross_entropy(logits, targets):
    """Mean of -log p for targets 1 and -log(1 - p) for targets 0, where p = sigmoid(logit).

    Takes logits rather than probabilities: log(1 + exp(-|logit|)) neither overflows nor loses
    digits. Returns the loss in nats and dlogits = (p - targets) / number of targets.

    Raises ValueError if the shapes differ, there are no targets, or a target lies outside [0, 1].
    """
    _check_same_shape(logits, targets)
    if targets.min() < 0 or targets.max() > 1:
        raise ValueError(f"targets must lie in [0, 1]; got {targets.min()}..{targets.max()}")
    targets = targets.astype(logits.dtype)
    small = np.exp(-np.abs(logits))
    loss = np.maximum(logits, 0) - logits * targets + np.log1p(small)
    p = np.where(logits >= 0, 1, small) / (1 + small)
    return float(loss.mean()), (p - targets) / targets.size


def _check_same_shape(predictions, targets):
    if predictions.shape != targets.shape:
        raise ValueError(
            f"predictions and targets must have the same shape; "
            f"got {predictions.shape} and {targets.shape}"
        )
    _check_not_empty(targets)


def _check_not_empty(targets):
    if targets.size == 0:
        raise ValueError(f"there are no targets; got shape {targets.shape}")
