"""Peak memory and time of the same gradient over ten thousand steps. See chapter 24.

    OMP_NUM_THREADS=1 python -m unrolled.experiments gradient-cost

A tanh network in float32; the losses' gradient is handed over block by block and costs nothing.
Memory is what NumPy allocates at once, the network and its inputs not counted; time is processor
time beside that of full BPTT, measured right before each, for one sequence and for a batch. RTRL is
timed for a few steps, since its steps are all alike. Writes data/results/gradient-cost.json.
"""

import time
from functools import partial

import numpy as np

from unrolled.analysis.cost import peak_memory
from unrolled.engine import recompute, rnn, rtrl, schedules

from . import record

N, T, D, H = 1, 10_000, 8, 256
BATCH = 32  # sequences of the second clock
REPEATS, RTRL_STEPS, RTRL_H = 3, 5, (16, 32, 64, 128)
SCHEDULES = {
    "segments": lambda: schedules.segments(T),
    "halving": lambda: schedules.halving(T),
    "binomial, 10 slots": lambda: schedules.binomial(T, 10),
    "binomial, 10 slots, blocks of 16": lambda: schedules.binomial(T, 10, block=16),
}


def seconds(call):
    """Processor time of a call."""
    start = time.process_time()
    call()
    return time.process_time() - start


def drawn(T, H, n):
    """Parameters, n inputs and the losses' gradient, which is the same at every step."""
    rng = np.random.default_rng(0)
    params = rnn.init_params(D, H, rng=rng, dtype=np.float32)
    x = rng.standard_normal((n, T, D)).astype(np.float32)
    return params, x, np.broadcast_to(rng.standard_normal(H).astype(np.float32), (n, T, H))


def largest_difference(found, right):
    """Of two gradients, as a share of the largest number in each array."""
    return max(float(np.abs(found[n] - right[n]).max() / np.abs(right[n]).max()) for n in right)


def scheduled():
    """Each schedule beside full BPTT."""
    one, many = drawn(T, H, N), drawn(T, H, BATCH)
    right, peak = both_passes(*one), peak_memory(partial(both_passes, *one))
    yield {"way": "full", "peak": peak, "states": T, "forward": 1.0, "time": 1.0, "batch time": 1.0}
    for name, make in SCHEDULES.items():
        schedule = make()
        run, run_many = partial(recomputed, *one, schedule), partial(recomputed, *many, schedule)
        counts, found = schedules.counts(schedule), run()  # the first call allocates for good
        yield {
            "way": name, "peak": peak_memory(run), "states": counts.slots + counts.tape,
            "forward": 1 + counts.advanced / T,
            "time": beside(partial(both_passes, *one), run),
            "batch time": beside(partial(both_passes, *many), run_many),
            "difference": largest_difference(found, right),
        }  # fmt: skip


def beside(full, run):
    """The time of a run in that of full BPTT, the median of REPEATS pairs."""
    ratios = []
    for _ in range(REPEATS):
        before = seconds(full)
        ratios.append(seconds(run) / before)
    print(ratios, flush=True)
    return round(float(np.median(ratios)), 2)


def recomputed(params, x, dh, schedule):
    """The gradient by a schedule."""
    how = {"cell": rnn, "schedule": schedule, "need_dx": False}
    return recompute.backward(x, lambda start, stop: dh[:, start:stop], params, **how)[2]


def both_passes(params, x, dh):
    """The gradient by full BPTT."""
    return rnn.backward(dh, rnn.forward(x, params)[1], params)[2]


def forward_mode():
    """A step of RTRL beside one of full BPTT, for several widths."""
    for units in RTRL_H:
        long = 2000
        params, x, dh = drawn(long, units, N)
        few = (x[:, :RTRL_STEPS], dh[:, :RTRL_STEPS], params)
        ratios = []
        for _ in range(REPEATS):
            whole = seconds(partial(both_passes, params, x, dh)) / long
            ratios.append(seconds(partial(rtrl.gradients, *few, cell=rnn)) / RTRL_STEPS / whole)
        yield {"way": "RTRL", "H": units, "time": round(float(np.median(ratios)), 1)}
        print("RTRL", units, ratios, flush=True)


def main():
    """All schedules, then RTRL."""
    settings = {
        "N": N, "batch": BATCH, "T": T, "D": D, "H": H, "dtype": "float32",
        "peak": "bytes (tracemalloc)",
        "time": f"median of {REPEATS} ratios of processor time to full BPTT",
        "RTRL": f"{RTRL_STEPS} steps beside a step of full BPTT over 2,000",
    }  # fmt: skip
    record.write("gradient-cost", settings=settings, results=[*scheduled(), *forward_mode()])
