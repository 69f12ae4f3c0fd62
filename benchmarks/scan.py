"""When does a scan pay on a processor? Each method of `scan.linear` beside its loop, one thread.

The methods compute the same numbers, which is checked first, and take turns, run by run; times are
of the processor, the least of all turns. W = N * H is how many numbers a step has. A second table
holds `auto` to its goals, a third compares the loop with the memory's speed, a fourth a cell made
of pairs that turn with a GRU of as many units, forward plus backward.

    python benchmarks/scan.py --repeats 15 --record
"""

import argparse
import sys
import time

import numpy as np
from threadpoolctl import threadpool_limits
from unrolled.analysis.cost import cpu_model
from unrolled.engine import gru, lru, scan
from unrolled.experiments import record

T = 4096
WIDTHS = (1, 16, 64, 256, 1024, 4096)
LENGTHS = (16, 64, 256, 1024, 4096, 16384)
MOST = 5_000_000  # numbers in a drive
SHAPES = ((32, 64, 128, 128), (8, 1000, 64, 64), (1, 2000, 32, 32))
# auto / loop at most: everywhere, and where rows are short and many.
EVERYWHERE, SHORT_ROWS = 1.1, 0.4
BANDWIDTH = 1 / 3  # of np.add, at least


def drawn(T, W):
    """Decays and drives, (T, 1, W), in float32."""
    rng = np.random.default_rng(7)
    decay = rng.uniform(0.5, 1, (T, 1, W)).astype(np.float32)
    return decay, rng.standard_normal((T, 1, W), dtype=np.float32)


def least_ms(runs, repeats):
    """Least processor time of each function in ms, three digits, in turns after one to warm up."""
    times = {name: [] for name in runs}
    for turn in range(repeats + 1):
        for name, run in runs.items():
            start = time.thread_time()
            run()
            if turn:
                times[name].append(time.thread_time() - start)
    return {name: digits(1e3 * min(seconds)) for name, seconds in times.items()}


def digits(value):
    """A number in three digits: more of a time would be noise."""
    return float(f"{value:.3g}")


def methods(T, W, names):
    """A function for each method, after checking that all agree."""
    decay, drive = drawn(T, W)
    runs = {m: lambda m=m: scan.linear(decay, drive, method=m) for m in names}
    expected = scan.linear(decay, drive, method="loop")
    for name, run in runs.items():
        error = np.abs(run() - expected).max() / np.abs(expected).max()
        if not error < 1e-6:
            sys.exit(f"{name} at T={T}, W={W} differs from the loop by a fraction {error:.2g}")
    return runs


def by_width(repeats):
    """Milliseconds of each method at T steps: {width: {method: ms}}."""
    print(f"\nT={T}, ms" + "".join(f"{f'W={W}':>10}" for W in WIDTHS))
    found = {W: least_ms(methods(T, W, scan.METHODS), repeats) for W in WIDTHS}
    for method in scan.METHODS:
        print(f"{method:<9}" + "".join(f"{found[W][method]:>10.2f}" for W in WIDTHS))
    return found


def auto_by_loop(repeats):
    """Time of auto as a fraction of the loop's: {length: {width: ratio}}, beside the goals."""
    print("\nauto / loop" + "".join(f"{f'W={W}':>10}" for W in WIDTHS))
    found = {}
    for length in LENGTHS:
        found[length] = {}
        for W in WIDTHS:
            if length * W <= MOST:
                ms = least_ms(methods(length, W, ("loop", "auto")), repeats)
                found[length][W] = digits(ms["auto"] / ms["loop"])
        print(f"T={length:<9}" + "".join(f"{ratio:>10.3f}" for ratio in found[length].values()))
    ratios = [ratio for row in found.values() for ratio in row.values()]
    short = [row[W] for length, row in found.items() if length >= 1024 for W in row if W <= 64]
    print(f"most of all {max(ratios):.2f} (goal <= {EVERYWHERE}), ", end="")
    print(f"of W <= 64 and T >= 1024 {max(short):.2f} (goal <= {SHORT_ROWS})")
    return found


def bandwidth(repeats):
    """GB/s of the loop with long rows, and of one addition of arrays as large."""
    decay, drive = drawn(1024, 4096)
    out = np.empty_like(drive)
    runs = {
        "loop": lambda: scan.linear(decay, drive, method="loop"),
        "add": lambda: np.add(decay, drive, out),
    }
    ms = least_ms(runs, repeats)
    moved = {"loop": 3 * drive.nbytes, "add": 3 * drive.nbytes}  # decay, drive, h: once each
    speed = {name: digits(moved[name] / ms[name] / 1e6) for name in runs}
    share = speed["loop"] / speed["add"]
    print(f"\nloop {speed['loop']:.1f} GB/s, np.add {speed['add']:.1f} GB/s: ", end="")
    print(f"{share:.2f} (goal >= {BANDWIDTH:.2f})")
    return speed


def both_ways(cell, params, x, dh):
    """A function that runs a cell forward and backward."""
    return lambda: cell.backward(dh, cell.forward(x, params)[1], params)


def cells(repeats):
    """Milliseconds of forward plus backward: [[N, T, D, units, lru, gru]], with as many units."""
    print(f"\n{'N':>5}{'T':>6}{'D':>5}{'units':>7}{'lru ms':>10}{'gru ms':>10}{'lru/gru':>10}")
    rows = []
    for N, T, D, units in SHAPES:
        rng = np.random.default_rng(7)
        x, dh = (rng.standard_normal((N, T, s), dtype=np.float32) for s in (D, units))
        runs = {}
        for cell, H in ((lru, units // 2), (gru, units)):
            params = cell.init_params(D, H, rng=rng, dtype=np.float32)

            runs[cell.__name__] = both_ways(cell, params, x, dh)
        ms = list(least_ms(runs, repeats).values())
        rows.append([N, T, D, units, *ms])
        print(f"{N:>5}{T:>6}{D:>5}{units:>7}{ms[0]:>10.2f}{ms[1]:>10.2f}{ms[0] / ms[1]:>10.2f}")
    return rows


def main():
    """Check that all methods agree, then time them, print the tables, and record them if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=15, help="timed turns (default 15)")
    parser.add_argument("--record", action="store_true", help="write data/results/scan.json")
    options = parser.parse_args()
    if options.repeats < 1:
        parser.error("--repeats must be at least 1")
    print(f"numpy {np.__version__}, {cpu_model()}, one thread, float32, processor time")
    results = {
        "by_width": by_width(options.repeats),
        "auto_by_loop": auto_by_loop(options.repeats),
        "bandwidth": bandwidth(options.repeats),
        "cells": cells(options.repeats),
    }
    if options.record:
        settings = {"T": T, "repeats": options.repeats, "time": "processor, least of all turns"}
        record.write("scan", settings=settings | {"dtype": "float32"}, results=results)


if __name__ == "__main__":
    with threadpool_limits(1):
        main()
