"""Networks learn to say when as many b as a have been read, and count further. See chapter 10.

    OMP_NUM_THREADS=1 python -m unrolled.experiments counting

Trained on 1 to 10 a, tested on up to 100. Beside RNN, GRU and LSTM two LSTMs with a gate less tell
which gate it is that counts. Then each runs at the two largest rates too, the GRU five times as
long, and GRU and LSTM with the bias that the other one starts with. Writes
data/results/counting.json after each run, goes on where it stopped, and then trains a middling
start of each once more and writes its weights, counting.npz.
"""

import itertools
import time

import numpy as np

from unrolled.datasets import as_many
from unrolled.engine import dense, gru, losses, lstm, rnn
from unrolled.engine.optimizers import Adam, clip_by_global_norm
from unrolled.engine.training import loss_and_gradients

from . import record

TRAINED, TESTED, AFTER = 10, 100, 5  # most a in training and test; letters b after the last needed
BATCH, UPDATES, MAX_NORM, CHECKS = 32, 600, 1.0, 12
RATES, TUNING, SEEDS = [0.01, 0.03, 0.1, 0.3], [100, 101, 102], list(range(10))
ALIKE, LONGER = [0.1, 0.3], 3000  # rates at which all run, and updates of a GRU with more time
SWAPPED = {"GRU": ("b_z", 1.0), "LSTM": ("b_f", 0.0)}  # biases, each as the other one starts


def free(params):
    """Leaves parameters or gradients as they are."""
    return params


def coupled(grads):
    """Gradients under which the input gate of an LSTM stays 1 - f (Greff et al. 2017)."""
    for part in ("W_x", "W_h", "b_"):
        grads[f"{part}f"] = grads[f"{part}f"] - grads[f"{part}i"]
        grads[f"{part}i"] = -grads[f"{part}f"]
    return grads


def coupled_start(params):
    """An LSTM whose input gate is 1 - f."""
    return params | {f"{part}i": -params[f"{part}f"] for part in ("W_x", "W_h", "b_")}


def no_output_gate(grads):
    """Gradients under which the output gate stays where it is."""
    return grads | {name: 0 * grads[name] for name in ("W_xo", "W_ho", "b_o")}


def no_output_gate_start(params):
    """An LSTM whose output gate is 1."""
    return no_output_gate(params) | {"b_o": np.full_like(params["b_o"], 30)}


NETWORKS = {  # units make about as many parameters as 8 of the LSTM, or of what is left of it
    "RNN": (rnn, 18, free, free),
    "GRU": (gru, 9, free, free),
    "LSTM": (lstm, 8, free, free),
    "LSTM, no output gate": (lstm, 9, no_output_gate_start, no_output_gate),
    "LSTM, i = 1 - f": (lstm, 9, coupled_start, coupled),
}


def start(network, seed, swapped=False):
    """Its parameters before training, with the readout's, on demand with the bias of SWAPPED."""
    cell, H, begin, _ = NETWORKS[network]
    rng = np.random.default_rng([seed, 0])
    params = begin(cell.init_params(2, H, rng=rng, dtype=np.float32))
    if swapped:
        name, bias = SWAPPED[network]
        params[name] = np.full_like(params[name], bias)
    return params | dense.init_params(H, 2, rng=rng, dtype=np.float32)


def counted(network, params, most=TESTED):
    """Whether it is right at every letter of 1 a, of 2 and so on to `most`, (most,)."""
    n = np.arange(1, most + 1)
    x, targets = as_many(n, 2 * most + AFTER)
    h, _ = NETWORKS[network][0].forward(x.astype(params["b_y"].dtype), params)
    right = dense.forward(h, params).argmax(axis=-1) == targets
    asked = np.arange(x.shape[1]) < 2 * n[:, None] + AFTER
    return (right | ~asked).all(axis=1)


def train(network, lr, seed, updates=None, swapped=False):
    """What came out, and the parameters, after UPDATES updates if not told otherwise.

    The share of 1 to 10 a that are counted right at each check, what is counted right at the end,
    and seconds.
    """
    cell, _, _, tie = NETWORKS[network]
    read, params = np.random.default_rng([seed, 1]), start(network, seed, swapped)
    optimizer, shares, seconds = Adam(lr), [], 0.0
    updates = updates or UPDATES
    for update in range(1, updates + 1):
        x, targets = as_many(read.integers(1, TRAINED + 1, BATCH), 2 * TRAINED + AFTER)
        x, begun = x.astype(np.float32), time.perf_counter()
        _, grads, _ = loss_and_gradients(x, targets, params, cell=cell, loss=losses.cross_entropy)
        optimizer.update(params, clip_by_global_norm(tie(grads), MAX_NORM)[0])
        seconds += time.perf_counter() - begun
        if update % (updates // CHECKS) == 0:
            shares.append(round(float(counted(network, params, TRAINED).mean()), 3))
    end = np.flatnonzero(counted(network, params)) + 1
    return {"right": shares, "counted": end.tolist(), "seconds": round(seconds, 1)}, params


def best_rate(runs):
    """The rate whose tuning starts count the most right; among equals the smallest."""

    def merit(lr):
        return np.mean([len(run["counted"]) for run in runs if run["rate"] == lr])

    return max(RATES, key=merit)


def middle(runs):
    """The run that counts as many as half of the others do at most: the upper median."""
    return sorted(runs, key=lambda run: len(run["counted"]))[len(runs) // 2]


def recorded():
    """The record, with a way to add a run to it: once(network, rate, seed, part)."""
    settings = {
        "trained on a": [1, TRAINED], "tested on a": [1, TESTED], "b after the last": AFTER,
        "batch": BATCH, "updates": UPDATES, "max_norm": MAX_NORM, "Adam lr": RATES,
        "tuning starts": TUNING, "starts": SEEDS, "dtype": "float32",
        "checks": CHECKS, "chosen by": "how many counts are right in tuning",
        "units": {name: H for name, (_, H, _, _) in NETWORKS.items()},
    }  # fmt: skip
    runs = record.Runs("counting", settings=settings)

    def once(network, lr, seed, part):
        key = {"network": network, "rate": lr, "start": seed, "part": part}
        how = {"updates": LONGER} if part == "longer" else {"swapped": part == "swapped"}
        key |= {"updates": LONGER} if part == "longer" else {}
        return runs.once(lambda: train(network, lr, seed, **how)[0], **key)

    return once


def again(once):
    """The runs of the GRU for longer, and of GRU and LSTM with each other's bias."""
    for lr, seed in itertools.product(ALIKE, SEEDS):
        once("GRU", lr, seed, "longer")
        for network in SWAPPED:
            once(network, lr, seed, "swapped")


def main():
    """Tune every network on up to 10 a, run it from ten starts, and keep what they learned."""
    once, weights = recorded(), {}
    for network in NETWORKS:
        lr = best_rate([once(network, lr, seed, "tuning") for lr in RATES for seed in TUNING])
        tested = [once(network, lr, seed, "test") for seed in SEEDS]
        print(network, lr, [len(run["counted"]) for run in tested], flush=True)
        params = train(network, lr, middle(tested)["start"])[1]
        weights |= {f"{network}/{name}": value for name, value in params.items()}
        for other in (rate for rate in ALIKE if rate != lr):
            for seed in SEEDS:
                once(network, other, seed, "alike")
    again(once)
    record.write_weights("counting", weights)
