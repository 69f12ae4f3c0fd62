"""Movie reviews with the feeling they express: the ones that the book ships, and IMDB's."""

import csv
import io
from collections import Counter
from itertools import chain
from typing import NamedTuple

import numpy as np

from . import files, imdb
from .download import real_or_shipped
from .words import words_in

_HEADER = ["text", "target", "split"]
_SPLITS = ("train", "test")


class Texts(NamedTuple):
    """Reviews as they were written."""

    texts: list[str]
    targets: np.ndarray
    splits: np.ndarray


class Reviews(NamedTuple):
    """Reviews as ids: words[x_train[0][1]] is the first word of the first one."""

    name: str
    x_train: list[np.ndarray]
    targets_train: np.ndarray
    x_test: list[np.ndarray]
    targets_test: np.ndarray
    words: list[str]


def load_reviews():
    """The reviews that the book ships.

    Returns
    -------
    Texts
        texts, a list of str; targets, int64, 1 for a review that likes the film and 0 for one
        that does not; splits, an array of "train" and "test". All have the same length.

    Raises
    ------
    FileNotFoundError
        If the file is not where the package was installed.
    ValueError
        If a line of the file is not a text, a target of 0 or 1, and a split.
    """
    place = files.path("reviews.csv")
    rows = csv.reader(io.StringIO(files.text(place)), strict=True)
    try:
        checked = [_checked(row, header=n == 0) for n, row in enumerate(rows)]
    except (csv.Error, ValueError) as error:
        said = files.short(str(error))
        raise ValueError(f"{place}, line {rows.line_num}: {said}") from error
    if not {split for _, _, split in checked[1:]} == set(_SPLITS):
        raise ValueError(f"{place} must hold reviews to train on and reviews to test on")
    texts, targets, splits = zip(*checked[1:], strict=True)
    return Texts(list(texts), np.array(targets).astype(np.int64), np.array(splits))


def _checked(row, *, header):
    """A row of reviews.csv, or a ValueError that says what was expected and what is there."""
    if header and row != _HEADER:
        raise ValueError(f"expected {','.join(_HEADER)}, got {','.join(row)}")
    text, target, split = row if len(row) == 3 else ("", "", "")
    if not header and not (text.strip() and target in ("0", "1") and split in _SPLITS):
        raise ValueError(f"expected a text, 0 or 1, and train or test; got {row}")
    return row


def load_imdb(*, num_words=None, offline="auto"):
    """Movie reviews as lists of word ids: IMDB's 50,000, or those that the book ships.

    Prints a line that says which of them and how much of it.

    Parameters
    ----------
    num_words : int, optional
        Ids from num_words on become 2, unknown. With 10000 the words of rank 1 to 9,996 stay.
    offline : "auto", True or False
        The real reviews from the cache or the network, and if they cannot be had the shipped
        ones; the shipped ones at once; the real ones or an error.

    Returns
    -------
    Reviews
        x_train and x_test are lists of int32 arrays, targets_train and targets_test int64
        arrays, 1 for a review that likes the film. Ids are Keras's: 0 padding, 1 start,
        2 unknown, r + 3 for the word of rank r in the training reviews; words[id] is the word.
        With num_words these are the arrays of keras.datasets.imdb.load_data(num_words), in
        its order. (Without it, Keras makes the very last word unknown; here it stays.)
        The shipped reviews are ranked by training frequency, ties in alphabetical order.

    Raises
    ------
    ValueError
        If num_words leaves no room for the first four ids or offline is something else.
    DownloadError
        If offline is False and the real reviews cannot be had.
    """
    if num_words is not None and num_words < len(imdb.FIRST_WORDS):
        raise ValueError(f"num_words must be at least 4, for the ids 0 to 3; got {num_words}")
    name, arrays, words = real_or_shipped(offline, _real, _shipped)
    parts = _shuffled(arrays, num_words)
    reviews = Reviews(name, *parts, words[:num_words])
    print(
        f"{name}: {len(reviews.x_train):,} training and {len(reviews.x_test):,} test reviews, "
        f"{len(reviews.words):,} ids."
    )
    return reviews


def _real():
    """Name, arrays and words of the IMDB reviews."""
    return "IMDB reviews", imdb.load_arrays(), imdb.load_words()


def _shipped():
    """Name, arrays and words of the shipped reviews, in the form of `_real`."""
    texts, targets, splits = load_reviews()
    reviews = [words_in(text) for text in texts]
    counts = Counter(chain.from_iterable(reviews[i] for i in np.flatnonzero(splits == "train")))
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    ranks = {word: rank for rank, word in enumerate(ranked, start=1)}
    arrays = {}
    for split in _SPLITS:
        chosen = [reviews[i] for i in np.flatnonzero(splits == split)]
        ids, offsets = imdb.joined([[ranks.get(word, -1) for word in review] for review in chosen])
        arrays |= {f"ids_{split}": ids, f"offsets_{split}": offsets}
        arrays |= {f"targets_{split}": targets[splits == split]}
    return "Shipped reviews", arrays, [*imdb.FIRST_WORDS, *ranked]


def _shuffled(arrays, num_words):
    """Cut the ids into reviews, in the order into which Keras shuffles them."""
    shuffle = np.random.RandomState(113).shuffle  # the generator and seed of Keras
    parts = []
    for split in _SPLITS:
        ids, offsets = arrays[f"ids_{split}"], arrays[f"offsets_{split}"]
        if num_words is not None:
            ids[ids >= num_words] = imdb.FIRST_WORDS.index("<unk>")
        order = np.arange(len(offsets) - 1)
        shuffle(order)
        reviews = [ids[offsets[i] : offsets[i + 1]] for i in order]
        parts += [reviews, arrays[f"targets_{split}"][order]]
    return parts
