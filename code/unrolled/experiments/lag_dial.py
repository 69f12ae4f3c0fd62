"""The lag dial: which network learns which task, with the answer how many steps back?

    OMP_NUM_THREADS=1 python -m unrolled.experiments lag-dial pilot PARTIAL.json
    OMP_NUM_THREADS=1 python -m unrolled.experiments lag-dial run PARTIAL.json
    OMP_NUM_THREADS=1 python -m unrolled.experiments lag-dial control PARTIAL.json

`pilot` compares learning rates for all networks alike. `run` trains everything and writes
data/results/lag-dial.json. `control` trains nothing but the readout of networks that stay as they
start, and writes lag-dial-control.json. All keep what is done in PARTIAL.json, a file outside the
repository, and go on from there. The identity RNN keeps its tanh; Le et al. (2015) use ReLU.
"""

import itertools
import json
import math
import time
from pathlib import Path

import numpy as np

from unrolled.datasets import adding, copy, echo, files, parity
from unrolled.datasets.download import atomically
from unrolled.engine import dense, gru, initializers, losses, lstm, rnn
from unrolled.engine.bptt import truncated_backward
from unrolled.engine.optimizers import Adam, clip_by_global_norm

from . import record

H, BATCH, UPDATES, CHECK_EVERY, SOLVED = 32, 32, 1500, 100, 0.99
LR, MAX_NORM, K = 0.003, 1.0, 10
CHECKED, MEASURED = 256, 1024  # fresh sequences to decide whether to stop, and for the result
LAGS, SEEDS = [1, 2, 5, 10, 20, 40, 80], [0, 1, 2]
PILOT = {"lr": [0.001, 0.003, 0.01], "lag": [5, 20], "seed": 100}
BPTT = {"full": None, f"truncated at {K}": K}
READOUT_ALONE, CONTROL_LAGS = 0, [10, 20, 40, 80]

# Each task: a batch of N sequences, how many inputs it has, and how many outputs.
TASKS = {
    "echo": (lambda N, lag, rng: echo(N, lag + 20, lag=lag, rng=rng), 1, 2),
    "copy": (lambda N, lag, rng: copy(N, lag=lag, rng=rng), 6, 4),
    "adding": (lambda N, lag, rng: adding(N, lag + 5, lag=lag, rng=rng), 2, 1),
    "parity": (lambda N, lag, rng: parity(N, lag=lag, rng=rng), 1, 2),
}
ADDING_VARIANCE = 1 / 6


def identity_start(D, H, *, rng, dtype):
    """An RNN whose recurrent matrix is the identity."""
    return rnn.init_params(D, H, rng=rng, dtype=dtype) | {
        "W_hh": initializers.identity(H).astype(dtype)
    }


def lstm_start(forget_bias):
    """`lstm.init_params` with that forget bias."""
    return lambda D, H, **options: lstm.init_params(D, H, forget_bias=forget_bias, **options)


NETWORKS = {
    "RNN": (rnn, rnn.init_params),
    "identity RNN": (rnn, identity_start),
    "LSTM, forget bias 0": (lstm, lstm_start(0.0)),
    "LSTM, forget bias 1": (lstm, lstm_start(1.0)),
    "LSTM, forget bias 3": (lstm, lstm_start(3.0)),
    "GRU": (gru, gru.init_params),
}


def batch(task, N, lag, rng):
    """Inputs in float32, and targets."""
    x, targets = TASKS[task][0](N, lag, rng)
    return x.astype(np.float32), targets


def gradients(x, targets, params, cell, k):
    """Gradients of the loss at the answered steps; full BPTT if k is None, else cut after k.

    With k = 0 only those of the readout.
    """
    h, tape = cell.forward(x, params)
    answers = h[:, -targets.shape[1] :]
    loss = losses.cross_entropy if targets.dtype.kind == "i" else losses.mean_squared_error
    _, dlogits = loss(dense.forward(answers, params), targets)
    dh = np.zeros_like(h)
    dh[:, -targets.shape[1] :], grads = dense.backward(dlogits, answers, params)
    if k == READOUT_ALONE:
        return grads
    if k is None:
        return cell.backward(dh, tape, params)[2] | grads
    return truncated_backward(dh, tape, params, cell=cell, k1=k, k2=k)[2] | grads


def skill(task, N, lag, params, cell, rng):
    """0 for guessing, 1 for no mistake, on N fresh sequences."""
    x, targets = batch(task, N, lag, rng)
    h, _ = cell.forward(x, params)
    logits = dense.forward(h[:, -targets.shape[1] :], params)
    if task == "adding":
        found = 1 - ((logits - targets) ** 2).mean() / ADDING_VARIANCE
    else:
        chance = 1 / logits.shape[-1]
        found = ((logits.argmax(axis=-1) == targets).mean() - chance) / (1 - chance)
    return max(0.0, float(found))


