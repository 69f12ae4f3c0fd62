"""Language models on the Penn Treebank: memorizing 1,000 words, and reading all of it.

python -m unrolled.experiments ptb [words | counting | full]
"""

import time

import numpy as np

from unrolled.analysis import ngram
from unrolled.datasets import load_ptb
from unrolled.engine import dense, losses, lstm, rnn
from unrolled.engine.embedding import Embedded
from unrolled.engine.language_model import perplexity, stream
from unrolled.engine.optimizers import SGD
from unrolled.engine.training import evaluate, train_on_stream

from . import record

SIZES = {"wordvec": 100, "hidden": 100}


def network(cell, V, seed):
    """An embedding, a cell and a readout over V words, and their parameters in float32."""
    model, rng = Embedded(cell, SIZES["wordvec"]), np.random.default_rng(seed)
    params = model.init_params(V, SIZES["hidden"], rng=rng, dtype=np.float32)
    readout = dense.init_params(SIZES["hidden"], V, rng=rng, dtype=np.float32)
    return model, params | readout


def first_words(corpus, words=1000, batch=10, k=5, lr=0.1, epochs=100, seeds=5):
    """The classic small experiment: a recurrent network learns 1,000 words by heart."""
    ids = corpus.train[:words]
    V = int(ids.max()) + 1
    x, targets = stream(ids, batch)
    curves = []
    for seed in range(seeds):
        model, params = network(rnn, V, seed)
        history = train_on_stream(
            x, targets, params, cell=model, loss=losses.cross_entropy, optimizer=SGD(lr), k=k,
            epochs=epochs,
        )  # fmt: skip
        curves.append([round(perplexity(loss), 3) for loss in history])
        print(f"seed {seed}: perplexity {curves[-1][0]} after epoch 1, {curves[-1][-1]} at the end")
    settings = {
        "words": words, "V": V, **SIZES, "cell": "rnn", "batch": batch, "k": k, "SGD lr": lr,
        "epochs": epochs, "seeds": list(range(seeds)), "dtype": "float32",
    }  # fmt: skip
    record.write("ptb-first-words", settings=settings, results={"train perplexity": curves})


def counting(corpus, orders=(1, 2, 3, 4, 5)):
    """N-grams, the discounts of each order chosen on the validation text."""
    V, results = len(corpus.words), {}
    for order in orders:
        _, discounts, valid = ngram.tuned(corpus.train, corpus.valid, orders=[order], V=V)
        test = ngram.perplexity(corpus.train, corpus.test, order=order, V=V, discount=discounts)
        results[f"{order}-gram"] = {
            "discounts": discounts, "valid": round(valid, 2), "test": round(test, 2)
        }  # fmt: skip
        print(order, results[f"{order}-gram"])
    settings = {"V": V, "smoothing": "interpolated Kneser-Ney", "discounts": ngram.DISCOUNTS}
    record.write("ptb-counting", settings=settings, results=results)


def whole(corpus, lr=20.0, batch=20, k=35, max_norm=0.25, epochs=4, seed=0):
    """An LSTM on all of it."""
    found = _train(corpus, lstm, lr, batch, k, max_norm, epochs, seed)
    settings = {
        "V": len(corpus.words), **SIZES, "batch": batch, "k": k, "SGD lr": {"lstm": lr},
        "max_norm": max_norm, "epochs": epochs, "seed": seed, "dtype": "float32",
        "forget bias": 1.0,
    }  # fmt: skip
    record.write("ptb-full", settings=settings, results={"lstm": found})


def _train(corpus, cell, lr, batch, k, max_norm, epochs, seed):
    model, params = network(cell, len(corpus.words), seed)
    parts = {
        name: stream(ids, batch if name == "train" else 10)
        for name, ids in (("train", corpus.train), ("valid", corpus.valid), ("test", corpus.test))
    }
    found = {"train": [], "valid": [], "seconds": []}
    for epoch in range(epochs):
        start = time.perf_counter()
        (loss,) = train_on_stream(
            *parts["train"], params, cell=model, loss=losses.cross_entropy, optimizer=SGD(lr),
            k=k, max_norm=max_norm, progress=True,
        )  # fmt: skip
        found["train"].append(round(perplexity(loss), 2))
        found["seconds"].append(round(time.perf_counter() - start, 1))
        found["valid"].append(_test(parts["valid"], params, model, k))
        print(f"epoch {epoch + 1}: train {found['train'][-1]}, valid {found['valid'][-1]}")
    found["test"] = _test(parts["test"], params, model, k)
    return found


def _test(part, params, model, k):
    loss = evaluate(*part, params, cell=model, loss=losses.cross_entropy, k=k)
    return round(perplexity(loss), 2)


def main(part=None):
    """Run one part, or all."""
    treebank = load_ptb(offline=False)
    parts = {"words": first_words, "counting": counting, "full": whole}
    for name, run in parts.items():
        if part in (None, name):
            run(treebank)
