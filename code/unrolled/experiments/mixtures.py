"""Changes to `architectures`: one layer of each linear cell, moved places, a longer training.

    OMP_NUM_THREADS=1 python -m unrolled.experiments mixtures

See the closing chapter. "one of each" has a layer that turns below one whose gate reads the input;
it is tuned as the others are, on parity and on echo. "sinusoids, moved" is the Transformer that
adds sinusoids, at the rate found there, but each sequence of a training batch begins to count at a
place drawn for it: the sequences stay as short as they were, and no place that is asked is new.
The GRU of "longer" has four times the updates on echo, at its rate.
Writes data/results/mixtures.json after each run and goes on where it stopped.
"""

import torch

from . import architectures, record
from .sequence_models import MODELS, Linear, Signed, Transformer, Turning, sinusoids

MOVED_RATE = 0.003  # what `architectures` finds for sinusoids on echo
GRU_RATE, LONG = 0.01, 6000  # what it finds for the GRU there, and updates
PLACES = max(architectures.LONGER) * architectures.LENGTHS["echo"]


class OneOfEach(Linear):
    """Two layers of a linear recurrence, `Turning` below `Signed`."""

    def __init__(self, D, K, C=24):
        super().__init__(D, K, Turning, C)
        self.cells[1][1] = Signed(C)


class Moved(Transformer):
    """Sinusoids whose first place is drawn for each sequence while gradients are wanted."""

    def __init__(self, D, K):
        super().__init__(D, K, "sinusoids")

    def added(self, u):
        """As in Transformer, (N, T, C)."""
        N, T, C = u.shape
        begin = torch.randint(0, PLACES - T + 1, (N, 1)) if torch.is_grad_enabled() else 0
        return sinusoids(PLACES, C)[begin + torch.arange(T).expand(N, T)]


CHANGED = {"one of each": OneOfEach, "sinusoids, moved": Moved}


def main():
    """Record what is missing."""
    settings = {
        "as in": "architectures", "Adam lr": architectures.RATES, "lr, moved": MOVED_RATE,
        "tuning starts": architectures.TUNING, "starts": architectures.SEEDS,
        "updates": architectures.UPDATES, "asked at times": list(architectures.LONGER),
        "places": PLACES, "longer": {"network": "GRU", "lr": GRU_RATE, "updates": LONG},
    }  # fmt: skip
    runs = record.Runs("mixtures", settings=settings, packages=("numpy", "torch"))
    MODELS.update(CHANGED)

    def once(task, name, lr, seed, part, updates=None):
        key = {"task": task, "network": name, "rate": lr, "start": seed, "part": part}
        own = architectures.Task(task)
        return runs.once(lambda: architectures.trained(name, own, lr, seed, updates=updates), **key)

    for task in ("parity", "echo"):
        tuning = [
            once(task, "one of each", lr, seed, "tuning")
            for lr in architectures.RATES
            for seed in architectures.TUNING
        ]
        for seed in architectures.SEEDS:
            once(task, "one of each", architectures.best_rate(tuning), seed, "test")
    for seed in architectures.SEEDS:
        once("echo", "sinusoids, moved", MOVED_RATE, seed, "test")
    for seed in architectures.SEEDS:
        once("echo", "GRU", GRU_RATE, seed, "longer", LONG)
