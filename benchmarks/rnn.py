"""How fast is the engine's RNN? Forward plus backward, side by side, on one thread.

Three ways to compute the same numbers take turns, run by run, so that a busy moment hits all of
them: `unrolled.engine.rnn`; `torch.nn.RNN`; and the textbook form, a list of one-step layers.

    python benchmarks/rnn.py --repeats 15
"""

import argparse
import platform
import re
import statistics
import sys
import time
from pathlib import Path

import numpy as np
import torch
from threadpoolctl import threadpool_limits
from unrolled.engine import rnn

SHAPES = [
    (32, 64, 128, 128),
    (32, 64, 256, 256),
    (128, 80, 100, 64),
    (20, 35, 650, 650),
    (1, 200, 32, 32),
]
COLUMNS = ["ours ms", "torch ms", "textbook ms", "ours/torch", "textbook/ours", "GFLOP/s", "peak"]
RESULTS = ["h", "dx", "dW_xh", "dW_hh", "db_h"]
SQUARE = 2048  # side of the matrices whose product stands for the machine's speed


class OneStep:
    """One time step as a layer of its own: it remembers its inputs and owns its gradients."""

    def __init__(self, params):
        self.params = params
        self.grads = {name: np.zeros_like(value) for name, value in params.items()}

    def forward(self, x_t, h_prev):
        """Map (N, D) and (N, H) to h_t (N, H)."""
        p = self.params
        h_t = np.tanh(x_t @ p["W_xh"] + h_prev @ p["W_hh"] + p["b_h"])
        self.remembered = x_t, h_prev, h_t
        return h_t

    def backward(self, dh_t):
        """Map dh_t (N, H) to dx_t (N, D) and dh_prev (N, H)."""
        x_t, h_prev, h_t = self.remembered
        da_t = dh_t * (1 - h_t**2)
        self.grads["W_xh"][...] = x_t.T @ da_t
        self.grads["W_hh"][...] = h_prev.T @ da_t
        self.grads["b_h"][...] = da_t.sum(axis=0)
        return da_t @ self.params["W_xh"].T, da_t @ self.params["W_hh"].T


class ListOfSteps:
    """The textbook form: a new layer for each time step, kept until the next sequence comes."""

    def run(self, x, dh, params):
        """Run forward, then backward. Returns h, dx and the summed gradients."""
        h, dx = np.empty_like(dh), np.empty_like(x)
        grads = {name: np.zeros_like(value) for name, value in params.items()}
        h_t = dh_t = np.zeros_like(dh[:, 0])
        self.layers = []
        for t in range(x.shape[1]):
            self.layers.append(OneStep(params))
            h[:, t] = h_t = self.layers[t].forward(x[:, t], h_t)
        for t in reversed(range(x.shape[1])):
            dx[:, t], dh_t = self.layers[t].backward(dh[:, t] + dh_t)
            for name, grad in self.layers[t].grads.items():
                grads[name] += grad
        return h, dx, *grads.values()


def contestants(N, T, D, H):
    """Functions without arguments, by name, that return h, dx and the weight gradients."""
    rng = np.random.default_rng(7)
    params = rnn.init_params(D, H, rng=rng, dtype=np.float32)
    x, dh = (rng.standard_normal((N, T, size), dtype=np.float32) for size in (D, H))
    module = torch.nn.RNN(D, H, batch_first=True)
    weights = list(module.parameters())  # W_xh.T, W_hh.T, b_h and a second bias
    with torch.no_grad():
        for weight, value in zip(weights, [*params.values(), np.zeros(H)], strict=True):
            weight.copy_(torch.from_numpy(value.T))
    x_torch, dh_torch = torch.from_numpy(x).requires_grad_(), torch.from_numpy(dh)

    def run_ours():
        h, tape = rnn.forward(x, params)
        dx, _, grads = rnn.backward(dh, tape, params)
        return h, dx, *grads.values()

    def run_torch():
        h, _ = module(x_torch)
        dx, dW_xh, dW_hh, db_h, _ = torch.autograd.grad(h, [x_torch, *weights], dh_torch)
        return h.detach(), dx, dW_xh.T, dW_hh.T, db_h

    textbook = ListOfSteps()
    return {
        "ours": run_ours,
        "torch": run_torch,
        "textbook": lambda: textbook.run(x, dh, params),
    }


def differences(runs):
    """Sentences about every result that differs from ours by more than float32 rounding."""
    expected = runs["ours"]()
    for name in ("torch", "textbook"):
        for what, ours, other in zip(RESULTS, expected, runs[name](), strict=True):
            error = np.abs(ours - np.asarray(other)).max() / np.abs(ours).max()
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


def product_speed(repeats):
    """Operations per second of a large square float32 product."""
    a = np.random.default_rng(7).standard_normal((SQUARE, SQUARE), dtype=np.float32)
    out = np.empty_like(a)
    seconds = median_seconds({"product": lambda: np.matmul(a, a, out=out)}, repeats)
    return 2 * SQUARE**3 / seconds["product"]


def cpu_model():
    """The processor's name, as far as the machine tells."""
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.*)", info.read_text()) if info.exists() else None
    return found[1] if found else platform.processor() or platform.machine()


def compare(N, T, D, H, repeats):
    """Check and time one shape: the numbers of a row of the table."""
    runs = contestants(N, T, D, H)
    if wrong := list(differences(runs)):
        sys.exit(f"{(N, T, D, H)}: " + "; ".join(wrong))
    peak = product_speed(min(repeats, 5))
    ours, torchs, steps = median_seconds(runs, repeats).values()
    speed = 6 * N * T * (D * H + H * H) / ours  # 2 forward, 4 backward
    milliseconds = 1e3 * ours, 1e3 * torchs, 1e3 * steps
    return *milliseconds, ours / torchs, steps / ours, speed / 1e9, speed / peak


def main():
    """Check that all contestants agree, then time them and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=15, help="timed turns (default 15)")
    repeats = parser.parse_args().repeats
    if repeats < 1:
        parser.error("--repeats must be at least 1")
    print(f"numpy {np.__version__}, torch {torch.__version__}, {cpu_model()}, one thread, float32")
    print(f"medians of {repeats} turns; peak: share of the speed of a {SQUARE} x {SQUARE} product")
    print(f"{'N':>5}{'T':>5}{'D':>5}{'H':>5}  " + "".join(f"{c:>14}" for c in COLUMNS))
    rows = []
    for shape in SHAPES:
        rows.append(compare(*shape, repeats))
        cells = "".join(f"{value:>14.2f}" for value in rows[-1])
        print("".join(f"{size:>5}" for size in shape) + "  " + cells)
    of_torch, of_textbook = (statistics.geometric_mean(row[i] for row in rows) for i in (3, 4))
    print(f"geometric means: ours/torch {of_torch:.2f} (target <= 0.8), ", end="")
    print(f"textbook/ours {of_textbook:.2f} (target >= 1.8)")


if __name__ == "__main__":
    torch.set_num_threads(1)
    with threadpool_limits(1):
        main()
