"""Three readers of the shipped reviews, with their weights: a bag of words, an RNN and an LSTM.

The networks are trained in Keras and kept under our names, so that NumPy can run them.
"""

import keras
import numpy as np

from unrolled.bridges.keras import from_keras
from unrolled.datasets import load_imdb
from unrolled.datasets.sequences import pad

from . import record

T, D, H, BATCH, EPOCHS, RATE, SEEDS = 48, 16, 16, 16, 8, 0.005, range(5)
LAYERS = {"rnn": keras.layers.SimpleRNN, "lstm": keras.layers.LSTM}


def counts(reviews, V):
    """How often each word stands in each review, (N, V)."""
    return np.array([np.bincount(review, minlength=V) for review in reviews], np.float32)


def compiled(layers):
    """A model of these layers and one logit, ready to be trained."""
    model = keras.Sequential([*layers, keras.layers.Dense(1)])
    model.compile(
        optimizer=keras.optimizers.Adam(RATE),
        loss=keras.losses.BinaryCrossentropy(from_logits=True),
        metrics=[keras.metrics.BinaryAccuracy(threshold=0.0)],
    )
    return model


def network(layer, data, seed):
    """Parameters of an embedding, a layer and a readout, and the test accuracy."""
    keras.utils.set_random_seed(seed)
    V = len(data.words)
    embedding = keras.layers.Embedding(V, D, mask_zero=True)
    model = compiled([keras.Input((T,), dtype="int32"), embedding, layer(H)])
    (x, _), (x_test, _) = pad(data.x_train, T), pad(data.x_test, T)
    model.fit(x, data.targets_train, batch_size=BATCH, epochs=EPOCHS, verbose=0)
    _, accuracy = model.evaluate(x_test, data.targets_test, verbose=0)
    W_hy, b_y = model.layers[-1].get_weights()
    params = {"W_e": embedding.get_weights()[0], **from_keras(model.layers[1])}
    return params | {"W_hy": W_hy, "b_y": b_y}, round(accuracy, 4)


def bag(data, seed=0):
    """Weights of a logistic regression on the counts, and the test accuracy."""
    keras.utils.set_random_seed(seed)
    V = len(data.words)
    model = compiled([keras.Input((V,))])
    train, test = counts(data.x_train, V), counts(data.x_test, V)
    model.fit(train, data.targets_train, batch_size=BATCH, epochs=5 * EPOCHS, verbose=0)
    _, accuracy = model.evaluate(test, data.targets_test, verbose=0)
    weights, bias = model.layers[-1].get_weights()
    return {"weights": weights[:, 0], "bias": bias}, round(accuracy, 4)


def main():
    """Train all three, keep of each network the start whose test accuracy is the median."""
    data = load_imdb(offline=True)
    arrays, accuracy = bag(data)
    weights = {f"bag/{name}": value for name, value in arrays.items()}
    results = {"bag": {"test accuracy": accuracy}}
    for name, layer in LAYERS.items():
        runs = [network(layer, data, seed) for seed in SEEDS]
        tests = [accuracy for _, accuracy in runs]
        shown = int(np.argsort(tests, kind="stable")[len(tests) // 2])
        weights |= {f"{name}/{key}": value for key, value in runs[shown][0].items()}
        results[name] = {"test accuracy": tests[shown], "of each seed": tests, "seed shown": shown}
    print(results)
    record.write_weights("review-models", weights | {"words": np.array(data.words)})
    settings = {
        "wordvec": D, "hidden": H, "batch": BATCH, "epochs": EPOCHS, "Adam lr": RATE,
        "seeds": list(SEEDS), "dtype": "float32",
    }  # fmt: skip
    record.write(
        "review-models", settings=settings, results=results, packages=("keras", "tensorflow")
    )
