"""What a language model needs around its network. Built up in chapter 8."""

import numpy as np

from ..contract import check_carrying
from .losses import softmax
from .training import predict


def stream(ids, N):
    """Cut a text into N rows that are read side by side; the next id is the target.

    Parameters
    ----------
    ids : ndarray of int, shape (L,)
        A text in order.
    N : int
        Rows; N <= L - 1. Up to N - 1 ids at the end are left out.

    Returns
    -------
    x, targets : ndarrays of int, shape (N, T), T = (L - 1) // N
        Row n continues the text where row n - 1 ends; targets[n, t] is the id after x[n, t].
    """
    if not 1 <= N < len(ids):
        raise ValueError(f"N must lie in 1..{len(ids) - 1} for {len(ids)} ids; got {N}")
    T = (len(ids) - 1) // N
    return ids[: N * T].reshape(N, T), ids[1 : N * T + 1].reshape(N, T)


def perplexity(loss):
    """exp(loss) of a cross-entropy in nats: among how many equally likely words one guesses."""
    return float(np.exp(loss))


def next_word(logits, temperature=1.0):
    """Probabilities (..., V) of the next word; a temperature below 1 sharpens, above 1 flattens."""
    if not 0 < temperature < np.inf:
        raise ValueError(f"temperature must be positive and finite; got {temperature}")
    below = logits - np.max(logits, axis=-1, keepdims=True)
    with np.errstate(over="ignore"):  # near 0, what lies below goes to -inf, the maximum stays 0
        return softmax(below / np.float64(temperature))


def sample(prefix, length, params, *, cell, rng, temperature=1.0):
    """Continue a text: read the prefix, then draw a word and read it, `length` times.

    Parameters
    ----------
    prefix : sequence of int
        At least one word id.
    length : int
    params : dict
    cell : object
        An `Embedded` cell.
    rng : numpy.random.Generator
    temperature : float

    Returns
    -------
    list of int
        `length` ids, without the prefix.
    """
    if len(prefix) == 0:
        raise ValueError("the prefix needs at least one word")
    check_carrying(cell, "continue a text")
    logits, state = predict(np.array(prefix)[None], params, cell=cell)
    drawn = []
    for _ in range(length):
        p = next_word(logits[0, -1], temperature)
        drawn.append(int(rng.choice(len(p), p=p / p.sum())))
        logits, state = predict(np.array([[drawn[-1]]]), params, cell=cell, state=state)
    return drawn
