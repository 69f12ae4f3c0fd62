"""A network unrolled in time, drawn by the view from the arrays of an explorable's answer.

Rows of boxes, one at every step, and arrows between them: the grammar of the book's diagrams, with
numbers in the boxes, and arrows as wide and as strong as what flows along them.
"""

from typing import NamedTuple


class Row(NamedTuple):
    """A box at every step, top row first.

    Attributes
    ----------
    name, label : str
        What arrows call it, and what stands at its left.
    values : str, optional
        The key of an array (T,) of numbers to write into the boxes; none where one is NaN.
    scale : bool
        Whether the values, in [-1, 1], also color the boxes.
    letters : str, optional
        A fact, or a control, whose letters stand in the boxes.
    text : str, optional
        What stands in every box in place of its value.
    strength : str, optional
        The key of an array (T,) in [0, 1]: how much of the role's color a box has, and how clearly
        its letter is seen.
    under : str, optional
        The key of an array (T,) of numbers to write below the first, in the color of `under_role`;
        none where one is NaN.
    """

    name: str
    label: str
    values: str | None = None
    scale: bool = False
    letters: str | None = None
    text: str | None = None
    strength: str | None = None
    role: str = "ink"
    format: str = ".2f"
    under: str | None = None
    under_role: str = "backward"


class Arrow(NamedTuple):
    """An arrow at every step, from a row to a row; `shift` steps later, or earlier if negative.

    `strength` is the key of an array (T,) in [0, 1], at the step where the arrow begins: how wide
    and how dark it is; no arrow where it is NaN, a dotted line where it is 0. `label` is the key of
    an array of numbers to write beside it, by `format`; without one they are logarithms to base 10.
    """

    start: str
    end: str
    shift: int = 0
    strength: str | None = None
    role: str = "forward"
    label: str | None = None
    format: str = "sci"


class Walk(NamedTuple):
    """Buttons that let the arrows back in time go on step by step.

    `values` is the key of an array (T,) of which `says`, a template, gets the element that is
    reached as `left`, and the number of steps as `back`. `play` is milliseconds a step.

    With `reads`, another key and template, the network reads its inputs first: the states come one
    by one, and the template gets its array's element as `kept`, and the number of steps as `read`.
    Such a walk plays by itself once, when it is first seen, unless motion is to be reduced.
    """

    label: str
    values: str
    says: str
    play: int = 120
    reads: tuple | None = None


class Diagram(NamedTuple):
    """An unrolled network, a pane of an explorable.

    Attributes
    ----------
    length : str
        The key of an array (T,) that is NaN at steps which are not there.
    cut : str, optional
        The key of an array (T,) that is 1 where a cut lies before the step.
    now : str, optional
        A control whose step is framed.
    origin : int
        What is added to a step's place to write its number below it; None writes none.
    touch : tuple of str, optional
        Two controls, of a row's place and of a step, that a tap on a box sets.
    drag : tuple of str, optional
        A control with a list of values whose cut a pointer drags, and the key of an array of the
        steps before which the cut lies for each of the values; NaN where there is none.
    """

    title: str
    alt: str
    length: str
    rows: tuple
    arrows: tuple
    cut: str | None = None
    now: str | None = None
    origin: int | None = 0
    walk: Walk | None = None
    touch: tuple | None = None
    drag: tuple | None = None

    def pane(self):
        """What the view needs, for JSON."""
        arrows = [{"from": a.start, "to": a.end, **a._asdict()} for a in self.arrows]
        walk = self.walk and self.walk._asdict()
        rows = [r._asdict() for r in self.rows]
        return {**self._asdict(), "rows": rows, "arrows": arrows, "walk": walk}
