"""How fast are the engine's cells? Forward plus backward beside PyTorch's, on one thread.

The contestants compute the same numbers and take turns, run by run, so that a busy moment hits all
of them: `unrolled.engine`; `torch.nn`; and for the RNN the textbook form, a list of one-step
layers. A second table shows what the length of a sequence costs in time and in memory.

    python benchmarks/cells.py --repeats 15 --cell lstm
"""

import argparse
import statistics
import sys
import time

import numpy as np
import torch
from textbook import ListOfSteps
from threadpoolctl import threadpool_limits
from unrolled.analysis.cost import cpu_model, peak_memory
from unrolled.engine import dense, gru, lstm, rnn
from unrolled.engine.losses import cross_entropy
from unrolled.engine.optimizers import SGD
from unrolled.engine.training import train_on_stream

CELLS = {"rnn": rnn, "lstm": lstm, "gru": gru}
MODULES = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}
GATES = {"rnn": "h", "lstm": "ifgo", "gru": "rzn"}  # in the order in which PyTorch stacks them
SHAPES = [
    (32, 64, 128, 128),
    (32, 64, 256, 256),
    (128, 80, 100, 64),
    (20, 35, 650, 650),
    (1, 200, 32, 32),
]
# Ours / torch at most: geometric mean over the first four shapes, and the last shape.
TARGETS = {"rnn": (0.7, None), "lstm": (1.25, 2.5), "gru": (1.25, 2.5)}
LENGTHS = (100, 1000, 10_000)
BLOCK = 50  # steps of truncated BPTT


def drawn(cell, N, T, D, H):
    """Parameters, inputs (N, T, D) and the gradient from outside (N, T, H), in float32."""
    rng = np.random.default_rng(7)
    params = cell.init_params(D, H, rng=rng, dtype=np.float32)
    return params, *(rng.standard_normal((N, T, size), dtype=np.float32) for size in (D, H))


def ours(cell, params, x, dh):
    """A function that runs our cell forward and backward and returns all results by name."""

    def run():
        h, tape = cell.forward(x, params)
        dx, _, grads = cell.backward(dh, tape, params)
        return {"h": h, "dx": dx, **grads}

    return run


def pytorch(name, params, x, dh):
    """The same with the module of PyTorch, of whose second bias we have b_hn alone, at first 0."""
    gates, H = GATES[name], dh.shape[2]
    module = MODULES[name](x.shape[2], H, batch_first=True)
    weights = list(module.parameters())
    with torch.no_grad():
        for weight, kind in zip(weights, ("W_x", "W_h", "b_"), strict=False):
            rows = np.concatenate([params[kind + gate].T for gate in gates])
            weight.copy_(torch.from_numpy(rows))
        weights[3].zero_()
    x, dh = torch.from_numpy(x).requires_grad_(), torch.from_numpy(dh)

    def run():
        h, _ = module(x)
        dx, *grads, second = torch.autograd.grad(h, [x, *weights], dh)
        results = {"h": h.detach(), "dx": dx} | ({"b_hn": second[2 * H :]} if name == "gru" else {})
        for kind, grad in zip(("W_x", "W_h", "b_"), grads, strict=True):
            parts = np.split(grad.numpy().T, len(gates), axis=-1)
            results |= {kind + gate: part for gate, part in zip(gates, parts, strict=True)}
        return results

    return run


def contestants(name, shape):
    """Functions without arguments, by name, that return h, dx and the weight gradients."""
    params, x, dh = drawn(CELLS[name], *shape)
    runs = {"ours": ours(CELLS[name], params, x, dh), "torch": pytorch(name, params, x, dh)}
    if name == "rnn":
        textbook = ListOfSteps()
        runs["textbook"] = lambda: textbook.run(x, dh, params)
    return runs


def differences(runs):
    """Sentences about every result that differs from ours by more than float32 rounding."""
    expected = runs["ours"]()
    for name in list(runs)[1:]:
        results = runs[name]()
        for what in expected.keys() | results.keys():
            one, other = np.asarray(expected[what]), np.asarray(results[what])
            error = np.abs(one - other).max() / np.abs(one).max()
            if not error < 1e-4:
                yield f"{what} of {name} differs from ours by a fraction {error:.2g}"


