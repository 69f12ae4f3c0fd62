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
    all_labels,
    compute,
)
from unrolled.figures import boxes

NETWORKS = [Network(*each) for each in itertools.product(GATES, LAYERS, DIRECTIONS, BATCH_FIRST)]
CHOICES = [dict(zip(SIZES, each, strict=True)) for each in itertools.product(*SIZES.values())]
every_network = pytest.mark.parametrize("network", NETWORKS)


def drawn(network, sizes):
    """(pane, row) -> what a reader sees there: the heading, and the boxes of each library."""
    result, seen = compute(*network, **sizes), {}
    for pane, rows in PANES.items():
        sizes_of_row = result[f"{pane}_sizes"].reshape(len(rows), -1)
        heights = result[f"{pane}_boxes"].reshape(len(rows), -1)
        np.testing.assert_array_equal(np.isnan(heights), np.isnan(sizes_of_row))
        for row in range(len(rows)):
            y = 2 * row + 1
            words = {kind: words_of(result, pane, kind, y) for kind in boxes.WORDS}
            lefts = range(0, boxes.SLOTS * len(LIBRARIES), boxes.SLOTS)
            (heading,) = words["heading"].values()
            assert set(heights[row][np.isfinite(heights[row])]) <= {y}
            arrays = result[f"{pane}_kinds"][y], sizes_of_row[row]
            seen[pane, row] = heading, [boxes_at(left, words, *arrays) for left in lefts]
    return seen


def words_of(result, pane, kind, y):
    """x -> text of the labels that are shown in one row."""
    labels = zip(all_labels(pane)[kind], result[f"{pane}_{kind}"], strict=True)
    return {x: text for (x, at, text), shown in labels if shown == at and y - 2 < at <= y}


def boxes_at(left, words, kinds, sizes):
    """(name, how many, symbols, sizes) of one tensor, whose kinds must be those of its symbols."""
    places = range(left + 1, left + boxes.SLOTS)
    symbols = [words["symbol"].get(x, "") for x in places]
    there = [x for x in places if np.isfinite(sizes[x])]
    assert there == [x for x in places if np.isfinite(kinds[x])]
    for x in there:
        assert list(boxes.KINDS)[int(kinds[x])] == words["symbol"].get(x, "")[-1:]
    count = words["count"].get(left, "1 ×" if there else "0 ×")
    name = words["name"].get(left + 0.45)
    return name, int(count.removesuffix(" ×")), symbols, [sizes[x] for x in there]


@every_network
def test_every_box_is_an_axis_of_the_tensors_of_its_row_and_none_is_missing(network):
    for sizes in CHOICES[::37]:
        seen = drawn(network, sizes)
        for pane, rows in PANES.items():
            for row, (part, layer, heading, without) in enumerate(rows):
                shown, shapes = seen[pane, row]
                for library, (name, count, symbols, numbers) in zip(LIBRARIES, shapes, strict=True):
                    found = [
                        t
                        for t in tensors(library, network)
                        if t.part == part and (layer is None or t.layer == layer)
                    ]
                    assert count == len(found)
                    assert (name is None) == (not found)
                    for tensor in found:
                        written = [axis if axis != "2" else "" for axis in tensor.axes]
                        assert symbols[: len(written)] == written
                        assert not any(symbols[len(written) :])
                        shape = sizes_of(tensor.axes, sizes | {"L": network.layers})
                        assert tuple(numbers) == shape
                assert shown == (heading if any(count for _, count, *_ in shapes) else without)


def test_no_tensor_is_left_out_and_what_is_said_of_every_layer_holds_for_every_layer():
    rows = {(row.part, row.layer) for pane in PANES.values() for row in pane}
    for network, library in itertools.product(NETWORKS, LIBRARIES):
        for tensor in tensors(library, network):
            at = min(tensor.layer, 1) if tensor.part == "W_x" else 0
            assert (tensor.part, None) in rows or (tensor.part, at) in rows


