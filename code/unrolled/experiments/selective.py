"""Selective copying: one layer that does not look back, a wide one, two of them, and a GRU.

    OMP_NUM_THREADS=1 python -m unrolled.experiments selective

Rate of each network chosen on a seed of its own, then five other starts, all on the same fresh
sequences. Writes data/results/selective.json after each run, and goes on where it stopped.
"""

import time

import numpy as np

from unrolled.datasets.selecting import selective_copy
from unrolled.engine import dense, gru, losses, lru, mingru
from unrolled.engine.contract import width
from unrolled.engine.optimizers import Adam, clip_by_global_norm
from unrolled.engine.stack import Stack, Tape, add_prefix

from . import record

PLACES, SYMBOLS, ALPHABET = 20, 3, 4
H, BATCH, UPDATES, MEASURED, MAX_NORM = 32, 32, 1500, 1024, 1.0
RATES, TUNING, SEEDS = [0.003, 0.01, 0.03], 100, [0, 1, 2, 3, 4]


class Bent(Stack):
    """Two layers of a cell, of which the upper one reads the tanh of what the lower one says."""

    def forward(self, x, params, state=None):
        """Hidden states of the upper layer, (N, T, H), and the tape. Begins with no state."""
        low, high = self._own(params)
        h, below = self.cell.forward(x, low)
        h, above = self.cell.forward(np.tanh(h), high)
        return h, Tape((below, above), ())

    def backward(self, dh, tape, params, dstate=None):
        """(dx, None, grads)."""
        (low, high), (below, above) = self._own(params), tape.layers
        dbent, _, upper = self.cell.backward(dh, above, high)
        slopes = 1 - above.x.transpose(1, 0, 2) ** 2
        dx, _, lower = self.cell.backward(dbent * slopes, below, low)
        grads = add_prefix(lower, "layer_0") | add_prefix(upper, "layer_1")
        return dx, None, grads


NETWORKS = {
    "LRU": lru,
    "LRU, two layers": Stack(lru, 2),
    "LRU, tanh, LRU": Bent(lru, 2),
    "minGRU": mingru,
    "minGRU, two layers": Stack(mingru, 2),
    "minGRU, 150 units": mingru,  # as many parameters as two layers of 32
    "GRU": gru,
}
UNITS = {"minGRU, 150 units": 150}  # the others have H


def batch(N, rng):
    """Inputs in float32, and targets."""
    x, targets = selective_copy(N, PLACES, rng=rng, symbols=SYMBOLS, alphabet=ALPHABET)
    return x.astype(np.float32), targets


def train(network, rate, seed, *, updates=UPDATES):
    """One network from its start: the share of symbols that are right, on fresh sequences."""
    begun, cell = time.perf_counter(), NETWORKS[network]
    rng, read, measure = (np.random.default_rng([seed, use]) for use in range(3))
    units = UNITS.get(network, H)
    params = cell.init_params(ALPHABET + 2, units, rng=rng, dtype=np.float32)
    params |= dense.init_params(width(cell, units), ALPHABET, rng=rng, dtype=np.float32)
    optimizer = Adam(rate)
    for _ in range(updates):
        x, targets = batch(BATCH, read)
        h, tape = cell.forward(x, params)
        _, dlogits = losses.cross_entropy(dense.forward(h[:, -SYMBOLS:], params), targets)
        dh = np.zeros_like(h)
        dh[:, -SYMBOLS:], grads = dense.backward(dlogits, h[:, -SYMBOLS:], params)
        grads |= cell.backward(dh, tape, params)[2]
        optimizer.update(params, clip_by_global_norm(grads, MAX_NORM)[0])
    x, targets = batch(MEASURED, measure)
    logits = dense.forward(cell.forward(x, params)[0][:, -SYMBOLS:], params)
    return {
        "right": round(float((logits.argmax(axis=2) == targets).mean()), 4),
        "seconds": round(time.perf_counter() - begun, 1),
    }


def main():
    """Tune each network, and run it from all starts."""
    settings = {
        "places": PLACES, "symbols": SYMBOLS, "alphabet": ALPHABET, "H": H, "batch": BATCH,
        "updates": UPDATES, "measured on": MEASURED, "max_norm": MAX_NORM, "optimizer": "Adam",
        "dtype": "float32", "Adam lr": RATES, "tuning start": TUNING, "starts": SEEDS,
    }  # fmt: skip
    runs = record.Grouped("selective", settings=settings, by=["part", "network", "rate"])

    def once(part, network, rate, seed):
        key = {"part": part, "network": network, "rate": rate, "start": seed}
        return runs.once(lambda: train(network, rate, seed), **key)

    for network in NETWORKS:
        found = {rate: once("tuning", network, rate, TUNING)["right"] for rate in RATES}
        chosen = max(RATES, key=found.get)
        for seed in SEEDS:
            once("test", network, chosen, seed)
