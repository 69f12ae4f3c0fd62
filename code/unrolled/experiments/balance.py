"""One parameter, good for the near future and bad for the far one: who finds it. See chapter 24.

    OMP_NUM_THREADS=1 python -m unrolled.experiments balance

The row of units of `analysis.balance` is trained online, with the exact gradient, with truncated
ones and with one that is cut at random, each at every rate. Writes data/results/balance.json.
"""

import numpy as np

from unrolled.analysis import balance

from . import record

STEPS, LAST = 30_000, 100
RATES = [float(f"{rate:.2e}") for rate in 10 ** np.arange(-8, -1.9, 0.5)]
LENGTHS = {
    "exact": [None],
    "every loss": [10, 20, 40, 60, 100],
    "blocks": [10, 20, 50, 100, 120, 150, 200],
    "random": [4, 8, 16, 32, 64],
}
DRAWS = 10  # of what is random


def run(way, length, draw):
    """The mean loss of the last steps at each rate; None where theta has left for good."""
    with np.errstate(invalid="ignore", over="ignore"):
        found = balance.descend(
            way, STEPS, rates=RATES, length=length, rng=np.random.default_rng(draw)
        )
        ends = found.loss[-LAST:].mean(axis=0)
    return [float(f"{end:.3e}") if np.isfinite(end) else None for end in ends]


def main():
    """Every way, length and rate; ten draws of what is random."""
    runs = [
        {"way": way, "length": length, "draw": draw, "loss": run(way, length, draw)}
        for way, lengths in LENGTHS.items()
        for length in lengths
        for draw in range(DRAWS if way == "random" else 1)
    ]
    settings = {
        "steps": STEPS, "rates": RATES, "loss": f"mean of the last {LAST} steps",
        "at the start": 0.5, "units": balance.UNITS, "with a plus": balance.PLUS,
    }  # fmt: skip
    record.write("balance", settings=settings, results=runs)
