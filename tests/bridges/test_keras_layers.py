"""Layers and gradients of Keras that are not those of our cells are refused, and say why."""

import numpy as np
import pytest
from unrolled.bridges.keras import cell_of, from_keras, gradients, to_keras
from unrolled.engine import gru

pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")
layers = keras.layers

EXPECTED = "expected a SimpleRNN, LSTM or GRU, a Bidirectional of one, or a Sequential of equal"
SHAPES = r"expected gradients of shapes \[\(3, 12\), \(4, 12\), \(2, 12\)\]; got "


def sequence(*parts):
    return lambda: keras.Sequential([keras.Input((None, 3)), *(part() for part in parts)])


def gru_layer(units=4, **options):
    return layers.GRU(units, return_sequences=True, **options)


LAYERS = {
    "relu": (lambda: layers.SimpleRNN(4, activation="relu"), "activation='tanh', .* 'relu'"),
    "hard sigmoid": (
        lambda: layers.LSTM(4, recurrent_activation="hard_sigmoid"),
        "recurrent_activation='sigmoid', this layer 'hard_sigmoid'",
    ),
    "reset before": (lambda: gru_layer(reset_after=False), "reset_after=True, this layer False"),
    "no bias": (lambda: gru_layer(use_bias=False), "use_bias=True, this layer False"),
    "backwards": (lambda: gru_layer(go_backwards=True), "go_backwards=False, this layer True"),
    "summed halves": (
        lambda: layers.Bidirectional(gru_layer(), merge_mode="sum"),
        "both halves side by side: merge_mode='concat'",
    ),
    "unequal halves": (
        lambda: layers.Bidirectional(gru_layer(), backward_layer=gru_layer(5, go_backwards=True)),
        "our cell has units=4, this layer 5",
    ),
    "one half relu": (
        lambda: layers.Bidirectional(
            gru_layer(), backward_layer=gru_layer(go_backwards=True, activation="relu")
        ),
        "activation='tanh', this layer 'relu'",
    ),
    "halves exchanged": (
        lambda: layers.Bidirectional(gru_layer(go_backwards=True), backward_layer=gru_layer()),
        "go_backwards=False, this layer True",
    ),
    "mixed": (
        sequence(gru_layer, lambda: layers.LSTM(4)),
        EXPECTED + r" ones; got \['keras.GRU', 'keras.LSTM'\]",
    ),
    "mixed directions": (
        sequence(lambda: layers.Bidirectional(gru_layer()), gru_layer),
        EXPECTED + r" ones; got \['keras.Bidirectional', 'keras.GRU'\]",
    ),
    "with a readout": (sequence(gru_layer, lambda: layers.Dense(4)), "got .*keras.Dense"),
    "later relu": (sequence(gru_layer, lambda: gru_layer(activation="relu")), "activation='tanh'"),
    "empty": (keras.Sequential, "got an empty Sequential"),
    "one step": (lambda: layers.GRUCell(4), EXPECTED + r" ones; got \['keras.GRUCell'\]"),
    "none": (lambda: None, EXPECTED + r" ones; got \['builtins.NoneType'\]"),
}


@pytest.mark.parametrize(("make", "complaint"), LAYERS.values(), ids=LAYERS)
def test_layers_that_are_not_ours_are_refused(make, complaint):
    layer = make()
    if isinstance(layer, (layers.RNN, layers.Bidirectional)):
        layer.build((None, None, 3))
    for read in (from_keras, cell_of, lambda layer: gradients(layer, [])):
        with pytest.raises(ValueError, match=complaint):
            read(layer)


def test_a_layer_without_weights_says_so():
    for layer in (layers.GRU(4), layers.Bidirectional(layers.GRU(4))):
        with pytest.raises(ValueError, match="no weights yet: call it"):
            from_keras(layer)
    assert cell_of(layers.GRU(4)) is gru


@pytest.mark.parametrize(
    ("shapes", "complaint"),
    [
        ([(3, 12), (4, 12)], r"\[\(3, 12\), \(4, 12\)\]"),
        ([(3, 12), (4, 12), (12,)], r"\[\(3, 12\), \(4, 12\), \(12,\)\]"),
        ([(3, 12), None, (2, 12)], r"\[\(3, 12\), None, \(2, 12\)\]"),
        ([(3, 12), (4, 12), (2, 12), (1,)], r".* \(1,\)\]"),
    ],
    ids=["too few", "wrong shape", "none", "too many"],
)
def test_gradients_belong_to_the_variables_of_the_layer(draw, shapes, complaint):
    layer = to_keras(gru, draw(gru).params)
    values = [None if shape is None else np.ones(shape) for shape in shapes]
    with pytest.raises(ValueError, match=SHAPES + complaint):
        gradients(layer, values)
