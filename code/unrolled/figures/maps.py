"""Heat maps whose empty cells mean something: strengths over decades, and places for words."""

import plotly.graph_objects as go

from . import theme

# The faintest strength must still differ from a cell that is empty.
FAINT_TO_FULL = [[0.0, theme.GRID], [1.0, theme.FORWARD]]


def strengths(logs, *, title, alt, x_title, y_title, decades, height=320):
    """A heat map of log10 values, shape (rows, columns); where one is NaN, nothing is drawn.

    `logs` may be the key of an array (see `theme.bound`).
    `decades` is (lowest, highest) power of ten of the color scale.
    """
    scale = theme.decades(decades)
    low, high = scale.pop("range")
    trace = go.Heatmap(
        **theme.bound(z=logs),
        zmin=low,
        zmax=high,
        colorscale=FAINT_TO_FULL,
        colorbar={"thickness": 10, "outlinewidth": 0, **scale},
        hoverongaps=False,
    )
    return _described(trace, title, alt, x_title, y_title, height)


def numbers(values, *, rows, columns, title, alt, x_title, y_title, limits, height=280):
    """A heat map with its values, shape (rows, columns), written into the cells as whole numbers.

    `rows` and `columns` are labels. `limits` are the values of the full and of the faintest color.
    """
    full, faint = limits
    trace = go.Heatmap(
        z=values,
        x=[str(label) for label in columns],
        y=[str(label) for label in rows],
        zmin=full,
        zmax=faint,
        colorscale=[[0.0, theme.FORWARD], [1.0, theme.GRID]],
        showscale=False,
        texttemplate="<b>%{z:.0f}</b>",  # Plotly chooses black or white, faint in between
        hoverinfo="skip",
    )
    figure = _described(trace, title, alt, x_title, y_title, height)
    figure.update_xaxes(type="category")
    return figure.update_yaxes(type="category")


def places(words, *, title, alt, x_title, y_title, height=320):
    """Where words stand, shape (rows, columns): 1 a word, 0 padding, NaN no place at all.

    `words` may be the key of an array (see `theme.bound`).
    """
    look = {"zmin": 0, "zmax": 1, "colorscale": FAINT_TO_FULL, "showscale": False}
    trace = go.Heatmap(**theme.bound(z=words), **look, hoverinfo="skip")
    return _described(trace, title, alt, x_title, y_title, height)


def _described(trace, title, alt, x_title, y_title, height):
    """A figure of one heat map with gaps between its cells and the first row on top."""
    figure = go.Figure(trace.update(xgap=1, ygap=1))
    axis = {"showgrid": False, "zeroline": False}
    figure.update_layout(
        xaxis={"title": x_title, **axis},
        yaxis={"title": y_title, "autorange": "reversed", **axis},
    )
    return theme.describe(figure, title=title, alt=alt, height=height)
