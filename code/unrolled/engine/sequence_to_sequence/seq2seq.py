"""Sequence to sequence: one network reads, another one writes. Built up in chapter 19.

The decoder starts from the state in which the encoder ends (Sutskever et al. 2014). With attention
(chapter 20) each of its states s_u looks back at all states of the encoder and is joined with what
it finds:

    a_u = tanh(s_u W_sa + context_u W_ca + b_a),      logits_u = a_u W_hy + b_y

The context comes after the recurrence (Luong et al. 2015): what s_u is does not depend on it, so
that the contexts of all steps are one product. In Bahdanau et al. (2015) it goes into the next
step, and attention has to wait inside the loop.

N pairs, T letters read, U letters written, D numbers per letter, H hidden units.
"""

from typing import NamedTuple

import numpy as np

from ..composed.both_ways import BothWays
from ..composed.embedding import Embedded
from ..composed.masking import Masked
from ..composed.stack import add_prefix, under_prefix
from ..contract import check_cell
from ..learning import dense, losses
from ..learning.optimizers import clip_by_global_norm
from . import attention


class DecoderTape(NamedTuple):
    """What `decode` remembers. `joined` is a (N, U, H), or s itself without attention."""

    cell: NamedTuple
    attention: attention.Tape | None
    joined: np.ndarray

    @property
    def state(self):
        """The decoder's final state."""
        return self.cell.state

    @property
    def weights(self):
        """The alignment (N, U, T), or None without attention."""
        return self.attention and self.attention.weights


class Tape(NamedTuple):
    """What `forward` remembers: the encoder as it was used, its tape, and that of the decoder."""

    reader: Embedded
    encoder: NamedTuple
    decoder: DecoderTape


