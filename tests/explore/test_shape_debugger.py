"""Every box is an axis of a tensor, and what the sentences claim is what the libraries do."""

import itertools
import re

import numpy as np
import pytest
from unrolled.analysis.shapes import GATES, LIBRARIES, Network, sizes_of, tensors
from unrolled.explore import ShapeDebugger
from unrolled.explore.shape_debugger import (
    BATCH_FIRST,
    DIRECTIONS,
    LAYERS,
    PANES,
    SIZES,
    compute,
    drawn,
)

NETWORKS = [Network(*each) for each in itertools.product(GATES, LAYERS, DIRECTIONS, BATCH_FIRST)]
CHOICES = [dict(zip(SIZES, each, strict=True)) for each in itertools.product(*SIZES.values())]
every_network = pytest.mark.parametrize("network", NETWORKS)


@every_network
def test_every_box_is_an_axis_of_the_tensors_of_its_row_and_none_is_missing(network):
    sizes = CHOICES[91]
    shown = compute(*network, **sizes)
    for pane, rows in PANES.items():
        lines = shown[f"{pane}_words"].split("\n")
        numbers = shown[f"{pane}_sizes"].reshape(len(rows), len(LIBRARIES), 3)
        for row, line, of_row in zip(rows, lines, numbers, strict=True):
            heading, *cells = line.split("\t")
            for library, cell, seen in zip(LIBRARIES, cells, of_row, strict=True):
                found = [
                    t
                    for t in tensors(library, network)
                    if t.part == row.part and row.layer in (None, t.layer)
                ]
                count, _, axes = cell.split("|") if cell else ("0", "", "")
                assert int(count) == len(found)
                for tensor in found:
                    assert tuple(axes.split(" ")) == tensor.axes
                    shape = sizes_of(tensor.axes, sizes | {"L": network.layers})
                    assert tuple(seen[np.isfinite(seen)]) == shape
            assert heading == (row.heading if any(cells) else row.without)


def test_no_tensor_is_left_out_and_what_is_said_of_every_layer_holds_for_every_layer():
    rows = {(row.part, row.layer) for pane in PANES.values() for row in pane}
    for network, library in itertools.product(NETWORKS, LIBRARIES):
        for tensor in tensors(library, network):
            at = min(tensor.layer, 1) if tensor.part == "W_x" else 0
            assert (tensor.part, None) in rows or (tensor.part, at) in rows


def test_it_opens_with_everything_that_readers_trip_over():
    values = ShapeDebugger().values
    network = Network(*(values[name] for name in Network._fields))
    heading, row = drawn("weights", network)[1]
    assert heading == "Input weights, each layer above"
    assert row == [
        (8, "W_xi … W_xo", ("2H", "H")),
        (2, "kernel", ("2H", "4H")),
        (2, "weight_ih_l1", ("4H", "2H")),
    ]
    assert drawn("data", network)[3][1][2] == (1, "h_n", ("2L", "N", "H"))


def test_the_answer_to_the_question_is_the_shape_of_h_n():
    asked = ShapeDebugger.question
    shown = ShapeDebugger(**asked.values)
    h_n = shown.arrays["data_sizes"][3, -3:]
    assert str(tuple(map(int, h_n))) == asked.choices[asked.right]


def built(torch, network, sizes):
    """A layer of PyTorch, and an input as the layer wants it."""
    torch.manual_seed(7)
    module = getattr(torch.nn, network.cell)(
        sizes["D"],
        sizes["H"],
        num_layers=network.layers,
        bidirectional=network.directions == 2,
        batch_first=network.batch_first,
    )
    order = "NTD" if network.batch_first else "TND"
    return module, torch.randn([sizes[axis] for axis in order])


def states(network, state):
    return state[0] if network.cell == "LSTM" else state


@every_network
def test_the_call_and_the_shapes_that_it_names_are_those_of_pytorch(network):
    torch = pytest.importorskip("torch")
    sizes = {"N": 3, "T": 1, "D": 8, "H": 4}
    said = ShapeDebugger().at(**network._asdict(), **sizes).sentences["call"]
    code = re.match(r"In PyTorch, (nn\.\w+\(.*?\)) takes", said)[1]
    module, x = built(torch, network, sizes)
    assert repr(eval(code, {"nn": torch.nn})) == repr(module)
    output, state = module(x)
    shapes = re.findall(r"of (\([^)]+\))", said)
    assert shapes == [str(tuple(each.shape)) for each in (x, output, states(network, state))]


