"""How libraries pack the parameters of a layer: gates side by side, and two biases.

A packed layer is (W_x, W_h, b_x, b_h) with shapes (D, G H), (H, G H), (G H,), (G H,), where G is
the number of gates. That is how Keras stores it; PyTorch stores the transposes of the matrices.
"""

from typing import NamedTuple

import numpy as np

from unrolled.engine import contract, gru, lstm, rnn
from unrolled.engine.bidirectional import Bidirectional
from unrolled.engine.checks import check_dtype, look_up
from unrolled.engine.stack import Stack, add_prefix, under_prefix


class Layout(NamedTuple):
    """The order of a library's gates in memory, by cell, and the name of each cell's layer."""

    orders: dict
    names: dict


TORCH = Layout({rnn: "h", lstm: "ifgo", gru: "rzn"}, {rnn: "RNN", lstm: "LSTM", gru: "GRU"})
KERAS = Layout({rnn: "h", lstm: "ifgo", gru: "zrn"}, {rnn: "SimpleRNN", lstm: "LSTM", gru: "GRU"})


class Anatomy(NamedTuple):
    """What a cell is made of: `rnn`, `lstm` or `gru`; how many layers, None without a `Stack`;
    whether each layer reads both ways."""

    cell: object
    layers: int | None
    bidirectional: bool

    @classmethod
    def of(cls, cell):
        """Take a cell apart. Raises ValueError if the libraries have no such layer."""
        if contract.of(cell).MASKED or contract.of(cell).DROPS:
            raise ValueError(
                "a bridge carries no mask and no dropout: leave them out of the cell, and give the "
                "mask to the library's layer when calling it"
            )
        layers, both, inner = None, False, cell
        if isinstance(inner, Stack):
            layers, inner = len(inner.names), inner.cell
        if isinstance(inner, Bidirectional):
            both, inner = True, inner.cell
        if inner not in TORCH.orders:
            raise ValueError(
                "a bridge carries rnn, lstm and gru, Bidirectional of them, and a Stack of either; "
                f"got {cell!r}"
            )
        return cls(inner, layers, both)

    def build(self):
        """The cell that is made so."""
        cell = Bidirectional(self.cell) if self.bidirectional else self.cell
        return cell if self.layers is None else Stack(cell, self.layers)

    @property
    def directions(self):
        """Prefixes of the cells in one layer."""
        return ("forward", "backward") if self.bidirectional else (None,)

    def split(self, params):
        """The parameters of every single cell: a list over layers of lists over directions.

        Raises ValueError if there are more layers, or if one does not fit on the one below.
        """
        layers = [params]
        if self.layers is not None:
            if any(name.startswith(f"layer_{self.layers}.") for name in params):
                raise ValueError(f"params has more than the {self.layers} layers of the stack")
            layers = [under_prefix(params, f"layer_{i}") for i in range(self.layers)]
        cells = [
            [layer if name is None else under_prefix(layer, name) for name in self.directions]
            for layer in layers
        ]
        check_fit(self.cell, cells)
        return cells

    def join(self, layers):
        """The inverse of `split`: one dict with our names."""
        params = {}
        for i, layer in enumerate(layers):
            for name, own in zip(self.directions, layer, strict=True):
                own = own if name is None else add_prefix(own, name)
                params |= own if self.layers is None else add_prefix(own, f"layer_{i}")
        return params


def pack(cell, params, layout):
    """Our parameters of one cell as (W_x, W_h, b_x, b_h) in a library's order of gates.

    The libraries add two biases where we have one. Ours becomes the first and the second is zero,
    but for the candidate of a GRU, which needs both.
    """
    check_parameters(cell, params)
    order = layout.orders[cell]
    W_x, W_h, b_x = (
        np.concatenate([look_up(params, kind + gate) for gate in order], axis=-1)
        for kind in ("W_x", "W_h", "b_")
    )
    b_h = np.zeros_like(b_x)
    if cell is gru:
        b_h[_gate(order, "n", len(W_h))] = look_up(params, "b_hn")
    return W_x, W_h, b_x, b_h


def unpack(cell, packed, layout, *, gradient=False):
    """The inverse of `pack`: our parameters, or with `gradient` our gradients.

    Two biases that are only ever added act as their sum; each has the gradient of the sum.
    """
    W_x, W_h, b_x, b_h = (np.asarray(array) for array in packed)
    order, params = layout.orders[cell], {}
    for gate in order:
        columns = _gate(order, gate, len(W_h))
        apart = gradient or (cell is gru and gate == "n")
        params[f"W_x{gate}"] = W_x[:, columns].copy()
        params[f"W_h{gate}"] = W_h[:, columns].copy()
        params[f"b_{gate}"] = b_x[columns].copy() if apart else b_x[columns] + b_h[columns]
    if cell is gru:
        params["b_hn"] = b_h[_gate(order, "n", len(W_h))].copy()
    return params


def sizes(cell, params):
    """(D, H) of one cell's parameters."""
    name = f"W_x{TORCH.orders[cell][0]}"
    shape = look_up(params, name).shape
    if len(shape) != 2:
        raise ValueError(f"{name} must have shape (D, H); got {shape}")
    return shape


def check_fit(cell, layers):
    """Raise ValueError unless each layer, a list over directions, fits on the one below."""
    below = None
    for i, layer in enumerate(layers):
        found = [sizes(cell, own) for own in layer]
        if len(set(found)) > 1:
            raise ValueError(f"both directions must have the same (D, H); got {found}")
        D, H = found[0]
        if below not in (None, D):
            raise ValueError(f"layer_{i} reads {D} inputs, the layer below has {below} units")
        below = H * len(layer)
    first = f"W_x{TORCH.orders[cell][0]}"
    dtypes = sorted({str(own[first].dtype) for layer in layers for own in layer})
    if len(dtypes) > 1:
        raise ValueError(f"all layers must have the same dtype; got {dtypes}")


def check_parameters(cell, params):
    """Raise ValueError unless one cell's parameters are there and fit each other."""
    order = TORCH.orders[cell]
    D, H = sizes(cell, params)
    first = f"W_x{order[0]}"
    shapes = {kind + gate: shape for gate in order for kind, shape in
              (("W_x", (D, H)), ("W_h", (H, H)), ("b_", (H,)))}  # fmt: skip
    if cell is gru:
        shapes["b_hn"] = (H,)
    for name, shape in shapes.items():
        array = look_up(params, name)
        if array.shape != shape:
            raise ValueError(
                f"{name} must have shape {shape}, since {first} has {(D, H)}; got {array.shape}"
            )
        check_dtype(name, array, params[first], first)
    if params[first].dtype.kind != "f":
        raise ValueError(f"parameters must be floating point numbers; got {params[first].dtype}")


def _gate(order, gate, H):
    start = order.index(gate) * H
    return slice(start, start + H)
