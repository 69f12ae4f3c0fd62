"""What counting alone can do: the n-gram model with interpolated Kneser-Ney smoothing.

    P(w | context) = max(c(context w) - d, 0) / c(context)
                     + d * (kinds of words after context) / c(context) * P(w | shorter context)

The longest context counts how often, every shorter one after how many different words (Kneser and
Ney 1995; in this form Chen and Goodman 1999). The discount d may differ from length to length.
"""

from collections import Counter

import numpy as np

DISCOUNTS = [*np.arange(0.05, 1.0, 0.05).round(2).tolist(), 0.99]  # that `tuned` tries


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
    discount : float, or `order` of them
        d above, between 0 and 1; for each length, single words first.

    Returns
    -------
    float
        Over all words of `test` that have order - 1 words before them.
    """
    return float(np.exp(nats(train, test, order=order, V=V, discount=discount).mean()))


def nats(train, test, *, order, V, discount=0.75):
    """What each word costs that has order - 1 words before it, -log P; see `perplexity`."""
    _check(train, test, order, V, discount)
    found = _looked_up(counted(train, order), test, order)
    return -np.log(_probabilities(found, V, discount))


def tuned(train, valid, *, orders, V):
    """The order and the discounts that suit a validation text best.

    Each length's discount is searched by itself, twice in turn, among `DISCOUNTS`.

    Returns
    -------
    order : int
        One of `orders`.
    discounts : list of float, one for each length
    perplexity : float
        On the validation text.
    """
    best = (0, [], np.inf)
    for order in orders:
        _check(train, valid, order, V, 0.75)
        found, d = _looked_up(counted(train, order), valid, order), [0.75] * order
        for k in (*range(order), *range(order)):
            tries = [[*d[:k], each, *d[k + 1 :]] for each in DISCOUNTS]
            d = min(tries, key=lambda each: -np.log(_probabilities(found, V, each)).sum())
        score = float(np.exp(-np.log(_probabilities(found, V, d)).mean()))
        best = min(best, (order, d, score), key=lambda each: each[2])
    return best


def counted(train, order):
    """For each length 1..order: counts of grams, their sum per context, and kinds per context."""
    grams = Counter(_windows(train.tolist(), order))
    levels = []
    for _ in range(order):
        total, kinds = Counter(), Counter()
        for gram, count in grams.items():
            total[gram[:-1]] += count
            kinds[gram[:-1]] += 1
        levels.append((grams, total, kinds))
        grams = Counter(gram[1:] for gram in grams)  # now: after how many different words
    return levels[::-1]


def sample(prefix, length, levels, *, V, discount, rng, temperature=1.0, known=None):
    """Continue a text, a list of at least order - 1 ids, by `length` ids drawn from `counted`.

    A dict `known` keeps the probabilities after each context, for later calls.
    """
    order, written, known = len(levels), list(prefix), {} if known is None else known
    for _ in range(length):
        context = tuple(written[len(written) - order + 1 :])
        if context not in known:
            grams = np.array([[*context, word] for word in range(V)])
            found = np.concatenate([_looked_up(levels, gram, order) for gram in grams], axis=2)
            known[context] = _probabilities(found, V, discount)
        p = known[context] ** (1 / temperature)
        written.append(int(rng.choice(V, p=p / p.sum())))
    return written[len(prefix) :]


def _check(train, test, order, V, discount):
    many = [discount] * order if np.isscalar(discount) else discount
    if order < 1 or len(many) != order or not all(0 < d < 1 for d in many):
        raise ValueError(f"needs order >= 1 and 0 < discount < 1; got {order}, {discount}")
    for name, ids in {"train": train, "test": test}.items():
        if len(ids) and not 0 <= ids.min() <= ids.max() < V:
            raise ValueError(f"{name} holds ids {ids.min()}..{ids.max()}; V={V} allows 0..{V - 1}")
    if len(test) < order:
        raise ValueError(f"the test text has {len(test)} words, fewer than the order {order}")


def _looked_up(levels, test, order):
    """Count, total and kinds of each length at each word of a text: (order, 3, words)."""
    found = np.empty((order, 3, len(test) - order + 1))
    for i, words in enumerate(_windows(test.tolist(), order)):
        for k, (count, total, kinds) in enumerate(levels, start=1):
            gram = words[order - k :]
            found[k - 1, :, i] = count[gram], total[gram[:-1]], kinds[gram[:-1]]
    return found


def _probabilities(found, V, discount):
    """The probability of each word, from the shortest context to the longest."""
    p = np.full(found.shape[2], 1 / V)
    discounts = np.broadcast_to(discount, len(found))
    for d, (count, total, kinds) in zip(discounts, found, strict=True):
        seen = np.maximum(total, 1)
        longer = (np.maximum(count - d, 0) + d * kinds * p) / seen
        p = np.where(total > 0, longer, p)
    return p


def _windows(words, order):
    return zip(*(words[i:] for i in range(order)), strict=False)
