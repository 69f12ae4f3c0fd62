"""The small network of chapters 1 to 6, trained to tell which of twelve words it reads.

On two processors a training parts by rounding, if only in the third digit. So what the explorables
of these chapters show is on record: the weights after some numbers of updates from one start.
"""

from functools import cache

import numpy as np

from unrolled.datasets import files, rhymes
from unrolled.engine import dense, losses, optimizers, rnn, training

H = 16
RECORDED = (0, 10, 20, 50, 100, 400)


@cache
def trained(updates=400, seed=0):
    """Parameters of an RNN (26, H) with a readout (H, 12) after some updates on all twelve words.

    400 updates bring it close to `rhymes.best_loss()`, 0 leave the network as it was drawn. Those
    of `RECORDED` are read from data/results for seed 0, all others are trained now.
    """
    if seed == 0 and updates in RECORDED:
        return kept(f"{updates} updates")
    return train(updates, seed)


def kept(name):
    """The parameters on record under a name."""
    with np.load(files.path("results/rhymes.npz"), allow_pickle=False) as arrays:
        return {
            key.split("/")[1]: arrays[key] for key in arrays.files if key.startswith(f"{name}/")
        }


def train(updates, seed=0):
    """Draw the network and train it. The loss counts at every step."""
    rng = np.random.default_rng(seed)
    params = rnn.init_params(26, H, rng=rng) | dense.init_params(H, len(rhymes.WORDS), rng=rng)
    x, targets = rhymes.load_rhymes()
    training.train_on_batches(
        x, targets, params, cell=rnn, loss=losses.cross_entropy, optimizer=optimizers.Adam(0.02),
        batch=len(x), rng=rng, epochs=updates,
    )  # fmt: skip
    return params
