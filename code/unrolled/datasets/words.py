"""From text to words and from words to ids, as the loaders of reviews and prose do it."""

import re

import numpy as np


def words_in(text):
    """The words of a text, in order: lower case, letters and apostrophes only.

    An apostrophe stays inside a word and goes at its ends, where it is a quotation mark:
    "Don't say 'no' in 1871." gives don't, say, no, in.
    """
    plain = text.lower().replace("\u2019", "'")
    return [word for run in re.findall(r"(?:[^\W\d_]|')+", plain) if (word := run.strip("'"))]


def sentences_in(text):
    """The sentences of a text, which end at . ! or ? before white space, or with a paragraph."""
    parts = re.split(r"[.!?]+[\"')\]\u201d\u2019]*(?:\s+|$)|\n\s*\n", text)
    return [part for part in parts if words_in(part)]


def numbered(words, ids, unknown):
    """Ids of words: an int32 array; words that are not in `ids` get the id `unknown`."""
    return np.array([ids.get(word, unknown) for word in words], dtype=np.int32)
