"""Dates with the mean of all states, taken apart: its numbers, and the short way of its gradient.

    OMP_NUM_THREADS=1 python -m unrolled.experiments short-way

In `looking` a decoder that gets the mean of all states in place of attention has nearly all dates
right. It has 32 numbers more at each step, and a way of one step on which the gradient reaches
every state. Here one network has only the numbers, one only the way into the encoder, and one gets
the last state at each step in place of the mean, so that the way is short into the decoder alone.
Controls: the last state at each step without a gradient through it; a start from the last state
and the mean together, which loses nothing; the layer behind the decoder with nothing to join; and
the mean itself. All else is as in `dates`. Writes data/results/short-way.json after each run.
"""

import time
from functools import partial

import numpy as np

from unrolled.datasets.dates import DATES
from unrolled.engine import dense, gru, mean_attention
from unrolled.engine.composed.stack import add_prefix, under_prefix
from unrolled.engine.seq2seq import Seq2Seq

from . import dates, looking, record

H, UPDATES, SEEDS = 32, 1500, (0, 1, 2)


class NumbersOnly(Seq2Seq):
    """The decoder gets the mean of all states, and no gradient goes back through it."""

    def __init__(self):
        super().__init__(gru, dates.D, scoring=mean_attention)

    def _look_backward(self, da, decoder, params):
        ds, dh, grads = super()._look_backward(da, decoder, params)
        return ds, np.zeros_like(dh), grads


class StartsFromMean:
    """The tape of an encoder whose mean (N, H) is what the decoder starts from."""

    def __init__(self, tape, share, mean):
        self.tape, self.share, self.ids, self.state = tape, share, tape.ids, (mean,)


class WayOnly(Seq2Seq):
    """No attention: the decoder starts from the mean of all states in place of the last one."""

    def __init__(self):
        super().__init__(gru, dates.D)

    def encode(self, x, params, mask=None):
        """As in Seq2Seq, but tape.state is the mean of the states at real letters."""
        h, reader, tape = super().encode(x, params, mask)
        real = np.ones(x.shape, bool) if mask is None else mask
        share = (real / real.sum(axis=1, keepdims=True)).astype(h.dtype)
        return h, reader, StartsFromMean(tape, share, (share[:, None] @ h)[:, 0])

    def backward(self, dlogits, tape, params):
        """The gradient of every parameter; each state of the encoder gets its share."""
        decoder, encoder = tape.decoder, tape.encoder
        ds, grads = dense.backward(dlogits, decoder.joined, params)
        own = under_prefix(params, "decoder")
        _, (dmean,), more = self.writer.backward(ds, decoder.cell, own)
        grads |= add_prefix(more, "decoder")
        dh = encoder.share[:, :, None] * dmean[:, None]
        more = self._encoder_backward(dh, dmean, tape, params)
        return grads | add_prefix(more, "encoder")

    def _encoder_backward(self, dh, dstate, tape, params):
        own = under_prefix(params, "encoder")
        return tape.reader.backward(dh, tape.encoder.tape, own)[2]


class LastScoring:
    """All weight on the state at the last step, which past the padding is the last state."""

    @staticmethod
    def init_params(H, *, rng=None, dtype=np.float64):
        """Nothing: there is nothing to learn."""
        return {}

    @staticmethod
    def scores(s, h, params):
        """Zero for the last of h (N, T, H), minus infinity for all others, (N, U, T)."""
        found = np.full((s.shape[0], s.shape[1], h.shape[1]), -np.inf, s.dtype)
        found[:, :, -1] = 0
        return found

    @staticmethod
    def scores_backward(dscores, s, h, params):
        """Zero for s and for h, and no gradients of parameters."""
        return np.zeros_like(s), np.zeros_like(h), {}


class LastAtEachStep(Seq2Seq):
    """The decoder gets the last state of the encoder again at each step, as a context."""

    def __init__(self):
        super().__init__(gru, dates.D, scoring=LastScoring)

    def decode(self, read, state, h, params, mask=None):
        """As in Seq2Seq; padding is not hidden, since the state stays the last one there."""
        return super().decode(read, state, h, params)


class LastUntaught(LastAtEachStep):
    """The last state again at each step, and no gradient goes back through what is given again."""

    def _look_backward(self, da, decoder, params):
        ds, dh, grads = super()._look_backward(da, decoder, params)
        return ds, np.zeros_like(dh), grads


class LayerOnly(LastUntaught):
    """The layer that joins a state and its context, and a context that counts for nothing."""

    def init_params(self, *args, **how):
        """As in Seq2Seq, but what is given again has weights of zero, which stay zero."""
        params = super().init_params(*args, **how)
        params["W_ca"][:] = 0
        return params

    def _look_backward(self, da, decoder, params):
        ds, dh, grads = super()._look_backward(da, decoder, params)
        return ds, dh, grads | {"W_ca": np.zeros_like(params["W_ca"])}


class FromBoth(WayOnly):
    """No attention: the decoder starts from the last state and the mean of all, added up."""

    def encode(self, x, params, mask=None):
        """As in WayOnly, but tape.state is the sum of the mean and the last state."""
        h, reader, tape = super().encode(x, params, mask)
        tape.state = (tape.state[0] + tape.tape.state[0],)
        return h, reader, tape

    def _encoder_backward(self, dh, dstate, tape, params):
        own = under_prefix(params, "encoder")
        return tape.reader.backward(dh, tape.encoder.tape, own, (dstate,))[2]


NETWORKS = {
    "numbers only": NumbersOnly,
    "way only": WayOnly,
    "last state": LastAtEachStep,
    "last state, untaught": LastUntaught,
    "from both": FromBoth,
    "layer only": LayerOnly,
    "mean": partial(Seq2Seq, gru, dates.D, scoring=mean_attention),
}


def run(name, seed):
    """Train one network from its start; the share of whole test dates that are right."""
    began, model = time.perf_counter(), NETWORKS[name]()
    kept = dates.teach(model, H, UPDATES, DATES, dates._dates_to_read, seed, [300])
    pairs = looking.exam()
    right = {
        str(stage): dates.measure(params, model, DATES, pairs)["whole answers"]
        for stage, params in kept.items()
    }
    return {"right": right, "seconds": round(time.perf_counter() - began)}


def main():
    """All networks from each start."""
    settings = {
        "cell": "gru", "D": dates.D, "H": H, "batch": dates.BATCH, "Adam lr": dates.RATE,
        "max_norm": dates.MAX_NORM, "lr in the last fifth": "times 0.333", "updates": UPDATES,
        "tested on": looking.TESTED, "dtype": "float32",
    }  # fmt: skip
    runs = record.Runs("short-way", settings=settings)
    for seed in SEEDS:
        for name in NETWORKS:
            key = {"network": name, "start": seed}
            found = runs.once(partial(run, name, seed), **key)
            print(name, seed, found["right"], found["seconds"], flush=True)