@every_network
def test_the_last_step_of_the_output_is_what_the_sentence_says(network):
    torch = pytest.importorskip("torch")
    for sizes in ({"N": 3, "T": 10, "D": 5, "H": 4}, {"N": 3, "T": 1, "D": 5, "H": 4}):
        module, x = built(torch, network, sizes)
        output, state = module(x)
        axis = 1 if network.batch_first else 0
        last, h_n = output.select(axis, -1), states(network, state)
        backward = last[:, sizes["H"] :]
        if network.directions == 1:
            torch.testing.assert_close(last, h_n[-1], rtol=0, atol=0)
        elif compute(*network, **sizes)["single"]:
            torch.testing.assert_close(backward, h_n[-1], rtol=0, atol=0)
        else:
            assert (backward - h_n[-1]).abs().max() > 1e-3
            first = output.select(axis, 0)[:, sizes["H"] :]
            torch.testing.assert_close(first, h_n[-1], rtol=0, atol=0)


@pytest.mark.parametrize("cell", GATES)
@pytest.mark.parametrize("directions", DIRECTIONS)
def test_keras_returns_the_states_that_have_read_everything(cell, directions):
    keras = pytest.importorskip("keras")
    kind = getattr(keras.layers, {"RNN": "SimpleRNN"}.get(cell, cell))
    layer = kind(4, return_state=True)
    layer = keras.layers.Bidirectional(layer) if directions == 2 else layer
    x = np.random.default_rng(7).standard_normal((3, 6, 5)).astype("float32")
    output, *rest = (np.asarray(each) for each in layer(x))
    per_half = len(rest) // directions
    np.testing.assert_array_equal(output, np.concatenate(rest[::per_half], axis=1))


@pytest.mark.parametrize("cell", GATES)
def test_with_batch_first_false_a_batch_in_front_is_read_as_time(cell):
    torch = pytest.importorskip("torch")
    sizes = {"N": 3, "T": 10, "D": 5, "H": 8}
    module, _ = built(torch, Network(cell), sizes)
    x = torch.randn(3, 10, 5)
    changed = x.clone()
    changed[0, 0] += 1.0  # the first sequence at its first step
    moved = (module(x)[0] - module(changed)[0]).abs().amax(dim=2) > 0
    assert moved[:, 0].all()  # the same step of the sequences after it
    assert not moved[:, 1:].any()  # and no later step of its own


def test_h_n_with_a_colon_is_the_last_sequence_even_with_batch_first():
    torch = pytest.importorskip("torch")
    network = Network("GRU", 2, 1, batch_first=True)
    module, x = built(torch, network, {"N": 3, "T": 4, "D": 5, "H": 8})
    h_n = module(x)[1]
    torch.testing.assert_close(h_n[:, -1], module(x[-1:])[1][:, 0])


def test_shapes_change_exactly_if_unequal_sizes_are_exchanged():
    network = Network("GRU", 2, 1, batch_first=True)

    def all_shapes(sizes):
        return [sizes_of(t.axes, sizes | {"L": 2}) for t in tensors("PyTorch", network)]

    for sizes in CHOICES[::5]:
        found = compute(*network, **sizes)
        named = [set(found[key].split(" = ")[:-1]) for key in ("same", "also")]
        assert found["groups"] == sum(map(bool, named))
        for a, b in itertools.combinations("NTDH", 2):
            exchanged = sizes | {a: sizes[b], b: sizes[a]}
            together = any({a, b} <= letters for letters in named)
            assert together == (all_shapes(sizes) == all_shapes(exchanged))


def test_states_and_sequences_are_confused_where_there_are_as_many():
    for network in NETWORKS:
        for sizes in CHOICES[::16]:
            h_n = next(t for t in tensors("PyTorch", network) if t.part == "hidden")
            first, second, _ = sizes_of(h_n.axes, sizes | {"L": network.layers})
            assert compute(*network, **sizes)["hidden_too"] == (first == second)
