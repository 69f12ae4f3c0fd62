"""One training step of two LSTM layers, done by one process and by two. See chapter 17.

    OMP_NUM_THREADS=1 python -m unrolled.experiments.sharing

Two processes share the step by layers, as a pipeline over pieces of the time, or by rows. They meet
in shared memory, so nothing is sent over a network. All ways take turns, so that a busy moment hits
all of them. Writes data/results/sharing.json, with three times of every step: by the clock; what
the processes had to wait for a processor, since others were at work there (Linux says it); and what
two free processors would need, from the time that each piece was worked on.
"""

import multiprocessing
import os
import time
from itertools import pairwise
from pathlib import Path

import numpy as np

from unrolled.engine import lstm

from . import record

SIZES = {"N": 32, "T": 64, "D": 128, "H": 128}
PIECES = (1, 2, 4, 8, 16, 32, 64)
ROUNDS, WARM = 30, 2
WAYS = ["alone", *(f"layers, {n}" for n in PIECES), "layers, nobody waits", "rows"]


def problem(N, T, D, H):
    """Inputs, the gradient of the loss at the upper layer's states, and both layers, in float32."""
    rng = np.random.default_rng(7)
    x, dh = (rng.standard_normal((N, T, size)).astype(np.float32) for size in (D, H))
    layers = [lstm.init_params(size, H, rng=rng, dtype=np.float32) for size in (D, H)]
    return x, dh, layers


def pieces(T, n):
    """Slices of T steps, n of about equal length."""
    ends = np.linspace(0, T, n + 1).round().astype(int)
    return [slice(start, stop) for start, stop in pairwise(ends)]


def added(total, grads):
    """The sum of two gradient dictionaries, the first of which may be None."""
    return grads if total is None else {name: total[name] + grads[name] for name in grads}


def one_layer(params, parts, read, hand_over, read_back, hand_back):
    """A layer's part of a training step, piece by piece: forward in time, then backward.

    Forward it reads the inputs of a piece and hands its states over; backward it reads their
    gradient and hands back that of its inputs. The state, and its gradient, are carried from piece
    to piece, so nothing is cut: this is full backpropagation. Returns the gradients, and the
    seconds of work on each piece, forward and backward.
    """
    state, tapes, forth, back = None, [], [], []
    for part in parts:
        x = read(part)
        start = time.thread_time()
        h, tape = lstm.forward(x, params, state)
        hand_over(part, h)
        state = tape.state
        tapes.append(tape)
        forth.append(time.thread_time() - start)
    dstate, total = None, None
    for part, tape in zip(parts[::-1], tapes[::-1], strict=True):
        dh = read_back(part)
        start = time.thread_time()
        dx, dstate, grads = lstm.backward(dh, tape, params, dstate)
        hand_back(part, dx)
        total = added(total, grads)
        back.append(time.thread_time() - start)
    return total, (forth, back)


def makespan(lower, upper):
    """When the pipeline ends if a piece begins as soon as its process and its input are ready.

    `lower` and `upper` are the seconds of both layers as `one_layer` returns them, in the order of
    work: backward the last piece comes first.
    """
    below = above = 0.0
    for own, next_up in zip(lower[0], upper[0], strict=True):
        below += own
        above = max(above, below) + next_up
    for next_down, own in zip(upper[1], lower[1], strict=True):
        above += next_down
        below = max(below, above) + own
    return below


def both_layers(x, dh, layers):
    """A whole training step in one process: the gradients of both layers."""
    lower, upper = layers
    h, tape = lstm.forward(x, lower)
    _, above = lstm.forward(h, upper)
    dx, _, grads = lstm.backward(dh, above, upper)
    return [lstm.backward(dx, tape, lower)[2], grads]


class Shared:
    """What two processes have in common: arrays, and signals that a piece is there."""

    def __init__(self, context, sizes, weights):
        self.shape = sizes["N"], sizes["T"], sizes["H"]
        self.up, self.down = (context.RawArray("f", int(np.prod(self.shape))) for _ in range(2))
        self.grads = [context.RawArray("f", weights) for _ in range(2)]
        self.is_up, self.is_down = context.Semaphore(0), context.Semaphore(0)
        self.barrier = context.Barrier(2)

    def array(self, name):
        """One of the arrays between the layers, (N, T, H)."""
        return np.frombuffer(getattr(self, name), np.float32).reshape(self.shape)


