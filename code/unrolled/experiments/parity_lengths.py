"""Running parity of forty bits, then of more: cells whose factors may or may not go below zero.

    OMP_NUM_THREADS=1 python -m unrolled.experiments parity-lengths

Rate of each network chosen on a seed of its own, then five other starts, all on the same fresh
sequences. The signed minGRU is asked once more with factors of exactly 1 and -1 in one unit, and
is trained on longer lessons, too, at the largest of the rates (all three are perfect at forty).
Writes data/results/parity-lengths.json after each run, and goes on where it stopped.
"""

import time
from functools import partial

import numpy as np

from unrolled.datasets import running_parity
from unrolled.engine import dense, gru, losses, lstm, mingru, rnn, signed_mingru
from unrolled.engine.optimizers import Adam, clip_by_global_norm

from . import record

T, LENGTHS, LAST = 40, [40, 100, 256, 1000], 20
H, BATCH, UPDATES, MEASURED, MAX_NORM = 32, 32, 2000, 256, 1.0
RATES, TUNING, SEEDS = [0.003, 0.01, 0.03], 100, [0, 1, 2, 3, 4]
LESSONS = [40, 80, 160, 320]  # bits of a sequence in training
NETWORKS = {
    "minGRU": mingru,
    "minGRU, signed": signed_mingru,
    "RNN": rnn,
    "LSTM": lstm,
    "GRU": gru,
}


def turning(params):
    """The unit that turns its state over most, and its factors at a bit of -1 and of 1."""
    z, _ = mingru.gates(np.array([[-1.0], [1.0]], np.float32), params)
    decay = 2 * z - 1
    unit = np.argmax(np.minimum(decay[0], -decay[1]))
    return unit, [round(float(part), 4) for part in decay[:, unit]]


def exact(params):
    """The same network, but that unit multiplies by exactly 1 and -1."""
    unit, _ = turning(params)
    params = params | {name: params[name].copy() for name in ("W_xz", "b_z")}
    params["W_xz"][0, unit], params["b_z"][unit] = -40, 0
    return params


def ask(cell, params, rng):
    """Of the last answers at each length, the share that is right."""
    right = []
    for length in LENGTHS:
        x, targets = running_parity(MEASURED, length, rng=rng)
        h = cell.forward(x.astype(np.float32), params)[0][:, -LAST:]
        named = dense.forward(h, params).argmax(axis=2) == targets[:, -LAST:]
        right.append(round(float(named.mean()), 4))
    return right


def train(network, rate, seed, *, updates=UPDATES, bits=T):
    """One network from its start, trained on so many bits at a time and asked at each length."""
    begun, cell = time.perf_counter(), NETWORKS[network]
    rng, read = (np.random.default_rng([seed, use]) for use in range(2))
    params = cell.init_params(1, H, rng=rng, dtype=np.float32)
    params |= dense.init_params(H, 2, rng=rng, dtype=np.float32)
    optimizer = Adam(rate)
    for _ in range(updates):
        x, targets = running_parity(BATCH, bits, rng=read)
        h, tape = cell.forward(x.astype(np.float32), params)
        _, dlogits = losses.cross_entropy(dense.forward(h, params), targets)
        dh, grads = dense.backward(dlogits, h, params)
        grads |= cell.backward(dh, tape, params)[2]
        optimizer.update(params, clip_by_global_norm(grads, MAX_NORM)[0])
    found = {"right": ask(cell, params, np.random.default_rng([seed, 2]))}
    if network == "minGRU, signed":
        found["factors"] = turning(params)[1]
        found["right if exact"] = ask(cell, exact(params), np.random.default_rng([seed, 2]))
    return found | {"seconds": round(time.perf_counter() - begun, 1)}


def main():
    """Tune each network, and run it from all starts."""
    settings = {
        "T": T, "asked at": LENGTHS, "last answers": LAST, "H": H, "batch": BATCH,
        "updates": UPDATES, "measured on": MEASURED, "max_norm": MAX_NORM, "optimizer": "Adam",
        "dtype": "float32", "Adam lr": RATES, "tuning start": TUNING, "starts": SEEDS,
    }  # fmt: skip
    by = ["part", "network", "rate", "bits"]
    runs = record.Grouped("parity-lengths", settings=settings, by=by)

    def once(part, network, rate, seed):
        key = {"part": part, "network": network, "rate": rate, "start": seed}
        return runs.once(lambda: train(network, rate, seed), **key)

    for network in NETWORKS:
        found = {rate: once("tuning", network, rate, TUNING)["right"][0] for rate in RATES}
        chosen = max(RATES, key=found.get)
        for seed in SEEDS:
            once("test", network, chosen, seed)
    for bits in LESSONS:
        for seed in SEEDS:
            key = {"network": "minGRU, signed", "rate": RATES[-1]}
            lesson = partial(train, *key.values(), seed, bits=bits)
            runs.once(lesson, part="lessons", **key, bits=bits, start=seed)
