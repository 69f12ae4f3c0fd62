"""Chance that is missing, chance that stays: two exhibits of the museum."""

from unrolled.engine import rnn
from unrolled.engine.dropout import mask


class Dropping:
    """An RNN with dropout on its inputs; the broken form draws its mask once and keeps it."""

    def __init__(self, params, p, *, rng, mended):
        self.params, self.p, self.rng, self.mended = params, p, rng, mended
        self.mask = None

    def __call__(self, x, training):
        """Hidden states (N, T, H)."""
        if training:
            if self.mask is None or self.mended:
                self.mask = mask((len(x), 1, x.shape[2]), self.p, rng=self.rng)
            x = x * self.mask
        return rnn.forward(x, self.params)[0]


def random_start(params, *, rng, mended):
    """A model that, in the broken form, draws its initial state in every call."""

    def model(x, training):
        state = None
        if training or not mended:
            state = (rng.standard_normal((len(x), len(params["b_h"]))),)
        return rnn.forward(x, params, state)[0]

    return model
