"""Attention: each step of what is written weighs all that was read. Built up in chapter 20.

    weights_ut = softmax over t of scores_ut,      context_u = sum over t of weights_ut h_t

N sequences, T steps read, U steps written, H hidden units; s_u is a state of the decoder, h_t one
of the encoder. What makes a score of the two is a module: `dot_attention` (Luong et al. 2015) or
`additive_attention` (Bahdanau et al. 2015), with `init_params`, `scores` and `scores_backward`.
"""

from typing import NamedTuple

import numpy as np

from ..learning.losses import softmax


class Tape(NamedTuple):
    """What `forward` remembers: s (N, U, H), h (N, T, H) and the weights (N, U, T)."""

    s: np.ndarray
    h: np.ndarray
    weights: np.ndarray


def weigh(scores, mask=None):
    """Scores (N, U, T) as weights that are positive and sum to one over t.

    Where `mask` (N, T) is False there is nothing to look at, and the weight is zero. Raises
    ValueError if the mask does not fit or leaves nothing of a sequence.
    """
    if mask is None:
        return softmax(scores)
    if mask.dtype != bool or mask.shape != (scores.shape[0], scores.shape[2]):
        raise ValueError(
            f"mask must be bool, (N, T) = {(scores.shape[0], scores.shape[2])}; "
            f"got {mask.dtype}, {mask.shape}"
        )
    if not mask.any(axis=1).all():
        raise ValueError(f"sequence {mask.any(axis=1).argmin()} is masked at every step")
    return softmax(np.where(mask[:, None], scores, -np.inf))


def weigh_backward(dweights, weights):
    """dscores (N, U, T): a score rises in so far as its weight is worth more than the average."""
    return weights * (dweights - (weights * dweights).sum(axis=-1, keepdims=True))


def forward(s, h, params, *, scoring, mask=None):
    """What each state of the decoder takes from the states of the encoder.

    Parameters
    ----------
    s : ndarray, shape (N, U, H)
    h : ndarray, shape (N, T, H)
    params : dict
        As from scoring.init_params; empty for dot attention.
    scoring : module
        `dot_attention` or `additive_attention`.
    mask : ndarray of bool, shape (N, T), optional
        False where h is padding.

    Returns
    -------
    context : ndarray, shape (N, U, H)
    tape : Tape
        tape.weights is the alignment.

    Raises
    ------
    ValueError
        If a shape does not fit.
    """
    _check(s, h)
    weights = weigh(scoring.scores(s, h, params), mask)
    return weights @ h, Tape(s, h, weights)


def backward(dcontext, tape, params, *, scoring):
    """Gradients of both sides: ds (N, U, H), dh (N, T, H), and those of the parameters.

    An encoder state has two of them: from what was taken of it, and from its score.
    """
    s, h, weights = tape
    if dcontext.shape != s.shape:
        raise ValueError(f"dcontext must have the shape of s, {s.shape}; got {dcontext.shape}")
    dscores = weigh_backward(dcontext @ h.transpose(0, 2, 1), weights)
    ds, dh, grads = scoring.scores_backward(dscores, s, h, params)
    return ds, dh + weights.transpose(0, 2, 1) @ dcontext, grads


def _check(s, h):
    if s.ndim != 3 or h.ndim != 3 or (len(s), s.shape[2]) != (len(h), h.shape[2]):
        raise ValueError(
            f"s (N, U, H) and h (N, T, H) must have the same N and H; got {s.shape} and {h.shape}"
        )
