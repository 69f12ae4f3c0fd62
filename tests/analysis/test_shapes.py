import itertools
import re
from operator import attrgetter

import numpy as np
import pytest
from unrolled.analysis.shapes import LIBRARIES, PARTS, Network, sizes_of, tensors
from unrolled.engine import gru, lstm, rnn
from unrolled.engine.bidirectional import Bidirectional
from unrolled.engine.stack import Stack

CELLS = {"RNN": rnn, "LSTM": lstm, "GRU": gru}
NETWORKS = [Network(*each) for each in itertools.product(CELLS, (1, 2, 3), (1, 2), (False, True))]
SIZES = [
    {"N": 2, "T": 7, "D": 3, "H": 5},
    {"N": 3, "T": 1, "D": 11, "H": 4},
]
grid = pytest.mark.parametrize("sizes", SIZES, ids=lambda sizes: "-".join(map(str, sizes.values())))


def expected(library, network, sizes):
    """Name -> shape of every tensor but the last step of the output, by the rules."""
    return {
        t.name: sizes_of(t.axes, sizes | {"L": network.layers})
        for t in tensors(library, network)
        if t.part != "last step"
    }


def last_step(library, network, sizes):
    """(name, shape) of the last step of the output, by the rules."""
    (found,) = (t for t in tensors(library, network) if t.part == "last step")
    return found.name, sizes_of(found.axes, sizes)


@grid
@pytest.mark.parametrize("network", NETWORKS)
def test_numpy_has_these_tensors_and_no_others(network, sizes):
    cell = CELLS[network.cell]
    cell = Bidirectional(cell) if network.directions == 2 else cell
    cell = Stack(cell, network.layers) if network.layers > 1 else cell
    params = cell.init_params(sizes["D"], sizes["H"], rng=np.random.default_rng(7))
    x = np.zeros((sizes["N"], sizes["T"], sizes["D"]))
    h, tape = cell.forward(x, params)
    found = {"x": x, "h": h} | params
    found |= {f"tape.state[{i}]": part for i, part in enumerate(tape.state)}
    assert {k: v.shape for k, v in found.items()} == expected("NumPy", network, sizes)
    assert ("h[:, -1]", h[:, -1].shape) == last_step("NumPy", network, sizes)


@grid
@pytest.mark.parametrize("network", NETWORKS)
def test_pytorch_has_these_tensors_and_no_others(network, sizes):
    torch = pytest.importorskip("torch")
    module = getattr(torch.nn, network.cell)(
        sizes["D"],
        sizes["H"],
        num_layers=network.layers,
        bidirectional=network.directions == 2,
        batch_first=network.batch_first,
    )
    first = ("N", "T") if network.batch_first else ("T", "N")
    x = torch.zeros([sizes[axis] for axis in (*first, "D")])
    output, state = module(x)
    states = zip(("h_n", "c_n"), state if network.cell == "LSTM" else (state,), strict=False)
    found = {"input": x, "output": output} | dict(states) | dict(module.named_parameters())
    assert {k: tuple(v.shape) for k, v in found.items()} == expected("PyTorch", network, sizes)
    last = output[:, -1] if network.batch_first else output[-1]
    name = "output[:, -1]" if network.batch_first else "output[-1]"
    assert (name, tuple(last.shape)) == last_step("PyTorch", network, sizes)


@grid
@pytest.mark.parametrize("network", [n for n in NETWORKS if not n.batch_first])
def test_keras_has_these_tensors_and_no_others(network, sizes):
    keras = pytest.importorskip("keras")
    kind = getattr(keras.layers, {"RNN": "SimpleRNN"}.get(network.cell, network.cell))

    def layer(**options):
        inner = kind(sizes["H"], return_state=True, **options)
        return keras.layers.Bidirectional(inner) if network.directions == 2 else inner

    x = output = keras.Input(batch_shape=(sizes["N"], sizes["T"], sizes["D"]))
    found = {"input": x}
    for i in range(network.layers):
        below, each = output, layer(return_sequences=True)
        output, *states = each(below)
        found |= {f"layers[{i}](x)[{k}]": state for k, state in enumerate(states, 1)}
        halves = ("forward_layer.", "backward_layer.") if network.directions == 2 else ("",)
        for path in (f"{half}cell" for half in halves):
            for weight in attrgetter(path)(each).trainable_variables:
                found[f"layers[{i}].{path}.{weight.name}"] = weight
        assert len(each.weights) == 3 * network.directions
    found["output"] = output
    assert {k: tuple(v.shape) for k, v in found.items()} == expected("Keras", network, sizes)
    last, *_ = layer(return_sequences=False)(below)
    assert ("output", tuple(last.shape)) == last_step("Keras", network, sizes)


