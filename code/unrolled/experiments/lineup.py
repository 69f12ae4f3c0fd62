"""Which loss curve belongs to the wrong gradient? See chapter 21.

    OMP_NUM_THREADS=1 python -m unrolled.experiments lineup

LSTMs and RNNs read the shipped prose letter by letter, and recall a number: with the right way
back, with a wrong one of the museum, and with a cell that never learns. Two other learning rates
and a longer training say whether the likeness is one of the rate or of the time. A last part
forecasts the carbon dioxide with a scaler that was fitted on the training part, with one that was
fitted on the test part as well, and with one that has seen the training part alone but is centered
on its end. Writes data/results/lineup.json after each run, and goes on
where it stopped.
"""

import numpy as np

from unrolled.datasets import load_prose, recall
from unrolled.datasets.series import load_co2
from unrolled.engine import dense, losses, lstm, rnn
from unrolled.engine.embedding import Embedded
from unrolled.engine.final import Final
from unrolled.engine.language_model import stream
from unrolled.engine.optimizers import Adam
from unrolled.engine.training import evaluate, predict, train_on_batches, train_on_stream
from unrolled.museum.gradients import FORGOTTEN, LEAKED, frozen
from unrolled.museum.scaling import scaler

from . import record

CELLS = {
    "LSTM, right": lstm,
    "LSTM, forgotten": FORGOTTEN,
    "LSTM, frozen": frozen(lstm),
    "RNN, right": rnn,
    "RNN, leaked": LEAKED,
    "RNN, frozen": frozen(rnn),
}
SEEDS, RATE, EPOCHS = list(range(6)), 0.01, 5
OTHER_RATES, FEW, LONG, FAST = [0.003, 0.03], [0, 1], 20, 0.03
LAG, H, CUT = 3, 32, 31_000
WINDOW, AHEAD, CO2_SEEDS = 24, 12, list(range(10))


def letters():
    """The prose as two streams, (x, targets) to learn from and (x, targets) to be tested on."""
    text = load_prose()
    alphabet = sorted(set(text))
    ids = np.array([alphabet.index(letter) for letter in text])
    return stream(ids[:CUT], 20), stream(ids[CUT:], 10), len(alphabet)


def on_prose(name, rate, epochs, seed):
    """The loss in nats per letter on unseen prose after each epoch."""
    seen, unseen, V = letters()
    reader, rng = Embedded(CELLS[name], 12), np.random.default_rng(seed)
    params = reader.init_params(V, H, rng=rng, dtype=np.float32)
    params |= dense.init_params(H, V, rng=rng, dtype=np.float32)
    how = {"cell": reader, "loss": losses.cross_entropy}
    optimizer, found = Adam(rate), []
    for _ in range(epochs):
        train_on_stream(*seen, params, optimizer=optimizer, k=25, max_norm=5.0, **how)
        found.append(round(float(evaluate(*unseen, params, **how)), 3))
    return {"loss": found}


def on_recall(name, seed):
    """The mean squared error of recalling a number from `LAG` steps ago; 1 is the mean's."""
    cell, rng = CELLS[name], np.random.default_rng(seed)
    heard, said = recall(N=4, T=400, lag=LAG, rng=rng)
    params = cell.init_params(1, 24, rng=rng) | dense.init_params(24, 1, rng=rng)
    loss, how = losses.mean_squared_error, {"k": 40, "epochs": 30, "max_norm": 1.0}
    train_on_stream(heard, said, params, cell=cell, loss=loss, optimizer=Adam(RATE), **how)
    heard, said = recall(N=4, T=200, lag=LAG, rng=rng)
    answers, _ = predict(heard, params, cell=cell)
    return {"loss": [round(float(loss(answers[:, LAG:], said[:, LAG:])[0]), 4)]}


def centered(train):
    """A function that scales with the last value of training and twice its deviation."""
    return lambda x: (x - train[-1]) / (2 * train.std(axis=0))


def on_co2(kind, seed, updates=1500):
    """The error (RMSE, ppm) a year ahead in the test part of a notebook, and in the years after.

    The notebook has the first two thirds of the series and learns from two thirds of that. `kind`
    is a name in SCALERS.
    """
    values = load_co2()[1][:, None]
    known = len(values) * 2 // 3
    cut = known * 2 // 3
    scaled = SCALERS[kind](values[:cut], values[cut:known])
    low, high = (scaled(np.array([v])).item() for v in (0.0, 1.0))
    last = np.arange(WINDOW - 1, len(values) - AHEAD)  # the last month of each window
    x = np.stack([scaled(values)[t - WINDOW + 1 : t + 1] for t in last])
    targets = scaled(values)[last + AHEAD][:, None]  # (N, 1, 1)
    parts = last + AHEAD < cut, (last >= cut) & (last + AHEAD < known), last >= known
    rng = np.random.default_rng(seed)
    params = rnn.init_params(1, 16, rng=rng) | dense.init_params(16, 1, rng=rng)
    how = {"optimizer": Adam(0.003), "batch": 32, "max_norm": 1.0, "rng": rng}
    how |= {"cell": Final(rnn), "loss": losses.mean_squared_error}
    for _ in range(updates // (parts[0].sum() // 32)):
        train_on_batches(x[parts[0]], targets[parts[0]], params, **how)
    error = (predict(x, params, cell=Final(rnn))[0] - targets) / (high - low)
    rmse = [round(float(np.sqrt((error[part] ** 2).mean())), 2) for part in parts]
    return dict(zip(("trained", "notebook", "later"), rmse, strict=True))


SCALERS = {
    "fixed": lambda train, rest: scaler(train, rest, mended=True),
    "broken": lambda train, rest: scaler(train, rest, mended=False),
    "centered": lambda train, rest: centered(train),
}


def main():
    """Record what is missing."""
    settings = {
        "starts": SEEDS, "Adam lr": [RATE, *OTHER_RATES], "other rates from starts": FEW,
        "prose": {"letters read": CUT, "epochs": [EPOCHS, LONG], "k": 25, "H": H},
        "recall": {"lag": LAG, "H": 24, "k": 40, "epochs": 30},
        "co2": {"window": WINDOW, "ahead": AHEAD, "H": 16, "starts": CO2_SEEDS},
    }  # fmt: skip
    runs = record.Grouped("lineup", by=["task", "cell", "rate", "epochs"], settings=settings)

    def prose(name, rate, epochs, seed):
        key = {"task": "prose", "cell": name, "rate": rate, "epochs": epochs, "seed": seed}
        runs.once(lambda: on_prose(name, rate, epochs, seed), **key)

    for seed in CO2_SEEDS:
        for kind in SCALERS:
            key = {"task": "co2", "cell": f"scaler, {kind}", "seed": seed}
            runs.once(lambda kind=kind, seed=seed: on_co2(kind, seed), **key)
    for seed in SEEDS:
        for name in CELLS:
            key = {"task": "recall", "cell": name, "rate": RATE, "epochs": 30, "seed": seed}
            prose(name, RATE, EPOCHS, seed)
            runs.once(lambda name=name, seed=seed: on_recall(name, seed), **key)
    for seed in FEW:
        for name in ("LSTM, right", "LSTM, forgotten"):
            for rate in (RATE, FAST):
                prose(name, rate, LONG, seed)
            for rate in OTHER_RATES:
                prose(name, rate, EPOCHS, seed)
