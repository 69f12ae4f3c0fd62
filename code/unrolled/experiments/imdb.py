"""IMDB in Keras and PyTorch: six networks, the same start, the same order of reviews.

What both libraries share is here; imdb_keras.py and imdb_torch.py build and train, and imdb_runs.py
records.
"""

import time
from typing import NamedTuple

import numpy as np

from unrolled.datasets import load_imdb
from unrolled.datasets.sequences import pad
from unrolled.engine import gru, lstm, rnn

from . import starts

SETTINGS = {
    "num_words": 10_000, "T": 80, "wordvec": 100, "hidden": 64, "layers": 2, "dropout": 0.2,
    "batch": 128, "optimizer": "Adam 0.001, epsilon 1e-7", "epochs": 4, "dtype": "float32",
    "padding": "in front, read like a word", "truncated": "in front",
}  # fmt: skip
V, T, D, H = (SETTINGS[name] for name in ("num_words", "T", "wordvec", "hidden"))
DROPOUT, BATCH, EPOCHS = (SETTINGS[name] for name in ("dropout", "batch", "epochs"))


class Network(NamedTuple):
    """Two layers of a cell; whether they read both ways; how their cells are wired by hand."""

    cell: object
    bidirectional: bool = False
    wiring: str | None = None

    def start(self, seed):
        """Starting weights by our names, the same for every library."""
        rng = np.random.default_rng(seed)
        params = starts.embedding(V, D, rng=rng)
        if self.wiring == "as printed":  # the second cell reads the word
            for i in range(2):
                own = starts.layers(self.cell, D, H, rng=rng, count=1)
                params |= {name.replace("layer_0", f"layer_{i}"): v for name, v in own.items()}
        else:
            params |= starts.layers(self.cell, D, H, rng=rng, bidirectional=self.bidirectional)
        return params | starts.readout(2 * H if self.bidirectional else H, rng=rng)


NETWORKS = {
    "cells as printed": Network(rnn, wiring="as printed"),
    "cells repaired": Network(rnn, wiring="stacked"),
    "rnn": Network(rnn),
    "lstm": Network(lstm),
    "gru": Network(gru),
    "bidirectional": Network(lstm, bidirectional=True),
}


class Data(NamedTuple):
    """Padded reviews and targets, to train on and to test on."""

    x: np.ndarray
    targets: np.ndarray
    x_test: np.ndarray
    targets_test: np.ndarray


def load():
    """All 50,000 reviews as (N, T) ids."""
    data = load_imdb(num_words=V, offline=False)
    (x, _), (x_test, _) = pad(data.x_train, T), pad(data.x_test, T)
    return Data(x, data.targets_train, x_test, data.targets_test)


def follow(model, data, *, seed, epochs=EPOCHS):
    """Train and test a model epoch by epoch; what came out, as a dict of curves.

    `model` has `fit(x, targets)` for one epoch in the given order and `evaluate(x, targets)`; both
    return (loss, accuracy). The accuracy of `fit` is a running one, with dropout.
    """
    curves, rng = {}, np.random.default_rng([seed, 1])
    for _ in range(epochs):
        order, start = rng.permutation(len(data.x)), time.perf_counter()
        train = model.fit(data.x[order], data.targets[order])
        seconds = time.perf_counter() - start
        test = model.evaluate(data.x_test, data.targets_test)
        now = {"train loss": train[0], "train accuracy": train[1], "test loss": test[0]}
        for name, value in (now | {"test accuracy": test[1]}).items():
            curves.setdefault(name, []).append(round(float(value), 4))
        curves.setdefault("seconds", []).append(round(seconds, 1))
    curves["clean train accuracy"] = round(float(model.evaluate(data.x, data.targets)[1]), 4)
    return curves


def split(data, validation):
    """The reviews and targets to train on, to choose on (so many of them) and to test on."""
    order = np.random.default_rng(0).permutation(len(data.x_train))
    parts = {"test": (data.x_test, data.targets_test)}
    for name, rows in (("validation", order[:validation]), ("train", order[validation:])):
        parts[name] = ([data.x_train[i] for i in rows], data.targets_train[rows])
    return parts
