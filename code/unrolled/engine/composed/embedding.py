"""The embedding: one row of a matrix per word. Built up in chapter 7.

    x_t = W_e[ids_t],  which is  onehot(ids_t) W_e  without the zeros

N sequences, T time steps, V words in the vocabulary, D numbers per word.
"""

from typing import NamedTuple

import numpy as np

from ..checks import look_up
from ..contract import Composite, check_cell


def init_params(V, D, *, rng, dtype=np.float64, scale=0.1):
    """Draw W_e (V, D), normal with standard deviation `scale`."""
    if V < 1 or D < 1:
        raise ValueError(f"V and D must be at least 1; got V={V}, D={D}")
    return {"W_e": (scale * rng.standard_normal((V, D))).astype(dtype)}


def forward(ids, params):
    """Look up the vectors (N, T, D) of word ids (N, T).

    Raises ValueError if an id is not an integer from 0 to V - 1 (NumPy would count from the end).
    """
    W_e = look_up(params, "W_e")
    return W_e[_rows(ids, W_e)]


def backward(dx, ids, params):
    """The gradient of W_e, in a dict: each row sums dx (N, T, D) wherever its word stood."""
    W_e = look_up(params, "W_e")
    ids = _rows(ids, W_e)
    if dx.shape != (*ids.shape, W_e.shape[1]):
        expected = (*ids.shape, W_e.shape[1])
        raise ValueError(f"dx must have the shape of x, (N, T, D) = {expected}; got {dx.shape}")
    order = np.argsort(ids, axis=None, kind="stable")
    rows, starts = np.unique(ids.ravel()[order], return_index=True)
    dW_e = np.zeros_like(W_e)
    dW_e[rows] = np.add.reduceat(dx.reshape(-1, W_e.shape[1])[order], starts, axis=0)
    return {"W_e": dW_e}


def _rows(ids, W_e):
    ids = np.asarray(ids)
    if not np.issubdtype(ids.dtype, np.integer):
        raise ValueError(f"ids must be integers, the row of a word; got {ids.dtype}")
    if ids.size and (ids.min() < 0 or ids.max() >= len(W_e)):
        raise ValueError(f"ids must lie in 0..{len(W_e) - 1}; got {ids.min()}..{ids.max()}")
    return ids


class Tape(NamedTuple):
    """What `Embedded.forward` remembers: the ids (N, T) and the tape of the cell."""

    ids: np.ndarray
    inner: NamedTuple

    @property
    def state(self):
        """The final state of the cell."""
        return self.inner.state


class Embedded(Composite):
    """A cell that reads word ids through an embedding of D numbers per word.

    It has the functions of a cell, with ids (N, T) in place of x, and V in place of D.
    """

    def __init__(self, cell, D):
        check_cell(cell)
        super().__init__(cell, OUTERMOST=True)
        self.D = D

    def init_params(self, V, H, *, rng, dtype=np.float64):
        """W_e (V, D) and the cell's parameters together."""
        return init_params(V, self.D, rng=rng, dtype=dtype) | self.cell.init_params(
            self.D, H, rng=rng, dtype=dtype
        )

    def forward(self, ids, params, state=None):
        """Hidden states (N, T, H) and the tape, as the cell's `forward`."""
        h, inner = self.cell.forward(forward(ids, params), params, state)
        return h, Tape(np.array(ids), inner)

    def backward(self, dh, tape, params, dstate=None):
        """(None, dstate, grads), as the cell's `backward`: an id has no gradient."""
        dx, dstate, grads = self.cell.backward(dh, tape.inner, params, dstate)
        return None, dstate, grads | backward(dx, tape.ids, params)
