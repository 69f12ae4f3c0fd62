"""How far back must a gradient reach, and from which start, to name a letter heard `lag` steps ago?

    OMP_NUM_THREADS=1 python -m unrolled.experiments truncation

A stream of two letters, m (1) and f (-1), drawn afresh for every update. At each letter the network
says which letter came `lag` letters before it. Every update reads LETTERS letters: LETTERS / k
streams side by side, k letters of each, the states carried on and the gradient cut (k1 = k2 = k).
So all cuts get as many updates and as many letters. k = 0 trains the readout alone.

The readout has one learning rate everywhere. The cell's is chosen for each (start, lag, k) on
starts of its own. Writes data/results/truncation.json.
"""

import itertools
from functools import partial

import numpy as np

from unrolled.engine import dense, initializers, losses, rnn, training
from unrolled.engine.optimizers import Adam, clip_by_global_norm

from . import record

H, LETTERS, UPDATES, MAX_NORM = 40, 320, 1000, 1.0
LAGS, CUTS = [5, 8, 12, 20, 30], [0, 1, 5, 10, 20, 40]
RATES, READOUT_RATE = [0.0001, 0.0003, 0.001, 0.003, 0.01], 0.03
TUNING, SEEDS = [100, 101], [0, 1, 2, 3, 4]
FROZEN = 0  # the k of a cell that is never trained; its readout reads blocks of the longest cut
LAST = 100  # the training error is that of the last updates, before each of them
TEST = 320  # letters of each of the 16 streams that the test error is measured on
QUIET = 0.2
LONGER, LONGER_RATES = 5, [0.001, 0.003]
LONGER_CELLS = [("default", 20, 40), ("default", 30, 40)]
ONE_RATE_CELLS = [("default", 8, 5), ("orthogonal", 12, 5), ("orthogonal", 20, 5)]
CONTROLS = [(start, lag, k) for start in ("quiet", "turned") for lag in (20, 30) for k in (0, 40)]
SHORT_BY_ONE = [("orthogonal", 30, 30)]  # ten streams of thirty letters


def default_start(*, rng):
    """Parameters as chapter 2 draws them, with a readout of two classes."""
    return rnn.init_params(1, H, rng=rng) | dense.init_params(H, 2, rng=rng)


def quiet_start(*, rng):
    """The default start with input weights of a fifth, so that the tanh is nearly straight."""
    params = default_start(rng=rng)
    return params | {"W_xh": QUIET * params["W_xh"]}


def orthogonal_start(*, rng):
    """The quiet start with an orthogonal recurrent matrix."""
    return quiet_start(rng=rng) | {"W_hh": initializers.orthogonal(H, rng=rng)}


def turned_start(*, rng):
    """The default start with an orthogonal recurrent matrix and input weights as they are."""
    return default_start(rng=rng) | {"W_hh": initializers.orthogonal(H, rng=rng)}


STARTS = {
    "default": default_start,
    "orthogonal": orthogonal_start,
    "quiet": quiet_start,
    "turned": turned_start,
}


def stream(N, k, lag, rng):
    """Blocks without end: inputs (N, k, 1) and which letter came `lag` steps before each, (N, k).

    Letters that came before the stream began are drawn like all others.
    """
    heard = rng.integers(0, 2, (N, lag))
    while True:
        heard = np.concatenate([heard, rng.integers(0, 2, (N, k))], axis=1)
        yield 2.0 * heard[:, lag:, None] - 1, heard[:, :k]
        heard = heard[:, k:]


