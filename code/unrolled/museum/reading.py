"""A final state that is read from the wrong place. The museum's figure touches them."""

import numpy as np

from unrolled.engine import rnn
from unrolled.engine.bidirectional import Bidirectional
from unrolled.engine.masking import Masked, from_lengths

both = Bidirectional(rnn)


def wrong_end(x, params, *, mended):
    """What a bidirectional layer knows at its end, (N, 2 H).

    The broken form reads both halves at the last step, where the backward one has just begun.
    """
    h, tape = both.forward(x, params)
    return np.concatenate(tape.state, axis=1) if mended else h[:, -1]


def at_the_last_step(x, lengths, params, *, mended):
    """The final states (N, H) of sequences padded at the end; the broken form reads the padding."""
    if mended:
        mask = from_lengths(lengths, x.shape[1])
        return Masked(rnn, mask).forward(x, params)[1].state[0]
    return rnn.forward(x, params)[0][:, -1]


def stateful_batches(stream, N, k, *, rng=None):
    """A stream of ids as batches (x, targets), (N, k) each, whose rows continue each other.

    The broken form, with `rng`, shuffles the windows as if they were independent.
    """
    T = (len(stream) - 1) // (N * k) * k  # steps in each row
    x, targets = (stream[start : start + N * T].reshape(N, T) for start in (0, 1))
    windows = [(n, t) for t in range(0, T, k) for n in range(N)]
    if rng is not None:
        rng.shuffle(windows)
    rows = [(x[n, t : t + k], targets[n, t : t + k]) for n, t in windows]
    return [
        tuple(map(np.stack, zip(*rows[i : i + N], strict=True))) for i in range(0, len(rows), N)
    ]
