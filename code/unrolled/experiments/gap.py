"""LSTMs fill in letters of the shipped stories: from the left, the right, both. See chapter 11.

    OMP_NUM_THREADS=1 python -m unrolled.experiments gap

Every network is trained to name each letter of a piece of text without having read it, on its own
best learning rate, and is tested where it was best on the validation text; counting is tuned there,
too. Writes data/results/gap.json after each run and goes on where it stopped. In the end a middling
start of three networks is trained once more, and its weights are written, gap.npz.
"""

import time

import numpy as np

from unrolled.analysis import between
from unrolled.datasets import load_letters
from unrolled.engine import dense, losses, lstm
from unrolled.engine.around import Around
from unrolled.engine.contract import width
from unrolled.engine.embedding import Embedded
from unrolled.engine.optimizers import Adam, clip_by_global_norm
from unrolled.engine.stack import Stack
from unrolled.engine.training import loss_and_gradients

from . import record

T, N, D, MAX_NORM = 60, 32, 16, 1.0
EDGE = 20  # letters at least that a tested gap has on each side
UPDATES, EVERY = 800, 50
RATES, TUNING, SEEDS = [0.003, 0.01, 0.03], [100, 101], list(range(10))
NETWORKS = {  # sides, layers, units: about 24,000 parameters each but for the last
    "left": ("left", 1, 64),
    "right": ("right", 1, 64),
    "both": ("both", 1, 44),
    "both, 2 layers": ("both", 2, 28),
    "both, 3 layers": ("both", 3, 22),
    "both, 2 layers, wider": ("both", 2, 44),
}
SHOWN = ("left", "right", "both")


def letters():
    """Training, validation and test ids of the stories in lower case, and the signs, in order."""
    return load_letters(lower=True)[1:]


def network(sides, layers, cell=lstm):
    """It reads ids, (N, T), and hands on what is around each of them."""
    return Embedded(Around(Stack(cell, layers) if layers > 1 else cell, sides), D)


def start(sides, layers, H, V, seed):
    """Parameters in single precision."""
    rng, model = np.random.default_rng([seed, 0]), network(sides, layers)
    params = model.init_params(V, H, rng=rng, dtype=np.float32)
    params["W_e"] *= 10  # numbers of about 1 for each sign
    return params | dense.init_params(width(model, H), V, rng=rng, dtype=np.float32)


def pieces(ids):
    """Pieces of T letters, (N, T), such that each letter is in the middle of one."""
    starts = range(0, len(ids) - T + 1, T - 2 * EDGE)
    return np.array([ids[i : i + T] for i in starts])


def probabilities(model, params, ids):
    """What it gives each sign in the middle of each piece, (N, T - 2 EDGE, V)."""
    h, _ = model.forward(pieces(ids), params)
    return losses.softmax(dense.forward(h[:, EDGE : T - EDGE], params))


def score(p, ids):
    """Bits a letter, and the share named right."""
    there = pieces(ids)[:, EDGE : T - EDGE]
    given = np.take_along_axis(p, there[..., None], axis=2)
    return -np.log2(given).mean(), (p.argmax(axis=2) == there).mean()


def train(sides, layers, H, lr, seed, *, updates, every, length, drop=None):
    """Bits and share right at each check, on validation and test text; and the best parameters.

    `drop` makes a cell from a generator, to train with in place of `lstm`.
    """
    ids, valid, test, known = letters()
    params, plain = start(sides, layers, H, len(known), seed), network(sides, layers)
    read, optimizer, found, seconds = np.random.default_rng([seed, 1]), Adam(lr), [], 0.0
    model = network(sides, layers, drop(np.random.default_rng([seed, 2]))) if drop else plain
    best, kept = np.inf, None
    for update in range(1, updates + 1):
        begun = time.perf_counter()
        starts = read.integers(0, len(ids) - length + 1, N)
        x = ids[starts[:, None] + np.arange(length)]
        _, grads, _ = loss_and_gradients(x, x, params, cell=model, loss=losses.cross_entropy)
        optimizer.update(params, clip_by_global_norm(grads, MAX_NORM)[0])
        seconds += time.perf_counter() - begun
        if update % every == 0:
            parts = [score(probabilities(plain, params, part), part) for part in (valid, test)]
            found.append([round(float(each), 4) for part in parts for each in part])
            if found[-1][0] < best:
                best, kept = found[-1][0], {name: value.copy() for name, value in params.items()}
    at_best = min(found)
    read_bits, _ = score(probabilities(plain, kept, ids[: len(valid)]), ids[: len(valid)])
    return {
        "valid bits": [each[0] for each in found],
        "best after": every * (1 + found.index(at_best)),
        "valid": at_best[:2], "test": at_best[2:], "train bits": round(float(read_bits), 4),
        "parameters": sum(value.size for value in params.values()),
        "seconds": round(seconds, 1),
    }, kept  # fmt: skip


def best_of(runs, names):
    """The settings of `names` whose tuning starts have the least bits on the validation text."""
    tried = {tuple(run[name] for name in names) for run in runs}

    def cost(setting):
        own = [run for run in runs if tuple(run[name] for name in names) == setting]
        return np.mean([run["valid"][0] for run in own])

    return min(sorted(tried), key=cost)


def counting():
    """For each way of counting how much it looks at, and its bits and share right on the test."""
    ids, valid, test, known = letters()
    found = {}
    for name, spans in {
        "left": between.LEFT, "right": between.RIGHT, "both": between.BOTH
    }.items():  # fmt: skip
        places = np.arange(EDGE, len(valid) - EDGE)
        spans, tables, d = between.tuned(ids, valid, spans, places, V=len(known))
        places = np.arange(EDGE, EDGE + pieces(test).shape[0] * (T - 2 * EDGE))
        p = between.probabilities(tables, spans, test, places, discount=d, V=len(known))
        bits, right = score(p.reshape(-1, T - 2 * EDGE, len(known)), test)
        found[name] = {"spans": spans, "discount": d, "test": [round(float(bits), 4), right]}
    return found


def middle(runs):
    """The run that is as good on the test as the median, or next to it."""
    return sorted(runs, key=lambda run: run["test"][0])[len(runs) // 2]


def main():
    """Three ways of reading, and up to three layers."""
    settings = {
        "T": T, "batch": N, "embedding": D, "max_norm": MAX_NORM, "edge": EDGE,
        "updates": UPDATES, "every": EVERY, "Adam lr": RATES, "tuning starts": TUNING,
        "starts": SEEDS, "dtype": "float32",
        "stopped at": "the least bits on the validation text", "networks": NETWORKS,
        "counting": counting(),
    }  # fmt: skip
    runs = record.Runs("gap", settings=settings)
    how = {"updates": UPDATES, "every": EVERY, "length": T}

    def once(name, lr, seed, part):
        key = {"network": name, "rate": lr, "start": seed, "part": part}
        return runs.once(lambda: train(*NETWORKS[name], lr, seed, **how)[0], **key)

    weights = {}
    for name, shape in NETWORKS.items():
        tuning = [once(name, lr, seed, "tuning") for lr in RATES for seed in TUNING]
        (lr,) = best_of(tuning, ["rate"])
        tested = [once(name, lr, seed, "test") for seed in SEEDS]
        print(name, lr, [run["test"] for run in tested], flush=True)
        if name in SHOWN:
            params = train(*shape, lr, middle(tested)["start"], **how)[1]
            weights |= {f"{name}/{key}": value for key, value in params.items()}
    record.write_weights("gap", weights)
