"""How the libraries pack a layer: checked here without any of them."""

import numpy as np
import pytest
from unrolled.bridges.layout import KERAS, TORCH, Anatomy, pack, unpack
from unrolled.engine import gru, lstm, rnn
from unrolled.engine.bidirectional import Bidirectional
from unrolled.engine.stack import Stack

ORDERS = {
    ("torch", rnn): ["h"],
    ("torch", lstm): ["i", "f", "g", "o"],
    ("torch", gru): ["r", "z", "n"],
    ("keras", rnn): ["h"],
    ("keras", lstm): ["i", "f", "g", "o"],
    ("keras", gru): ["z", "r", "n"],
}


@pytest.fixture(params=["torch", "keras"])
def library(request):
    return request.param


@pytest.fixture
def layout(library):
    return {"torch": TORCH, "keras": KERAS}[library]


def test_gates_stand_in_the_order_of_the_library(cell, draw, library, layout):
    params = draw(cell).params
    order = ORDERS[library, cell]
    W_x, W_h, b_x, b_h = pack(cell, params, layout)
    np.testing.assert_array_equal(W_x, np.hstack([params[f"W_x{gate}"] for gate in order]))
    np.testing.assert_array_equal(W_h, np.hstack([params[f"W_h{gate}"] for gate in order]))
    np.testing.assert_array_equal(b_x, np.hstack([params[f"b_{gate}"] for gate in order]))
    second = np.zeros((len(order), 4))
    if cell is gru:
        second[-1] = params["b_hn"]
    np.testing.assert_array_equal(b_h, second.ravel())


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
def test_unpacking_undoes_packing(cell, draw, layout, assert_equal, dtype):
    params = draw(cell, dtype=dtype).params
    assert_equal(unpack(cell, pack(cell, params, layout), layout), params)


def test_two_biases_act_as_their_sum_but_for_the_candidate(cell, draw, layout):
    W_x, W_h, b_x, b_h = pack(cell, draw(cell).params, layout)
    b_h = np.arange(1.0, 1 + len(b_x))
    params = unpack(cell, (W_x, W_h, b_x, b_h), layout)
    for k, gate in enumerate(layout.orders[cell]):
        block = slice(4 * k, 4 * k + 4)
        if (cell, gate) == (gru, "n"):
            np.testing.assert_array_equal(params["b_n"], b_x[block])
            np.testing.assert_array_equal(params["b_hn"], b_h[block])
        else:
            np.testing.assert_array_equal(params[f"b_{gate}"], b_x[block] + b_h[block])


def test_each_of_two_biases_has_the_gradient_of_the_sum(cell, draw, layout, assert_equal):
    grads = draw(cell).params
    W_x, W_h, b_x, b_h = pack(cell, grads, layout)
    b_h = np.where(b_h == 0, b_x, b_h)
    assert_equal(unpack(cell, (W_x, W_h, b_x, b_h), layout, gradient=True), grads)


def test_what_is_unpacked_shares_no_memory(cell, draw, layout):
    packed = pack(cell, draw(cell).params, layout)
    for gradient in (False, True):
        for value in unpack(cell, packed, layout, gradient=gradient).values():
            assert not any(np.shares_memory(value, array) for array in packed)


def test_a_cell_is_taken_apart_and_put_together(network, draw, assert_equal):
    cell = network.build()
    anatomy = Anatomy.of(cell)
    assert anatomy == tuple(network)
    assert anatomy.build().STATE == cell.STATE
    params = draw(cell).params
    layers = anatomy.split(params)
    assert [len(layer) for layer in layers] == [1 + network.both] * (network.layers or 1)
    assert_equal(anatomy.join(layers), params)


def test_layers_must_fit_on_each_other(draw):
    params = draw(Stack(gru, 2)).params
    wider = draw(gru, D=5).params
    with pytest.raises(ValueError, match="layer_1 reads 5 inputs, the layer below has 4 units"):
        Anatomy.of(Stack(gru, 2)).split(params | {f"layer_1.{n}": v for n, v in wider.items()})
    params = draw(Stack(Bidirectional(gru), 2)).params
    narrow = draw(Bidirectional(gru), D=4).params
    with pytest.raises(ValueError, match="layer_1 reads 4 inputs, the layer below has 8 units"):
        Anatomy.of(Stack(Bidirectional(gru), 2)).split(
            params | {f"layer_1.{n}": v for n, v in narrow.items()}
        )


@pytest.mark.parametrize("sizes", [{"D": 2}, {"H": 5}], ids=str)
def test_both_directions_must_have_the_same_sizes(draw, sizes):
    params, other = draw(Bidirectional(gru)).params, draw(gru, **sizes).params
    with pytest.raises(ValueError, match=r"both directions must have the same \(D, H\); got"):
        Anatomy.of(Bidirectional(gru)).split(
            params | {f"backward.{name}": value for name, value in other.items()}
        )


def test_too_many_and_too_few_layers_are_refused(draw):
    params = draw(Stack(gru, 3)).params
    with pytest.raises(ValueError, match="params has more than the 2 layers of the stack"):
        Anatomy.of(Stack(gru, 2)).split(params)
    with pytest.raises(ValueError, match=r"params has nothing named layer_3.\*"):
        Anatomy.of(Stack(gru, 4)).split(params)
    with pytest.raises(ValueError, match=r"params has nothing named forward.\*"):
        Anatomy.of(Bidirectional(gru)).split(draw(gru).params)


def test_dtypes_are_not_mixed(draw):
    params = draw(gru).params
    with pytest.raises(ValueError, match="b_z is float32 but W_xr is float64"):
        pack(gru, params | {"b_z": params["b_z"].astype(np.float32)}, TORCH)
    with pytest.raises(ValueError, match="must be floating point numbers; got int64"):
        pack(gru, {name: value.astype(int) for name, value in params.items()}, TORCH)
    params = draw(Stack(gru, 2)).params
    upper = draw(gru, D=4, dtype=np.float32).params
    with pytest.raises(ValueError, match=r"same dtype; got \['float32', 'float64'\]"):
        Anatomy.of(Stack(gru, 2)).split(params | {f"layer_1.{n}": v for n, v in upper.items()})
