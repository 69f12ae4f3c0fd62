"""An LSTM with dropout inside, at one of three places. See chapter 11.

    "up"  what h_t hands to the layer above and to the readout (Zaremba et al. 2014)
    "h"   h_{t-1} on its way into the gates (Gal and Ghahramani 2016; Keras's recurrent_dropout)
    "c"   the cell c_{t-1} itself (with one mask per sequence Moon et al. 2015)

The mask is drawn anew at every step, or once for all steps of a sequence. Parameters are those of
`lstm`, which is what predicts.
"""

from typing import NamedTuple

import numpy as np

from ..cells import lstm
from ..cells.activations import sigmoid
from ..checks import check_gradient, check_inputs
from . import dropout

PLACES = ("up", "h", "c")
GATES = "oifg"


class Tape(NamedTuple):
    """What `forward` remembers, time first: inputs, what the gates read, and what they did.

    x (T, N, D); h (T, N, H) and c (T, N, H) are those before each step, as dropout leaves them;
    gates (T, N, 4, H) are o, i, f, g; tanh_c (T, N, H); mask (T, N, H) or (1, N, H).
    """

    x: np.ndarray
    h: np.ndarray
    c: np.ndarray
    gates: np.ndarray
    tanh_c: np.ndarray
    mask: np.ndarray
    state: tuple


class DroppedLSTM:
    """An LSTM to train with dropout: has the functions of a cell.

    Parameters
    ----------
    place : "up", "h" or "c"
    p : float
        The probability that a unit is dropped, 0 <= p < 1.
    fresh : bool
        Whether each step has a mask of its own; else a sequence has one.
    rng : numpy.random.Generator
    scaled : bool
        Whether what stays is divided by 1 - p. At "c" with one mask that is done to the same cells
        at every step.
    """

    STATE, DROPS = lstm.STATE, True

    def __init__(self, place, p, *, fresh, rng, scaled=True):
        if place not in PLACES:
            raise ValueError(f"place must be one of {list(PLACES)}; got {place!r}")
        dropout.mask((1,), p, rng=rng)  # refuses what is no probability or no generator
        self.place, self.p, self.fresh, self.rng, self.scaled = place, p, fresh, rng, scaled
        self.init_params = lstm.init_params

    def forward(self, x, params, state=None):
        """Hidden states (N, T, H), dropped where they go up if that is the place, and the tape."""
        check_inputs(x, params, weight="W_xi", state=state, recurrent="W_hi", widths=(1, 1))
        W_x, W_h, b = (joined(params, kind) for kind in ("W_x", "W_h", "b_"))
        (N, T, _), H = x.shape, W_h.shape[0]
        rows = T if self.fresh else 1
        mask = dropout.mask((rows, N, H), self.p, rng=self.rng, dtype=W_h.dtype)
        if not self.scaled:
            mask = (mask > 0).astype(mask.dtype)
        masks = np.broadcast_to(mask, (T, N, H))
        x = x.transpose(1, 0, 2).copy()
        a = x @ W_x + b
        h, c = (np.empty((T, N, H), W_h.dtype) for _ in range(2))
        shown, tanh_c, gates = np.empty_like(h), np.empty_like(h), np.empty((T, N, 4, H), h.dtype)
        h_t, c_t = (np.zeros((N, H), h.dtype),) * 2 if state is None else state
        for t in range(T):
            h[t] = h_t * masks[t] if self.place == "h" else h_t
            c[t] = c_t * masks[t] if self.place == "c" else c_t
            a_t = (a[t] + h[t] @ W_h).reshape(N, 4, H)
            gates[t, :, :3], gates[t, :, 3] = sigmoid(a_t[:, :3]), np.tanh(a_t[:, 3])
            o, i, f, g = gates[t].swapaxes(0, 1)
            c_t = f * c[t] + i * g
            tanh_c[t] = np.tanh(c_t)
            h_t = o * tanh_c[t]
            shown[t] = h_t
        if self.place == "up":
            shown *= masks
        return shown.transpose(1, 0, 2), Tape(x, h, c, gates, tanh_c, mask, (h_t, c_t))

    def backward(self, dh, tape, params, dstate=None):
        """(dx, dstate, grads); what was dropped has no gradient."""
        T, N, H = tape.h.shape
        check_gradient(dh, (N, T, H), tape.state, dstate)
        W_x, W_h = (joined(params, kind) for kind in ("W_x", "W_h"))
        masks = np.broadcast_to(tape.mask, tape.h.shape)
        dh = dh.transpose(1, 0, 2) * (masks if self.place == "up" else 1)
        da = np.empty((T, N, 4, H), tape.h.dtype)
        dh_t, dc_t = (np.zeros((N, H), da.dtype),) * 2 if dstate is None else dstate
        for t in reversed(range(T)):
            o, i, f, g = tape.gates[t].swapaxes(0, 1)
            dh_t, tanh_c = dh_t + dh[t], tape.tanh_c[t]
            dc_t = dc_t + dh_t * o * (1 - tanh_c**2)
            da[t, :, 0] = dh_t * tanh_c * o * (1 - o)
            da[t, :, 1] = dc_t * g * i * (1 - i)
            da[t, :, 2] = dc_t * tape.c[t] * f * (1 - f)
            da[t, :, 3] = dc_t * i * (1 - g**2)
            dh_t, dc_t = da[t].reshape(N, 4 * H) @ W_h.T, dc_t * f
            if self.place == "h":
                dh_t = dh_t * masks[t]
            if self.place == "c":
                dc_t = dc_t * masks[t]
        rows = da.reshape(T * N, 4 * H)
        found = {
            "W_x": tape.x.reshape(T * N, -1).T @ rows,
            "W_h": tape.h.reshape(T * N, H).T @ rows,
        }
        found["b_"] = rows.sum(axis=0)
        grads = {}
        for kind, value in found.items():
            for k, gate in enumerate(GATES):
                grads[kind + gate] = value[..., k * H : (k + 1) * H]
        dx = (rows @ W_x.T).reshape(T, N, -1)
        return dx.transpose(1, 0, 2), (dh_t, dc_t), grads


def joined(params, kind):
    """The weights of all four gates beside each other."""
    return np.concatenate([params[kind + gate] for gate in GATES], axis=-1)
