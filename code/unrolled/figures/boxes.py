"""Shapes of tensors: a box for each axis, with its symbol above its size."""

import numpy as np
import plotly.graph_objects as go

from . import theme

# The kind of an axis has a color, but it is its symbol that tells. An axis of 2 has none.
KINDS = {
    "N": "forward",
    "T": "backward",
    "D": "target",
    "H": "highlight",
    "L": "muted",
    "": "muted",
}
SLOTS = 4  # places for a tensor: how many there are of it, and three axes
ROW = 70  # pixels of a row: two lines of words, and the boxes below them

# Kind of label -> its font and where it stands. Those that change most often come first, since a
# page draws all traces between the first and the last that change.
WORDS = {
    "symbol": ({"size": 11, "color": theme.NEUTRAL, "weight": 600}, "top center"),
    "count": ({"size": 12, "color": theme.INK}, "middle center"),
    "name": ({"size": 11, "color": theme.INK}, "middle right"),
    "heading": ({"size": 13, "color": theme.INK, "weight": 600}, "middle right"),
}


def table(rows, columns, labels, *, title, alt):
    """Empty boxes: `rows` tensors of each of `columns`, a list of names.

    The figure has a heat map of shape (2 rows, SLOTS columns), for the kinds of the axes, which are
    places in `KINDS`; a trace of their sizes, in `customdata`, with a point in every box; and a
    trace of words for each kind in `WORDS`. Boxes are drawn in odd rows, words above them.

    Parameters
    ----------
    rows : int
    columns : list of str
    labels : dict of kind in `WORDS` -> list of (x, y, text)
        In the units of the heat map.
    """
    width = SLOTS * len(columns)
    kinds = go.Heatmap(
        z=np.full((2 * rows, width), np.nan),
        zmin=-0.5,
        zmax=len(KINDS) - 0.5,
        colorscale=_steps([theme.COLORS[role][0] for role in KINDS.values()]),
        xgap=2,
        ygap=0,
        showscale=False,
        hoverinfo="skip",
        hoverongaps=False,
        name="axes",
    )
    sizes = _text(
        "sizes",
        {"size": 12, "color": theme.NEUTRAL},
        "bottom center",
        x=np.tile(np.arange(width), rows),
        y=np.full(rows * width, np.nan),
        customdata=np.full(rows * width, np.nan),
        texttemplate="%{customdata:.0f}",
    )
    figure = go.Figure([kinds, sizes, *(_words(kind, labels[kind]) for kind in WORDS)])
    axis = {"showgrid": False, "zeroline": False, "ticks": "", "fixedrange": True}
    figure.update_xaxes(
        **axis,
        side="top",
        range=[-0.5, width - 0.5],
        tickvals=[SLOTS * i + 2 for i in range(len(columns))],
        ticktext=[f"<b>{name}</b>" for name in columns],
    )
    figure.update_yaxes(**axis, range=[2 * rows - 0.45, -0.6], showticklabels=False)
    figure.update_layout(margin={"l": 0, "r": 0, "t": 26, "b": 0}, showlegend=False)
    return theme.describe(figure, title=title, alt=alt, height=ROW * rows + 26)


def _steps(colors):
    """A color scale of as many equal steps as there are colors."""
    edges = np.linspace(0, 1, len(colors) + 1)
    return [[float(edges[i + k]), color] for i, color in enumerate(colors) for k in (0, 1)]


def _words(kind, labels):
    x, y, text = zip(*labels, strict=True)
    return _text(kind, *WORDS[kind], x=x, y=y, text=text)


def _text(name, font, place, **points):
    return go.Scatter(
        name=name,
        mode="text",
        textfont=font,
        textposition=place,
        cliponaxis=False,
        hoverinfo="skip",
        **points,
    )
