"""The shape of every tensor of a recurrent network in three libraries, for any sizes."""

from functools import cache
from typing import NamedTuple

import numpy as np

from unrolled.analysis.shapes import GATES, LIBRARIES, Network, sizes_of, tensors
from unrolled.figures import boxes

from .controls import Choice, Number, Question, Story, Switch
from .explorable import Explorable

LAYERS, DIRECTIONS, BATCH_FIRST = [1, 2, 3], [1, 2], [False, True]
SIZES = {"N": [1, 3, 10, 128], "T": [1, 5, 10, 80], "D": [1, 5, 8, 100], "H": [4, 8, 64, 128]}
OPENING = (("N", "Batch N", 3), ("T", "Steps T", 10), ("D", "Inputs D", 5), ("H", "Units H", 8))


class Row(NamedTuple):
    """A row of the figure: which tensors, of which layer if not of all, and what stands above.

    `without` stands above if the network has no such tensors.
    """

    part: str
    layer: int | None
    heading: str
    without: str = ""


PANES = {
    "data": (
        Row("input", None, "Input"),
        Row("output", None, "Output (Keras: return_sequences=True)"),
        Row("last step", None, "One output per sequence"),
        Row("hidden", None, "Last hidden states, all layers"),
        Row("cell", None, "Last cell states, all layers", "Cell states: only an LSTM has them"),
    ),
    "weights": (
        Row("W_x", 0, "Input weights, lowest layer"),
        Row("W_x", 1, "Input weights, each layer above", "No layer above"),
        Row("W_h", 0, "Recurrent weights, every layer"),
        Row("bias", 0, "Bias, every layer"),
        Row("bias 2", 0, "Second bias, every layer"),
    ),
}
TITLES = {
    "data": (
        "What goes in and comes out",
        "Boxes of the axes of input, output and last states in three libraries.",
    ),
    "weights": (
        "What is learned",
        "Boxes of the axes of weights and biases in three libraries.",
    ),
}
SHORT = {  # where a library's own name would be too long
    ("NumPy", "hidden"): "tape.state",
    ("NumPy", "cell"): "tape.state",
    ("Keras", "hidden"): "h",
    ("Keras", "cell"): "c",
}


@cache
def drawn(pane, network):
    """What no size changes: [(heading, [(count, name, axes) or None for each library])]."""
    found = []
    for part, layer, heading, without in PANES[pane]:
        shown = [tensor(library, network, part, layer) for library in LIBRARIES]
        found.append((heading if any(shown) else without, shown))
    return found


def tensor(library, network, part, layer):
    """How many tensors a library has of a part, their name and axes; None if it has none."""
    alike = [t for t in tensors(library, network) if t.part == part and layer in (None, t.layer)]
    if not alike:
        return None
    names = [t.name.rpartition(".")[2].removesuffix("_reverse") for t in (alike[0], alike[-1])]
    name = SHORT.get((library, part)) or " … ".join(dict.fromkeys(names))
    return len(alike), name, alike[0].axes


def at(*values):
    """Values of all controls, as `compute` takes them."""
    names = ("cell", "layers", "directions", "batch_first", "N", "T", "D", "H")
    return dict(zip(names, values, strict=True))


def compute(cell, layers, directions, batch_first, N, T, D, H):
    """The boxes of both panes at one setting, and which sizes are equal."""
    network = Network(cell, layers, directions, batch_first)
    sizes = {"N": N, "T": T, "D": D, "H": H, "L": layers}
    shown = {}
    for pane in PANES:
        rows = drawn(pane, network)
        shown[f"{pane}_sizes"] = np.full((len(rows), 3 * len(LIBRARIES)), np.nan)
        for r, (_, row) in enumerate(rows):
            for c, (_, _, axes) in ((c, each) for c, each in enumerate(row) if each):
                place = slice(3 * c, 3 * c + len(axes))
                shown[f"{pane}_sizes"][r, place] = sizes_of(axes, sizes)
        shown[f"{pane}_words"] = boxes.written(rows)
    groups = equal_sizes(N=N, T=T, D=D, H=H)
    same, also = [*groups, "none", "none"][:2]
    return shown | {
        "width": directions * H,
        "states": layers * directions,
        "single": T == 1,
        "square": N == T,
        "groups": len(groups),
        "hidden_too": layers * directions == N,
        "same": same,
        "also": also,
    }


def equal_sizes(**sizes):
    """Which sizes are equal, so that to confuse them shows in no shape: ["N = T = 10"]."""
    symbols = {}
    for symbol, size in sizes.items():
        symbols.setdefault(size, []).append(symbol)
    return [f"{' = '.join(s)} = {size}" for size, s in sorted(symbols.items()) if len(s) > 1]


def panes():
    """A table of tensors for each pane."""
    return [
        boxes.Boxes(title, alt, tuple(LIBRARIES), f"{pane}_words", f"{pane}_sizes")
        for pane, (title, alt) in TITLES.items()
    ]


class ShapeDebugger(Explorable):
    """Choose a network and its sizes, and read every tensor's shape in three libraries."""

    title = "A debugger of shapes"
    caption = (
        "Each box is an axis, with its symbol above its size; 4 × stands for four tensors of one "
        "shape. PyTorch stacks the gates along the first axis, Keras along the last, and NumPy has "
        "a matrix for each. A layer above reads what the one below puts out: 2H if that reads both "
        "ways."
    )
    alt = (
        "Two tables of boxes with three columns, NumPy, Keras and PyTorch. Left, input, output, "
        "one output per sequence and the last states; right, the weights and biases of the lowest "
        "layer and of those above. The same axis has the same letter everywhere."
    )
    controls = (
        Choice("cell", "Cell", list(GATES), "LSTM"),
        Choice("directions", "Directions", DIRECTIONS, 2, ["one", "both"]),
        Switch("batch_first", "batch_first", True),
        Number("layers", "Layers L", LAYERS, 2),
        *(Number(name, label, SIZES[name], start) for name, label, start in OPENING),
    )
    lines = ("call", "axes", "last_step", "alike")
    compute, panes = compute, panes
    question = Question(
        "A bidirectional LSTM of three layers and 64 units, with batch_first=True, reads 10 "
        "sequences. What is the shape of h_n?",
        ("(10, 6, 64)", "(6, 10, 64)", "(3, 10, 128)"),
        1,
        at("LSTM", 3, 2, True, 10, 5, 8, 64),
        "batch_first swaps the first two axes of the input and the output and leaves the states as "
        "they are: a state for each of 3 layers and 2 directions, then the batch.",
    )
    stories = (
        Story(
            "one direction",
            at("LSTM", 2, 1, True, 3, 10, 5, 8),
            "The output loses half its width, the states half their number, and the input weights "
            "of the layer above shrink with them.",
        ),
        Story(
            "time first",
            at("LSTM", 2, 2, False, 3, 10, 5, 8),
            "PyTorch swaps the first two axes of the input and the output, and its states stay as "
            "they were.",
        ),
        Story(
            "equal sizes",
            at("LSTM", 2, 2, True, 10, 10, 5, 8),
            "From here on, exchanging N and T changes no shape, and nothing would be raised.",
        ),
        Story(
            "two biases",
            at("GRU", 1, 1, True, 3, 10, 5, 8),
            "For a GRU all three keep a second bias: NumPy for the candidate alone, Keras as a "
            "second row, PyTorch as it does for every cell.",
        ),
    )
