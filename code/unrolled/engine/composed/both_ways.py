"""A cell of H units of which half read ahead and half read back, with one state. See chapter 19.

`Bidirectional` has two states, one for each direction. Here they are joined into one that looks
like the cell's own, so that a decoder with the same kind of cell can begin where both have ended.
"""

from typing import NamedTuple

import numpy as np

from ..checks import as_integer, check_parts
from ..contract import Composite, of
from .bidirectional import Bidirectional


class Tape(NamedTuple):
    """What `BothWays.forward` remembers: the tape of the two directions."""

    inner: NamedTuple

    @property
    def state(self):
        """Each part of the final state, (N, H): the half that read ahead, then the half that read
        back. Both have read everything."""
        return _joined(self.inner.state)


class BothWays(Composite):
    """It has the functions of a cell; parameters are named as those of `Bidirectional`.

    Hidden states are (N, T, H) as those of the cell itself, and so is each part of the state.

    Parameters
    ----------
    cell : module
        `rnn`, `lstm` or `gru`.
    mask : ndarray of bool, shape (N, T), optional
        False where a sequence is padded.
    """

    def __init__(self, cell, *, mask=None):
        super().__init__(Bidirectional(cell, mask=mask), WIDTH=of(cell).WIDTH)
        self.STATE = cell.STATE

    def init_params(self, D, H, *, rng, dtype=np.float64):
        """Draw the parameters of both directions, H / 2 units each.

        Raises ValueError if H is odd.
        """
        if as_integer("H", H) < 2 or H % 2:
            raise ValueError(f"H must be even, half of it for each direction; got {H}")
        return self.cell.init_params(D, H // 2, rng=rng, dtype=dtype)

    def forward(self, x, params, state=None):
        """Hidden states (N, T, H), the half that reads ahead first, and the tape."""
        h, inner = self.cell.forward(x, params, self._apart("the initial state", state))
        return h, Tape(inner)

    def backward(self, dh, tape, params, dstate=None):
        """(dx, dstate, grads), each half along its own way back."""
        apart = self._apart("dstate", dstate)
        dx, dparts, grads = self.cell.backward(dh, tape.inner, params, apart)
        return dx, _joined(dparts), grads

    def _apart(self, name, state):
        """A joined state as those of the two directions, or None."""
        check_parts(name, state, len(self.STATE), f" {self.STATE}")
        if state is None:
            return None
        halves = [np.split(part, 2, axis=1) for part in state]
        return tuple(ahead for ahead, _ in halves) + tuple(back for _, back in halves)


def _joined(parts):
    """The states of two directions side by side, each part with its own kind."""
    middle = len(parts) // 2
    pairs = zip(parts[:middle], parts[middle:], strict=True)
    return tuple(np.concatenate(halves, axis=1) for halves in pairs)
