"""The shape of every tensor of a recurrent network, in NumPy, Keras and PyTorch.

A shape is a tuple of symbols, such as ("4H", "D"); `sizes_of` turns it into numbers. Nothing is
built here: tests hold the rules to the layers of all three libraries.
"""

import re
from typing import NamedTuple

from unrolled.engine.checks import as_integer

GATES = {"RNN": "h", "LSTM": "ifgo", "GRU": "rzn"}
PARTS = ("input", "output", "last step", "hidden", "cell", "W_x", "W_h", "bias", "bias 2")


class Network(NamedTuple):
    """A recurrent network that all three libraries have.

    cell : "RNN", "LSTM" or "GRU"
    layers : at least 1
    directions : 1, or 2 for a bidirectional network
    batch_first : an argument of PyTorch; NumPy here and Keras always have the batch first
    """

    cell: str
    layers: int = 1
    directions: int = 1
    batch_first: bool = False

    @property
    def width(self):
        """The last axis of the output, which is what a layer above reads: "H" or "2H"."""
        return "H" if self.directions == 1 else "2H"

    @property
    def stacked(self):
        """The axis of all gates side by side: "H", "3H" or "4H"."""
        gates = len(GATES[self.cell])
        return "H" if gates == 1 else f"{gates}H"

    @property
    def state(self):
        """The parts of a state: ("hidden",), and with an LSTM ("hidden", "cell")."""
        return ("hidden", "cell") if self.cell == "LSTM" else ("hidden",)


class Tensor(NamedTuple):
    """What a network takes, returns or keeps.

    part : which of `PARTS` it is
    layer : from 0, the lowest; None for what belongs to no layer alone
    name : how the library calls it
    axes : tuple of symbols: N sequences, T steps, D inputs, H hidden units and L layers, with a
        factor in front; "2" is 2 whatever the sizes
    """

    part: str
    layer: int | None
    name: str
    axes: tuple


def tensors(library, network):
    """Every tensor of a `Network` in "NumPy", "Keras" or "PyTorch": a list of `Tensor`.

    The names are those of `params` and `tape` in NumPy, of attributes in Keras, where layers[0](x)
    is the list that the lowest layer returns, and of `named_parameters` in PyTorch.

    Raises
    ------
    ValueError
        If there is no such library or network.
    """
    for name, value, known in (
        ("library", library, tuple(LIBRARIES)),
        ("cell", network.cell, tuple(GATES)),
        ("directions", network.directions, (1, 2)),
        ("batch_first", network.batch_first, (False, True)),
    ):
        if value not in known:
            raise ValueError(f"{name} must be one of {known}; got {value!r}")
    if as_integer("layers", network.layers) < 1:
        raise ValueError(f"layers must be at least 1; got {network.layers}")
    return LIBRARIES[library](network)


def sizes_of(axes, sizes):
    """A shape in numbers: ("4H", "D") with {"D": 5, "H": 8} is (32, 5).

    Raises ValueError if an axis is no symbol, or a symbol has no size.
    """
    numbers = []
    for axis in axes:
        found = re.fullmatch(r"(\d*)([NTDHL]?)", axis)
        if not (axis and found):
            raise ValueError(f"an axis is written like 'N' or '4H'; got {axis!r}")
        factor, symbol = found.groups()
        if symbol and symbol not in sizes:
            raise ValueError(f"sizes has no {symbol}, which {axes} needs; it has {sorted(sizes)}")
        numbers.append(int(factor or 1) * (sizes[symbol] if symbol else 1))
    return tuple(numbers)


def _numpy(network):
    """One matrix for each gate, and a list of states from the lowest layer up."""
    found = [
        Tensor("input", None, "x", ("N", "T", "D")),
        Tensor("output", None, "h", ("N", "T", network.width)),
        Tensor("last step", None, "h[:, -1]", ("N", network.width)),
    ]
    states = [
        (part, layer)
        for layer in range(network.layers)
        for _ in range(network.directions)
        for part in network.state
    ]
    for i, (part, layer) in enumerate(states):
        found.append(Tensor(part, layer, f"tape.state[{i}]", ("N", "H")))
    for layer in range(network.layers):
        below = network.width if layer else "D"
        for direction in ("forward.", "backward.") if network.directions == 2 else ("",):
            prefix = f"layer_{layer}.{direction}" if network.layers > 1 else direction
            for gate in GATES[network.cell]:
                found += [
                    Tensor("W_x", layer, f"{prefix}W_x{gate}", (below, "H")),
                    Tensor("W_h", layer, f"{prefix}W_h{gate}", ("H", "H")),
                    Tensor("bias", layer, f"{prefix}b_{gate}", ("H",)),
                ]
            if network.cell == "GRU":
                found.append(Tensor("bias 2", layer, f"{prefix}b_hn", ("H",)))
    return found


def _keras(network):
    """All gates side by side along the last axis; a GRU has two rows of biases."""
    found = [
        Tensor("input", None, "input", ("N", "T", "D")),
        Tensor("output", None, "output", ("N", "T", network.width)),
        Tensor("last step", None, "output", ("N", network.width)),
    ]
    bias = ("2", network.stacked) if network.cell == "GRU" else (network.stacked,)
    halves = ("forward_layer.", "backward_layer.") if network.directions == 2 else ("",)
    for layer in range(network.layers):
        for i, part in enumerate(network.state * network.directions, 1):
            found.append(Tensor(part, layer, f"layers[{layer}](x)[{i}]", ("N", "H")))
        below = network.width if layer else "D"
        for half in halves:
            prefix = f"layers[{layer}].{half}cell."
            found += [
                Tensor("W_x", layer, f"{prefix}kernel", (below, network.stacked)),
                Tensor("W_h", layer, f"{prefix}recurrent_kernel", ("H", network.stacked)),
                Tensor("bias", layer, f"{prefix}bias", bias),
            ]
    return found


def _torch(network):
    """All gates along the first axis, two biases, and one tensor for the states of all layers."""
    order = ("N", "T") if network.batch_first else ("T", "N")
    states = "L" if network.directions == 1 else "2L"
    last = "output[:, -1]" if network.batch_first else "output[-1]"
    found = [
        Tensor("input", None, "input", (*order, "D")),
        Tensor("output", None, "output", (*order, network.width)),
        Tensor("last step", None, last, ("N", network.width)),
    ]
    for part, name in zip(network.state, ("h_n", "c_n"), strict=False):
        found.append(Tensor(part, None, name, (states, "N", "H")))
    for layer in range(network.layers):
        below = network.width if layer else "D"
        for direction in ("", "_reverse")[: network.directions]:
            suffix = f"l{layer}{direction}"
            found += [
                Tensor("W_x", layer, f"weight_ih_{suffix}", (network.stacked, below)),
                Tensor("W_h", layer, f"weight_hh_{suffix}", (network.stacked, "H")),
                Tensor("bias", layer, f"bias_ih_{suffix}", (network.stacked,)),
                Tensor("bias 2", layer, f"bias_hh_{suffix}", (network.stacked,)),
            ]
    return found


LIBRARIES = {"NumPy": _numpy, "Keras": _keras, "PyTorch": _torch}
