"""Pairs of texts, one to read and one to write, letter by letter. Built up in chapter 19."""

import string
from typing import NamedTuple

import numpy as np

from .sequences import pad

PAD, START, END = 0, 1, 2
MARKS = ("<pad>", "<start>", "<end>")


class Alphabet:
    """Letters numbered from 3 on; 0 is padding, 1 the start of an answer, 2 the end of one.

    Parameters
    ----------
    letters : str
        Each letter once.

    Attributes
    ----------
    V : int
        How many ids there are, the three marks included.
    """

    def __init__(self, letters):
        if len(set(letters)) != len(letters) or not letters:
            raise ValueError(f"letters must be there, each of them once; got {letters!r}")
        self.letters, self.V = letters, len(letters) + len(MARKS)
        self._ids = {letter: i for i, letter in enumerate(letters, len(MARKS))}

    def ids(self, text):
        """The ids of a text, a list. Raises ValueError if it holds a letter that is not ours."""
        strangers = set(text) - self._ids.keys()
        if strangers:
            raise ValueError(f"{text!r} holds {sorted(strangers)}, which the alphabet has not")
        return [self._ids[letter] for letter in text]

    def text(self, ids):
        """The text of some ids, up to the first end; padding and the start are left out."""
        ids = list(map(int, ids))
        ids = ids[: ids.index(END)] if END in ids else ids
        return "".join(self.letters[i - len(MARKS)] for i in ids if i >= len(MARKS))

    def sources(self, texts):
        """Texts to read: ids (N, T), padded at the end, and the mask (N, T), False at padding."""
        return self._padded([self.ids(text) for text in texts])

    def answers(self, texts):
        """Texts to write: targets (N, U), each ended by END and padded, and the mask (N, U)."""
        return self._padded([[*self.ids(text), END] for text in texts])

    def _padded(self, rows):
        if not rows:
            raise ValueError("there are no texts")
        return pad(rows, max(1, *map(len, rows)), padding="post", value=PAD)


class Batch(NamedTuple):
    """What one training step of an encoder and a decoder needs, N pairs.

    x : (N, T) int          what is read, padded at the end
    mask : (N, T) bool      False where x is padding
    read : (N, U) int       what the decoder reads under teacher forcing
    targets : (N, U) int    what it should write
    counted : (N, U) bool   False where targets are padding
    """

    x: np.ndarray
    mask: np.ndarray
    read: np.ndarray
    targets: np.ndarray
    counted: np.ndarray


def batch(sources, answers, alphabet):
    """A `Batch` of texts to read and texts to write, two lists of the same length."""
    if len(sources) != len(answers):
        raise ValueError(f"each source has one answer; got {len(sources)} and {len(answers)}")
    x, mask = alphabet.sources(sources)
    targets, counted = alphabet.answers(answers)
    return Batch(x, mask, shifted(targets), targets, counted)


def shifted(targets):
    """What a decoder reads under teacher forcing: START, then each target but the last, (N, U)."""
    read = np.full_like(targets, START)
    read[:, 1:] = targets[:, :-1]
    return read


WORDS = Alphabet(string.ascii_lowercase)


def word_pairs(N, length, *, rng, letters=8):
    """Words of random letters, to be written again as they are: the length is the dial.

    Parameters
    ----------
    N : int
    length : int or tuple of int
        Letters of every word, or the shortest and the longest length, each as likely.
    rng : numpy.random.Generator
    letters : int
        How many different ones there are, the first of the alphabet: from 1 to 26.

    Returns
    -------
    sources, answers : lists of str, N of each
    """
    low, high = length if isinstance(length, tuple) else (length, length)
    if N < 1 or not 1 <= low <= high or not 1 <= letters <= len(string.ascii_lowercase):
        raise ValueError(
            "word_pairs needs N >= 1, lengths from 1 on and 1..26 letters; "
            f"got N={N}, length={length}, letters={letters}"
        )
    words = [
        "".join(string.ascii_lowercase[i] for i in rng.integers(0, letters, size))
        for size in rng.integers(low, high + 1, N)
    ]
    return words, list(words)
