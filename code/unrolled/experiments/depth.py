"""Layers on top of each other, on a task that needs work before it is remembered. See chapter 11.

    OMP_NUM_THREADS=1 python -m unrolled.experiments depth

At every step pairs of switches are read; each pair with both switches on flips a lamp. With one
pair one layer is enough. With four, networks of about equal size have one, two and three layers,
and four controls say what a layer is good for: a wider one, one that may answer a step later, one
behind a layer without memory and one below it. Writes data/results/depth.json after each run and
goes on where it stopped; so does `depth-longer`, in which one layer has five times as many updates.
"""

import time

import numpy as np

from unrolled.datasets import switches
from unrolled.engine import dense, gru, losses
from unrolled.engine.optimizers import Adam, clip_by_global_norm
from unrolled.engine.stack import Stack, add_prefix, under_prefix
from unrolled.engine.training import loss_and_gradients

from . import record

T, BATCH, UPDATES, MAX_NORM, CHECKS, TESTED = 12, 64, 1200, 1.0, 12, 500
RATES, TUNING, SEEDS = [0.003, 0.01, 0.03, 0.1], [100, 101], list(range(10))
LONGER, LONGER_RATES, LONGER_SEEDS = 6000, [0.003, 0.01], [0, 1, 2, 3, 4]


class BehindDense:
    """A cell that reads tanh(x W_in + b_in), (N, T, H): a layer without memory below it."""

    STATE = gru.STATE

    def init_params(self, D, H, *, rng, dtype=np.float64):
        """W_in (D, H), b_in (H,) and the cell's."""
        first = {"W_in": (rng.standard_normal((D, H)) / np.sqrt(D)).astype(dtype)}
        first["b_in"] = np.zeros(H, dtype)
        return first | add_prefix(gru.init_params(H, H, rng=rng, dtype=dtype), "gru")

    def forward(self, x, params, state=None):
        """As a cell's; the tape has the inputs, what the first layer makes of them, and theirs."""
        u = np.tanh(x @ params["W_in"] + params["b_in"])
        h, tape = gru.forward(u, under_prefix(params, "gru"), state)
        return h, Read(x, u, tape)

    def backward(self, dh, tape, params, dstate=None):
        """As a cell's."""
        du, dstate, grads = gru.backward(dh, tape.inner, under_prefix(params, "gru"), dstate)
        da = du * (1 - tape.u**2)
        first = {"W_in": np.einsum("ntd,nth->dh", tape.x, da), "b_in": da.sum(axis=(0, 1))}
        return da @ params["W_in"].T, dstate, first | add_prefix(grads, "gru")


class BelowDense:
    """A cell whose states go through tanh(h W_up + b_up), (N, T, H): that layer is above it."""

    STATE = gru.STATE

    def init_params(self, D, H, *, rng, dtype=np.float64):
        """W_up (H, H), b_up (H,) and the cell's."""
        last = {"W_up": (rng.standard_normal((H, H)) / np.sqrt(H)).astype(dtype)}
        last["b_up"] = np.zeros(H, dtype)
        return last | add_prefix(gru.init_params(D, H, rng=rng, dtype=dtype), "gru")

    def forward(self, x, params, state=None):
        """As a cell's; the tape has its states, what the last layer makes of them, and its tape."""
        h, tape = gru.forward(x, under_prefix(params, "gru"), state)
        u = np.tanh(h @ params["W_up"] + params["b_up"])
        return u, Read(h, u, tape)

    def backward(self, du, tape, params, dstate=None):
        """As a cell's."""
        da = du * (1 - tape.u**2)
        last = {"W_up": np.einsum("ntd,nth->dh", tape.x, da), "b_up": da.sum(axis=(0, 1))}
        own = under_prefix(params, "gru")
        dx, dstate, grads = gru.backward(da @ params["W_up"].T, tape.inner, own, dstate)
        return dx, dstate, last | add_prefix(grads, "gru")


class Read:
    """What the `forward` of `BehindDense` and `BelowDense` remembers."""

    def __init__(self, x, u, inner):
        self.x, self.u, self.inner, self.state = x, u, inner, inner.state


