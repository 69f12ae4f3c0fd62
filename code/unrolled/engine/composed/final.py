"""Many to one: only what a cell knows at its end is read."""

from typing import NamedTuple

import numpy as np

from ..checks import check_cell, is_causal


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

    OUTERMOST = True

    def __init__(self, cell):
        check_cell(cell)
        self.cell, self.STATE, self.CAUSAL = cell, cell.STATE, is_causal(cell)
        self.init_params = cell.init_params
        read = [i for i, name in enumerate(cell.STATE) if name.split(".")[-1] == "h"]
        if not read:
            raise ValueError(f"Final reads the parts named h; STATE is {cell.STATE}")
        highest = _layer(cell.STATE[read[-1]])
        self.parts = [i for i in read if _layer(cell.STATE[i]) == highest]

    def forward(self, x, params, state=None):
        """The final hidden state, (N, 1, H) or (N, 1, 2 H), and the tape."""
        h, inner = self.cell.forward(x, params, state)
        final = np.concatenate([inner.state[i] for i in self.parts], axis=1)
        return final[:, None], Tape(inner, h.shape)

    def backward(self, dh, tape, params, dstate=None):
        """(dx, dstate, grads), as the cell's `backward`."""
        N, _, H = tape.shape
        if dh.shape != (N, 1, H):
            raise ValueError(f"dh must have the shape (N, 1, H) = {(N, 1, H)}; got {dh.shape}")
        if dstate is None:
            dstate = tuple(np.zeros_like(part) for part in tape.state)
        dstate = list(dstate)
        for i, dh_part in zip(self.parts, np.split(dh[:, 0], len(self.parts), axis=1), strict=True):
            dstate[i] = dstate[i] + dh_part
        outside = np.zeros(tape.shape, dh.dtype)
        return self.cell.backward(outside, tape.inner, params, tuple(dstate))


def _layer(name):
    """Where a part of a state stands in a stack, whichever way its cell reads."""
    return [word for word in name.split(".")[:-1] if word not in ("forward", "backward")]
