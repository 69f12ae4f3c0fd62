"""Running text for language models: every word is one id, every sentence ends in <eos>."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from . import files
from .download import real_or_shipped, verified
from .text import load_prose
from .words import numbered, sentences_in, words_in


class Corpus(NamedTuple):
    """Text as ids: words[train[0]] is the first word."""

    name: str
    train: np.ndarray
    valid: np.ndarray
    test: np.ndarray
    words: list[str]


def load_ptb(*, offline="auto"):
    """The Penn Treebank's Wall Street Journal in 10,000 words, or the shipped prose.

    Prints a line that says which of them and how much of it.

    Parameters
    ----------
    offline : "auto", True or False
        The real text from the cache or the network, and if it cannot be had the shipped
        one; the shipped one at once; the real one or an error.

    Returns
    -------
    Corpus
        train, valid and test are int32 arrays of ids, shapes (929589,), (73760,) and
        (82430,) for the real text. Ids number the words by their first appearance in train.
        `<eos>` stands at the end of each line or sentence. The shipped prose is lower case
        without punctuation and numbers; its sentences are split 90 : 5 : 5 in order, and
        words that train does not have are `<unk>`.

    Raises
    ------
    ValueError
        If offline is something else.
    DownloadError
        If offline is False and the real text cannot be had.
    """
    corpus = real_or_shipped(offline, _treebank, _prose)
    train, valid, test = (len(part) for part in corpus[1:4])
    print(
        f"{corpus.name}: {train:,} training, {valid:,} validation and {test:,} test tokens, "
        f"{len(corpus.words):,} words."
    )
    return corpus


def load_letters(*, lower=False):
    """The shipped prose letter by letter, new lines and all.

    Parameters
    ----------
    lower : bool
        Whether capitals are made small.

    Returns
    -------
    Corpus
        75 of the 93 paragraphs to train on, 9 for validation and 9 for the test, in order, with
        the new lines behind each; `words` are the letters in the order of their codes.
    """
    text = load_prose().lower() if lower else load_prose()
    paragraphs, known = text.split("\n\n"), sorted(set(text))
    cuts = [len("\n\n".join(paragraphs[:n])) + 2 for n in (75, 84)]
    ids = np.array([known.index(letter) for letter in text], np.int32)
    return Corpus("Shipped prose", *np.split(ids, cuts), known)


def _treebank():
    """The real text: lower case already, one sentence a line."""
    found = [verified(f"ptb_{part}") for part in ("train", "valid", "test")]
    texts = [files.text(place, content) for place, content in found]
    if not texts[0].strip():
        raise ValueError(f"{found[0][0]} must hold words; it is empty")
    return _corpus("Penn Treebank", [text.replace("\n", " <eos> ").split() for text in texts])


def _prose():
    """The shipped text, split by sentences."""
    sentences = [[*words_in(sentence), "<eos>"] for sentence in sentences_in(load_prose())]
    cuts = [0, round(0.9 * len(sentences)), round(0.95 * len(sentences)), len(sentences)]
    parts = [sentences[start:end] for start, end in pairwise(cuts)]
    return _corpus("Shipped prose", [[word for line in part for word in line] for part in parts])


def _corpus(name, parts):
    """Number the words of train, valid and test by first appearance in train."""
    words = list(dict.fromkeys(parts[0]))
    if "<unk>" not in words:
        words.append("<unk>")
    ids = {word: i for i, word in enumerate(words)}
    return Corpus(name, *(numbered(part, ids, ids["<unk>"]) for part in parts), words)
