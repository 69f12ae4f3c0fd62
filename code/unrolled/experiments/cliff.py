"""Gradient descent on the twelve words, with and without clipping. See chapter 5.

OMP_NUM_THREADS=1 python -m unrolled.experiments cliff

Unclipped runs fall off cliffs, after which rounding leads two processors to different places: so
they are recorded. The learning rates are searched for each way of training by itself.
"""

import numpy as np

from unrolled.datasets import rhymes
from unrolled.engine import dense, initializers, losses, rnn
from unrolled.engine.final import Final
from unrolled.engine.optimizers import SGD, Adam, clip_by_global_norm, global_norm
from unrolled.engine.training import loss_and_gradients

from . import record

H, UPDATES, STARTS, LIMIT = 16, 400, 10, 1.0
RATES = {
    SGD: (0.01, 0.03, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0, 2.0),
    Adam: (0.001, 0.003, 0.01, 0.03),
}
TASKS = {  # steps of silence behind the words, and whether the loss counts at the last step alone
    "every letter": (0, False),
    "after twenty silent steps": (20, True),
}
WAYS = {  # optimizer, limit of the gradient, start of W_hh
    "descent": (SGD, None, "Gaussian"),
    "descent, orthogonal": (SGD, None, "orthogonal"),
    "descent, clipped": (SGD, LIMIT, "Gaussian"),
    "descent, clipped, orthogonal": (SGD, LIMIT, "orthogonal"),
    "Adam": (Adam, None, "Gaussian"),
    "Adam, orthogonal": (Adam, None, "orthogonal"),
    "Adam, clipped": (Adam, LIMIT, "Gaussian"),
    "Adam, clipped, orthogonal": (Adam, LIMIT, "orthogonal"),
}
SHOWN = ("every letter", 0.5)  # task and rate of the runs whose curves are kept, of one start


def data(silence, last):
    """Inputs (12, T, 26), targets (12, T) or (12, 1), and the cell."""
    x = np.stack([rhymes.one_hot(word, rhymes.T + silence) for word in rhymes.WORDS])
    targets = np.repeat(np.arange(len(x))[:, None], 1 if last else x.shape[1], axis=1)
    return x, targets, Final(rnn) if last else rnn


def train(task, way, lr, seed):
    """Loss, length of the gradient and distance from the start at each update of one run."""
    x, targets, cell = data(*TASKS[task])
    make, limit, start = WAYS[way]
    rng = np.random.default_rng(seed)
    params = rnn.init_params(26, H, rng=rng) | dense.init_params(H, len(x), rng=rng)
    if start == "orthogonal":
        params["W_hh"] = initializers.orthogonal(H, rng=rng)
    first = {name: value.copy() for name, value in params.items()}
    optimizer, curves = make(lr), np.empty((3, UPDATES))
    for update in range(UPDATES):
        loss, grads, _ = loss_and_gradients(
            x, targets, params, cell=cell, loss=losses.cross_entropy
        )
        away = global_norm({name: params[name] - first[name] for name in params})
        curves[:, update] = loss, global_norm(grads), away
        optimizer.update(params, clip_by_global_norm(grads, limit)[0] if limit else grads)
    return curves


def main():
    """Search the rates of every way, keep the ends of all runs and the curves of one start."""
    runs, curves, worst = [], {}, None
    for task in TASKS:
        for way, (make, *_) in WAYS.items():
            for lr in RATES[make]:
                every = np.array([train(task, way, lr, seed) for seed in range(STARTS)])
                ends = every[:, 0, -20:].mean(axis=1)
                longest = every[:, 1].max(axis=1)
                key = {"task": task, "way": way, "rate": lr}
                runs.append(
                    key | {"loss": ends.round(4).tolist(), "longest": longest.round(3).tolist()}
                )
                print(task, way, lr, ends.round(2))
                if (task, lr) == SHOWN and way in ("descent", "descent, clipped"):
                    if worst is None:
                        worst = int(longest.argmax())
                    curves[way] = every[worst].round(2).tolist()
    settings = {
        "H": H, "updates": UPDATES, "starts": STARTS, "limit": LIMIT, "words": rhymes.WORDS,
        "loss": "mean of the last 20 updates, each start", "longest": "gradient of a run",
        "curves": "loss, length of the gradient, distance of all weights from the start",
        "curves of": [*SHOWN, "the start with the longest gradient", worst],
    }  # fmt: skip
    record.write("cliff", settings=settings, results={"runs": runs, "curves": curves})
