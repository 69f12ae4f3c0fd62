"""What counting alone can do: the n-gram model with interpolated Kneser-Ney smoothing.

    P(w | context) = max(c(context w) - d, 0) / c(context)
                     + d * (kinds of words after context) / c(context) * P(w | shorter context)

The longest context counts how often, every shorter one after how many different words (Kneser and
Ney 1995; in this form Chen and Goodman 1999).
"""

from collections import Counter

import numpy as np


def perplexity(train, test, *, order, V, discount=0.75):
    """Perplexity of a text under an n-gram model counted on another.

    Parameters
    ----------
    train, test : ndarray of int, shape (L,)
        Word ids from 0 to V - 1, in order.
    order : int
        1 for single words, 2 for pairs, and so on.
    V : int
        Words in the vocabulary; with none seen, each has probability 1 / V.
    discount : float
        d above, between 0 and 1.

    Returns
    -------
    float
        Over all words of `test` that have order - 1 words before them.
    """
    if order < 1 or not 0 < discount < 1:
        raise ValueError(f"needs order >= 1 and 0 < discount < 1; got {order}, {discount}")
    for name, ids in {"train": train, "test": test}.items():
        if len(ids) and not 0 <= ids.min() <= ids.max() < V:
            raise ValueError(f"{name} holds ids {ids.min()}..{ids.max()}; V={V} allows 0..{V - 1}")
    if len(test) < order:
        raise ValueError(f"the test text has {len(test)} words, fewer than the order {order}")
    levels = _counts(train.tolist(), order)
    nats = 0.0
    for words in _windows(test.tolist(), order):
        p = 1 / V
        for k, (count, total, kinds) in enumerate(levels, start=1):
            gram = words[order - k :]
            seen = total[gram[:-1]]
            if seen:
                p *= discount * kinds[gram[:-1]] / seen
                p += max(count[gram] - discount, 0) / seen
        nats -= np.log(p)
    return float(np.exp(nats / (len(test) - order + 1)))


def _counts(train, order):
    """For each length 1..order: counts of grams, their sum per context, and kinds per context."""
    grams = Counter(_windows(train, order))
    levels = []
    for _ in range(order):
        total, kinds = Counter(), Counter()
        for gram, count in grams.items():
            total[gram[:-1]] += count
            kinds[gram[:-1]] += 1
        levels.append((grams, total, kinds))
        grams = Counter(gram[1:] for gram in grams)  # now: after how many different words
    return levels[::-1]


def _windows(words, order):
    return zip(*(words[i:] for i in range(order)), strict=False)