def median_seconds(runs, repeats):
    """Median time of each function, taking turns, after one turn to warm up."""
    times = {name: [] for name in runs}
    for turn in range(repeats + 1):
        for name, run in runs.items():
            start = time.perf_counter()
            run()
            if turn:
                times[name].append(time.perf_counter() - start)
    return {name: statistics.median(seconds) for name, seconds in times.items()}


def print_speed(name, repeats):
    """Check and time every shape; then the means beside their targets."""
    columns = ["ours ms", "torch ms", "ours/torch"]
    columns += ["textbook ms", "textbook/ours"] if name == "rnn" else []
    print(f"\n{name:<5}{'N':>5}{'T':>5}{'D':>5}{'H':>5}  " + "".join(f"{c:>14}" for c in columns))
    of_torch, of_textbook = [], []
    for shape in SHAPES:
        runs = contestants(name, shape)
        if wrong := list(differences(runs)):
            sys.exit(f"{name} {shape}: " + "; ".join(wrong))
        seconds = median_seconds(runs, repeats)
        of_torch.append(seconds["ours"] / seconds["torch"])
        row = [1e3 * seconds["ours"], 1e3 * seconds["torch"], of_torch[-1]]
        if name == "rnn":
            of_textbook.append(seconds["textbook"] / seconds["ours"])
            row += [1e3 * seconds["textbook"], of_textbook[-1]]
        sizes = "".join(f"{size:>5}" for size in shape)
        print(f"{'':<5}{sizes}  " + "".join(f"{value:>14.2f}" for value in row))
    most, most_last = TARGETS[name]
    last = "" if most_last is None else f" (target <= {most_last})"
    mean = statistics.geometric_mean(of_torch[:4])
    print(f"ours/torch: geometric mean of the first four {mean:.2f} (target <= {most}), ", end="")
    print(f"the last {of_torch[-1]:.2f}{last}")
    if of_textbook:
        mean = statistics.geometric_mean(of_textbook)
        print(f"textbook/ours: geometric mean of all {mean:.2f} (target >= 1.8)")


def training_memory(cell, T, k, N=8, D=64, H=64, K=16):
    """Peak bytes of one epoch on a stream of T steps in blocks of k."""
    params, x, _ = drawn(cell, N, T, D, H)
    rng = np.random.default_rng(7)
    params |= dense.init_params(H, K, rng=rng, dtype=np.float32)
    targets = rng.integers(0, K, (N, T))
    settings = {"cell": cell, "loss": cross_entropy, "optimizer": SGD(0.01), "k": k}
    return peak_memory(lambda: train_on_stream(x, targets, params, **settings))


def print_lengths(names, repeats):
    """Time per step, and the memory of full and of truncated BPTT, for sequences of all lengths."""
    print("\ncost of T steps, N=8, D=H=64; memory: what training holds at most, beside the data")
    columns = ["us per step", "full BPTT MB", f"k={BLOCK} MB"]
    print(f"{'':<5}{'T':>8}  " + "".join(f"{c:>14}" for c in columns))
    for name in names:
        for T in LENGTHS:
            run = ours(CELLS[name], *drawn(CELLS[name], 8, T, 64, 64))
            seconds = median_seconds({name: run}, min(repeats, 5))[name]
            memory = [training_memory(CELLS[name], T, k) / 1e6 for k in (T, BLOCK)]
            cells = "".join(f"{value:>14.2f}" for value in (1e6 * seconds / T, *memory))
            print(f"{name:<5}{T:>8}  {cells}")


def main():
    """Check that all contestants agree, then time them and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=15, help="timed turns (default 15)")
    parser.add_argument("--cell", choices=CELLS, help="this cell only (default all)")
    options = parser.parse_args()
    if options.repeats < 1:
        parser.error("--repeats must be at least 1")
    names = [options.cell] if options.cell else list(CELLS)
    print(f"numpy {np.__version__}, torch {torch.__version__}, {cpu_model()}, one thread, float32")
    print(f"forward plus backward, medians of {options.repeats} turns")
    for name in names:
        print_speed(name, options.repeats)
    print_lengths(names, options.repeats)


if __name__ == "__main__":
    torch.set_num_threads(1)
    with threadpool_limits(1):
        main()