def test_a_gru_of_keras_where_there_is_no_keras():
    found = [(t.name, t.axes) for t in tensors("Keras", Network("GRU", 2))]
    assert found == [
        ("input", ("N", "T", "D")),
        ("output", ("N", "T", "H")),
        ("output", ("N", "H")),
        ("layers[0](x)[1]", ("N", "H")),
        ("layers[0].cell.kernel", ("D", "3H")),
        ("layers[0].cell.recurrent_kernel", ("H", "3H")),
        ("layers[0].cell.bias", ("2", "3H")),
        ("layers[1](x)[1]", ("N", "H")),
        ("layers[1].cell.kernel", ("H", "3H")),
        ("layers[1].cell.recurrent_kernel", ("H", "3H")),
        ("layers[1].cell.bias", ("2", "3H")),
    ]


@pytest.mark.parametrize("library", ["NumPy", "Keras"])
@pytest.mark.parametrize("network", [n for n in NETWORKS if n.batch_first])
def test_batch_first_is_an_argument_of_pytorch_alone(library, network):
    assert tensors(library, network) == tensors(library, network._replace(batch_first=False))


@pytest.mark.parametrize("library", LIBRARIES)
def test_above_the_lowest_layer_only_the_input_weights_have_other_shapes(library):
    for network in NETWORKS:
        found = tensors(library, network)
        assert {t.part for t in found} <= {*PARTS}
        for part in ("W_h", "bias", "bias 2", "hidden", "cell"):
            assert len({t.axes for t in found if t.part == part}) <= 1
        assert len({t.axes for t in found if t.part == "W_x" and t.layer}) <= 1


NAMES = {
    "W_x": r"W_x.|kernel|weight_ih_l\d(_reverse)?",
    "W_h": r"W_h.|recurrent_kernel|weight_hh_l\d(_reverse)?",
    "bias": r"b_[a-z]|bias|bias_ih_l\d(_reverse)?",
    "bias 2": r"b_hn|bias_hh_l\d(_reverse)?",
}


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("network", NETWORKS)
def test_a_tensor_belongs_to_the_layer_and_the_part_in_its_name(library, network):
    found = tensors(library, network)
    for t in found:
        number = re.search(r"(?:layer_|layers\[|_l)(\d)", t.name)
        if t.part in NAMES:
            assert t.layer == (int(number[1]) if number else 0), t
            assert re.fullmatch(NAMES[t.part], t.name.split(".")[-1]), t
        elif t.part not in network.state or library == "PyTorch":
            assert t.layer is None, t
    states = [(t.layer, t.part) for t in found if t.part in network.state]
    if library == "PyTorch":
        assert states == [(None, part) for part in network.state]
    else:
        each = [(i, part) for i in range(network.layers) for part in network.state]
        assert sorted(states) == sorted(each * network.directions)


def test_shapes_are_symbols_and_become_numbers():
    found = {t.name: t.axes for t in tensors("PyTorch", Network("LSTM", 2, 2, batch_first=True))}
    assert found["weight_ih_l1"] == ("4H", "2H")
    assert sizes_of(found["weight_ih_l1"], {"H": 8}) == (32, 16)
    assert sizes_of(found["h_n"], {"N": 1, "H": 8, "L": 2}) == (4, 1, 8)
    assert sizes_of(("2", "3H"), {"H": 4}) == (2, 12)
    assert sizes_of((), {}) == ()


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"cell": "rnn"}, r"cell must be one of \('RNN', 'LSTM', 'GRU'\); got 'rnn'"),
        ({"directions": 3}, r"directions must be one of \(1, 2\); got 3"),
        ({"directions": True, "layers": 0}, "layers must be at least 1; got 0"),
        ({"layers": 1.5}, "layers must be an integer; got 1.5"),
        ({"batch_first": "yes"}, r"batch_first must be one of \(False, True\); got 'yes'"),
    ],
)
def test_a_network_that_is_none_is_refused(changes, complaint):
    with pytest.raises(ValueError, match=complaint):
        tensors("NumPy", Network(**{"cell": "GRU"} | changes))


def test_a_library_an_axis_or_a_size_that_is_not_there_is_named():
    with pytest.raises(ValueError, match=r"library must be one of .*; got 'JAX'"):
        tensors("JAX", Network("RNN"))
    with pytest.raises(ValueError, match=r"sizes has no H, which \('D', '4H'\) needs"):
        sizes_of(("D", "4H"), {"D": 3})
    for axis in ("", "H4", "X"):
        with pytest.raises(ValueError, match="an axis is written like"):
            sizes_of((axis,), SIZES[0])
