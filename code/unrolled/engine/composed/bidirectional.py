"""Two cells that read in opposite directions (Schuster and Paliwal 1997). See chapter 11."""

from typing import NamedTuple

import numpy as np

from ..checks import check_gradient
from ..contract import Composite, check_cell, of
from .masking import Masked
from .stack import add_prefix, under_prefix


class Tape(NamedTuple):
    """What `Directions.forward` remembers: a tape per direction, and the shape of its outputs."""

    directions: tuple
    shape: tuple

    @property
    def state(self):
        """The final states of the directions in one tuple: of the forward cell that after the last
        step, of the backward cell that after the first. Each has read everything."""
        return tuple(part for tape in self.directions for part in tape.state)


class Directions(Composite):
    """Cells that read in one direction each, and whose outputs are joined.

    Parameters
    ----------
    cells : dict of cells
        By direction, "forward", "backward" or both.
    shift : int
        By how many steps in its own direction each output comes late, 0 or 1.
    **other
        The traits in which it differs from one of the cells.
    """

    def __init__(self, cells, *, shift=0, **other):
        cell = next(iter(cells.values()))
        super().__init__(cell, names=list(cells), WIDTH=len(cells) * of(cell).WIDTH, **other)
        self.cells, self.shift = cells, shift

    def init_params(self, D, H, *, rng, dtype=np.float64):
        """Draw the parameters of its cells, named "forward.W_xh" and "backward.W_xh"."""
        params = {}
        for way, cell in self.cells.items():
            params |= add_prefix(cell.init_params(D, H, rng=rng, dtype=dtype), way)
        return params

    def forward(self, x, params, state=None):
        """Outputs (N, T, H) per direction side by side, the forward ones first, and the tape."""
        outputs, tapes, states = [], [], self.shares("the initial state", state)
        for (way, cell), own in zip(self.cells.items(), states, strict=True):
            h, tape = cell.forward(turned(x, way), under_prefix(params, way), own)
            outputs.append(turned(late(h, self.shift), way))
            tapes.append(tape)
        joined = np.concatenate(outputs, axis=2)
        return joined, Tape(tuple(tapes), joined.shape)

    def backward(self, dh, tape, params, dstate=None):
        """(dx, dstate, grads), each direction along its own way back."""
        dx, dstates, grads, states = 0, (), {}, self.shares("dstate", dstate)
        check_gradient(dh, tape.shape, tape.state)
        outputs = np.split(dh, len(self.cells), axis=2)
        for (way, cell), own, dh_own, dstate_own in zip(
            self.cells.items(), tape.directions, outputs, states, strict=True
        ):
            dh_own = late(turned(dh_own, way), -self.shift)
            dx_own, dstate_own, more = cell.backward(
                dh_own, own, under_prefix(params, way), dstate_own
            )
            dx = dx + turned(dx_own, way)
            dstates += dstate_own
            grads |= add_prefix(more, way)
        return dx, dstates, grads


def turned(x, way):
    """A sequence (N, T, D) as it is read forward or backward; turned twice it is as before."""
    return x if way == "forward" else x[:, ::-1]


def late(h, steps):
    """A sequence (N, T, H) some steps later, or sooner if negative; what is not there is zero."""
    if steps == 0:
        return h
    moved = np.zeros_like(h)
    there, here = slice(steps, None), slice(None, -steps)
    if steps < 0:
        there, here = slice(None, steps), slice(-steps, None)
    moved[:, there] = h[:, here]
    return moved


class Bidirectional(Directions):
    """A cell that reads from the first step on, beside one that reads from the last step back.

    It has the functions of a cell; parameters are named "forward.W_xh" and "backward.W_xh". Its
    hidden states are (N, T, 2 H): at step t the forward half has read steps 0..t, the backward
    half steps t..T-1. So no step is free of the future, and the tape has no `window`.

    Parameters
    ----------
    cell : module
        `rnn`, `lstm` or `gru`.
    mask : ndarray of bool, shape (N, T), optional
        False where a sequence is padded: see `masking.Masked`.
    """

    def __init__(self, cell, *, mask=None):
        check_cell(cell, without=["OUTERMOST"])
        if of(cell).MASKED:
            raise ValueError("give the mask to Bidirectional: Bidirectional(cell, mask=mask)")
        self.mask, both = mask, {"forward": cell, "backward": cell}
        if mask is not None:
            both = {way: Masked(cell, turned(np.asarray(mask), way)) for way in both}
        ends = of(cell).ENDS
        super().__init__(both, ENDS=ends + tuple(-1 - end for end in ends))
