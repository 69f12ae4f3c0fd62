"""Bugs of recurrences without a loop, or without a way back. Built up in chapter 21.

The cells are those of chapters 22 to 24. Where the right form is the engine's, it is called here.
"""

import numpy as np

from unrolled.engine import mingru, scan
from unrolled.engine.activations import sigmoid


def way_back(dh, decay, *, mended):
    """The gradient of every drive of h_t = decay_t h_{t-1} + drive_t, by a scan from the end.

    What came later is carried back by the decay of the later step; the broken form takes its own.
    All arrays are (T, N, H).
    """
    later = np.roll(decay, -1, axis=0) if mended else decay  # the first acts on zeros
    return scan.linear(later[::-1], dh[::-1])[:0:-1]


def positive(a):
    """What makes the candidates of the minGRU positive, for logarithms (Feng et al. 2024)."""
    return np.where(a < 0, sigmoid(a), np.maximum(a, 0) + 0.5)


def either_mode(x, h_0, params, *, mended):
    """Answers (N, T, H) and state (N, H) of a minGRU with positive candidates.

    One step is computed as a step, more of them by a scan. The broken form makes the given state
    positive as well, in one of the two modes only.
    """
    z, n = mingru.gates(x, params)
    drive = (1 - z) * positive(n)
    if x.shape[1] == 1:
        h = drive if h_0 is None else z * h_0[:, None] + drive
        return h, h[:, -1]
    if h_0 is not None and not mended:
        h_0 = positive(h_0)
    h = scan.linear(z.swapaxes(0, 1), drive.swapaxes(0, 1), h_0)[1:].swapaxes(0, 1)
    return h, h[:, -1]


def by_division(decay, drive, h_0=None, *, mended):
    """States (T, N, H) of h_t = decay_t h_{t-1} + drive_t; broken, with the running product."""
    h_0 = np.zeros_like(drive[0]) if h_0 is None else h_0
    if mended:
        return scan.linear(decay, drive, h_0)[1:]
    product = np.cumprod(decay, axis=0)
    with np.errstate(all="ignore"):
        return product * (h_0 + np.cumsum(drive / product, axis=0))


def traces(x, pull, low, high, *, mended):
    """What each step's loss adds to the gradient of `low`, (T, H), carried forward as it reads.

        s_t = low * s_{t-1} + x_t,   h_t = high * h_{t-1} + s_t,   loss_t = pull_t * h_t

    `seen` is ds_t/dlow, and `through` is dh_t/dlow. The broken form knows of h_t only what it hears
    of s_t in this step, and not that the upper layer remembers, too.
    """
    s, seen, through = (np.zeros_like(low) for _ in range(3))
    found = np.empty_like(x)
    for t, x_t in enumerate(x):
        seen = low * seen + s
        s = low * s + x_t
        through = high * through + seen if mended else seen
        found[t] = pull[t] * through
    return found


def weighted_mean(gate, value, keep, state=None, *, mended):
    """A memory with an exponential gate, the mean of what was read, as in the xLSTM.

        c_t = keep * c_{t-1} + exp(gate_t) * value_t,   n_t = keep * n_{t-1} + exp(gate_t)

    Returns h_t = c_t / n_t, (T,), and the state (c, n, m). The mended form keeps c and n divided by
    exp(m), where m is the largest exponent so far; the broken one overflows.
    """
    kind = gate.dtype.type
    c, n, m = state or (kind(0), kind(0), kind(-np.inf if mended else 0))
    h = np.empty_like(value)
    with np.errstate(over="ignore", invalid="ignore"):
        for t, (g, v) in enumerate(zip(gate, value, strict=True)):
            before = m + np.log(kind(keep)) if mended else np.log(kind(keep))
            m = max(before, g) if mended else m
            old, new = np.exp(before - m), np.exp(g - m)
            c, n = old * c + new * v, old * n + new
            h[t] = c / n
    return h, (c, n, m)
