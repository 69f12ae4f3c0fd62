"""The lag dial for cells whose step is linear in the state, by chapter 12's protocol.

    OMP_NUM_THREADS=1 python -m unrolled.experiments lag-dial-linear

As in `lag_dial`, rate and start of each network are chosen for each task, from the same rates and
on the same seeds, but at one lag of the two; all squares are run from the same ten starts. The
shortest lag at which a network fails on a task, from more than half of its starts, is tried with
three times the updates and by a curriculum, from three starts. Left out is the rest: a third of the
rate, cut gradients, probes of the state.

Writes data/results/lag-dial-linear.json after each run, and goes on where it stopped.
"""

import itertools

from . import record
from .lag_dial import (
    BATCH, BY, CHECK_EVERY, CHECKED, EASIEST, H, HARDER, LAGS, LONGER, MAX_NORM, MEASURED, PROBES,
    RATES, SEEDS, SOLVED, TUNED_AT, TUNING, UPDATES, best, failed, merit, train,
)  # fmt: skip
from .lag_squares import LINEAR, TASKS

LAG = TUNED_AT[-1]


def main():
    """Tune, run every square from all starts, and give more of both where a network fails first."""
    settings = {
        "H": H, "batch": BATCH, "updates at most": UPDATES, "checked every": CHECK_EVERY,
        "solved at skill": SOLVED, "sequences of a check": CHECKED, "measured on": MEASURED,
        "max_norm": MAX_NORM, "optimizer": "Adam", "dtype": "float32", "lags": LAGS,
        "starts": SEEDS, "Adam lr": RATES, "tuning starts": TUNING, "tuned at lag": LAG,
        "times the updates in a probe": LONGER, "starts of a probe": PROBES,
        "curriculum": [EASIEST, HARDER],
    }  # fmt: skip
    runs = record.Grouped("lag-dial-linear", settings=settings, by=BY)

    def once(part, *square, **how):
        key = dict(zip([*BY, "start"], [part, *square], strict=True))
        return runs.once(lambda: train(*square, ask=False, **how), **key)

    chosen = {}
    for network, task in itertools.product(LINEAR, TASKS):
        choices = itertools.product(LINEAR[network][1], RATES, TUNING)
        found = [once("tuning", task, network, LAG, *choice) for choice in choices]
        chosen[task, network] = best(found)
        print(task, network, *chosen[task, network], round(merit(found), 2), flush=True)
    squares = [(t, n, lag, *chosen[t, n]) for n, t, lag in itertools.product(LINEAR, TASKS, LAGS)]
    tested = {square: [] for square in squares}
    for seed, square in itertools.product(SEEDS, squares):
        tested[square].append(once("test", *square, seed))
    first = {}
    for square in squares:
        if failed(tested[square]):
            first.setdefault(square[:2], square)
    more = {"updates": LONGER * UPDATES}
    ways = {"longer": more, "curriculum": more | {"easiest": EASIEST}}
    for seed, square, (way, how) in itertools.product(PROBES, first.values(), ways.items()):
        once(way, *square, seed, **how)
