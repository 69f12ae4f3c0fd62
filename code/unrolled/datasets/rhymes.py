"""Twelve words in rhyming pairs: after the first letter nothing but memory tells a pair apart.

The thread of chapters 1 to 6. A network reads a word letter by letter and says at every step which
of the twelve it is.
"""

import numpy as np

LETTERS = "abcdefghijklmnopqrstuvwxyz"
PAIRS = {
    "aster": "mf",
    "ister": "ms",
    "ountain": "mf",
    "unction": "fj",
    "eduction": "rs",
    "eneration": "gv",
}
WORDS = [first + rest for rest, firsts in PAIRS.items() for first in firsts]
T = max(len(word) for word in WORDS)


def one_hot(word, steps=T):
    """A word as inputs (steps, 26), a 1 for the letter of each step; after its end, zeros.

    Raises ValueError if the word is longer than `steps` or holds anything but a to z.
    """
    unknown = sorted(set(word) - set(LETTERS))
    if unknown:
        raise ValueError(f"a word is written in the letters a to z; {word!r} has {unknown}")
    if len(word) > steps:
        raise ValueError(f"{word!r} has {len(word)} letters, more than the {steps} steps")
    x = np.zeros((steps, len(LETTERS)))
    for t, letter in enumerate(word):
        x[t, LETTERS.index(letter)] = 1
    return x


def load_rhymes():
    """The words as inputs x (12, 10, 26) and targets (12, 10): at each step the word's number."""
    x = np.stack([one_hot(word) for word in WORDS])
    return x, np.repeat(np.arange(len(WORDS))[:, None], T, axis=1)


def possible(prefix):
    """Probabilities (12,) of the words for a reader who remembers all of `prefix`, by counting.

    Equal for the words that begin like it; where none does, NaN.
    """
    fits = np.array([word.startswith(prefix) for word in WORDS])
    return fits / fits.sum() if fits.any() else np.full(len(WORDS), np.nan)


def best_loss():
    """Mean cross-entropy in nats of that reader over all steps: no network can do better."""
    losses = [-np.log(possible(word[: t + 1])[n]) for n, word in enumerate(WORDS) for t in range(T)]
    return float(np.mean(losses))
