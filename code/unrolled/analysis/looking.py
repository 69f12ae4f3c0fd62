"""What an answer depends on: attention weights that are tampered with, letters that are replaced.

See chapter 20. N questions, T letters read, U letters written, H hidden units, K letters.
"""

import numpy as np

from unrolled.engine import dense
from unrolled.engine.losses import softmax

KINDS = ("abcdefghijklmnopqrstuvwxyz", "0123456789", " ,./-")  # a letter is replaced by its kind


def with_weights(weights, tape, params):
    """The logits (N, U, K) of a decoder that takes its contexts by other weights (N, U, T).

    `tape` is that of `Seq2Seq.decode` with attention. The states of the decoder do not depend on
    the contexts, so that no step but its own is touched by a change.
    """
    looked = tape.attention
    context = weights @ looked.h
    a = np.tanh(looked.s @ params["W_sa"] + context @ params["W_ca"] + params["b_a"])
    return dense.forward(a, params)


def erased(weights, places):
    """Weights (N, U, T) without what lies at `places` (N, U), the others scaled to sum to one.

    Raises ValueError if one of them is all that there is.
    """
    left = weights.copy()
    np.put_along_axis(left, places[:, :, None], 0, axis=2)
    total = left.sum(axis=2, keepdims=True)
    if not (total > 0).all():
        raise ValueError("at some step nothing is left: a weight of 1 cannot be erased")
    return left / total


def kept(weights, places):
    """A weight of 1 at `places` (N, U) and of 0 elsewhere, (N, U, T)."""
    alone = np.zeros_like(weights)
    np.put_along_axis(alone, places[:, :, None], 1, axis=2)
    return alone


def shuffled(weights, mask, *, rng):
    """The same weights (N, U, T) at places drawn anew for each step, within `mask` (N, T)."""
    moved = np.zeros_like(weights)
    for n, real in enumerate(mask):
        own = weights[n][:, real]
        moved[np.ix_([n], np.arange(own.shape[0]), np.flatnonzero(real))] = rng.permuted(
            own, axis=1
        )
    return moved


def alike(weights, mask):
    """The same weight at every place within `mask` (N, T), as (N, U, T)."""
    share = mask / mask.sum(axis=1, keepdims=True)
    return np.broadcast_to(share[:, None], weights.shape).astype(weights.dtype)


def elsewhere(weights, mask, *, rng):
    """For each step a place within `mask` (N, T) that is not the one with the most weight, (N, U).

    Raises ValueError if a sequence has one place only.
    """
    if (mask.sum(axis=1) < 2).any():
        raise ValueError("a sequence of one letter has no other place")
    drawn = rng.random(weights.shape) * mask[:, None]
    np.put_along_axis(drawn, weights.argmax(axis=2)[:, :, None], -1, axis=2)
    return drawn.argmax(axis=2)


def occluded(model, params, text, read, alphabet, kinds=KINDS):
    """How much of its probability a letter written loses when a letter read is replaced.

    Parameters
    ----------
    model : Seq2Seq
    params : dict
    text : str
        What is read, T letters.
    read : ndarray of int, shape (U,)
        What the decoder reads: the start, then what it has written.
    alphabet : Alphabet
    kinds : sequence of str
        A letter is replaced by each other one of its kind in turn.

    Returns
    -------
    lost : ndarray, shape (U, T)
        The mean loss over the letters put in its place: 1 if the answer hangs on this letter, 0 if
        it does not matter, negative where another letter makes the answer surer.
    """
    texts, places = [text], [-1]
    for t, letter in enumerate(text):
        (kind,) = [kind for kind in kinds if letter in kind]
        others = [other for other in kind if other != letter]
        texts += [text[:t] + other + text[t + 1 :] for other in others]
        places += [t] * len(others)
    x = np.array([alphabet.ids(each) for each in texts])
    logits, _ = model.forward(x, np.broadcast_to(read, (len(x), len(read))), params)
    p = softmax(logits)
    written = p[0].argmax(axis=1)
    chance = p[:, np.arange(len(read)), written]
    places = np.array(places)
    changed = [chance[places == t].mean(axis=0) for t in range(len(text))]
    return chance[0][:, None] - np.stack(changed, axis=1)
