"""The small network of chapters 1 to 6, trained to tell which of twelve words it reads."""

from functools import cache

import numpy as np

from unrolled.datasets import rhymes
from unrolled.engine import dense, losses, optimizers, rnn, training

H = 16


@cache
def trained(updates=400, seed=0):
    """Parameters of an RNN (26, H) with a readout (H, 12) after some updates on all twelve words.

    The loss counts at every step. 400 updates bring it close to `rhymes.best_loss()`, 0 leave the
    network as it was drawn.
    """
    rng = np.random.default_rng(seed)
    params = rnn.init_params(26, H, rng=rng) | dense.init_params(H, len(rhymes.WORDS), rng=rng)
    x, targets = rhymes.load_rhymes()
    training.train_on_batches(
        x, targets, params, cell=rnn, loss=losses.cross_entropy, optimizer=optimizers.Adam(0.02),
        batch=len(x), rng=rng, epochs=updates,
    )  # fmt: skip
    return params