def test_it_opens_with_everything_that_readers_trip_over():
    seen = drawn(Network("LSTM", 2, 2, batch_first=True), {"N": 3, "T": 10, "D": 5, "H": 8})
    assert ShapeDebugger().values == {
        "cell": "LSTM", "layers": 2, "directions": 2, "batch_first": True,
        "N": 3, "T": 10, "D": 5, "H": 8,
    }  # fmt: skip
    heading, (ours, keras, torch) = seen["weights", 1]
    assert heading == "Input weights, each layer above"
    assert ours == ("W_xi … W_xo", 8, ["2H", "H", ""], [16, 8])
    assert keras == ("kernel", 2, ["2H", "4H", ""], [16, 32])
    assert torch == ("weight_ih_l1", 2, ["4H", "2H", ""], [32, 16])
    assert seen["data", 3][1][2] == ("h_n", 1, ["2L", "N", "H"], [4, 3, 8])


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
    for sizes in ({"N": 1, "T": 10, "D": 5, "H": 8}, {"N": 3, "T": 1, "D": 8, "H": 4}):
        result = compute(*network, **sizes)
        code = re.fullmatch(r"In PyTorch this is (nn\..*\))\.", result["call"])[1]
        module, x = built(torch, network, sizes)
        assert repr(eval(code, {"nn": torch.nn})) == repr(module)
        output, state = module(x)
        shapes = re.findall(r"\([^)]+\)", result["takes"])
        found = (x, output, states(network, state))
        assert shapes == [str(tuple(each.shape)) for each in found]


@every_network
def test_the_last_step_of_the_output_is_what_the_sentence_says(network):
    torch = pytest.importorskip("torch")
    for sizes in ({"N": 3, "T": 10, "D": 5, "H": 4}, {"N": 3, "T": 1, "D": 5, "H": 4}):
        said = compute(*network, **sizes)["last_step"]
        module, x = built(torch, network, sizes)
        output, state = module(x)
        axis = 1 if network.batch_first else 0
        last, h_n = output.select(axis, -1), states(network, state)
        backward = last[:, sizes["H"] :]
        if network.directions == 1:
            assert "h_n[-1]" in said
            torch.testing.assert_close(last, h_n[-1], rtol=0, atol=0)
        elif sizes["T"] == 1:
            assert "have read all there is" in said
            torch.testing.assert_close(backward, h_n[-1], rtol=0, atol=0)
        else:
            assert f"has read 1 step of {sizes['T']}; its state after all {sizes['T']}" in said
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
    said = compute(cell, 1, 1, False, **sizes)["order"]
    assert said.endswith("(3, 10, 5), the layer raises nothing and reads 10 sequences of 3 steps.")
    module, _ = built(torch, Network(cell), sizes)
    x = torch.randn(3, 10, 5)
    changed = x.clone()
    changed[0, 0] += 1.0  # the first sequence at its first step
    moved = (module(x)[0] - module(changed)[0]).abs().amax(dim=2) > 0
    assert moved[:, 0].all()  # the same step of the sequences after it
    assert not moved[:, 1:].any()  # and no later step of its own


def test_the_words_about_order_follow_the_cell_and_equal_sizes():
    at = {"layers": 1, "directions": 1, "T": 10, "D": 5, "H": 8}
    first = {cell: compute(cell, batch_first=True, N=3, **at)["order"] for cell in GATES}
    assert "second of h_n and c_n:" in first["LSTM"]
    assert "second of h_n:" in first["RNN"] == first["GRU"]
    assert "reads 10 sequences of 1 step." in compute("RNN", batch_first=False, N=1, **at)["order"]
    same = compute("RNN", batch_first=False, N=10, **at)["order"]
    assert "N and T are both 10" in same


def test_h_n_with_a_colon_is_the_last_sequence_even_with_batch_first():
    torch = pytest.importorskip("torch")
    network = Network("GRU", 2, 1, batch_first=True)
    module, x = built(torch, network, {"N": 3, "T": 4, "D": 5, "H": 8})
    h_n = module(x)[1]
    torch.testing.assert_close(h_n[:, -1], module(x[-1:])[1][:, 0])


@pytest.mark.parametrize("sizes", CHOICES[::5], ids=lambda s: "-".join(map(str, s.values())))
def test_equal_sizes_are_named_and_shapes_change_exactly_if_unequal_ones_are_exchanged(sizes):
    said = compute("GRU", 2, 1, True, **sizes)["alike"]
    network = Network("GRU", 2, 1, batch_first=True)

    def all_shapes(sizes):
        return [sizes_of(t.axes, sizes | {"L": 2}) for t in tensors("PyTorch", network)]

    named = re.findall(r"((?:[NTDH] = )+)(\d+)", said)
    groups = [(set(letters.split(" = ")) - {""}, int(size)) for letters, size in named]
    for a, b in itertools.combinations("NTDH", 2):
        exchanged = sizes | {a: sizes[b], b: sizes[a]}
        together = any({a, b} <= letters and sizes[a] == size for letters, size in groups)
        assert together == (all_shapes(sizes) == all_shapes(exchanged))
    assert said.startswith("Here " if groups else "No two of N, T, D and H are equal")
