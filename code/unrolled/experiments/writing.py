"""What a plain network writes after more and more reading: stories, or Shakespeare. See chapter 8.

    OMP_NUM_THREADS=1 python -m unrolled.experiments writing

Both networks read three million letters, 400 at every update. The one has Shakespeare before it and
reads it three times; the other has the shipped stories and reads them a hundred times.
"""

import itertools

import numpy as np

from unrolled.analysis import ngram
from unrolled.datasets import load_letters
from unrolled.datasets.download import verified
from unrolled.datasets.text import load_prose
from unrolled.engine import losses
from unrolled.engine.bptt import blocks
from unrolled.engine.language_model import sample, stream
from unrolled.engine.optimizers import Adam, clip_by_global_norm
from unrolled.engine.training import evaluate, loss_and_gradients

from . import record, stories

N, K, D, H, RATE, MAX_NORM = 8, 50, 32, 256, 0.003, 1.0
SEEDS = [0, 1, 2]  # starts; the texts are those of the first
READ = [0, 30_000, 100_000, 300_000, 1_000_000, 3_000_000]  # letters, after which it writes
SLOW, DROP = 2_000_000, 5  # letters after which the rate is divided
TEMPERATURES, DRAWS, LENGTH = [0.3, 0.6, 1.0, 1.5], [1, 2, 3], 240
VERBATIM = 25  # letters in a row that make a quotation
MEASURED = (0.6, range(100, 110))  # the temperature and the draws of which quotations are counted
ORDERS, COUNTED = range(5, 10), 50_000  # of counting, and letters that it is tuned and tested on
SHARE = 0.9  # of Shakespeare that is read; the rest is for validation


def shakespeare():
    """Training and validation ids, and the letters."""
    text = verified("shakespeare")[1].decode("ascii")
    known = sorted(set(text))
    ids = np.array([known.index(letter) for letter in text])
    return *np.split(ids, [int(SHARE * len(ids))]), known


def passes(x, targets):
    """Blocks without end, and whether a pass begins with them."""
    while True:
        for start, stop in blocks(x.shape[1], K):
            yield x[:, start:stop], targets[:, start:stop], start == 0


def quoted(text, source, length=VERBATIM):
    """Which letters of a text lie in `length` or more in a row that the source has: bools."""
    known = {source[i : i + length] for i in range(len(source) - length + 1)}
    found = np.zeros(len(text), bool)
    for i in range(len(text) - length + 1):
        if text[i : i + length] in known:
            found[i : i + length] = True
    return found


def grow(ids, valid, known, seed):
    """Read, and write at each number of READ: losses and texts."""
    model, params = stories.network(len(known), D, H, seed)
    optimizer, state, read, moments = Adam(RATE), None, 0, []
    source = "".join(known[i] for i in ids)
    for x, targets, first in passes(*stream(ids, N)):
        if read >= READ[len(moments)]:
            moments.append(_moment(params, model, ids, valid, known, source, read))
            if len(moments) == len(READ):
                return moments
        state = None if first else state
        _, grads, state = loss_and_gradients(
            x, targets, params, cell=model, loss=losses.cross_entropy, state=state
        )
        optimizer.lr = RATE / (DROP if read >= SLOW else 1)
        optimizer.update(params, clip_by_global_norm(grads, MAX_NORM)[0])
        read += x.size


def _moment(params, model, ids, valid, known, source, read):
    """How well it reads now, what it writes, and how much of that is quoted."""
    how = {"cell": model, "loss": losses.cross_entropy, "k": 500}

    def text(temperature, draw):
        rng, start = np.random.default_rng(draw), [known.index("\n")] * 2
        drawn = sample(start, LENGTH, params, cell=model, rng=rng, temperature=temperature)
        return "".join(known[i] for i in drawn)

    def written(temperature, draw):
        found = text(temperature, draw)
        flags = "".join("01"[int(flag)] for flag in quoted(found, source))
        return {"temperature": temperature, "draw": draw, "text": found, "quoted": flags}

    temperature, draws = MEASURED
    measured = [quoted(text(temperature, draw), source).mean() for draw in draws]
    found = {
        "read": read, "passes": round(read / len(ids), 2),
        "train": round(float(evaluate(*stream(ids[: len(valid)], 1), params, **how)), 4),
        "valid": round(float(evaluate(*stream(valid, 1), params, **how)), 4),
        "quoted": round(float(np.mean(measured)), 4),
    }  # fmt: skip
    print(found, repr(text(0.6, 1)), flush=True)
    return found | {"texts": [written(*each) for each in itertools.product(TEMPERATURES, DRAWS)]}


def runs(ids, valid, known):
    """All starts; the texts of the first, the figures of all."""
    every = [grow(ids, valid, known, seed) for seed in SEEDS]
    figures = [[{k: v for k, v in m.items() if k != "texts"} for m in each] for each in every]
    order, discounts, score = ngram.tuned(ids, valid[:COUNTED], orders=ORDERS, V=len(known))
    counting = {"order": order, "discounts": discounts, "valid": float(np.log(score))}
    texts = [moment["texts"] for moment in every[0]]
    return {"starts": figures, "texts": texts, "counting": counting}


def main():
    """Both texts, several starts each."""
    _, train, valid, _, known = load_letters()
    results = {"stories": runs(train, valid, known), "Shakespeare": runs(*shakespeare())}
    text = load_prose()
    unseen = float(quoted(text[len(train) :], text[: len(train)]).mean())
    settings = {
        "D": D, "H": H, "rows": N, "k": K, "Adam lr": RATE, "divided": [SLOW, DROP],
        "max_norm": MAX_NORM, "seeds": SEEDS, "dtype": "float32", "start of W_hh": "orthogonal",
        "letters of a quotation": VERBATIM, "temperatures": TEMPERATURES, "draws": DRAWS,
        "quoted": "share of the letters of 10 texts of 240 letters at temperature 0.6",
        "counting": "orders 5 to 9 and discounts chosen on up to 50,000 letters of validation "
        "text, and scored on them",
        "losses": "nats a letter; train: over as many letters as validation has",
    }  # fmt: skip
    results["quoted in stories that nobody read"] = unseen
    record.write("writing", settings=settings, results=results, data=("shakespeare",))
