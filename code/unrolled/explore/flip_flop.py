"""The network of chapter 25: sixteen units that learn to keep two bits.

On two processors a training parts by rounding, so the weights after some numbers of updates are on
record, from five starts; so is what was found in them (unrolled.experiments flip-flop).
"""

from functools import cache

import numpy as np

from unrolled.datasets import files, flip_flop
from unrolled.engine import dense, losses, optimizers, rnn
from unrolled.engine.training import loss_and_gradients

BITS, H = 2, 16
UPDATES = (0, 20, 30, 50, 100, 1500)  # those on record
STARTS = 5
CUBE = (0, 1500)  # start and updates of the network of three bits
N, T, CHANCE, RATE, MAX_NORM = 32, 40, 0.1, 0.01, 1.0  # of the training


@cache
def trained(updates=UPDATES[-1], start=0):
    """Parameters of an RNN (2, 16) with a readout (16, 2) after some updates, from the record.

    Raises ValueError if these are not on record.
    """
    if updates not in UPDATES or not 0 <= start < STARTS:
        raise ValueError(
            f"on record are the updates {UPDATES} of the starts 0 to {STARTS - 1}; "
            f"got updates={updates}, start={start}"
        )
    return kept(key(updates, start))


@cache
def cube():
    """Parameters of a trained network that keeps three bits in 24 units, from the record."""
    return kept(key(CUBE[1], CUBE[0], 3))


def kept(name):
    """The recorded parameters whose names begin so."""
    with np.load(files.path("results/flip-flop.npz"), allow_pickle=False) as arrays:
        return {part.split("/")[1]: arrays[part] for part in arrays.files if part.startswith(name)}


def key(updates, start, bits=BITS):
    """What the names of the recorded parameters begin with."""
    return f"{bits} bits, start {start} after {updates}/"


def train(start, updates=UPDATES, *, bits=BITS, units=H):
    """Draw a network and train it on fresh sequences: {number of updates: its parameters then}."""
    rng = np.random.default_rng(start)
    params = rnn.init_params(bits, units, rng=rng) | dense.init_params(units, bits, rng=rng)
    optimizer, snapshots = optimizers.Adam(RATE), {}
    for update in range(max(updates) + 1):
        if update in updates:
            snapshots[update] = {name: value.copy() for name, value in params.items()}
        x, targets = flip_flop(N, T, bits=bits, chance=CHANCE, rng=rng)
        _, grads, _ = loss_and_gradients(
            x, targets, params, cell=rnn, loss=losses.mean_squared_error
        )
        optimizer.update(params, optimizers.clip_by_global_norm(grads, MAX_NORM)[0])
    return snapshots


def starts(params, count=400, seed=0):
    """Where to look for fixed points: states that the network visits, and as many at random.

    Returns an array (count, units).
    """
    rng = np.random.default_rng(seed)
    bits, units = params["W_xh"].shape
    x, _ = flip_flop(count // 2, 20, bits=bits, chance=0.2, rng=rng)
    h, _ = rnn.forward(x, params)
    steps = rng.integers(0, 20, len(h))
    return np.concatenate(
        [h[np.arange(len(h)), steps], rng.uniform(-1, 1, (count - len(h), units))]
    )
