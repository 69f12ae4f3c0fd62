"""Many to one: only what a cell knows at its end is read."""

from typing import NamedTuple

import numpy as np


class Tape(NamedTuple):
    """What `Final.forward` remembers: the tape of the cell, and the shape of its hidden states."""

    inner: NamedTuple
    shape: tuple

    @property
    def state(self):
        """The final state of the cell."""
        return self.inner.state


class Final:
    """A cell whose output is its final hidden state alone, (N, 1, H).

    With `Masked` that is each sequence's own last step. With `Bidirectional` it is both final
    states, (N, 1, 2 H): the forward half after the last step, the backward half after the first.
    With `Stack` it is that of the highest layer. It has the functions of a cell.
    """

    def __init__(self, cell):
        self.cell, self.STATE = cell, cell.STATE
        self.init_params = cell.init_params
        *_, highest = cell.STATE
        layer = highest.split(".")[0] + "." if highest.startswith("layer_") else ""
        self.parts = [
            i for i, name in enumerate(cell.STATE) if name.startswith(layer) and name[-1] == "h"
        ]

    def forward(self, x, params, state=None):
        """The final hidden state, (N, 1, H) or (N, 1, 2 H), and the tape."""
        h, inner = self.cell.forward(x, params, state)
        final = np.concatenate([inner.state[i] for i in self.parts], axis=1)
        return final[:, None], Tape(inner, h.shape)

    def backward(self, dh, tape, params, dstate=None):
        """(dx, dstate, grads), as the cell's `backward`."""
        if dstate is None:
            dstate = tuple(np.zeros_like(part) for part in tape.state)
        dstate = list(dstate)
        for i, dh_part in zip(self.parts, np.split(dh[:, 0], len(self.parts), axis=1), strict=True):
            dstate[i] = dstate[i] + dh_part
        outside = np.zeros(tape.shape, dh.dtype)
        return self.cell.backward(outside, tape.inner, params, tuple(dstate))
