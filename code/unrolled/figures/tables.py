"""DataFrames as the book shows them: a table of HTML in a page, whole lines of text in a notebook.

Rows that are only counted lose their numbers, and the name of an index stands in the header, not in
a row of its own. Numbers have as many digits as NumPy's print options say.
"""

import re
from itertools import cycle

import numpy as np
from IPython import get_ipython

ROWS = 20  # more are cut in the middle
FRAMES = (("pandas", "DataFrame"), ("pandas.core.frame", "DataFrame"))  # of version 3, and before
NUMBER = re.compile(r"\s*[-+−]?\.?\d")


def use():
    """Let IPython show every DataFrame in this way, where there is an IPython."""
    if shell := get_ipython():
        formatters = shell.display_formatter.formatters
        for place in FRAMES:
            formatters["text/html"].for_type_by_name(*place, html)
            formatters["text/plain"].for_type_by_name(*place, _print)


def _print(frame, printer, _cycle):
    printer.text(text(frame))


def text(frame):
    """A DataFrame as lines of text, however long they are."""
    return _shown(frame, "to_string")


def html(frame):
    """A DataFrame as a table of HTML: numbers to the right, words to the left."""
    table = _shown(frame, "to_html", border=0)
    if not _simple(frame):
        return table.replace("<th></th>", "<td></td>")
    sides = ["right" if numeric(frame.iloc[:, i]) else "left" for i in range(frame.shape[1])]
    heads, cells = iter(sides if _counted(frame) else ["left", *sides]), cycle(sides)
    header, body = table.split("</thead>")
    header = re.sub("<tr[^>]*>", "<tr>", header)
    header = re.sub("<th>", lambda _: f'<th scope="col" {_to(next(heads))}>', header)
    header = re.sub("<th[^>]*></th>", "<td></td>", header)
    body = re.sub("<td>", lambda _: f"<td {_to(next(cells))}>", body)
    body = body.replace("<th>", f'<th scope="row" {_to("left")}>')
    return f"{header}</thead>{body}"


def numeric(column):
    """Whether a column holds numbers, or texts that each begin with one, such as "45 %"."""
    return column.dtype.kind in "iufc" or all(NUMBER.match(str(value)) for value in column)


def _counted(frame):
    """Whether the index only counts the rows."""
    return type(frame.index).__name__ == "RangeIndex" and frame.index.name is None


def _simple(frame):
    """Whether there is one row of names and one column of them, or none."""
    return frame.index.nlevels == frame.columns.nlevels == 1


def _to(side):
    return f'style="text-align: {side}"'


def _shown(frame, how, **more):
    from pandas import option_context  # the frame has imported it

    index = not _counted(frame)
    if _simple(frame) and frame.index.name is not None:
        frame = frame.rename_axis(index=None, columns=frame.index.name)
    with option_context("display.precision", np.get_printoptions()["precision"]):
        return getattr(frame, how)(index=index, max_rows=ROWS, **more)
