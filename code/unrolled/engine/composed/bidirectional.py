"""Two cells that read in opposite directions (Schuster and Paliwal 1997). See chapter 11."""

from typing import NamedTuple

import numpy as np

from ..checks import check_cell, check_gradient, check_parts, has
from .masking import Masked
from .stack import add_prefix, under_prefix


class Tape(NamedTuple):
    """What `Bidirectional.forward` remembers: a tape per direction, the shape of its states."""

    forward: NamedTuple
    backward: NamedTuple
    shape: tuple

    @property
    def state(self):
        """The final state of the forward cell, after the last step, then that of the backward
        cell, after the first step: each has read everything."""
        return self.forward.state + self.backward.state


class Bidirectional:
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

    WIDTH = 2
    CAUSAL = False

    def __init__(self, cell, *, mask=None):
        check_cell(cell, without=["OUTERMOST"])
        if has(cell, "mask"):
            raise ValueError("give the mask to Bidirectional: Bidirectional(cell, mask=mask)")
        self.cell, self.mask = cell, mask
        self.forward_cell = cell if mask is None else Masked(cell, mask)
        self.backward_cell = cell if mask is None else Masked(cell, np.asarray(mask)[:, ::-1])
        names = [
            f"{direction}.{part}" for direction in ("forward", "backward") for part in cell.STATE
        ]
        self.STATE = tuple(names)

    def init_params(self, D, H, *, rng, dtype=np.float64):
        """Draw the parameters of both cells."""
        ahead, back = (self.forward_cell.init_params(D, H, rng=rng, dtype=dtype) for _ in range(2))
        return add_prefix(ahead, "forward") | add_prefix(back, "backward")

    def forward(self, x, params, state=None):
        """Hidden states (N, T, 2 H), the forward half first, and the tape."""
        ahead, back = self._halves("the initial state", state)
        h_ahead, tape_ahead = self.forward_cell.forward(x, under_prefix(params, "forward"), ahead)
        h_back, tape_back = self.backward_cell.forward(
            x[:, ::-1], under_prefix(params, "backward"), back
        )
        h = np.concatenate([h_ahead, h_back[:, ::-1]], axis=2)
        return h, Tape(tape_ahead, tape_back, h.shape)

    def backward(self, dh, tape, params, dstate=None):
        """(dx, dstate, grads), each direction along its own way back."""
        ahead, back = self._halves("dstate", dstate)
        check_gradient(dh, tape.shape, tape.state[0].dtype)
        H = dh.shape[2] // 2
        dx_ahead, dstate_ahead, grads_ahead = self.forward_cell.backward(
            dh[:, :, :H], tape.forward, under_prefix(params, "forward"), ahead
        )
        dx_back, dstate_back, grads_back = self.backward_cell.backward(
            dh[:, ::-1, H:], tape.backward, under_prefix(params, "backward"), back
        )
        grads = add_prefix(grads_ahead, "forward") | add_prefix(grads_back, "backward")
        return dx_ahead + dx_back[:, ::-1], dstate_ahead + dstate_back, grads

    def _halves(self, name, state):
        check_parts(name, state, len(self.STATE), f" {self.STATE}")
        middle = len(self.STATE) // 2
        return state and state[:middle], state and state[middle:]
