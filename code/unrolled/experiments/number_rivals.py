"""Plain networks and counting on spelled numbers beyond those that were read. See chapter 8.

    OMP_NUM_THREADS=1 python -m unrolled.experiments number-rivals

All read eight tenths of the numbers up to 2,000, are tuned and stopped by the ninth tenth, and are
asked about the last. Every size has its own search of the rate, and the control, the size that the
ninth tenth likes best, reads its numbers in random order. Writes data/results/number-rivals.json
after each run, and goes on where it stopped.
"""

import numpy as np

from unrolled.analysis import ngram
from unrolled.datasets.text import spelled_numbers
from unrolled.engine import dense, losses, rnn
from unrolled.engine.embedding import Embedded
from unrolled.engine.language_model import next_word, stream
from unrolled.engine.optimizers import Adam
from unrolled.engine.training import evaluate, predict, train_on_stream

from . import record

LAST, D, ROWS, K, MAX_NORM = 1999, 16, 16, 20, 1.0
SIZES, RATES = [32, 64, 128], [0.002, 0.005, 0.01]
TUNING, STARTS = [100, 101, 102], list(range(10))
EPOCHS, PATIENCE = 60, 15  # at most, and without a better validation loss
ORDERS = range(2, 8)  # of counting
JUMBLED = "jumbled"


def texts():
    """The words of the vocabulary, and ids of training, validation and test."""
    text = spelled_numbers(1, LAST + 1).split()
    words = sorted(set(text))
    ids = np.array([words.index(word) for word in text])
    return words, *np.split(ids, [len(ids) * 8 // 10, len(ids) * 9 // 10])


def jumbled(ids, period, seed):
    """The same numbers in another order; what is behind the last period stays there."""
    ends = np.flatnonzero(ids == period) + 1
    *numbers, rest = np.split(ids, ends)
    order = np.random.default_rng(seed).permutation(len(numbers))
    return np.concatenate([*(numbers[n] for n in order), rest])


def places(words, ids):
    """Which inputs of a text are tens, twenty to ninety, and which are *thousand*: bools."""
    tens = np.isin(ids[:-1], [i for i, word in enumerate(words) if word.endswith("ty")])
    return tens, ids[:-1] == words.index("thousand")


def asked(words, ids, params):
    """What a network pays for a text in nats, and what it knows at two places."""
    logits, _ = predict(stream(ids, 1)[0], params, cell=Embedded(rnn, D))
    p, targets = next_word(logits[0]), ids[1:]
    right, first = p[np.arange(len(targets)), targets], p.argmax(axis=1) == targets
    tens, thousand = places(words, ids)
    return {
        "test": round(float(-np.log(right).mean()), 4),
        "elsewhere": round(float(-np.log(right[~thousand]).mean()), 4),
        "tens": round(float(first[tens].mean()), 4),
        "thousand": round(float(right[thousand].mean()), 4),
    }


def train(size, rate, seed, mixed=False):
    """Train until the validation text has not been cheaper for a while; what came out."""
    words, seen, valid, test = texts()
    rng, model = np.random.default_rng(seed), Embedded(rnn, D)
    params = model.init_params(len(words), size, rng=rng)
    params |= dense.init_params(size, len(words), rng=rng)
    read = jumbled(seen, words.index("."), seed) if mixed else seen
    how, optimizer = {"cell": model, "loss": losses.cross_entropy}, Adam(rate)
    best, kept, at = np.inf, {}, 0
    for epoch in range(1, EPOCHS + 1):
        train_on_stream(
            *stream(read, ROWS), params, optimizer=optimizer, k=K, max_norm=MAX_NORM, **how
        )
        cost = float(evaluate(*stream(valid, 1), params, **how))
        if cost < best:
            best, kept, at = cost, {name: each.copy() for name, each in params.items()}, epoch
        elif epoch - at == PATIENCE:
            break
    return {"epochs": at, "valid": round(best, 4)} | asked(words, test, kept)


def counting():
    """The same costs for counting, with the order and the discounts that validation likes best."""
    words, seen, valid, test = texts()
    order, discounts, score = ngram.tuned(seen, valid, orders=ORDERS, V=len(words))
    nats = ngram.nats(seen, test, order=order, V=len(words), discount=discounts)
    thousand = (test[:-1] == words.index("thousand"))[order - 2 :]
    return {
        "order": order,
        "discounts": discounts,
        "valid": round(float(np.log(score)), 4),
        "test": round(float(nats.mean()), 4),
        "elsewhere": round(float(nats[~thousand].mean()), 4),
    }


def best_rate(runs, size):
    """The rate whose tuning starts pay least for the validation text, and what they pay."""
    tuned = [run for run in runs if (run["size"], run["part"]) == (size, "tuning")]
    mean = {r: np.mean([run["valid"] for run in tuned if run["rate"] == r]) for r in RATES}
    rate = min(mean, key=mean.get)
    return rate, mean[rate]


def main():
    """Search a rate for each size, run it from ten starts, and the best size on jumbled numbers."""
    settings = {
        "numbers": [1, LAST], "D": D, "rows": ROWS, "steps of a block": K, "max_norm": MAX_NORM,
        "Adam lr": RATES, "sizes": SIZES, "tuning starts": TUNING, "starts": STARTS,
        "epochs at most": EPOCHS, "stopped after": f"{PATIENCE} epochs without a better validation",
        "dtype": "float64", "losses": "nats a word; elsewhere: but for words after thousand",
        "tens": "share of right first guesses after twenty to ninety",
        "thousand": "mean probability of the right word after thousand",
    }  # fmt: skip
    record_of = record.Runs("number-rivals", settings=settings)

    def once(size, rate, seed, part):
        key = {"size": size, "rate": rate, "start": seed, "part": part}
        return record_of.once(lambda: train(size, rate, seed, part == JUMBLED), **key)

    record_of.once(counting, part="counting", size=0)
    found = {}
    for size in SIZES:
        runs = [once(size, rate, seed, "tuning") for rate in RATES for seed in TUNING]
        rate, valid = best_rate(runs, size)
        found[size] = valid, rate
        tests = [np.exp(once(size, rate, seed, "test")["test"]) for seed in STARTS]
        print(size, rate, round(float(np.exp(valid)), 2), np.round(tests, 2), flush=True)
    size = min(found, key=found.get)
    for seed in STARTS:
        once(size, found[size][1], seed, JUMBLED)
