"""What counting makes of a gap: which letter stood between the same letters before. See chapter 11.

    P(w | l to the left, r to the right) = max(c - d, 0) / n + d * kinds / n * P(w | fewer)

c counts w between these letters, n all signs there, kinds the different ones: absolute discounting,
interpolated down to no letter at all, which gives each of V signs 1 / V.
"""

from collections import Counter, defaultdict

import numpy as np

LEFT = [(n, 0) for n in range(7)]
RIGHT = [(0, n) for n in range(7)]
BOTH = [(0, 0), (1, 0), (1, 1), (2, 1), (2, 2), (3, 2), (3, 3), (4, 3), (4, 4)]
DISCOUNTS = [0.5, 0.6, 0.7, 0.8, 0.9]  # that `tuned` tries


def counted(ids, spans):
    """For each span (l, r) what stood between which l and r ids: {(left, right): Counter}."""
    ids, tables = np.asarray(ids).tolist(), []
    for left, right in spans:
        table = defaultdict(Counter)
        for i in range(left, len(ids) - right):
            table[context(ids, i, left, right)][ids[i]] += 1
        tables.append(dict(table))
    return tables


def context(ids, i, left, right):
    """The ids before and after place i, as two tuples."""
    return tuple(ids[i - left : i]), tuple(ids[i + 1 : i + 1 + right])


def met(train, ids, places, *, reach=3):
    """Whether the `reach` ids on both sides of each place have stood together in `train`, bool."""
    (known,) = counted(train, [(reach, reach)])
    ids = np.asarray(ids).tolist()
    return np.array([context(ids, i, reach, reach) in known for i in places])


def probabilities(tables, spans, ids, places, *, discount, V):
    """The probability of each of V ids at each place, (len(places), V), without looking there.

    A place needs as many ids on each side as the longest span.
    """
    ids, p = np.asarray(ids).tolist(), np.full((len(places), V), 1 / V)
    for (left, right), table in zip(spans, tables, strict=True):
        for row, i in enumerate(places):
            seen = table.get(context(ids, i, left, right))
            if seen:
                n = seen.total()
                p[row] *= discount * len(seen) / n
                for each, count in seen.items():
                    p[row, each] += (count - discount) / n
    return p


def tuned(train, valid, spans, places, *, V):
    """How many of the spans, and which discount, give a validation text the most probability.

    Returns the spans, their tables and the discount.
    """
    tables, best = counted(train, spans), (np.inf,)
    for many in range(1, len(spans) + 1):
        for discount in DISCOUNTS:
            found = tables[:many], spans[:many]
            p = probabilities(*found, valid, places, discount=discount, V=V)
            cost = -np.log(p[np.arange(len(places)), np.asarray(valid)[places]]).mean()
            best = min(best, (cost, many, discount))
    return spans[: best[1]], tables[: best[1]], best[2]
