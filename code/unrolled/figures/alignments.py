"""Where a decoder looks: the weights of attention, letters written against letters read."""

import plotly.graph_objects as go

from . import theme
from .maps import FAINT_TO_FULL

SHOWN = {" ": "·"}  # a space would leave its place on an axis empty


def letters(text):
    """The letters of a text as an axis shows them, a list."""
    return [SHOWN.get(letter, letter) for letter in text]


def alignment(weights, read, written, *, title, alt, height=360):
    """A heat map of weights in [0, 1], shape (U, T), the first letter written on top.

    Parameters
    ----------
    weights : ndarray, shape (U, T)
    read, written : sequences of str, T and U of them
        What stands at each column and at each row.
    """
    figure = go.Figure(
        go.Heatmap(
            z=weights,
            zmin=0,
            zmax=1,
            colorscale=FAINT_TO_FULL,
            colorbar={"thickness": 10, "tickvals": [0, 0.5, 1], "outlinewidth": 0},
            hoverongaps=False,
            xgap=1,
            ygap=1,
        )
    )
    axis = {"showgrid": False, "zeroline": False, "tickangle": 0}
    columns, rows = list(range(len(read))), list(range(len(written)))
    figure.update_layout(
        xaxis={"title": "read", "tickvals": columns, "ticktext": list(read), **axis},
        yaxis={
            "title": "written",
            "tickvals": rows,
            "ticktext": list(written),
            "autorange": "reversed",
            **axis,
        },
    )
    return theme.describe(figure, title=title, alt=alt, height=height)
