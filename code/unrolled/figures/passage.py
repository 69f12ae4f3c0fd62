"""A text whose letters are colored one by one, drawn by the view from an explorable's answer."""

from typing import NamedTuple


class Passage(NamedTuple):
    """A pane of an explorable.

    Attributes
    ----------
    passage : str
        A fact: the text. A new line in it begins a new line.
    values : str
        The key of an array (letters,): states in [-1, 1], blue below zero and vermilion above, or
        with `marked` 1 where a letter is underlined. What is NaN, or past the end, is left alone.
    """

    title: str
    alt: str
    passage: str
    values: str
    marked: bool = False
    line: bool = False

    def pane(self):
        """What the view needs, for JSON."""
        return self._asdict()
