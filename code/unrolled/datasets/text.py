"""Text to predict: prose that the book ships, and numbers in words, as many as one wants."""

import operator
import re

from . import files

_ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"]
_SMALL = [*_ONES, *_TEENS, "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_LIMIT = 1_000_000


def load_prose():
    """Small stories about a harbor town, written for this book.

    Returns
    -------
    str
        About 35,000 characters: letters, spaces, new lines and . , ? ' only. A paragraph is
        one line and one story; a blank line stands between two, a new line after the last.

    Raises
    ------
    FileNotFoundError
        If the file is not where the package was installed.
    ValueError
        If the file is not UTF-8, has no letter, or holds another character.
    """
    place = files.path("prose.txt")
    text = files.text(place)
    stranger = re.search(r"[^A-Za-z .,?'\n]", text)
    if stranger or not re.search("[A-Za-z]", text):
        what = f"holds {stranger[0]!r}" if stranger else "is empty"
        raise ValueError(f"{place} {what}; it must be letters, spaces, new lines and . , ? '")
    return text


def spell(n):
    """A whole number in American words, without "and" and without hyphens.

    Parameters
    ----------
    n : int
        0 <= n < 1_000_000.

    Returns
    -------
    str
        Words with single spaces between them: 342 is "three hundred forty two".

    Raises
    ------
    TypeError
        If n is not a whole number.
    ValueError
        If n is negative or a million or more.
    """
    n = operator.index(n)
    if not 0 <= n < _LIMIT:
        raise ValueError(f"spell needs 0 <= n < {_LIMIT}; got n={n}")
    return " ".join(_words(n)) or "zero"


def _words(n):
    """The words of n, none for 0."""
    for size, name in ((1000, "thousand"), (100, "hundred")):
        if n >= size:
            return [*_words(n // size), name, *_words(n % size)]
    if n >= 20:
        return [_TENS[n // 10 - 2], *_words(n % 10)]
    return [_SMALL[n - 1]] if n else []


def spelled_numbers(start, stop):
    """Numbers in words, one after another, each with a period after it.

    Parameters
    ----------
    start, stop : int
        The first number and the one after the last: 0 <= start < stop <= 1_000_000.

    Returns
    -------
    str
        Tokens with single spaces between them. spelled_numbers(1, 4) is "one . two . three .".

    Raises
    ------
    TypeError
        If start or stop is not a whole number.
    ValueError
        If there is no number between them, or one that `spell` refuses.
    """
    if not 0 <= start < stop <= _LIMIT:
        raise ValueError(
            f"spelled_numbers needs 0 <= start < stop <= {_LIMIT}; got start={start}, stop={stop}"
        )
    return " ".join(f"{spell(n)} ." for n in range(start, stop))
