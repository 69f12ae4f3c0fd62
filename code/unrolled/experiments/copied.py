"""GRUs that PyTorch trained, copied with the mistakes of chapter 13, and what the copies get right.

    OMP_NUM_THREADS=1 python -m unrolled.experiments copied

Two tasks, so that what a mistake costs is not the habit of one of them: to predict the next letter
of the shipped stories, and to name the letter that was stored last. What arrives after a mistake is
computed in NumPy, as the receiving library would.
"""

import numpy as np

from unrolled.analysis.wrong_bridges import MISTAKES, arrived
from unrolled.bridges import torch as bridge
from unrolled.datasets import latch, load_letters

from . import record

STARTS = range(5)
LETTERS = {"units": 64, "piece": 60, "batch": 16, "readings": 10, "rate": 0.01}
STORE = {"units": 16, "letters": 30, "batch": 32, "updates": 600, "rate": 0.01, "tested": 1000}


def pieces(ids, length):
    """Inputs and targets, each (N, length), of a text cut into pieces."""
    end = (len(ids) - 1) // length * length
    return ids[:end].reshape(-1, length), ids[1 : end + 1].reshape(-1, length)


def network(D, H, K, seed):
    """A GRU and a readout of PyTorch, as PyTorch starts them."""
    import torch

    torch.manual_seed(seed)
    return torch.nn.GRU(D, H, batch_first=True), torch.nn.Linear(H, K)


def step(parts, optimizer, x, targets):
    """One update on the targets of the last steps."""
    import torch

    gru, readout = parts
    h, _ = gru(torch.tensor(x))
    logits = readout(h[:, -targets.shape[1] :])
    loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), torch.tensor(targets).flatten())
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_([*gru.parameters(), *readout.parameters()], 1.0)
    optimizer.step()


def adam(parts, rate):
    """Adam of PyTorch for all weights of these parts."""
    import torch

    return torch.optim.Adam([weight for part in parts for weight in part.parameters()], rate)


def judged(parts, x, targets):
    """For each mistake: the share that is right, the bits, and how far the states are off."""
    gru, readout = parts
    params = bridge.from_torch(gru)
    W, b = (weight.detach().numpy() for weight in (readout.weight, readout.bias))
    states = {mistake: arrived(x, params, mistake) for mistake in MISTAKES}
    found = {}
    for mistake, h in states.items():
        logits = h[:, -targets.shape[1] :] @ W.T + b
        top = logits.max(axis=2, keepdims=True)
        logs = logits - top - np.log(np.exp(logits - top).sum(axis=2, keepdims=True))
        bits = -np.take_along_axis(logs, targets[..., None], axis=2).mean() / np.log(2)
        found[mistake] = {
            "right": float(np.mean(logits.argmax(axis=2) == targets)),
            "bits": float(bits),
            "off": float(np.abs(h - states["none"]).max()),
        }
    return found


def letters(seed):
    """A GRU that predicts the next letter, kept at its best reading by the validation text."""
    _, train, valid, test, known = load_letters(lower=True)
    one_hot = np.eye(len(known), dtype=np.float32)
    x, targets = pieces(train, LETTERS["piece"])
    checks = {part: pieces(ids, LETTERS["piece"]) for part, ids in (("v", valid), ("t", test))}
    parts = network(len(known), LETTERS["units"], len(known), seed)
    optimizer, rng = adam(parts, LETTERS["rate"]), np.random.default_rng(seed)
    best = None
    for _ in range(LETTERS["readings"]):
        for rows in np.array_split(rng.permutation(len(x)), len(x) // LETTERS["batch"]):
            step(parts, optimizer, one_hot[x[rows]], targets[rows].astype(np.int64))
        given, wanted = checks["v"]
        now = judged(parts, one_hot[given], wanted)["none"]["bits"]
        if best is None or now < best[0]:
            given, wanted = checks["t"]
            best = now, judged(parts, one_hot[given], wanted)
    return best[1]


def store(seed):
    """A GRU that names the letter stored last, after thirty letters."""
    rng = np.random.default_rng(seed)

    def drawn(count):
        x, targets = latch(count, STORE["letters"], rng=rng, alphabet=4)
        return x.astype(np.float32), targets.astype(np.int64)

    parts = network(5, STORE["units"], 4, seed)
    optimizer = adam(parts, STORE["rate"])
    for _ in range(STORE["updates"]):
        step(parts, optimizer, *drawn(STORE["batch"]))
    return judged(parts, *drawn(STORE["tested"]))


def rivals():
    """Always a space, and the letter that most often followed the one before in the training."""
    _, train, _, test, known = load_letters(lower=True)
    follows = np.zeros((len(known), len(known)), int)
    np.add.at(follows, (train[:-1], train[1:]), 1)
    given, wanted = pieces(test, LETTERS["piece"])
    return {
        "a space": float(np.mean(wanted == known.index(" "))),
        "the usual next letter": float(np.mean(follows.argmax(axis=1)[given] == wanted)),
    }


def main():
    """Five starts of each task, written after each."""
    settings = {"letters": LETTERS, "store": STORE, "rivals": rivals()}
    runs = record.Runs("copied", settings=settings, packages=("numpy", "torch"))
    for seed in STARTS:
        for task in (letters, store):
            run = runs.once(lambda task=task, seed=seed: task(seed), task=task.__name__, seed=seed)
            print(task.__name__, seed, {m: round(run[m]["right"], 3) for m in MISTAKES})
