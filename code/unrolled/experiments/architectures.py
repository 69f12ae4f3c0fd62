"""Three recurrent networks, a causal convolution and two Transformers on three tasks.

    OMP_NUM_THREADS=1 python -m unrolled.experiments architectures

See the closing chapter. Each task is made for one of them: running parity must carry a bit through
every step, echo must look up what stood at one distance, letters of stories are what language
models are asked. All have about as many parameters, the same updates on the same fresh sequences,
and each is tuned on its own. Trained at one length, they are asked at longer ones, too; the GRU
and the signed minGRU 32 times as far on parity, the minGRU at the largest of the rates that tie.
Writes data/results/architectures.json after each run and goes on where it stopped.
"""

import time

import numpy as np

from unrolled.datasets import echo, load_letters, running_parity

from . import record

BATCH, UPDATES, MAX_NORM, TESTED = 32, 1500, 1.0, 200
RATES, TUNING, SEEDS = [0.001, 0.003, 0.01, 0.03], [100], [0, 1, 2, 3, 4]
LAG = 21
LENGTHS = {"parity": 32, "echo": 48, "letters": 64}  # steps that are trained on
LONGER = (1, 2, 4)  # and so many times as many are asked
FAR = (*LONGER, 32)  # and of two networks on parity, at these rates; the second ties with its best
ASKED_FAR = {"GRU": 0.01, "minGRU, signed": 0.03}


class Task:
    """Sequences to train on, the length that is asked, and what a network gets to see of a step."""

    def __init__(self, name):
        self.name, self.T = name, LENGTHS[name]
        self.classes = 2
        if name == "letters":
            corpus = load_letters(lower=True)
            self.classes, self.read, self.kept = len(corpus.words), corpus.train, corpus.valid
        self.inputs = self.classes if name == "letters" else 1

    def sequences(self, N, T, rng, *, held_out=False):
        """x (N, T, D) in float32, targets (N, T) and where they count (N, T)."""
        counted = np.ones((N, T), bool)
        if self.name == "parity":
            x, targets = running_parity(N, T, rng=rng)
        elif self.name == "echo":
            x, asked = echo(N, T, lag=LAG, rng=rng)
            targets = np.pad(asked, [(0, 0), (LAG, 0)])
            counted[:, :LAG] = False
        else:
            text = self.kept if held_out else self.read
            starts = rng.integers(0, len(text) - T, (N, 1))
            ids = text[starts + np.arange(T + 1)]
            x, targets = np.eye(self.classes)[ids[:, :-1]], ids[:, 1:]
        return x.astype(np.float32), targets.astype(np.int64), counted


def trained(name, task, lr, seed, lengths=LONGER, updates=None):
    """Train one network from one start; the loss and the share right at each length, seconds.

    `updates` are UPDATES where nothing is said.
    """
    import torch
    from torch.nn.functional import cross_entropy

    from .sequence_models import MODELS

    torch.manual_seed(seed)
    model = MODELS[name](task.inputs, task.classes)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    drawn, seconds = np.random.default_rng([seed, 1]), 0.0
    updates = updates or UPDATES
    for update in range(updates):
        x, targets, counted = map(torch.from_numpy, task.sequences(BATCH, task.T, drawn))
        for group in optimizer.param_groups:  # a fifth of the way up, then down along a line
            done = update / updates
            group["lr"] = lr * min(1, 5 * done + 1 / updates, 1.25 * (1 - done) + 0.02)
        begun = time.perf_counter()
        loss = cross_entropy(model(x)[counted], targets[counted])
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), MAX_NORM)
        optimizer.step()
        seconds += time.perf_counter() - begun
    found = {"loss": [], "right": []}
    for times in lengths:
        asked = np.random.default_rng([times, 2])
        T = times * task.T
        data = task.sequences(TESTED, T, asked, held_out=True)
        x, targets, counted = map(torch.from_numpy, data)
        counted[:, : T - task.T] = False  # the last steps, which need the whole length
        with torch.no_grad():
            logits = model(x)[counted]
        found["loss"].append(round(float(cross_entropy(logits, targets[counted])), 4))
        found["right"].append(
            round(float((logits.argmax(1) == targets[counted]).double().mean()), 4)
        )
    size = sum(value.numel() for value in model.parameters())
    return found | {"parameters": size, "seconds": round(seconds, 1)}


def best_rate(runs):
    """The rate whose tuning ends with the least loss at the length that was trained on."""
    means = {
        lr: np.mean([run["loss"][0] for run in runs if run["rate"] == lr])
        for lr in sorted({run["rate"] for run in runs})
    }
    return min(means, key=means.get)


def main():
    """Tune every network on every task, run it from other starts, and record it."""
    from .sequence_models import MODELS

    settings = {
        "batch": BATCH, "updates": UPDATES, "max_norm": MAX_NORM, "Adam lr": RATES,
        "schedule": "up for a fifth of the updates, then down along a line", "lag": LAG,
        "tuning starts": TUNING, "starts": SEEDS, "tested on": TESTED, "dtype": "float32",
        "lengths": LENGTHS, "asked at times": list(LONGER), "far": list(FAR),
        "chosen by": "loss of the tuning start at the trained length, on held-out sequences",
    }  # fmt: skip
    runs = record.Runs("architectures", settings=settings, packages=("numpy", "torch"))
    for task in map(Task, LENGTHS):
        for name in MODELS:

            def once(lr, seed, part, name=name, task=task):
                key = {"task": task.name, "network": name, "rate": lr, "start": seed, "part": part}
                return runs.once(lambda: trained(name, task, lr, seed), **key)

            lr = best_rate([once(lr, seed, "tuning") for lr in RATES for seed in TUNING])
            found = [once(lr, seed, "test")["right"] for seed in SEEDS]
            print(task.name, name, lr, found, flush=True)
    for name, lr in ASKED_FAR.items():
        for seed in SEEDS:
            key = {"task": "parity", "network": name, "rate": lr, "start": seed, "part": "far"}
            runs.once(lambda n=name, r=lr, s=seed: trained(n, Task("parity"), r, s, FAR), **key)
