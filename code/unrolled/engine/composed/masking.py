"""Sequences of different lengths in one batch: steps that are padding leave the state alone."""

from typing import NamedTuple

import numpy as np

from ..contract import Composite, check_cell


def from_lengths(lengths, T):
    """A mask (N, T) that is True at the first `lengths` (N,) steps of each sequence."""
    lengths = np.asarray(lengths)
    if lengths.ndim != 1 or not np.issubdtype(lengths.dtype, np.integer):
        raise ValueError(f"lengths must be integers (N,); got {lengths.dtype}, {lengths.shape}")
    if lengths.min() < 0 or lengths.max() > T:
        raise ValueError(f"lengths must lie in 0..{T}; got {lengths.min()}..{lengths.max()}")
    return np.arange(T) < lengths[:, None]


class Tape(NamedTuple):
    """What `Masked.forward` remembers: a tape per piece, and the final state."""

    pieces: tuple
    state: tuple


class Masked(Composite):
    """A cell that skips the steps where `mask` (N, T) is False.

    There the state stays as it is and the output repeats the last one, or is zero if there was
    none, as in Keras. It has the functions of a cell.

    The real steps of each sequence are moved to the front and the sequences sorted by length. Then
    time falls into pieces between one length and the next, and in each piece the cell runs over the
    sequences that are still going on: PyTorch's packed sequences, for any cell.
    """

    def __init__(self, cell, mask):
        mask = np.asarray(mask)
        if mask.dtype != bool or mask.ndim != 2:
            raise ValueError(f"mask must be bool, (N, T); got {mask.dtype}, shape {mask.shape}")
        check_cell(cell, without=["OUTERMOST", "MASKED", "DROPS"], carrying=True)
        super().__init__(cell, MASKED=True)
        self.mask, self.init_params = mask, cell.init_params
        lengths = mask.sum(axis=1)
        self.rows = np.argsort(-lengths, kind="stable")  # longest first
        self.steps = np.argsort(~mask, axis=1, kind="stable")[self.rows]  # real steps first
        self.read = mask.cumsum(axis=1)[self.rows]  # real steps up to and including t
        stops = np.unique(lengths[lengths > 0]).tolist()
        self.pieces = [
            (slice(0, int((lengths > start).sum())), slice(start, stop))
            for start, stop in zip([0, *stops], stops, strict=False)
        ]

    def forward(self, x, params, state=None):
        """Outputs (N, T, H) and the tape; its state is that after each sequence's last step."""
        if x.ndim != 3 or x.shape[:2] != self.mask.shape:
            raise ValueError(
                f"x must be (N, T, D) with the mask's (N, T) = {self.mask.shape}; got {x.shape}"
            )
        x = np.take_along_axis(x[self.rows], self.steps[:, :, None], axis=1)
        state = None if state is None else self._sorted(state, "the initial state")
        outputs, tapes = None, []
        for rows, steps in self.pieces:
            own = None if state is None else tuple(part[rows] for part in state)
            h, tape = self.cell.forward(x[rows, steps], params, own)
            if outputs is None:
                outputs = np.zeros((*x.shape[:2], h.shape[2]), h.dtype)
                state = state or tuple(
                    np.zeros((len(x), *part.shape[1:]), part.dtype) for part in tape.state
                )
            outputs[rows, steps] = h
            for part, new in zip(state, tape.state, strict=True):
                part[rows] = new
            tapes.append(tape)
        if outputs is None:
            raise ValueError("every step of every sequence is masked")
        h = np.take_along_axis(outputs, np.maximum(self.read - 1, 0)[:, :, None], axis=1)
        h *= (self.read > 0)[:, :, None]
        return self._unsorted(h), Tape(tuple(tapes), tuple(map(self._unsorted, state)))

    def backward(self, dh, tape, params, dstate=None):
        """(dx, dstate, grads); masked steps have no gradient of their own."""
        if dh.ndim != 3 or dh.shape[:2] != self.mask.shape:
            raise ValueError(f"dh must have the (N, T) of x, {self.mask.shape}; got {dh.shape}")
        N, T, H = dh.shape
        dh, every = dh[self.rows], np.arange(N)
        dh_read = np.zeros((N, T + 1, H), dh.dtype)  # in front, what belongs to no step
        for t in range(T):
            dh_read[every, self.read[:, t]] += dh[:, t]
        if dstate is None:
            dstate = tuple(np.zeros_like(part) for part in tape.state)
        dstate = self._sorted(dstate, "dstate")
        dx, grads = None, {}
        for (rows, steps), piece in zip(self.pieces[::-1], tape.pieces[::-1], strict=True):
            dx_piece, dstate_piece, more = self.cell.backward(
                dh_read[:, 1:][rows, steps], piece, params, tuple(part[rows] for part in dstate)
            )
            if dx is None:
                dx = np.zeros((N, T, dx_piece.shape[2]), dx_piece.dtype)
            dx[rows, steps] = dx_piece
            for part, new in zip(dstate, dstate_piece, strict=True):
                part[rows] = new
            grads = {name: grads.get(name, 0) + grad for name, grad in more.items()}
        dx_at = np.zeros_like(dx)
        np.put_along_axis(dx_at, self.steps[:, :, None], dx, axis=1)
        return self._unsorted(dx_at), tuple(map(self._unsorted, dstate)), grads

    def _sorted(self, state, name):
        N = len(self.rows)
        if not isinstance(state, tuple) or any(len(part) != N for part in state):
            raise ValueError(
                f"{name} must be a tuple of arrays (N, ...) with N = {N}; got {state!r}"
            )
        return tuple(part[self.rows] for part in state)

    def _unsorted(self, sorted_rows):
        restored = np.empty_like(sorted_rows)
        restored[self.rows] = sorted_rows
        return restored
