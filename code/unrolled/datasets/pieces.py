"""Words from pieces: byte-pair encoding over letters. Built up in chapter 7.

A pair of neighboring pieces that is frequent becomes one piece, again and again (Gage 1994, for
compression; Sennrich, Haddow and Birch 2016, for words that a vocabulary lacks). "_" stands where
a word begins, and no piece goes across it.
"""

from collections import Counter
from itertools import pairwise


def joined(pieces, pair):
    """A list of pieces in which the pair is one piece wherever it stands, from the left."""
    found = []
    for piece in pieces:
        if found and (found[-1], piece) == pair:
            found[-1] += piece
        else:
            found.append(piece)
    return found


def learn(words, merges):
    """The pairs to join, in order: each time the most frequent, of equals the one met first.

    Parameters
    ----------
    words : iterable of str
        A text; a word counts as often as it stands there.
    merges : int
        How many pairs. Raises ValueError where no pair is left.

    Returns
    -------
    list of (str, str)
    """
    counts, learned = Counter(words), []
    pieces = {word: ["_", *word] for word in counts}
    for _ in range(merges):
        pairs = Counter()
        for word, count in counts.items():
            for pair in pairwise(pieces[word]):
                pairs[pair] += count
        learned.append(max(pairs, key=pairs.get))
        pieces = {word: joined(pieces[word], learned[-1]) for word in counts}
    return learned


def split(word, learned):
    """The pieces of a word, a list, by the pairs that `learn` has found, in their order."""
    pieces = ["_", *word]
    for pair in learned:
        pieces = joined(pieces, pair)
    return pieces
