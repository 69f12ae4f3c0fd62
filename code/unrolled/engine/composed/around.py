"""What stands on both sides of a step, without the step itself. See chapter 11."""

from typing import NamedTuple

import numpy as np

from ..checks import check_cell, check_gradient, check_parts
from .stack import add_prefix, under_prefix

SIDES = {"left": ("forward",), "right": ("backward",), "both": ("forward", "backward")}


class Tape(NamedTuple):
    """What `Around.forward` remembers: a tape per direction, and the shape of its outputs."""

    directions: tuple
    shape: tuple

    @property
    def state(self):
        """The final states of the directions, in one tuple."""
        return tuple(part for tape in self.directions for part in tape.state)


class Around:
    """A network that may be asked for its own input: its output at step t has not read step t.

    It joins the state before the step, from a cell that reads forward, to the state after it, from
    a cell that reads backward: a `Bidirectional` whose halves are moved by one step, away from the
    step. In a `Stack` of them step t leaks in again, so stack inside: ``Around(Stack(lstm, 2))``.

    Parameters
    ----------
    cell : module or object
        `rnn`, `lstm`, `gru` or a `Stack` of one of them.
    sides : "both", "left" or "right"
        Which sides of a step it reads.
    """

    def __init__(self, cell, sides="both"):
        check_cell(cell, without=["OUTERMOST", "backward_cell"])
        if sides not in SIDES:
            raise ValueError(f"sides must be one of {list(SIDES)}; got {sides!r}")
        self.cell, self.directions = cell, SIDES[sides]
        self.WIDTH, self.CAUSAL = len(self.directions), sides == "left"
        self.STATE = tuple(f"{way}.{part}" for way in self.directions for part in cell.STATE)

    def init_params(self, D, H, *, rng, dtype=np.float64):
        """Draw the parameters of its cells, named "forward.W_xh" and "backward.W_xh"."""
        params = {}
        for way in self.directions:
            params |= add_prefix(self.cell.init_params(D, H, rng=rng, dtype=dtype), way)
        return params

    def forward(self, x, params, state=None):
        """Outputs (N, T, H), or (N, T, 2 H) for both sides, and the tape.

        Where a step has nothing on a side, that half is zero.
        """
        halves, tapes = [], []
        for way, own in zip(self.directions, self._by_way("the initial state", state), strict=True):
            h, tape = self.cell.forward(turned(x, way), under_prefix(params, way), own)
            before = np.zeros_like(h)
            before[:, 1:] = h[:, :-1]
            halves.append(turned(before, way))
            tapes.append(tape)
        joined = np.concatenate(halves, axis=2)
        return joined, Tape(tuple(tapes), joined.shape)

    def backward(self, dh, tape, params, dstate=None):
        """(dx, dstate, grads), each direction along its own way back."""
        check_gradient(dh, tape.shape, tape.state[0].dtype)
        dx, dstates, grads = 0, (), {}
        halves = np.split(dh, self.WIDTH, axis=2)
        for way, own, half, dstate_own in zip(
            self.directions, tape.directions, halves, self._by_way("dstate", dstate), strict=True
        ):
            after = np.zeros_like(half)
            after[:, :-1] = turned(half, way)[:, 1:]
            dx_way, dstate_way, grads_way = self.cell.backward(
                after, own, under_prefix(params, way), dstate_own
            )
            dx = dx + turned(dx_way, way)
            dstates += dstate_way
            grads |= add_prefix(grads_way, way)
        return dx, dstates, grads

    def _by_way(self, name, state):
        """The state of each direction, or None for each."""
        check_parts(name, state, len(self.STATE), f" {self.STATE}")
        parts = len(self.cell.STATE)
        return [state and state[i * parts : (i + 1) * parts] for i in range(self.WIDTH)]


def turned(x, way):
    """A sequence (N, T, D) as it is read forward or backward; turned twice it is as before."""
    return x if way == "forward" else x[:, ::-1]
