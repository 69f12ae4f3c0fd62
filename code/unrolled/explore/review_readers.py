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
# The same words once more, with the film first: a text of ours and what it expresses.
OWN = {
    "excellent film, awful poster": (
        "In the hall, an excellent film. In the lobby, an awful poster.",
        1,
    ),
}
READERS = {"bag": "bag of words", "rnn": "SimpleRNN", "lstm": "LSTM"}
CELLS = {"rnn": rnn, "lstm": lstm}
START, UNKNOWN = 1, 2  # ids of Keras


def text_and_target(review):
    """The text of one of `ROWS` or of `OWN`, and 1 if it likes the film, 0 if not."""
    if review in OWN:
        return OWN[review]
    reviews = load_reviews()
    return reviews.texts[ROWS[review]], int(reviews.targets[ROWS[review]])


@cache
def words(review):
    """The words of a review."""
    return words_in(text_and_target(review)[0])


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
