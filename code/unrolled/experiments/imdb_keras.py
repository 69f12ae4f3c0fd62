"""The six networks of `imdb.NETWORKS` in Keras. Built up in chapter 14."""

import keras
import numpy as np
from keras import ops

from unrolled.bridges.keras import to_keras
from unrolled.engine.bidirectional import Bidirectional
from unrolled.engine.stack import under_prefix

from . import imdb

PACKAGES = ("keras", "tensorflow", "numpy")
STARTS = ("keras",)


def describe(device):
    """The name of the GPU that Keras computes on, None for the processor."""
    if device != "auto":
        raise ValueError(f"Keras chooses the device itself: leave --device at auto; got {device!r}")
    if keras.backend.backend() != "tensorflow":
        raise ValueError(f"set KERAS_BACKEND=tensorflow; it is {keras.backend.backend()}")
    import tensorflow as tf

    found = tf.config.list_physical_devices("GPU")
    return tf.config.experimental.get_device_details(found[0])["device_name"] if found else None


class TwoCells(keras.Model):
    """Two cells, stepped by hand over a review, and a readout of the last step.

    Word ids (N, T) go in, one logit (N, 1) comes out. If `stacked`, the second cell reads the
    output of the first. If not, both read the word, and the second starts every step from the state
    of the first.
    """

    def __init__(self, V, D, H, *, dropout=0.0, stacked=True):
        super().__init__()
        self.embedding = keras.layers.Embedding(V, D)
        self.cell_0 = keras.layers.SimpleRNNCell(H, dropout=dropout)
        self.cell_1 = keras.layers.SimpleRNNCell(H, dropout=dropout)
        self.readout = keras.layers.Dense(1)
        self.stacked = stacked

    def call(self, ids, training=False):
        """One logit (N, 1) from word ids (N, T)."""
        x = self.embedding(ids)
        state_0 = state_1 = self.cell_0.get_initial_state(batch_size=ops.shape(ids)[0])
        for cell in (self.cell_0, self.cell_1):
            cell.reset_dropout_mask()
        for t in range(ids.shape[1]):
            out_0, state_0 = self.cell_0(x[:, t], state_0, training=training)
            if self.stacked:
                out_1, state_1 = self.cell_1(out_0, state_1, training=training)
            else:
                out_1, state_1 = self.cell_1(x[:, t], state_0, training=training)
        return self.readout(out_1)


def build(name, params):
    """A network with the given weights."""
    make = by_hand if imdb.NETWORKS[name].wiring else of_layers
    model = make(imdb.NETWORKS[name], params)
    embedding = next(e for e in model.layers if isinstance(e, keras.layers.Embedding))
    embedding.set_weights([params["W_e"]])
    model.layers[-1].set_weights([params["W_hy"], params["b_y"]])
    return model


def by_hand(network, params):
    """Two cells in a loop, without their embedding's and readout's weights."""
    stacked = network.wiring == "stacked"
    model = TwoCells(imdb.V, imdb.D, imdb.H, dropout=imdb.DROPOUT, stacked=stacked)
    model(np.zeros((1, 2), np.int32))
    for i, cell in enumerate((model.cell_0, model.cell_1)):
        own = under_prefix(params, f"layer_{i}")
        cell.set_weights([own["W_xh"], own["W_hh"], own["b_h"]])
    return model


def of_layers(network, params):
    """Layers of Keras, without their embedding's and readout's weights."""
    cell = Bidirectional(network.cell) if network.bidirectional else network.cell
    last = imdb.SETTINGS["layers"] - 1
    layers = [
        to_keras(
            cell,
            under_prefix(params, f"layer_{i}"),
            dropout=imdb.DROPOUT,
            return_sequences=i < last,
        )
        for i in range(last + 1)
    ]
    words = keras.Input((imdb.T,), dtype="int32")
    embedding = keras.layers.Embedding(imdb.V, imdb.D)
    return keras.Sequential([words, embedding, *layers, keras.layers.Dense(1)])


class Trained:
    """A compiled model as `imdb.follow` wants it."""

    def __init__(self, model):
        self.model = model
        model.compile(
            optimizer=keras.optimizers.Adam(1e-3),
            loss=keras.losses.BinaryCrossentropy(from_logits=True),
            metrics=[keras.metrics.BinaryAccuracy("accuracy", threshold=0.0)],
        )

    def fit(self, x, targets):
        """Loss and accuracy of one epoch, as seen on the way."""
        options = {"batch_size": imdb.BATCH, "shuffle": False, "verbose": 0}
        found = self.model.fit(x, targets[:, None], **options)
        return found.history["loss"][0], found.history["accuracy"][0]

    def evaluate(self, x, targets):
        """Loss and accuracy without dropout."""
        return self.model.evaluate(x, targets[:, None], batch_size=500, verbose=0)


def train(name, start, seed, data, device):
    """One run from one start; only that of Keras is at hand, and the device is Keras's choice."""
    if start != "keras":
        raise ValueError(f"Keras starts as Keras does; got {start!r}")
    keras.backend.clear_session()
    keras.utils.set_random_seed(seed)  # of the dropout
    model = build(name, imdb.NETWORKS[name].start(seed))
    found = imdb.follow(Trained(model), data, seed=seed)
    return {"parameters": model.count_params()} | found
