"""A mixture of normals for the next offset of a pen, as a loss (Bishop 1994, Graves 2013).

Built up in chapter 27. `losses.mixture_density` is the same function.
"""

from typing import NamedTuple

import numpy as np

from ..checks import as_integer


class Mixture(NamedTuple):
    """What the outputs of a network stand for; shapes (..., K), and (...) for the pen."""

    weights: np.ndarray  # sum to 1
    mean: np.ndarray  # (2, ..., K)
    deviation: np.ndarray  # (2, ..., K)
    correlation: np.ndarray
    pen: np.ndarray  # the probability that it is lifted


def mixture(outputs, *, components, floor=-6.0):
    """Read outputs (..., 6 K + 1) as a `Mixture` of K normals.

    In this order: K logits of the weights, K means of dx, K of dy, K logarithms of the deviation of
    dx, K of dy, not below `floor`; K numbers whose tanh is the correlation; a logit of the pen.
    """
    logits, mean_x, mean_y, log_x, log_y, turn, pen = _parts(outputs, components)
    deviation = np.exp(np.maximum(np.stack([log_x, log_y]), floor))
    lifted = 0.5 * np.tanh(0.5 * pen[..., 0]) + 0.5
    weights = np.exp(_log_softmax(logits))
    return Mixture(weights, np.stack([mean_x, mean_y]), deviation, np.tanh(turn), lifted)


def mixture_density(outputs, targets, *, components, floor=-6.0):
    """Mean of -log p(dx, dy) - log p(pen): the offset by a mixture, the pen by a coin.

    Parameters
    ----------
    outputs : ndarray, shape (..., 6 K + 1)
        As `mixture` reads them.
    targets : ndarray, shape (..., 3)
        dx, dy, and whether the pen is lifted, 0 or 1.
    components : int
        K, at least 1.
    floor : float
        The smallest logarithm of a deviation. What an output says below it is not heard, and gets
        no gradient.

    Returns
    -------
    loss : float
        In nats a target. The first part is the logarithm of a density, so it depends on the unit
        of the offsets, and may be negative.
    doutputs : ndarray, the shape of outputs

    Raises
    ------
    ValueError
        If the shapes do not fit, there are no targets, or a pen is not 0 or 1.
    """
    targets = np.asarray(targets)
    if targets.shape != (*outputs.shape[:-1], 3):
        raise ValueError(
            f"targets must have the shape {(*outputs.shape[:-1], 3)}, for outputs of shape "
            f"{outputs.shape}; got {targets.shape}"
        )
    if targets.size == 0:
        raise ValueError(f"there are no targets; got shape {targets.shape}")
    dx, dy, lifted = (targets[..., i, None].astype(outputs.dtype) for i in range(3))
    if not np.isin(lifted, (0, 1)).all():
        raise ValueError("the pen, targets[..., 2], must be 0 or 1")
    logits, mean_x, mean_y, log_x, log_y, turn, pen = _parts(outputs, components)
    rows = targets[..., 0].size

    inverse_x, inverse_y = np.exp(-np.maximum(log_x, floor)), np.exp(-np.maximum(log_y, floor))
    z_x, z_y, rho = (dx - mean_x) * inverse_x, (dy - mean_y) * inverse_y, np.tanh(turn)
    log_narrow = 2 * (np.log(2) - np.abs(turn) - np.log1p(np.exp(-2 * np.abs(turn))))  # log(1-rho²)
    c = np.exp(-log_narrow)
    Z = z_x**2 + z_y**2 - 2 * rho * z_x * z_y
    log_n = np.log(inverse_x * inverse_y / (2 * np.pi)) - 0.5 * log_narrow - 0.5 * c * Z
    log_weights = _log_softmax(logits)
    log_joint = log_weights + log_n
    top = log_joint.max(axis=-1, keepdims=True)
    log_p = top + np.log(np.exp(log_joint - top).sum(axis=-1, keepdims=True))
    share = np.exp(log_joint - log_p)  # of each component in the density at the target

    pull_x, pull_y = c * (z_x - rho * z_y), c * (z_y - rho * z_x)
    doutputs = np.concatenate(
        [
            np.exp(log_weights) - share,
            -share * pull_x * inverse_x,
            -share * pull_y * inverse_y,
            np.where(log_x > floor, share * (1 - z_x * pull_x), 0),
            np.where(log_y > floor, share * (1 - z_y * pull_y), 0),
            -share * (z_x * z_y + rho * (1 - c * Z)),
            0.5 * np.tanh(0.5 * pen) + 0.5 - lifted,
        ],
        axis=-1,
        dtype=outputs.dtype,
    )
    pen_loss = np.maximum(pen, 0) - pen * lifted + np.log1p(np.exp(-np.abs(pen)))
    return float((pen_loss - log_p).mean()), doutputs / rows


def biased(mixed, bias):
    """A surer mixture (Graves 2013): deviations times e^-bias, weights to the power of 1 + bias.

    A bias of 0 changes nothing, one below 0 is bolder than the network. The pen keeps its chances.
    """
    if not np.isfinite(bias) or bias < -1:
        raise ValueError(f"bias must be finite and at least -1; got {bias}")
    weights = mixed.weights ** (1 + bias)
    weights = weights / weights.sum(axis=-1, keepdims=True)
    return mixed._replace(weights=weights, deviation=mixed.deviation * np.exp(-bias))


def _log_softmax(logits):
    below = logits - logits.max(axis=-1, keepdims=True)
    return below - np.log(np.exp(below).sum(axis=-1, keepdims=True))


def _parts(outputs, components):
    """The six parts of `mixture`, (..., K) each, and the logit of the pen, (..., 1)."""
    K = as_integer("components", components)
    if K < 1:
        raise ValueError(f"components must be at least 1; got {K}")
    if outputs.shape[-1] != 6 * K + 1:
        raise ValueError(
            f"{K} components need 6 * {K} + 1 = {6 * K + 1} outputs; got {outputs.shape[-1]}"
        )
    return np.split(outputs, range(K, 6 * K + 1, K), axis=-1)
