"""Readers of the shipped reviews that were trained in Keras, for NumPy to run.

unrolled.experiments.review_models recorded them in data/results/review-models.npz.
"""

from functools import cache

import numpy as np

from unrolled.datasets import files
from unrolled.datasets.reviews import load_reviews
from unrolled.datasets.words import numbered, words_in
from unrolled.engine import lstm, rnn

# Rows of data/reviews.csv that no reader was trained on. The first two have the same words.
ROWS = {
    "awful poster, excellent film": 435,
    "excellent poster, awful film": 227,
    "the brilliant daughter": 112,
    "not dull but funny": 324,
    "the talking cat": 66,
}
SHORT = ("awful poster", "awful film", "daughter", "not dull", "cat")  # on buttons
READERS = {"bag": "bag of words", "rnn": "SimpleRNN", "lstm": "LSTM"}
CELLS = {"rnn": rnn, "lstm": lstm}
START, UNKNOWN = 1, 2  # ids of Keras


@cache
def words(review):
    """The words of a review."""
    return words_in(load_reviews().texts[ROWS[review]])


@cache
def parameters(reader):
    """The trained weights of a reader, by our names, and the id of each word."""
    with np.load(files.path("results/review-models.npz"), allow_pickle=False) as file:
        own = {k.split("/")[1]: v for k, v in file.items() if k.startswith(f"{reader}/")}
        return own, {word: i for i, word in enumerate(file["words"].tolist())}


def numbered_words(read):
    """The ids of a list of words, with the start in front."""
    _, number = parameters("lstm")
    return np.array([START, *numbered(read, number, unknown=UNKNOWN)])
