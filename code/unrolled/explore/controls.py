"""What a reader can set: numbers, choices, switches, words, hands; buttons that set several."""

from collections.abc import Hashable
from numbers import Real
from typing import NamedTuple


class Number(NamedTuple):
    """A slider.

    Attributes
    ----------
    values : sequence of numbers
        Where it can stand. A page has a table of the answers at all of them.
    span : tuple (low, high, step), optional
        For an explorable that a page computes: all numbers of the span, in place of `values`.
    play : int, optional
        Milliseconds between the steps of a play button, for a slider that is time.
    texts : sequence of str, optional
        How each value is written, if not as the number that it is.
    """

    name: str
    label: str
    values: tuple | list | range
    start: float
    play: int | None = None
    texts: tuple | list | None = None
    span: tuple | None = None

    def refusal(self, value):
        """Why a value cannot be set, or None."""
        if self.span is None:
            return _among(self, value)
        low, high, _ = self.span
        if isinstance(value, bool) or not isinstance(value, Real):
            return f"{self.name} must be a number; got {value!r}"
        inside = low <= value <= high
        return None if inside else f"{self.name} must lie in [{low:g}, {high:g}]; got {value!r}"

    def text(self, value):
        """How a value is written."""
        return self.texts[list(self.values).index(value)] if self.texts else f"{value:g}"

    def packed(self):
        """What the view needs, for JSON."""
        found = {"kind": "number", "play": self.play, "texts": self.texts and list(self.texts)}
        place = {"span": self.span} if self.span else {"values": [_plain(v) for v in self.values]}
        return {"name": self.name, "label": self.label, **found, **place}


class Choice(NamedTuple):
    """A row of buttons, or a list where there are more than five. `values` are hashable."""

    name: str
    label: str
    values: tuple | list
    start: Hashable
    texts: tuple | list | None = None

    def refusal(self, value):
        """Why a value cannot be set, or None."""
        return _among(self, value)

    def text(self, value):
        """How a value is written."""
        return self.texts[list(self.values).index(value)] if self.texts else f"{value}"

    def packed(self):
        """What the view needs, for JSON."""
        texts = [self.text(value) for value in self.values]
        return {**self._asdict(), "kind": "choice", "values": list(self.values), "texts": texts}


class Switch(NamedTuple):
    """Yes or no."""

    name: str
    label: str
    start: bool
    values = (False, True)

    def refusal(self, value):
        """Why a value cannot be set, or None."""
        return None if isinstance(value, bool) else _among(self, value)

    def text(self, value):
        """How a value is written."""
        return "yes" if value else "no"

    def packed(self):
        """What the view needs, for JSON."""
        return {**self._asdict(), "kind": "switch", "values": [False, True], "texts": ["no", "yes"]}


def _is_spelled(value, control):
    """Whether a value is a text of the control's letters, and not too long."""
    known = isinstance(value, str) and set(value) <= {*control.letters}
    return known and 0 < len(value) <= control.longest


class Word(NamedTuple):
    """A field for a word of at most `longest` of the given letters.

    `last` may name a `Number` that goes to the place of the last letter when the reader types.
    """

    name: str
    label: str
    start: str
    letters: str = "abcdefghijklmnopqrstuvwxyz"
    longest: int = 24
    last: str | None = None

    def refusal(self, value):
        """Why a value cannot be set, or None."""
        if _is_spelled(value, self):
            return None
        return (
            f"{self.name} must be 1 to {self.longest} of the letters {self.letters}; got {value!r}"
        )

    def text(self, value):
        """How a value is written."""
        return value

    def packed(self):
        """What the view needs, for JSON."""
        return {**self._asdict(), "kind": "word"}


class Hand(NamedTuple):
    """A row of buttons for hands to read, as texts of `letters`; a reader may write another.

    The pane that draws it takes what the reader writes, of at most `longest` letters.
    """

    name: str
    label: str
    values: tuple
    start: str
    texts: tuple
    letters: str
    longest: int

    def refusal(self, value):
        """Why a value cannot be set, or None."""
        if _is_spelled(value, self):
            return None
        return f"{self.name} must be 1 to {self.longest} of its letters; got {value!r}"

    def text(self, value):
        """How a value is written."""
        return self.texts[self.values.index(value)] if value in self.values else "yours"

    def packed(self):
        """What the view needs, for JSON."""
        return {**self._asdict(), "kind": "hand"}


class Story(NamedTuple):
    """A button that sets controls, and one sentence of what to watch for.

    The sentence goes when the reader moves a control, unless that one plays or is in `invites`,
    the names of those that the sentence asks to move.
    """

    name: str
    values: dict
    watch: str
    invites: tuple = ()


class Question(NamedTuple):
    """Asked before the reader moves anything.

    Attributes
    ----------
    right : int
        The place of the right choice.
    values : dict
        Where the controls move when a choice is picked, and the answer is seen.
    because : str
        Why it is so, said to every choice.
    hides : tuple, optional
        What would give the answer away: names of lines and places of panes that are not shown
        before the reader has picked a choice or moved a control. On paper they are. A network that
        is read step by step waits at its first step as long.
    corrects : dict, optional
        For places of wrong choices what is said to each of them before `because`.
    """

    ask: str
    choices: tuple
    right: int
    values: dict
    because: str
    hides: tuple = ()
    corrects: dict | None = None

    def reply(self, place):
        """What is said to the choice in a place."""
        if place == self.right:
            return f"Yes. {self.because}"
        return " ".join(filter(None, ("No.", (self.corrects or {}).get(place), self.because)))

    def packed(self):
        """What the view needs, for JSON."""
        replies = [self.reply(place) for place in range(len(self.choices))]
        found = {"ask": self.ask, "choices": self.choices, "right": self.right}
        return {**found, "values": self.values, "hides": list(self.hides), "replies": replies}


def _plain(value):
    """A number of NumPy's as Python's, which JSON takes."""
    return value.item() if hasattr(value, "item") else value


def _among(control, value):
    """A refusal unless the value is listed; an array, which has no single answer, is not."""
    if isinstance(value, Hashable) and value in control.values:
        return None
    return f"{control.name} must be one of {list(control.values)}; got {value!r}"
