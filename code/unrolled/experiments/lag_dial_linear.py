"""The lag dial for cells whose step is linear in the state, by chapter 12's protocol.

    OMP_NUM_THREADS=1 python -m unrolled.experiments lag-dial-linear

As in `lag_dial`, rate and start of each network are chosen for each task on seeds of their own, but
on a smaller budget: at one lag of the two, from one seed of the two, and among the three rates that
were ever chosen there. Squares are run at three lags of the four. The shortest lag at which more
than half of the starts fail is tried with three times the updates and by a curriculum. Where the
LRU gets to the longest lag, it is tried with half of its pairs as well, since a pair is two
numbers. Left out is the rest: a third of the rate, cut gradients, probes of the state.

Writes data/results/lag-dial-linear.json after each run, and goes on where it stopped.
"""

import itertools

from . import lag_dial as dial
from . import record
from .lag_squares import LINEAR, TASKS

LAGS, RATES, TUNING, LAG = [5, 20, 40], [0.003, 0.01, 0.03], [100], 20


def main():
    """Tune, run every square from all starts, and give more of both where a network fails first."""
    settings = {
        "H": dial.H,
        "batch": dial.BATCH,
        "updates at most": dial.UPDATES,
        "checked every": dial.CHECK_EVERY,
        "solved at skill": dial.SOLVED,
        "sequences of a check": dial.CHECKED,
        "measured on": dial.MEASURED,
        "max_norm": dial.MAX_NORM,
        "optimizer": "Adam",
        "dtype": "float32",
        "lags": LAGS,
        "starts": dial.SEEDS,
        "Adam lr": RATES,
        "tuning starts": TUNING,
        "tuned at lag": LAG,
        "times the updates in a probe": dial.LONGER,
        "starts of a probe": dial.PROBES,
        "curriculum": [dial.EASIEST, dial.HARDER],
    }
    runs = record.Grouped("lag-dial-linear", settings=settings, by=dial.BY)

    def once(part, *square, **how):
        key = dict(zip([*dial.BY, "start"], [part, *square], strict=True))
        return runs.once(lambda: dial.train(*square, ask=False, **how), **key)

    chosen = {}
    for network, task in itertools.product(LINEAR, TASKS):
        choices = itertools.product(LINEAR[network][1], RATES, TUNING)
        found = [once("tuning", task, network, LAG, *choice) for choice in choices]
        chosen[task, network] = dial.best(found)
        print(task, network, *chosen[task, network], round(dial.merit(found), 2), flush=True)
    squares = [(t, n, lag, *chosen[t, n]) for n, t, lag in itertools.product(LINEAR, TASKS, LAGS)]
    tested = {square: [] for square in squares}
    for seed, square in itertools.product(dial.SEEDS, squares):
        tested[square].append(once("test", *square, seed))
    first = {}
    for square in squares:
        if dial.failed(tested[square]):
            first.setdefault(square[:2], square)
    more = {"updates": dial.LONGER * dial.UPDATES}
    ways = {"longer": more, "curriculum": more | {"easiest": dial.EASIEST}}
    for seed, square, (way, how) in itertools.product(dial.PROBES, first.values(), ways.items()):
        once(way, *square, seed, **how)
    for seed, square in itertools.product(dial.SEEDS, squares):
        if square[1:3] == ("LRU", max(LAGS)) and not dial.failed(tested[square]):
            once("half the pairs", *square, seed, H=dial.H // 2)
