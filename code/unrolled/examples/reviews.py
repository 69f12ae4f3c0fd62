"""A network that judges the texts of a table, beside a bag of words. Built up in chapter 14.

    python reviews.py my.csv [folder]

The table has a column `text` and a column `target`, 1 or 0. It needs TensorFlow, pandas,
scikit-learn and nothing of this package. The network, `reviews.keras`, and what a server runs,
`served`, are written to the folder, "." if none is given.
"""

import sys

import keras
import numpy as np
import pandas as pd
import tensorflow as tf
from keras import layers
from scipy.stats import binomtest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline


def main(file, folder="."):
    """Read, train, compare, save, load and export."""
    table = pd.read_csv(file)
    by_target = {"stratify": table["target"], "random_state": 7}
    learn, test = train_test_split(table, test_size=1 / 6, **by_target)
    by_target["stratify"] = learn["target"]
    train, valid = train_test_split(learn, test_size=1 / 5, **by_target)
    parts = {"train": train, "valid": valid, "test": test}
    x = {name: part["text"].to_numpy(object) for name, part in parts.items()}
    y = {name: part["target"].to_numpy() for name, part in parts.items()}
    print({name: len(part) for name, part in parts.items()})

    # Behind the 60th word nothing is read: raise it if your texts are longer.
    words = layers.TextVectorization(max_tokens=10_000, output_sequence_length=60)
    words.adapt(x["train"])

    keras.utils.set_random_seed(7)
    model = keras.Sequential([keras.Input((), dtype="string"), words])
    model.add(layers.Embedding(words.vocabulary_size(), 32, mask_zero=True))
    model.add(layers.Dropout(0.5))
    model.add(layers.LSTM(32))
    model.add(layers.Dropout(0.5))
    model.add(layers.Dense(1, activation="sigmoid"))

    adam = keras.optimizers.Adam(0.005)
    model.compile(adam, loss="binary_crossentropy", metrics=["accuracy"])
    stop = keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)
    how = {"batch_size": 32, "epochs": 100, "callbacks": [stop], "verbose": 0}
    held = x["valid"], y["valid"]
    history = model.fit(x["train"], y["train"], validation_data=held, **how)
    curves = pd.DataFrame(history.history)
    curves.index += 1
    best = curves["val_loss"].idxmin()
    print(f"stopped after epoch {len(curves)}, went back to epoch {best}")

    probability = model.predict(x["test"], verbose=0)[:, 0]
    right = (probability > 0.5) == (y["test"] == 1)

    bags = {}
    for C in (0.0001, 0.001, 0.01, 0.1, 1, 10):
        count = CountVectorizer(binary=True)
        bag = make_pipeline(count, LogisticRegression(C=C, max_iter=1000))
        bags[C] = bag.fit(x["train"], y["train"])
    C = max(bags, key=lambda C: bags[C].score(*held))
    bag_right = bags[C].predict(x["test"]) == y["test"]
    print(f"right: network {right.mean():.2f}, bag {bag_right.mean():.2f} (C = {C})")

    only_network, only_bag = (right & ~bag_right).sum(), (bag_right & ~right).sum()
    p = binomtest(only_network, max(only_network + only_bag, 1)).pvalue
    print(f"only network {only_network}, only bag {only_bag}, p = {p:.2g}")

    place = f"{folder}/reviews.keras"
    model.save(place)
    loaded = keras.models.load_model(place, safe_mode=True)
    mine = np.array(["I wanted to hate this film and could not."], object)
    answer = loaded.predict(mine, verbose=0)
    print(answer)

    loaded.export(f"{folder}/served", verbose=False)
    served = tf.saved_model.load(f"{folder}/served")
    print(served.serve(tf.constant(mine)).numpy())


if __name__ == "__main__":
    main(*sys.argv[1:])
