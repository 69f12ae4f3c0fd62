"""RNN, LSTM and GRU learn to keep the letter of the last "store". See chapters 9 and 10.

    OMP_NUM_THREADS=1 python -m unrolled.experiments store

Every network reads the same fresh sequences in each start, and is tested on the same others. Its
learning rate is chosen on starts of its own. Writes data/results/store.json after each run, and
goes on where it stopped; so do `store-longer`, in which the RNN has five times as many updates,
and `store-held`, in which an LSTM is trained with one of its gates held at 1.
"""

import time

import numpy as np

from unrolled.datasets import latch
from unrolled.engine import dense, gru, initializers, losses, lstm, rnn
from unrolled.engine.final import Final
from unrolled.engine.optimizers import Adam, clip_by_global_norm
from unrolled.engine.training import loss_and_gradients

from . import record

ALPHABET, BATCH, MAX_NORM, CHECKS = 4, 64, 1.0, 40
RATES, TUNING, SEEDS = [0.001, 0.003, 0.01, 0.03, 0.1], [100, 101, 102], list(range(10))
TESTED, LAST = 1000, 5  # sequences; checks that are the end of a run


def orthogonal_start(D, H, *, rng, dtype):
    """`rnn.init_params` with an orthogonal recurrent matrix."""
    params = rnn.init_params(D, H, rng=rng, dtype=dtype)
    return params | {"W_hh": initializers.orthogonal(H, rng=rng).astype(dtype)}


def lstm_start(forget_bias):
    """`lstm.init_params` with that forget bias."""
    return lambda D, H, **options: lstm.init_params(D, H, forget_bias=forget_bias, **options)


def held_start(gate):
    """`lstm.init_params` with a gate at 1, where training leaves it: its slope is exactly 0."""

    def start(D, H, *, rng, dtype):
        params = lstm.init_params(D, H, rng=rng, dtype=dtype)
        weights = {name: np.zeros_like(params[name]) for name in (f"W_x{gate}", f"W_h{gate}")}
        return params | weights | {f"b_{gate}": np.full(H, 40, dtype)}

    return start


NETWORKS = {  # 18 units, and 9 of the GRU, make about as many parameters as 8 of the LSTM
    "RNN, 8 units": (rnn, 8, rnn.init_params),
    "RNN, 18 units": (rnn, 18, rnn.init_params),
    "RNN, 18 units, orthogonal": (rnn, 18, orthogonal_start),
    "LSTM, 8 units": (lstm, 8, lstm_start(1.0)),
    "LSTM, forget bias 0": (lstm, 8, lstm_start(0.0)),
    "GRU, 9 units": (gru, 9, gru.init_params),
    "LSTM, i held": (lstm, 8, held_start("i")),
    "LSTM, f held": (lstm, 8, held_start("f")),
    "LSTM, o held": (lstm, 8, held_start("o")),
}
PARTS = {  # letters, updates, networks
    60: (2000, [*list(NETWORKS)[:4], "GRU, 9 units"]),
    120: (800, list(NETWORKS)[2:6]),
}
LONGER, LONGER_RATES = {120: (4000, ["RNN, 18 units, orthogonal"])}, [0.003, 0.01]
HELD, HELD_RATES = {60: (2000, list(NETWORKS)[6:])}, [0.01, 0.03, 0.1]


def sequences(N, T, rng):
    """Inputs (N, T, 5) in single precision, the letter to name (N, 1), and how far back it is."""
    x, targets = latch(N, T, rng=rng, alphabet=ALPHABET)
    return x.astype(np.float32), targets, x[:, ::-1, -1].argmax(axis=1)


def train(network, T, updates, lr, seed):
    """The share of test sequences named right at each check, at its end by distance, and seconds.

    By distance are the shares where the last store is in the last, middle and first third.
    """
    cell, H, start = NETWORKS[network]
    rng, read = (np.random.default_rng([seed, use]) for use in range(2))
    params = start(ALPHABET + 1, H, rng=rng, dtype=np.float32)
    params |= dense.init_params(H, ALPHABET, rng=rng, dtype=np.float32)
    x_test, named, back = sequences(TESTED, T, np.random.default_rng(T))
    optimizer, shares, seconds = Adam(lr), [], 0.0
    for update in range(1, updates + 1):
        x, targets, _ = sequences(BATCH, T, read)
        begun = time.perf_counter()
        _, grads, _ = loss_and_gradients(
            x, targets, params, cell=Final(cell), loss=losses.cross_entropy
        )
        optimizer.update(params, clip_by_global_norm(grads, MAX_NORM)[0])
        seconds += time.perf_counter() - begun
        if update % (updates // CHECKS) == 0:
            h, _ = cell.forward(x_test, params)
            right = dense.forward(h[:, -1], params).argmax(axis=1) == named[:, 0]
            shares.append(round(float(right.mean()), 3))
    thirds = [right[3 * back // T == third].mean() for third in range(3)]
    return {
        "right": shares,
        "by distance": np.round(thirds, 3).tolist(),
        "seconds": round(seconds, 1),
    }


def best_rate(runs):
    """The rate whose tuning starts end best; among equals the one that is right the most."""

    def merit(lr):
        right = np.array([run["right"] for run in runs if run["rate"] == lr])
        return round(right[:, -LAST:].mean(), 3), right.mean()

    return max(sorted({run["rate"] for run in runs}), key=merit)


def race(name, parts, rates):
    """Tune every network and run it from ten starts, and record it under that name."""
    settings = {
        "alphabet": ALPHABET, "batch": BATCH, "max_norm": MAX_NORM, "Adam lr": rates,
        "tuning starts": TUNING, "starts": SEEDS, "tested on": TESTED, "dtype": "float32",
        "end": f"mean of the last {LAST} of {CHECKS} checks", "chosen by": "the end of tuning",
        "letters and updates": {str(T): updates for T, (updates, _) in parts.items()},
    }  # fmt: skip
    runs = record.Runs(name, settings=settings)

    def once(network, T, lr, seed, part):
        key = {"T": T, "network": network, "rate": lr, "start": seed, "part": part}
        return runs.once(lambda: train(network, T, parts[T][0], lr, seed), **key)

    for T, (_, networks) in parts.items():
        for network in networks:
            tuning = [once(network, T, lr, seed, "tuning") for lr in rates for seed in TUNING]
            lr = best_rate(tuning)
            found = [once(network, T, lr, seed, "test")["right"][-1] for seed in SEEDS]
            print(T, network, lr, found, flush=True)


def main():
    """Sequences of 60 and of 120 letters."""
    race("store", PARTS, RATES)


def longer():
    """The best RNN, 120 letters, five times as many updates."""
    race("store-longer", LONGER, LONGER_RATES)


def held():
    """An LSTM with one gate held at 1 in training, 60 letters."""
    race("store-held", HELD, HELD_RATES)