def train(task, network, k, lag, seed, lr):
    """One network from its start: (skill, updates used). All networks of a seed read the same."""
    cell, start = NETWORKS[network]
    _, D, outputs = TASKS[task]
    rng, read, check, measure = (np.random.default_rng([seed, use]) for use in range(4))
    params = start(D, H, rng=rng, dtype=np.float32)
    params |= dense.init_params(H, outputs, rng=rng, dtype=np.float32)
    optimizer = Adam(lr)
    for update in range(1, UPDATES + 1):
        grads = gradients(*batch(task, BATCH, lag, read), params, cell, k)
        optimizer.update(params, clip_by_global_norm(grads, MAX_NORM)[0])
        if update % CHECK_EVERY == 0 and skill(task, CHECKED, lag, params, cell, check) >= SOLVED:
            break
    return round(skill(task, MEASURED, lag, params, cell, measure), 3), update


class Partial:
    """Results by name in a file that is replaced as a whole after each."""

    def __init__(self, path):
        self.path = Path(path)
        self.found = files.parsed(self.path) if self.path.exists() else {}
        with files.expecting("a skill and a number of updates for each training", self.path):
            if any(not math.isfinite(sum(x)) or len(x) != 2 for x in self.found.values()):
                raise ValueError("there are others")

    def once(self, task, network, bptt, lag, seed, lr):
        """The result of a training, from the file if it is there."""
        steps = batch(task, 1, lag, np.random.default_rng())[0].shape[1]
        k = {**BPTT, "readout alone": READOUT_ALONE}[bptt]
        k = None if k is None or k >= steps else k  # cut after the first step is not cut at all
        name = f"{task} | {network} | {k} | {lag} | {seed} | {lr} | {UPDATES}"
        if name not in self.found:
            start = time.perf_counter()
            self.found[name] = train(task, network, k, lag, seed, lr)
            with atomically(self.path) as part:
                part.write_text(json.dumps(self.found, indent=0))
            print(name, *self.found[name], f"{time.perf_counter() - start:.1f} s", flush=True)
        return self.found[name]


def pilot(partial):
    """Mean skill of all networks and tasks under full BPTT, for each learning rate."""
    means = {}
    for lr in PILOT["lr"]:
        runs = itertools.product(TASKS, NETWORKS, ["full"], PILOT["lag"], [PILOT["seed"]], [lr])
        means[lr] = round(np.mean([partial.once(*run)[0] for run in runs]).item(), 3)
        print(f"learning rate {lr}: mean skill {means[lr]}", flush=True)
    return means


def run(partial):
    """Train everything and write data/results/lag-dial.json."""
    results = {task: {network: {} for network in NETWORKS} for task in TASKS}
    for task, network, bptt in itertools.product(TASKS, NETWORKS, BPTT):
        found = [[partial.once(task, network, bptt, lag, s, LR) for s in SEEDS] for lag in LAGS]
        skills, updates = np.array(found).transpose(2, 0, 1)
        results[task][network][bptt] = {
            "mean skill": skills.mean(axis=1).round(3).tolist(),
            "skill": skills.tolist(),
            "updates": updates.astype(int).tolist(),
        }
    settings = {
        "H": H, "batch": BATCH, "updates at most": UPDATES, "checked every": CHECK_EVERY,
        "solved at skill": SOLVED, "Adam lr": LR, "max_norm": MAX_NORM, "k1 = k2 if truncated": K,
        "lags": LAGS, "seeds": SEEDS, "measured on sequences": MEASURED, "dtype": "float32",
        "steps T": {
            task: [batch(task, 1, lag, np.random.default_rng())[0].shape[1] for lag in LAGS]
            for task in TASKS
        },
        "pilot": PILOT | {"BPTT": "full", "mean skill": list(pilot(partial).values())},
    }  # fmt: skip
    record.write("lag-dial", settings=settings, results=results)


def control(partial):
    """Train readouts of untrained networks and write data/results/lag-dial-control.json."""
    results = {task: {} for task in TASKS}
    for task, network in itertools.product(TASKS, NETWORKS):
        runs = [[(lag, seed) for seed in SEEDS] for lag in CONTROL_LAGS]
        found = [
            [partial.once(task, network, "readout alone", *run, LR)[0] for run in row]
            for row in runs
        ]
        results[task][network] = {
            "mean skill": np.mean(found, axis=1).round(3).tolist(),
            "skill": found,
        }
    settings = {"trained": "the readout alone, otherwise as lag-dial", "lags": CONTROL_LAGS}
    record.write("lag-dial-control", settings=settings, results=results)


def main(part, place):
    """Run one part; `place` is the file of what is done."""
    {"pilot": pilot, "run": run, "control": control}[part](Partial(place))