def train(params, k, lag, rng, *, rate, readout_rate=READOUT_RATE, updates=UPDATES):
    """Train in place by truncated BPTT; the share of letters named wrong before the last updates.

    `rate` is that of the cell. With k = 0 the readout alone is trained.
    """
    length = k or max(CUTS)
    cell, readout, state, wrong = Adam(rate), Adam(readout_rate), None, []
    for x, targets in itertools.islice(stream(LETTERS // length, length, lag, rng), updates):
        h, tape = rnn.forward(x, params, state)
        logits, state = dense.forward(h, params), tape.state
        wrong.append(np.mean(logits.argmax(axis=-1) != targets))
        dh, grads = dense.backward(losses.cross_entropy(logits, targets)[1], h, params)
        readout.update(params, grads)
        if k != FROZEN:
            grads = rnn.backward(dh, tape, params)[2]
            cell.update(params, clip_by_global_norm(grads, MAX_NORM)[0])
    return float(np.mean(wrong[-LAST:]))


def test(params, lag, rng):
    """The share of letters named wrong in streams that training has not seen."""
    x, targets = next(stream(16, TEST + lag, lag, rng))
    logits, _ = training.predict(x, params, cell=rnn)
    return float(np.mean(logits.argmax(axis=-1)[:, lag:] != targets[:, lag:]))


def run(start, lag, k, seed, *, readout_first=False, readout_last=False, **how):
    """Training and test error of one network; networks of a seed and start begin alike.

    With `readout_first` the readout has been trained alone, with its usual rate, before `how`;
    with `readout_last` it is so afterwards, which shows what the cell has become.
    """
    begin, read, measure = (np.random.default_rng([seed, use]) for use in range(3))
    params = STARTS[start](rng=begin)
    if readout_first:
        train(params, FROZEN, lag, read, rate=READOUT_RATE)
    trained = train(params, k, lag, read, **how)
    if readout_last:
        trained = train(params, FROZEN, lag, read, rate=READOUT_RATE)
    return {"training": round(trained, 4), "test": round(test(params, lag, measure), 4)}


def tuned(start, lag, k, one_rate, readout_first):
    """How to train: the rate with the least mean test error over the tuning starts."""
    choices = [{"rate": r} | ({"readout_rate": r} if one_rate else {}) for r in RATES]
    choices = [how | {"readout_first": readout_first} for how in choices]
    if k == FROZEN:
        return choices[0]
    return min(
        choices, key=lambda how: np.mean([run(start, lag, k, s, **how)["test"] for s in TUNING])
    )


def entry(start, lag, k, one_rate=False, readout_first=False, readout_last=False):
    """What is recorded of one cell of the map."""
    how = tuned(start, lag, k, one_rate, readout_first)
    found = [run(start, lag, k, seed, readout_last=readout_last, **how) for seed in SEEDS]
    return {
        "rate": None if k == FROZEN else how["rate"],
        **{part: [errors[part] for errors in found] for part in ("training", "test")},
    }


def longer(start, lag, k):
    """The same with more updates: the test errors of all starts, at each of some rates."""
    return {
        "test": {
            str(rate): [
                run(start, lag, k, seed, rate=rate, updates=LONGER * UPDATES)["test"]
                for seed in SEEDS
            ]
            for rate in LONGER_RATES
        }
    }


def main():
    """Run the map and its controls, and write them down one by one."""
    settings = {
        "H": H, "letters an update": LETTERS, "updates": UPDATES, "max_norm": MAX_NORM,
        "optimizer": "Adam", "rates of the cell": RATES, "rate of the readout": READOUT_RATE,
        "tuned on seeds": TUNING, "seeds": SEEDS, "lags": LAGS, "cuts k1 = k2": CUTS,
        "input weights but in the default start": QUIET,
        "training error of the last updates": LAST, "test letters": 16 * TEST,
        "longer": {"updates": LONGER * UPDATES, "rates of the cell": LONGER_RATES},
    }  # fmt: skip
    runs = record.Runs("truncation", settings=settings)
    cells = [*itertools.product(["default", "orthogonal"], LAGS, CUTS)]
    cells += CONTROLS + SHORT_BY_ONE
    for kind, some, find in (
        ("map", cells, entry),
        ("one rate", ONE_RATE_CELLS, partial(entry, one_rate=True)),
        ("readout first", ONE_RATE_CELLS, partial(entry, one_rate=True, readout_first=True)),
        ("readout last", ONE_RATE_CELLS, partial(entry, one_rate=True, readout_last=True)),
        ("longer", LONGER_CELLS, longer),
    ):
        for start, lag, k in some:
            key = {"part": kind, "start": start, "lag": lag, "k": k}
            print(runs.once(lambda f=find, c=(start, lag, k): f(*c), **key), flush=True)
