"""Many to one: only what a cell knows at its end is read."""

from typing import NamedTuple

import numpy as np

from ..contract import Composite, check_cell


class Tape(NamedTuple):
    """What `Final.forward` remembers: the tape of the cell, and the shape of its outputs."""

    inner: NamedTuple
    shape: tuple

    @property
    def state(self):
        """The final state of the cell."""
        return self.inner.state


class Final(Composite):
    """A cell whose output is that of its last step alone, (N, 1, H).

    With `Masked` that is each sequence's own last step. With `Bidirectional` it is where each half
    has read everything, (N, 1, 2 H): the forward half after the last step, the backward half after
    the first. It has the functions of a cell.
    """

    def __init__(self, cell):
        check_cell(cell)
        super().__init__(cell, OUTERMOST=True)
        self.init_params = cell.init_params
        if not self.ENDS:
            raise ValueError("Final reads what has read everything, and outputs of Around never do")

    def forward(self, x, params, state=None):
        """The final output, (N, 1, H) or (N, 1, 2 H), and the tape."""
        h, inner = self.cell.forward(x, params, state)
        ends = [share[:, end] for share, end in zip(self._shares(h), self.ENDS, strict=True)]
        return np.concatenate(ends, axis=1)[:, None], Tape(inner, h.shape)

    def backward(self, dh, tape, params, dstate=None):
        """(dx, dstate, grads), as the cell's `backward`."""
        N, _, H = tape.shape
        if dh.shape != (N, 1, H):
            raise ValueError(f"dh must have the shape (N, 1, H) = {(N, 1, H)}; got {dh.shape}")
        dh_all = np.zeros(tape.shape, dh.dtype)
        for share, own, end in zip(self._shares(dh_all), self._shares(dh), self.ENDS, strict=True):
            share[:, end] = own[:, 0]
        return self.cell.backward(dh_all, tape.inner, params, dstate)

    def _shares(self, h):
        """Views of the outputs, one for each of the ENDS."""
        return np.split(h, len(self.ENDS), axis=2)
