"""Networks small enough to be shipped with their weights, in data/results.

OMP_NUM_THREADS=1 python -m unrolled.experiments numbers
"""

import time

import numpy as np

from unrolled.datasets.text import spelled_numbers
from unrolled.engine import dense, losses, lstm
from unrolled.engine.embedding import Embedded
from unrolled.engine.language_model import perplexity
from unrolled.engine.optimizers import Adam
from unrolled.engine.training import evaluate, train_on_batches

from . import record

LAST, BEYOND = 1999, 2499
D, H, WINDOW, BATCH = 16, 64, 30, 32
RATES = {0.01: 40, 0.003: 30, 0.001: 30}  # learning rate -> epochs


def windows(numbers, ids):
    """x and targets (N, WINDOW): a text from each of its numbers on, where it is long enough."""
    words = [spelled_numbers(n, n + 1).split() for n in numbers]
    text = np.array([ids[word] for number in words for word in number], int)
    starts = np.cumsum([0, *map(len, words)])
    starts = starts[starts + WINDOW < len(text)]
    cut = text[starts[:, None] + np.arange(WINDOW + 1)]
    return cut[:, :-1], cut[:, 1:]


def numbers(seed=0, blocks=10, size=20):
    """An LSTM that reads 1 to 1,999 in words, but for ten stretches of twenty numbers."""
    words = vocabulary()
    ids = {word: i for i, word in enumerate(words)}
    rng = np.random.default_rng(seed)
    firsts = np.sort(rng.choice(np.arange(size, LAST, size), blocks, replace=False))
    held_out = [np.arange(first, first + size) for first in firsts]
    read = np.split(np.arange(1, LAST + 1), np.concatenate([[f, f + size] for f in firsts]) - 1)
    x, targets = _joined(read[::2], ids)

    cell = Embedded(lstm, D)
    params = cell.init_params(len(words), H, rng=rng, dtype=np.float32)
    params |= dense.init_params(H, len(words), rng=rng, dtype=np.float32)
    start, optimizer = time.perf_counter(), Adam()
    for optimizer.lr, epochs in RATES.items():
        history = train_on_batches(
            x, targets, params, cell=cell, loss=losses.cross_entropy, optimizer=optimizer,
            batch=BATCH, rng=rng, epochs=epochs, max_norm=1.0,
        )  # fmt: skip
        print(f"lr {optimizer.lr}: training perplexity {perplexity(history[-1]):.3f}")
    seconds = time.perf_counter() - start

    parts = {
        "training text": (x, targets),
        "held-out numbers": _joined(held_out, ids),
        "2,000 to 2,499": windows(np.arange(LAST + 1, BEYOND + 1), ids),
    }
    results = {
        name: {"windows": len(part[0])} | _perplexities(part, params, cell)
        for name, part in parts.items()
    }
    print(results)
    settings = {
        "numbers": [1, LAST], "held out": [[int(b[0]), int(b[-1])] for b in held_out],
        "V": len(words), "D": D, "H": H, "window": WINDOW, "batch": BATCH,
        "Adam lr and epochs": {str(lr): epochs for lr, epochs in RATES.items()}, "max_norm": 1.0,
        "seed": seed, "dtype": "float32",
    }  # fmt: skip
    record.write_weights("numbers-lstm", params)
    record.write(
        "numbers-lstm",
        settings=settings,
        results={"perplexity": results, "seconds": round(seconds, 1), "words": words},
    )


def vocabulary():
    """The thirty words of the numbers below a million, in the order of what they stand for."""
    small = " ".join(spelled_numbers(n, n + 1) for n in (*range(1, 20), *range(20, 100, 10)))
    return [word for word in small.split() if word != "."] + ["hundred", "thousand", "."]


def _joined(stretches, ids):
    x, targets = zip(*(windows(stretch, ids) for stretch in stretches), strict=True)
    return np.concatenate(x), np.concatenate(targets)


def _perplexities(part, params, cell):
    """Over all words of the windows, and over those of their second half."""
    half = WINDOW // 2
    whole = evaluate(*part, params, cell=cell, loss=losses.cross_entropy)
    first = evaluate(*(p[:, :half] for p in part), params, cell=cell, loss=losses.cross_entropy)
    return {
        "all words": round(perplexity(whole), 4),
        "second half": round(perplexity(2 * whole - first), 4),
    }
