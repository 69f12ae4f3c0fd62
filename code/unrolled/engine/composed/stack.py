"""Cells on top of each other: a layer reads the hidden states of the one below. See chapter 11."""

from typing import NamedTuple

import numpy as np

from ..checks import as_integer
from ..contract import Composite, check_cell, of, width


def add_prefix(values, prefix):
    """The same dict with keys like "layer_0.W_xh"."""
    return {f"{prefix}.{name}": value for name, value in values.items()}


def under_prefix(values, prefix):
    """The entries "prefix.name" of a dict as "name". Raises ValueError if there are none."""
    start = prefix + "."
    found = {name[len(start) :]: v for name, v in values.items() if name.startswith(start)}
    if not found:
        raise ValueError(f"params has nothing named {start}*; it has {sorted(values)}")
    return found


class Tape(NamedTuple):
    """What `Stack.forward` remembers: a tape per layer, and what was dropped between them."""

    layers: tuple
    masks: tuple

    @property
    def x(self):
        """The inputs of the lowest layer, (T, N, D)."""
        return self.layers[0].x

    @property
    def state(self):
        """The final states of all layers, from the lowest up, in one tuple."""
        return tuple(part for layer in self.layers for part in layer.state)

    @property
    def window(self):
        """window(start, stop), as a cell's tape has it. A stack has none where a layer has none."""
        windows = [layer.window for layer in self.layers]
        return lambda start, stop: Tape(tuple(w(start, stop) for w in windows), self.masks)


class Stack(Composite):
    """`layers` copies of a cell on top of each other, each with parameters of its own.

    It has the functions of a cell. Parameters are named "layer_0.W_xh" and so on from the lowest
    up, and a state lists the states of all layers in that order.

    Parameters
    ----------
    cell : module or object
        `rnn`, `lstm`, `gru`, or `Bidirectional` or `Masked` of one of them.
    layers : int
        At least 1.
    drop : function, optional
        For example `dropout.locked(p, rng)`: called as drop(N, H, dtype) for each layer but the
        last in each forward pass, it returns what that layer's hidden states are multiplied by.
        Leave it away to predict: the parameters are the same.
    """

    def __init__(self, cell, layers, *, drop=None):
        check_cell(cell, without=["OUTERMOST"])
        layers = as_integer("layers", layers)
        if layers < 1:
            raise ValueError(f"a stack has at least 1 layer; got {layers}")
        names = [f"layer_{i}" for i in range(layers)]
        super().__init__(cell, names=names, DROPS=of(cell).DROPS or drop is not None)
        self.drop = drop

    def init_params(self, D, H, *, rng, dtype=np.float64):
        """Draw the parameters of all layers; those above the lowest read H (or 2 H) inputs."""
        params = {}
        for i, name in enumerate(self.names):
            inputs = width(self.cell, H) if i else D
            layer = self.cell.init_params(inputs, H, rng=rng, dtype=dtype)
            params |= add_prefix(layer, name)
        return params

    def forward(self, x, params, state=None):
        """Hidden states of the highest layer, (N, T, H), and the tape."""
        tapes, masks, states = [], [], self.shares("the initial state", state)
        for i, own in enumerate(self._own(params)):
            x, tape = self.cell.forward(x, own, states[i])
            tapes.append(tape)
            if self.drop is not None and i < len(self.names) - 1:
                masks.append(self.drop(len(x), x.shape[2], x.dtype))
                if np.shape(masks[-1]) != (len(x), 1, x.shape[2]):
                    raise ValueError(
                        f"drop must return the shape (N, 1, H) = {(len(x), 1, x.shape[2])}; "
                        f"got {np.shape(masks[-1])}"
                    )
                x = x * masks[-1]
        return x, Tape(tuple(tapes), tuple(masks))

    def backward(self, dh, tape, params, dstate=None):
        """(dx, dstate, grads), from the highest layer down."""
        grads, dstates, own = {}, self.shares("dstate", dstate), self._own(params)
        if len(tape.layers) != len(self.names):
            raise ValueError(f"the tape has {len(tape.layers)} layers, not {len(self.names)}")
        for i, name in reversed(list(enumerate(self.names))):
            if tape.masks and i < len(self.names) - 1:
                dh = dh * tape.masks[i]
            dh, dstates[i], layer = self.cell.backward(dh, tape.layers[i], own[i], dstates[i])
            grads |= add_prefix(layer, name)
        return dh, tuple(part for layer in dstates for part in layer), grads

    def _own(self, params):
        """The parameters of each layer."""
        layers = {name.split(".")[0] for name in params if name.startswith("layer_")}
        if more := sorted(layers - {*self.names}):
            raise ValueError(f"params has {more}, which a stack of {len(self.names)} has not")
        return [under_prefix(params, name) for name in self.names]
