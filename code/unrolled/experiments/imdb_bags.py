"""Bags of words and of pairs of words on IMDB, each tuned, review by review.

The strength of a bag's regularization is chosen on 5,000 training reviews that are set aside, on a
grid that goes on until the best lies inside. The test reviews are used once, by the chosen one, and
the record keeps on which of them it is right.
"""

import base64

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from unrolled.datasets import load_imdb

from . import record
from .imdb import split

V, VALIDATION, STEP = 10_000, 5_000, 10**0.5
READINGS = {"whole": slice(None), "last 250": slice(-250, None)}
BAGS = [
    ("words", "last 250"), ("words", "whole"), ("weighted words", "whole"), ("pairs", "whole"),
    ("weighted pairs", "last 250"), ("weighted pairs", "whole"),
]  # fmt: skip


def packed(right):
    """Bools as text, eight to a byte."""
    return base64.b64encode(np.packbits(right)).decode()


def keys(review, pairs):
    """The words of a review, each once, and its pairs of neighbors if asked for."""
    ids = np.asarray(review, np.int64)
    found = [np.unique(ids)]
    if pairs:
        found.append(np.unique(V + ids[:-1] * V + ids[1:]))
    return np.concatenate(found)


def table(reviews, known, pairs):
    """Zeros and ones (reviews, len(known)), sparse: which of the known words and pairs occur."""
    rows = [keys(review, pairs) for review in reviews]
    at = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    row = np.concatenate(rows)
    place = np.minimum(np.searchsorted(known, row), len(known) - 1)
    there = known[place] == row
    ones = np.ones(there.sum(), np.float32)
    return csr_matrix((ones, (at[there], place[there])), shape=(len(rows), len(known)))


def weights(x, targets):
    """How much more often each column is 1 where the target is 1, as a log ratio."""
    for_it, against = (1 + np.asarray(x[targets == k].sum(axis=0)).ravel() for k in (1, 0))
    return np.log((for_it / for_it.sum()) / (against / against.sum())).astype(np.float32)


def bag(parts, kind, reading):
    """A logistic regression, its strength chosen on validation by climbing."""
    pairs, cut = "pairs" in kind, READINGS[reading]
    reviews = {name: [review[cut] for review in part] for name, (part, _) in parts.items()}
    targets = {name: part for name, (_, part) in parts.items()}
    every = np.concatenate([keys(review, pairs) for review in reviews["train"]])
    known, often = np.unique(every, return_counts=True)
    known = known[often >= 2]
    x = {name: table(part, known, pairs) for name, part in reviews.items()}
    if kind.startswith("weighted"):
        ratio = weights(x["train"], targets["train"])
        x = {name: part.multiply(ratio).tocsr() for name, part in x.items()}
    models, scores, at = {}, {}, -2
    while True:
        for i in (at - 1, at, at + 1):
            if i not in models:
                models[i] = LogisticRegression(C=STEP**i, solver="liblinear", random_state=0)
                models[i].fit(x["train"], targets["train"])
                scores[i] = float(models[i].score(x["validation"], targets["validation"]))
        best = max((at - 1, at, at + 1), key=scores.get)
        if scores[best] == scores[at]:
            break
        at = best
    right = models[at].predict(x["test"]) == targets["test"]
    return {
        "columns": len(known),
        "C": float(f"{STEP**at:.2g}"),
        "tried": {f"{STEP**i:.2g}": round(scores[i], 4) for i in sorted(scores)},
        "validation": round(scores[at], 4),
        "test": round(float(right.mean()), 4),
        "right": packed(right),
    }


def main():
    """All bags, one after the other."""
    parts = split(load_imdb(num_words=V, offline=False), VALIDATION)
    settings = {
        "num_words": V, "validation reviews": VALIDATION,
        "step of C": "square root of 10", "in training reviews at least": 2,
    }  # fmt: skip
    packages = ("numpy", "scikit-learn")
    runs = record.Runs("imdb-bags", settings=settings, packages=packages, data=["imdb"])
    for kind, reading in BAGS:
        runs.once(lambda k=kind, r=reading: bag(parts, k, r), model=kind, reading=reading)