def share_layers(rank, n, shared, x, dh, layers, *, wait=True):
    """The part of process `rank`, which has one layer, when the time is cut into n pieces."""
    parts = pieces(x.shape[1], n)
    up, down = shared.array("up"), shared.array("down")

    def take(array, signal):
        def read(part):
            if wait:
                signal.acquire()
            return array[:, part]

        return read

    def give(array, signal):
        def hand(part, value):
            array[:, part] = value
            if wait:
                signal.release()

        return hand

    def keep(part, value):
        return None

    if rank == 0:
        return one_layer(
            layers[0], parts, lambda part: x[:, part], give(up, shared.is_up),
            take(down, shared.is_down), keep,
        )  # fmt: skip
    return one_layer(
        layers[1], parts, take(up, shared.is_up), keep,
        lambda part: dh[:, part], give(down, shared.is_down),
    )  # fmt: skip


def share_rows(rank, shared, x, dh, layers):
    """The part of process `rank`, which has half of the rows: its gradients, then the sum."""
    half = slice(rank * len(x) // 2, (rank + 1) * len(x) // 2)
    found = both_layers(x[half], dh[half], layers)
    flat = [np.frombuffer(part, np.float32) for part in shared.grads]
    flat[rank][:] = np.concatenate([g.ravel() for grads in found for g in grads.values()])
    shared.barrier.wait()
    return flat[0] + flat[1]


def denied():
    """Seconds that this process was ready and had no processor; NaN where the system is silent."""
    try:
        return int(Path("/proc/self/schedstat").read_text().split()[1]) / 1e9
    except OSError:
        return float("nan")


def work(rank, pipe, shared, sizes):
    """What a process does until it is told to end: the part of a step that its orders name."""
    given = problem(**sizes)
    for way in iter(pipe.recv, None):
        kind, _, n = way.partition(", ")
        before, start, times = denied(), time.thread_time(), None
        if kind == "alone":
            found = both_layers(*given)
        elif kind == "rows":
            found = share_rows(rank, shared, *given)
        else:
            wait = n != "nobody waits"
            n = int(n) if wait else 1
            found, times = share_layers(rank, n, shared, *given, wait=wait)
        pipe.send((time.thread_time() - start, denied() - before, times))
        if pipe.recv():
            pipe.send(found)


class Pair:
    """Two processes, ready to take steps."""

    def __init__(self, sizes):
        context = multiprocessing.get_context("spawn")
        layers = problem(**sizes)[2]
        weights = sum(w.size for layer in layers for w in layer.values())
        self.shared, self.pipes, self.processes = Shared(context, sizes, weights), [], []
        for rank in range(2):
            here, there = context.Pipe()
            process = context.Process(
                target=work, args=(rank, there, self.shared, sizes), daemon=True
            )
            process.start()
            self.pipes.append(here)
            self.processes.append(process)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        for pipe, process in zip(self.pipes, self.processes, strict=True):
            pipe.send(None)
            process.join(20)

    def step(self, way, *, results=False):
        """Take a step: its times, in seconds, and what each process has found, if asked."""
        pipes = self.pipes[:1] if way == "alone" else self.pipes
        start = time.perf_counter()
        for pipe in pipes:
            pipe.send(way)
        busy, waited, times = zip(*(pipe.recv() for pipe in pipes), strict=True)
        clock = time.perf_counter() - start
        for pipe in pipes:
            pipe.send(results)
        piped = way.startswith("layers") and not way.endswith("waits")
        needed = makespan(*times) if piped else max(busy)
        found = {"clock": clock, "denied": max(waited), "work": sum(busy), "needed": needed}
        return found, [pipe.recv() for pipe in pipes] if results else None


def main():
    """Time all ways in turns, and record every step."""
    found = {way: {} for way in WAYS}
    load = []
    with Pair(SIZES) as pair:
        for turn in range(WARM + ROUNDS):
            load.append(round(os.getloadavg()[0], 1))
            for way in WAYS:
                times, _ = pair.step(way)
                for name, seconds in times.items() if turn >= WARM else ():
                    found[way].setdefault(name, []).append(round(seconds, 5))
    settings = SIZES | {
        "layers": 2, "rounds": ROUNDS, "dtype": "float32", "processors": os.cpu_count(),
        "load": load[WARM:], "clock": "seconds by the clock",
        "denied": "seconds that one of the processes waited for a processor, the longer of the two",
        "work": "seconds of work, of both processes together",
        "needed": "seconds that free processors would need, from the times of work on each piece",
    }  # fmt: skip
    record.write("sharing", settings=settings, results=found)


if __name__ == "__main__":
    main()
