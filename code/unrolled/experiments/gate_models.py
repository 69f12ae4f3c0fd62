"""Two small LSTMs whose gates can be watched: one judges film reviews, one keeps a letter.

OMP_NUM_THREADS=1 python -m unrolled.experiments gates
"""

from collections import Counter

import numpy as np

from unrolled.analysis.gates import clamped
from unrolled.datasets import latch, load_reviews
from unrolled.datasets.words import numbered, words_in
from unrolled.engine import dense, losses, lstm
from unrolled.engine.embedding import Embedded
from unrolled.engine.final import Final
from unrolled.engine.masking import Masked, from_lengths
from unrolled.engine.optimizers import Adam
from unrolled.engine.training import train_on_batches

from . import record

H = 8
HELD = [{gate: value} for gate in "ifo" for value in (0, 1)]
REVIEWS = {"wordvec": 8, "Adam lr": 0.01, "batch": 20, "epochs": 12, "max_norm": 1.0}
LETTERS = {"alphabet": 4, "T": 60, "Adam lr": 0.01, "batch": 64, "updates": 2000, "max_norm": 1.0}
SEEDS = range(5)


def review_model(ids, targets, V, seed):
    """Parameters of an embedding, an LSTM and a readout, trained on lists of word ids."""
    rng, size = np.random.default_rng(seed), REVIEWS["wordvec"]
    params = Embedded(lstm, size).init_params(V, H, rng=rng, dtype=np.float32)
    params |= dense.init_params(H, 2, rng=rng, dtype=np.float32)
    lengths = [len(row) for row in ids]
    mask = from_lengths(lengths, max(lengths))
    padded = np.zeros(mask.shape, np.int32)
    padded[mask] = np.concatenate(ids)
    train_on_batches(
        padded, targets[:, None], params, cell=lambda m: Embedded(Final(Masked(lstm, m)), size),
        loss=losses.cross_entropy, optimizer=Adam(REVIEWS["Adam lr"]), batch=REVIEWS["batch"],
        rng=rng, epochs=REVIEWS["epochs"], mask=mask, max_norm=REVIEWS["max_norm"],
    )  # fmt: skip
    return params


def reviews():
    """Train one model per seed; keep the one whose test accuracy is the median."""
    texts, targets, splits = load_reviews()
    read, train = [words_in(text) for text in texts], splits == "train"
    counts = Counter(word for row, used in zip(read, train, strict=True) if used for word in row)
    words = ["<pad>", "<unk>", *sorted(word for word in counts if counts[word] > 1)]
    number = {word: i for i, word in enumerate(words)}
    ids = [numbered(row, number, unknown=1) for row in read]
    parts = {
        name: ([row for row, used in zip(ids, chosen, strict=True) if used], targets[chosen])
        for name, chosen in (("train", train), ("test", ~train))
    }
    models = [review_model(*parts["train"], len(words), seed) for seed in SEEDS]
    tests = [right(*parts["test"], params) for params in models]
    shown = int(np.argsort(tests, kind="stable")[len(tests) // 2])
    results = {
        "test accuracy of each seed": tests,
        "seed shown": shown,
        "train accuracy": right(*parts["train"], models[shown]),
        "test accuracy": tests[shown],
        "test accuracy with a gate held": {
            name(held): right(*parts["test"], models[shown], held) for held in HELD
        },
    }
    return models[shown] | {"words": np.array(words)}, results


def right(ids, targets, params, held=None):
    """The share of reviews, lists of word ids, that are judged rightly."""
    answers = [answer(params["W_e"][row][None], params, held)[0] for row in ids]
    return round(float((np.array(answers) == targets).mean()), 4)


def answer(x, params, held=None):
    """The class (N,) that is read from the last state."""
    return dense.forward(clamped(x, params, held)["h"][:, -1], params).argmax(axis=1)


def name(held):
    """How a held gate is written, such as "f = 0"."""
    return ", ".join(f"{gate} = {value}" for gate, value in held.items())


def two_stored(N, rng, T=19, steps=(2, 10)):
    """Inputs (N, T, 5) with two different letters to store, and these letters (N, 2)."""
    letters = rng.integers(0, LETTERS["alphabet"], (N, T))
    first, last = steps
    change = rng.integers(1, LETTERS["alphabet"], N)
    letters[:, last] = (letters[:, first] + change) % LETTERS["alphabet"]
    store = np.isin(np.arange(T), steps) * np.ones((N, 1))
    x = np.concatenate([np.eye(LETTERS["alphabet"])[letters], store[:, :, None]], axis=2)
    return x.astype(np.float32), letters[:, list(steps)]


def letters(seed=0, tested=1000):
    """Train on fresh sequences and test on others."""
    rng = np.random.default_rng(seed)
    params = lstm.init_params(LETTERS["alphabet"] + 1, H, rng=rng, dtype=np.float32)
    params |= dense.init_params(H, LETTERS["alphabet"], rng=rng, dtype=np.float32)
    x, targets = latch(LETTERS["updates"] * LETTERS["batch"], LETTERS["T"], rng=rng)
    train_on_batches(
        x.astype(np.float32), targets, params, cell=Final(lstm), loss=losses.cross_entropy,
        optimizer=Adam(LETTERS["Adam lr"]), batch=LETTERS["batch"], rng=rng,
        max_norm=LETTERS["max_norm"],
    )  # fmt: skip
    x, targets = latch(tested, LETTERS["T"], rng=np.random.default_rng(seed + 1))
    x = x.astype(np.float32)
    shares = [float((answer(x, params, held) == targets[:, 0]).mean()) for held in ({}, *HELD)]
    results = {
        "tested": tested,
        "test accuracy": shares[0],
        "test accuracy with a gate held": dict(zip(map(name, HELD), shares[1:], strict=True)),
    }
    x, stored = two_stored(tested, np.random.default_rng(seed + 2))
    results["named of two"] = {
        name(held) or "nothing": (answer(x, params, held)[:, None] == stored).mean(axis=0).tolist()
        for held in ({}, *HELD)
    }
    return params, results


def main():
    """Train both and record them."""
    arrays, results = {}, {}
    for task, train in (("reviews", reviews), ("letters", letters)):
        params, results[task] = train()
        print(task, results[task])
        arrays |= {f"{task}/{key}": value for key, value in params.items()}
    record.write_weights("gate-models", arrays)
    settings = {
        "cell": "lstm", "H": H, "dtype": "float32", "forget bias": 1.0,
        "reviews": {**REVIEWS, "V": len(arrays["reviews/words"]), "seeds": list(SEEDS)},
        "letters": {**LETTERS, "seed": 0},
    }  # fmt: skip
    record.write("gate-models", settings=settings, results=results)
