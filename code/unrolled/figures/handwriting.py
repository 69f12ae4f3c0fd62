"""A line of handwriting, drawn by the view from an explorable's answer while a pen runs over it."""

from typing import NamedTuple


class Handwriting(NamedTuple):
    """A pane of an explorable.

    Attributes
    ----------
    offsets : str
        The key of an array (T, 3): dx, dy, and 1 where the pen is lifted after the step.
    clouds : str
        The key of an array (T, 6 K): for every step the weights, means of dx and of dy, deviations
        of dx and of dy, and correlations of K normals that it was expected with; NaN for none.
    read : str
        A fact: how many steps are the hand's; the others are written by the pen, one by one, as
        long as motion is not to be reduced.
    now : str
        A control: the step before which a ring lies around the pen, with the cloud.
    hand : str
        A control, a `Hand`, that is set when the reader writes.
    """

    title: str
    alt: str
    offsets: str
    clouds: str
    read: str
    now: str
    hand: str

    def pane(self):
        """What the view needs, for JSON."""
        return self._asdict()