class Seq2Seq:
    """An encoder and a decoder of the same kind of cell, with or without attention.

    Parameters are named "encoder.W_e", "decoder.W_xh" and so on; what comes after the recurrence
    has no prefix, but for "attention.".

    Parameters
    ----------
    cell : module
        `rnn`, `lstm` or `gru`.
    D : int
        Numbers per letter in both embeddings.
    scoring : module, optional
        `dot_attention` or `additive_attention`; none for a decoder that has the last state only.
    both_ways : bool
        Whether half of the encoder's units read from the end to the beginning: see `BothWays`.
    """

    def __init__(self, cell, D, *, scoring=None, both_ways=False):
        check_cell(cell, without=["OUTERMOST"], carrying=True)
        self.cell, self.D, self.scoring, self.both_ways = cell, D, scoring, both_ways
        self.writer = Embedded(cell, D)

    def init_params(self, V, K, H, *, rng, dtype=np.float64):
        """Draw all parameters: V letters to read, K to write, H hidden units on both sides."""
        params = add_prefix(self._reader(None).init_params(V, H, rng=rng, dtype=dtype), "encoder")
        params |= add_prefix(self.writer.init_params(K, H, rng=rng, dtype=dtype), "decoder")
        if self.scoring is not None:
            own = self.scoring.init_params(H, rng=rng, dtype=dtype)
            params |= add_prefix(own, "attention")
            for name in ("W_sa", "W_ca"):
                params[name] = (rng.standard_normal((H, H)) / np.sqrt(2 * H)).astype(dtype)
            params["b_a"] = np.zeros(H, dtype)
        return params | dense.init_params(H, K, rng=rng, dtype=dtype)

    def encode(self, x, params, mask=None):
        """Read x (N, T): the states h (N, T, H), the encoder as it was used, and its tape.

        tape.state is what the decoder starts from. `mask` (N, T) is False at padding.
        """
        reader = self._reader(mask)
        h, tape = reader.forward(x, under_prefix(params, "encoder"))
        return h, reader, tape

    def decode(self, read, state, h, params, mask=None):
        """Logits (N, U, K) of what comes after each of the letters `read` (N, U), and the tape."""
        s, tape = self.writer.forward(read, under_prefix(params, "decoder"), state)
        if self.scoring is None:
            return dense.forward(s, params), DecoderTape(tape, None, s)
        context, looked = attention.forward(
            s, h, self._attention(params), scoring=self.scoring, mask=mask
        )
        a = np.tanh(s @ params["W_sa"] + context @ params["W_ca"] + params["b_a"])
        return dense.forward(a, params), DecoderTape(tape, looked, a)

    def forward(self, x, read, params, mask=None):
        """Read x (N, T) and write with teacher forcing.

        Parameters
        ----------
        x : ndarray of int, shape (N, T)
        read : ndarray of int, shape (N, U)
            What the decoder gets to read: the start, then each right letter but the last.
        params : dict
        mask : ndarray of bool, shape (N, T), optional
            False where x is padding.

        Returns
        -------
        logits : ndarray, shape (N, U, K)
        tape : Tape
        """
        h, reader, encoder = self.encode(x, params, mask)
        logits, decoder = self.decode(read, encoder.state, h, params, mask)
        return logits, Tape(reader, encoder, decoder)

    def backward(self, dlogits, tape, params):
        """The gradient of every parameter, from the last letter written to the first one read."""
        decoder = tape.decoder
        ds, grads = dense.backward(dlogits, decoder.joined, params)
        dh = np.zeros_like(tape.encoder.state[0], shape=_shape(tape))
        if self.scoring is not None:
            ds, dh, more = self._look_backward(ds, decoder, params)
            grads |= more
        own = under_prefix(params, "decoder")
        _, dstate, more = self.writer.backward(ds, decoder.cell, own)
        grads |= add_prefix(more, "decoder")
        own = under_prefix(params, "encoder")
        _, _, more = tape.reader.backward(dh, tape.encoder, own, dstate)
        return grads | add_prefix(more, "encoder")

    def _look_backward(self, da, decoder, params):
        """From the gradient of a: ds, dh, and what the joining and the attention learn."""
        looked = decoder.attention
        context, da = looked.weights @ looked.h, da * (1 - decoder.joined**2)
        rows = da.reshape(-1, da.shape[2])
        grads = {
            "W_sa": looked.s.reshape(rows.shape).T @ rows,
            "W_ca": context.reshape(rows.shape).T @ rows,
            "b_a": rows.sum(axis=0),
        }
        ds, dh, own = attention.backward(
            da @ params["W_ca"].T, looked, self._attention(params), scoring=self.scoring
        )
        return ds + da @ params["W_sa"].T, dh, grads | add_prefix(own, "attention")

    def _reader(self, mask):
        """The encoder for one batch: the cell behind an embedding, past the padding, both ways."""
        if self.both_ways:
            return Embedded(BothWays(self.cell, mask=mask), self.D)
        return Embedded(self.cell if mask is None else Masked(self.cell, mask), self.D)

    def _attention(self, params):
        return {k.split(".")[1]: v for k, v in params.items() if k.startswith("attention.")}


def _shape(tape):
    """The shape (N, T, H) of the encoder's states."""
    return (*tape.encoder.ids.shape, tape.encoder.state[0].shape[1])


def masked_cross_entropy(logits, targets, mask):
    """The mean cross-entropy of the targets (N, U) where `mask` (N, U) is True, and dlogits.

    Padding counts for nothing: its gradient is zero, and the mean is one over letters.
    """
    if mask.shape != targets.shape or mask.dtype != bool:
        raise ValueError(f"mask must be bool, {targets.shape}; got {mask.dtype}, {mask.shape}")
    dlogits = np.zeros_like(logits)
    loss, dlogits[mask] = losses.cross_entropy(logits[mask], targets[mask])
    return loss, dlogits


def fit(draw, params, *, model, optimizer, updates, max_norm=1.0):
    """Train with teacher forcing: `updates` steps, in place, each on a fresh batch.

    `draw()` returns (x, mask, read, targets, mask of the targets). Returns the list of losses.
    """
    history = []
    for _ in range(updates):
        x, mask, read, targets, counted = draw()
        logits, tape = model.forward(x, read, params, mask)
        loss, dlogits = masked_cross_entropy(logits, targets, counted)
        grads = model.backward(dlogits, tape, params)
        optimizer.update(params, clip_by_global_norm(grads, max_norm)[0])
        history.append(loss)
    return history
