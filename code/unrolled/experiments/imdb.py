"""IMDB in Keras and PyTorch: six networks, the same start, the same order of reviews.

What both libraries share is here; imdb_keras.py and imdb_torch.py build and train.
"""

import time
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from unrolled.datasets import load_imdb
from unrolled.datasets.sequences import pad
from unrolled.engine import gru, lstm, rnn

from . import record, starts

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


def parted(model, starts):
    """The network and the start of a name. Raises ValueError if there is no such network or start.

    The start stands behind a slash, as in "rnn/torch"; without one it is that of Keras.
    """
    network, _, start = model.partition("/")
    for what, name, known in (("network", network, NETWORKS), ("start", start or "keras", starts)):
        if name not in known:
            raise ValueError(f"there is no {what} {name!r} here, only {', '.join(known)}")
    return network, start or "keras"


def run(library, models, *, seeds, device="auto"):
    """Train the models that are not yet in data/results/imdb-LIBRARY.json.

    `library` is "keras" or "torch"; `models` are names for `parted`.

    Raises
    ------
    ValueError
        If there is no such network or start, before anything is read or trained.
    """
    if library == "keras":
        from . import imdb_keras as backend
    else:
        from . import imdb_torch as backend
    pairs = [parted(model, backend.STARTS) for model in models]
    place, data = backend.describe(device), load()
    runs = record.Runs(
        f"imdb-{library}", settings=SETTINGS, packages=backend.PACKAGES,
        device=place, data=["imdb"],
    )  # fmt: skip
    todo = [(*pair, seed) for pair in pairs for seed in range(seeds)]
    for model, start, seed in (bar := tqdm(todo)):
        bar.set_description(f"{model}/{start}, seed {seed}")
        runs.once(
            lambda m=model, i=start, s=seed: backend.train(m, i, s, data, device),
            model=model, start=start, seed=seed,
        )  # fmt: skip
