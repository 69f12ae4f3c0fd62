"""The shape of every tensor of a recurrent network in three libraries, for any sizes."""

import itertools
from functools import cache
from typing import NamedTuple

import numpy as np

from unrolled.analysis.shapes import GATES, LIBRARIES, Network, sizes_of, tensors
from unrolled.figures import boxes, states

from .explorable import Explorable, Slider
from .shape_words import alike, call, last_step, order, takes

LAYERS, DIRECTIONS, BATCH_FIRST = [1, 2, 3], [1, 2], [False, True]
SIZES = {"N": [1, 3, 10, 128], "T": [1, 5, 10, 80], "D": [1, 5, 8, 100], "H": [4, 8, 64, 128]}


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
        Row("last step", None, "Its last step (return_sequences=False)"),
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


class Drawing(NamedTuple):
    """What a pane shows of a network of any size: (row, column) -> axis, and kind -> labels."""

    axes: dict
    labels: dict


@cache
def drawing(pane, network):
    """The `Drawing` of a pane."""
    found = Drawing({}, {kind: set() for kind in boxes.WORDS})
    for row, (part, layer, heading, without) in enumerate(PANES[pane]):
        y, there = 2 * row + 1, False
        for column, library in enumerate(LIBRARIES):
            of_library = tensors(library, network)
            alike = [t for t in of_library if t.part == part and layer in (None, t.layer)]
            if alike:
                draw(found, alike, y, boxes.SLOTS * column, SHORT.get((library, part)))
                there = True
        found.labels["heading"].add((-0.5, y - 1.16, heading if there else without))
    return found


def draw(found, alike, y, left, name):
    """Add one set of boxes to a `Drawing`, for tensors of equal shape."""
    names = [t.name.rpartition(".")[2].removesuffix("_reverse") for t in alike]
    name = name or " … ".join(dict.fromkeys((names[0], names[-1])))
    found.labels["name"].add((left + 0.45, y - 0.68, name))
    if len(alike) > 1:
        found.labels["count"].add((left, y, f"{len(alike)} ×"))
    for x, axis in enumerate(alike[0].axes, left + 1):
        found.axes[y, x] = axis
        found.labels["symbol"].add((x, y, axis if letter(axis) else ""))


def letter(axis):
    """The kind of an axis: "H" of "4H"."""
    return axis.strip("0123456789")


@cache
def all_labels(pane):
    """What a pane says of any network: kind -> list of labels (x, y, text)."""
    grid = itertools.product(GATES, LAYERS, DIRECTIONS, BATCH_FIRST)
    labels = [drawing(pane, Network(*each)).labels for each in grid]
    return {kind: sorted(set().union(*(each[kind] for each in labels))) for kind in boxes.WORDS}


@cache
def still(pane, network):
    """What no size changes: the kinds of the axes, the heights of the boxes and of the labels."""
    axes, labels = drawing(pane, network)
    kinds = states.no_data(2 * len(PANES[pane]), boxes.SLOTS * len(LIBRARIES))
    for at, axis in axes.items():
        kinds[at] = list(boxes.KINDS).index(letter(axis))
    heights = np.where(np.isnan(kinds), np.nan, np.arange(len(kinds))[:, None])[1::2]
    return {f"{pane}_kinds": kinds, f"{pane}_boxes": heights.ravel()} | {
        f"{pane}_{kind}": np.array([each[1] if each in labels[kind] else np.nan for each in every])
        for kind, every in all_labels(pane).items()
    }


def compute(cell, layers, directions, batch_first, N, T, D, H):
    """The boxes of both panes at one setting, and five sentences."""
    network = Network(cell, layers, directions, batch_first)
    sizes = {"N": N, "T": T, "D": D, "H": H, "L": layers}
    found = {}
    for pane in PANES:
        axes = drawing(pane, network).axes
        found |= still(pane, network)
        numbers = np.full_like(found[f"{pane}_kinds"], np.nan)
        numbers[tuple(zip(*axes, strict=True))] = sizes_of(axes.values(), sizes)
        found[f"{pane}_sizes"] = numbers[1::2].ravel()
    return found | {
        "call": call(network, sizes),
        "takes": takes(network, sizes),
        "order": order(network, sizes),
        "last_step": last_step(network, T),
        "alike": alike(sizes),
    }


class ShapeDebugger(Explorable):
    """Choose a network and its sizes, and read every tensor's shape in three libraries."""

    def __init__(
        self, *, cell="LSTM", layers=2, directions=2, batch_first=True, N=3, T=10, D=5, H=8
    ):
        figures = []
        for pane, (title, alt) in TITLES.items():
            rows, names = len(PANES[pane]), list(LIBRARIES)
            figure = boxes.table(rows, names, all_labels(pane), title=title, alt=alt)
            kinds, sizes, *words = figure.data
            kinds.meta = {"z": f"{pane}_kinds"}
            sizes.meta = {"y": f"{pane}_boxes", "customdata": f"{pane}_sizes"}
            for trace in words:
                trace.meta = {"y": f"{pane}_{trace.name}"}
            figures.append(figure)
        super().__init__(
            compute,
            [
                Slider("cell", "Cell", list(GATES), cell, list(GATES)),
                Slider("layers", "Layers L", LAYERS, layers),
                Slider("directions", "Directions", DIRECTIONS, directions),
                Slider("batch_first", "batch_first", BATCH_FIRST, batch_first, ["False", "True"]),
                Slider("N", "Batch N", SIZES["N"], N),
                Slider("T", "Steps T", SIZES["T"], T),
                Slider("D", "Inputs D", SIZES["D"], D),
                Slider("H", "Units H", SIZES["H"], H),
            ],
            figures,
            title="A debugger of shapes",
            caption=(
                "Each box is an axis, with its symbol above its size; 4 × stands for four tensors "
                "of one shape. Only PyTorch has batch_first, and it moves the batch of input and "
                "output, not that of the states. PyTorch stacks the gates along the first axis, "
                "Keras along the last, and NumPy has a matrix for each. A layer above reads what "
                "the one below puts out: 2H if that reads both ways."
            ),
            alt=(
                "Two tables of boxes with three columns, NumPy, Keras and PyTorch. Left, input, "
                "output, its last step and the last states; right, the weights and biases of the "
                "lowest layer and of those above. The same axis has the same letter everywhere."
            ),
            texts=("call", "takes", "order", "last_step", "alike"),
        )
