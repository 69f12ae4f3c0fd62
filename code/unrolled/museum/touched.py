"""One picture for several exhibits: touch a step of an example, and see what moves."""

from typing import NamedTuple

import numpy as np

from unrolled.engine import initializers, rnn
from unrolled.engine.masking import Masked, from_lengths

from .wiring import across

N, T, D, H = 4, 12, 3, 6
LENGTHS = np.array([12, 9, 7, 5])
BLOCK = 4


class Scene(NamedTuple):
    """What a model computes: its states (N, T, H), and at which step each answer is read, (N,)."""

    states: np.ndarray
    read: np.ndarray

    @property
    def answers(self):
        """What is read, (N, H)."""
        return self.states[np.arange(len(self.read)), self.read]


def weights():
    """Inputs (N, T, D) and parameters whose recurrence keeps a disturbance for a while."""
    rng = np.random.default_rng(7)
    params = rnn.init_params(D, H, rng=rng)
    params["W_xh"] *= 0.4
    params["W_hh"] = initializers.orthogonal(H, rng=rng)
    return rng.standard_normal((N, T, D)), params


def swapped(x, params, *, mended):
    """The first axis taken for time."""
    return Scene(across(x, params, mended=mended), np.full(N, T - 1))


def padded(x, params, *, mended):
    """The last state read from padding; `LENGTHS` says how long each sequence is."""
    cell = Masked(rnn, from_lengths(LENGTHS, T)) if mended else rnn
    read = LENGTHS - 1 if mended else np.full(N, T - 1)
    return Scene(cell.forward(x, params)[0], read)


def from_behind(x, params, *, mended):
    """The backward half of a bidirectional layer, read at the last step or at the first."""
    states = rnn.forward(x[:, ::-1], params)[0][:, ::-1]
    return Scene(states, np.full(N, 0 if mended else T - 1))


def shuffled(x, params, *, mended):
    """Blocks of `BLOCK` steps with a state carried in each row, over rows that were shuffled."""
    states, state = np.empty((N, T, H)), None
    for block, start in enumerate(range(0, T, BLOCK)):
        rows = np.arange(N) if mended else np.roll(np.arange(N), block)  # who sits in which row
        steps = slice(start, start + BLOCK)
        h, tape = rnn.forward(x[rows, steps], params, state)
        states[rows, steps], state = h, tape.state
    return Scene(states, np.full(N, T - 1))


MODELS = {
    "batch and time swapped": swapped,
    "state read from padding": padded,
    "wrong end, read backward": from_behind,
    "stateful rows shuffled": shuffled,
}


def touched(exhibit, mended, n, t):
    """How far everything moves when step t of example n is touched.

    Returns
    -------
    states : ndarray, shape (N, T)
        The largest change of a state at each step of each example.
    answers : ndarray, shape (N,)
        The largest change of each answer.
    read : ndarray of int, shape (N,)
        The step at which each answer is read.
    expected : ndarray of bool, shape (N,)
        Which answers ought to move.
    """
    if exhibit not in MODELS:
        raise ValueError(f"exhibit must be one of {list(MODELS)}; got {exhibit!r}")
    x, params = weights()
    other = x.copy()
    other[n, t] += 1.0
    before, after = (MODELS[exhibit](each, params, mended=mended) for each in (x, other))
    is_padding = exhibit == "state read from padding" and t >= LENGTHS[n]
    expected = (np.arange(N) == n) & (not is_padding)
    states = np.abs(after.states - before.states).max(axis=2)
    return states, np.abs(after.answers - before.answers).max(axis=1), before.read, expected
