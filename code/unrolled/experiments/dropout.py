"""Dropout at three places of an LSTM, with one mask and with fresh ones. See chapter 11.

    OMP_NUM_THREADS=1 python -m unrolled.experiments dropout
    OMP_NUM_THREADS=1 python -m unrolled.experiments dropout-memory

The first fills in letters as in `gap`, where little has to be kept and a network of this size soon
knows the stories by heart; the second keeps the letter stored last as in `store`, where everything
hangs on what is kept. Each place has its own best share of units dropped in the first, and its own
best rate in the second. Both are written after each run and go on where they stopped.
"""

import time

import numpy as np

from unrolled.datasets import latch
from unrolled.engine import dense, losses, lstm
from unrolled.engine.optimizers import Adam, clip_by_global_norm
from unrolled.engine.recurrent_dropout import PLACES, DroppedLSTM

from . import gap, record

WAYS = ["none", *(f"{place}, {masks}" for place in PLACES for masks in ("one mask", "fresh"))]
WAYS += ["c, one mask, not divided"]
MEMORY_WAYS = [*WAYS, "c, fresh, not divided"]
LETTERS = {"layers": 2, "units": 40, "updates": 600, "every": 50, "length": 40, "rate": 0.02}
SHARES, TUNING, SEEDS = [0.2, 0.5], [100], list(range(5))
MEMORY = {"letters": 30, "alphabet": 4, "units": 16, "updates": 400, "checks": 20, "batch": 64}
RATES, MEMORY_SHARE, MEMORY_TUNING, MEMORY_SEEDS = [0.01, 0.03, 0.1], 0.5, [100, 101], range(10)
FAR = 10


def cell(way, p, rng):
    """The cell to train with: `lstm`, or one with dropout."""
    if way == "none":
        return lstm
    place, masks, *plain = way.split(", ")
    return DroppedLSTM(place, p, fresh=masks == "fresh", rng=rng, scaled=not plain)


def fill_in(way, p, seed):
    """What `gap.train` finds with dropout at that place."""
    how = {name: LETTERS[name] for name in ("updates", "every", "length")}
    drop = None if way == "none" else lambda rng: cell(way, p, rng)
    shape = "both", LETTERS["layers"], LETTERS["units"]
    return gap.train(*shape, LETTERS["rate"], seed, **how, drop=drop)[0]


def gradients(model, x, targets, params):
    """Of the loss at the last step, which is read as dropout leaves it."""
    h, tape = model.forward(x, params)
    _, dlogits = losses.cross_entropy(dense.forward(h[:, -1:], params), targets)
    dh = np.zeros_like(h)
    dh[:, -1:], grads = dense.backward(dlogits, h[:, -1:], params)
    return grads | model.backward(dh, tape, params)[2]


def keep(way, lr, seed):
    """The share of test sequences whose last stored letter is named, at each check; seconds.

    And the same at the end while fresh masks strike the cell: of all, and of those where that
    letter is FAR steps back or more.
    """
    T, K, H = (MEMORY[name] for name in ("letters", "alphabet", "units"))
    rng, read, drop = (np.random.default_rng([seed, use]) for use in range(3))
    params = lstm.init_params(K + 1, H, rng=rng, dtype=np.float32)
    params |= dense.init_params(H, K, rng=rng, dtype=np.float32)
    x_test, named = latch(1000, T, rng=np.random.default_rng(T), alphabet=K)
    model, optimizer, shares, seconds = cell(way, MEMORY_SHARE, drop), Adam(lr), [], 0.0
    for update in range(1, MEMORY["updates"] + 1):
        x, targets = latch(MEMORY["batch"], T, rng=read, alphabet=K)
        begun, x = time.perf_counter(), x.astype(np.float32)
        grads = gradients(model, x, targets, params)
        optimizer.update(params, clip_by_global_norm(grads, 1.0)[0])
        seconds += time.perf_counter() - begun
        if update % (MEMORY["updates"] // MEMORY["checks"]) == 0:
            h, _ = lstm.forward(x_test.astype(np.float32), params)
            right = dense.forward(h[:, -1], params).argmax(axis=1) == named[:, 0]
            shares.append(round(float(right.mean()), 3))
    h, _ = cell("c, fresh", MEMORY_SHARE, drop).forward(x_test.astype(np.float32), params)
    right = dense.forward(h[:, -1], params).argmax(axis=1) == named[:, 0]
    far = x_test[:, ::-1, -1].argmax(axis=1) >= FAR
    masked = [round(float(each.mean()), 3) for each in (right, right[far])]
    return {"right": shares, "under fresh masks on c": masked, "seconds": round(seconds, 1)}


def main():
    """Letters to fill in."""
    settings = LETTERS | {"shares": SHARES, "tuning starts": TUNING, "starts": SEEDS}
    runs = record.Runs("dropout", settings=settings)

    def once(way, p, seed, part):
        key = {"dropout": way, "share": p, "start": seed, "part": part}
        return runs.once(lambda: fill_in(way, p, seed), **key)

    for way in WAYS:
        shares = SHARES if way != "none" else [0.0]
        (p,) = gap.best_of([once(way, p, s, "tuning") for p in shares for s in TUNING], ["share"])
        print(way, p, [once(way, p, seed, "test")["test"] for seed in SEEDS], flush=True)


def memory():
    """A letter to keep."""
    seeds = list(MEMORY_SEEDS)
    settings = MEMORY | {"share": MEMORY_SHARE, "far": FAR, "Adam lr": RATES}
    settings |= {"tuning starts": MEMORY_TUNING, "starts": seeds}
    runs = record.Runs("dropout-memory", settings=settings)

    def once(way, lr, seed, part):
        key = {"dropout": way, "rate": lr, "start": seed, "part": part}
        return runs.once(lambda: keep(way, lr, seed), **key)

    for way in MEMORY_WAYS:
        tuning = [once(way, lr, seed, "tuning") for lr in RATES for seed in MEMORY_TUNING]
        lr = max(RATES, key=lambda lr: sum(sum(r["right"]) for r in tuning if r["rate"] == lr))
        found = [once(way, lr, seed, "test")["right"][-1] for seed in seeds]
        print(way, lr, found, flush=True)
