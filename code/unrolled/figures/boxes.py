"""Shapes of tensors: a table with a box for each axis, its symbol above its size.

Drawn by the page's view from an explorable's answer, as a table of words that can be read aloud.
"""

from typing import NamedTuple


class Boxes(NamedTuple):
    """A table of tensors, a pane of an explorable: rows of kinds, columns of libraries.

    Attributes
    ----------
    columns : tuple of str
    words : str
        A fact, a text that `written` makes.
    sizes : str
        The key of an array (rows, 3 * columns): a size for each of at most three axes, or NaN.
    """

    title: str
    alt: str
    columns: tuple
    words: str
    sizes: str

    def pane(self):
        """What the view needs, for JSON."""
        return self._asdict()


def written(rows):
    """Rows as a text: a line for each, with its heading and its tensors.

    Parameters
    ----------
    rows : list of (heading, tensors)
        A tensor is (count, name, axes), axes a tuple of symbols such as "4H", or None.
    """
    return "\n".join("\t".join([heading, *map(_tensor, tensors)]) for heading, tensors in rows)


def _tensor(tensor):
    if tensor is None:
        return ""
    count, name, axes = tensor
    return f"{count}|{name}|{' '.join(axes)}"
