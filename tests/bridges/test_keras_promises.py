"""What goes to Keras comes back as it was, and what our cells do not compute is refused."""

import numpy as np
import pytest
from unrolled.bridges.keras import cell_of, from_keras, to_keras
from unrolled.engine import gru, lstm, rnn
from unrolled.engine.bidirectional import Bidirectional
from unrolled.engine.embedding import Embedded
from unrolled.engine.masking import Masked
from unrolled.engine.stack import Stack

pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")
layers = keras.layers

MASK = np.ones((2, 5), bool)


def built(layer):
    layer.build((None, None, 3))
    return layer


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_parameters_come_back_bit_for_bit(network, draw, assert_equal, dtype):
    cell = network.build()
    params = draw(cell, dtype=dtype).params
    layer = to_keras(cell, params)
    assert_equal(from_keras(layer), params)
    assert cell_of(layer).STATE == cell.STATE


def test_a_stack_of_one_layer_stays_a_stack(cell, draw, assert_equal):
    params = draw(Stack(cell, 1)).params
    layer = to_keras(Stack(cell, 1), params)
    assert_equal(from_keras(layer), params)
    assert cell_of(layer).STATE == Stack(cell, 1).STATE


def test_a_fresh_layer_of_keras_becomes_ours(network, assert_equal):
    keras.utils.set_random_seed(7)
    kind = {"rnn": layers.SimpleRNN, "lstm": layers.LSTM, "gru": layers.GRU}
    name = network.cell.__name__.split(".")[-1]
    # Fresh biases are zero or one, where some mistakes do not show.
    fresh = {"return_sequences": True, "bias_initializer": "random_normal", "dtype": "float64"}
    parts = [kind[name](4, **fresh) for _ in range(network.layers or 1)]
    if network.both:
        parts = [layers.Bidirectional(part, dtype="float64") for part in parts]
    layer = built(parts[0])
    if network.layers is not None:
        layer = keras.Sequential([keras.Input((None, 3), dtype="float64"), *parts])
    x = np.random.default_rng(7).standard_normal((2, 5, 3))

    cell, params = cell_of(layer), from_keras(layer)
    assert cell.STATE == network.build().STATE
    h, _ = cell.forward(x, params)
    np.testing.assert_allclose(h, layer(x).numpy(), rtol=1e-10, atol=1e-12)
    assert_equal(from_keras(to_keras(cell, params)), params)


def test_parameters_are_copied(cell, draw, assert_equal):
    params = draw(cell).params
    kept = {name: value.copy() for name, value in params.items()}
    layer = to_keras(cell, params)
    for value in params.values():
        value += 1
    back = from_keras(layer)
    assert_equal(back, kept)
    layer.set_weights([0 * weight for weight in layer.get_weights()])
    assert_equal(back, kept)


def test_views_and_read_only_parameters_are_carried(cell, draw, assert_equal):
    params = draw(cell).params
    views = {name: np.repeat(value.T, 2, axis=0)[::2].T for name, value in params.items()}
    assert not any(view.flags.c_contiguous for view in views.values())
    for view in views.values():
        view.flags.writeable = False
    assert_equal(from_keras(to_keras(cell, views)), params)


def test_a_frozen_layer_is_read_too(draw, assert_equal):
    params = draw(Bidirectional(gru)).params
    layer = to_keras(Bidirectional(gru), params)
    layer.trainable = False
    assert_equal(from_keras(layer), params)


@pytest.mark.parametrize(
    "cell",
    [rnn, Bidirectional(lstm), Stack(Bidirectional(gru), 2)],
    ids=["plain", "both ways", "two layers both ways"],
)
def test_options_go_to_the_layers_of_keras(cell, draw):
    problem = draw(cell)
    h = to_keras(cell, problem.params)(problem.x)
    last = to_keras(cell, problem.params, return_sequences=False, dropout=0.5)
    found = last(problem.x, training=False).numpy()
    expected = np.hstack([h[:, -1, :4], h[:, 0, 4:]])  # the half that reads back ends at the first
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    rounded = to_keras(cell, problem.params, dtype="float32")
    assert {str(weight.dtype) for weight in rounded.weights} == {"float32"}
    assert rounded(problem.x.astype(np.float32)).numpy().dtype == np.float32


@pytest.mark.filterwarnings("ignore:.*destroy the mask")  # Keras 3.10 does not say so
def test_a_stack_hands_its_mask_on_as_long_as_it_has_steps(draw):
    problem, mask = draw(Stack(gru, 2)), np.arange(5) < [[2], [4]]
    h, _ = Stack(Masked(gru, mask), 2).forward(problem.x, problem.params)
    whole = to_keras(Stack(gru, 2), problem.params)(problem.x, mask=mask)
    np.testing.assert_allclose(whole.numpy(), h, rtol=1e-10)
    np.testing.assert_array_equal(whole._keras_mask.numpy(), mask)
    last = to_keras(Stack(gru, 2), problem.params, return_sequences=False)
    found = last(problem.x, mask=mask)
    np.testing.assert_allclose(found.numpy(), h[:, -1], rtol=1e-10)
    assert getattr(found, "_keras_mask", None) is None


@pytest.mark.parametrize(
    ("option", "complaint"),
    [
        ({"activation": "relu"}, "our cell has activation='tanh', this layer 'relu'"),
        ({"reset_after": False}, "our cell has reset_after=True, this layer False"),
        ({"go_backwards": True}, "our cell has go_backwards=False, this layer True"),
        ({"use_bias": False}, "our cell has use_bias=True, this layer False"),
    ],
    ids=str,
)
def test_options_that_change_the_equations_are_refused(draw, option, complaint):
    params = draw(gru).params
    with pytest.raises(ValueError, match=complaint):
        to_keras(gru, params, **option)
    with pytest.raises(ValueError, match=complaint):
        from_keras(built(layers.GRU(4, **option)))


def test_wrong_shapes_are_named(draw, wrong_shape):
    name, shape, complaint = wrong_shape
    with pytest.raises(ValueError, match=complaint):
        to_keras(gru, draw(gru).params | {name: np.ones(shape)})


@pytest.mark.parametrize("name", ["W_xz", "b_hn"])
def test_missing_parameters_are_named(draw, name):
    params = draw(gru).params
    del params[name]
    with pytest.raises(ValueError, match=f"params has no {name}; it has"):
        to_keras(gru, params)


@pytest.mark.parametrize(
    ("cell", "complaint"),
    [
        (Embedded(gru, 3), "a bridge carries rnn, lstm and gru.*; got .*Embedded"),
        (Masked(gru, MASK), "carries no mask and no dropout"),
        (Bidirectional(gru, mask=MASK), "carries no mask and no dropout"),
    ],
    ids=["embedded", "masked", "both ways masked"],
)
def test_cells_that_keras_has_not_are_refused(draw, cell, complaint):
    with pytest.raises(ValueError, match=complaint):
        to_keras(cell, draw(gru).params)