NETWORKS = {  # a cell, its units, and how many steps later it answers
    "1 layer": (gru, 32, 0),
    "2 layers": (Stack(gru, 2), 19, 0),
    "3 layers": (Stack(gru, 3), 15, 0),
    "1 layer, wider": (gru, 64, 0),
    "2 layers, wider": (Stack(gru, 2), 32, 0),
    "3 layers, wider": (Stack(gru, 3), 32, 0),
    "1 layer, a step later": (gru, 32, 1),
    "1 layer behind a dense one": (BehindDense(), 25, 0),
    "1 layer below a dense one": (BelowDense(), 28, 0),
}
PARTS = {1: list(NETWORKS)[:3], 4: list(NETWORKS)}


def sequences(N, pairs, late, rng):
    """Inputs (N, T + late, 2 pairs), blank at the end, and targets moved by as many steps."""
    x, targets = switches(N, T, pairs=pairs, rng=rng)
    blank, dark = np.zeros((N, late, 2 * pairs)), np.zeros((N, late), int)
    x = np.concatenate([x, blank], axis=1).astype(np.float32)
    return x, np.concatenate([dark, targets], axis=1)


def train(network, pairs, updates, lr, seed):
    """The share of right answers in the second half of test sequences at each check; seconds."""
    cell, H, late = NETWORKS[network]
    rng, read = (np.random.default_rng([seed, use]) for use in range(2))
    params = cell.init_params(2 * pairs, H, rng=rng, dtype=np.float32)
    params |= dense.init_params(H, 2, rng=rng, dtype=np.float32)
    x_test, known = sequences(TESTED, pairs, late, np.random.default_rng(T))
    optimizer, shares, seconds = Adam(lr), [], 0.0
    for update in range(1, updates + 1):
        x, targets = sequences(BATCH, pairs, late, read)
        begun = time.perf_counter()
        _, grads, _ = loss_and_gradients(x, targets, params, cell=cell, loss=losses.cross_entropy)
        optimizer.update(params, clip_by_global_norm(grads, MAX_NORM)[0])
        seconds += time.perf_counter() - begun
        if update % (updates // CHECKS) == 0:
            said = dense.forward(cell.forward(x_test, params)[0], params).argmax(axis=2)
            right = (said == known)[:, late + T // 2 :]
            shares.append(round(float(right.mean()), 3))
    size = sum(value.size for value in params.values())
    return {"right": shares, "parameters": size, "seconds": round(seconds, 1)}


def best_rate(runs):
    """The rate whose tuning starts end best; among equals the one that is right the most."""

    def merit(lr):
        right = np.array([run["right"] for run in runs if run["rate"] == lr])
        return round(right[:, -1].mean(), 3), right.mean()

    return max(sorted({run["rate"] for run in runs}), key=merit)


def race(name, parts, updates, rates, seeds):
    """Tune every network on each number of pairs, run it from other starts, and record it."""
    settings = {
        "T": T, "batch": BATCH, "updates": updates, "max_norm": MAX_NORM, "Adam lr": rates,
        "tuning starts": TUNING, "starts": seeds, "tested on": TESTED, "dtype": "float32",
        "checks": CHECKS, "chosen by": "the end of tuning",
        "units": {network: NETWORKS[network][1] for network in NETWORKS},
    }  # fmt: skip
    runs = record.Runs(name, settings=settings)

    def once(network, pairs, lr, seed, part):
        key = {"pairs": pairs, "network": network, "rate": lr, "start": seed, "part": part}
        return runs.once(lambda: train(network, pairs, updates, lr, seed), **key)

    for pairs, networks in parts.items():
        for network in networks:
            tuning = [once(network, pairs, lr, seed, "tuning") for lr in rates for seed in TUNING]
            lr = best_rate(tuning)
            found = [once(network, pairs, lr, seed, "test")["right"][-1] for seed in seeds]
            print(pairs, network, lr, found, flush=True)


def main():
    """One pair and four pairs."""
    race("depth", PARTS, UPDATES, RATES, SEEDS)


def longer():
    """One layer on four pairs, five times as many updates."""
    race("depth-longer", {4: ["1 layer"]}, LONGER, LONGER_RATES, LONGER_SEEDS)
