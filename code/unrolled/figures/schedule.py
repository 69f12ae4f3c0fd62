"""Who is at work when: a row for each worker, a column for each slot of time."""

import plotly.graph_objects as go

from . import theme

COLORS = [[0.0, theme.BACKWARD], [0.5, theme.GRID], [1.0, theme.FORWARD]]


def pieces(plan, *, names, title, alt, height=260):
    """A plan from `analysis.pipeline.schedule`, the first row at the bottom.

    Pieces are written into their cells, forward in blue and backward in vermilion; where a worker
    waits, the cell is empty.
    """
    text = [[str(abs(piece)) if piece else "" for piece in row] for row in plan]
    z = [[(piece > 0) - (piece < 0) or None for piece in map(int, row)] for row in plan]
    trace = go.Heatmap(
        z=z, y=list(names), text=text, zmin=-1, zmax=1, colorscale=COLORS, showscale=False,
        texttemplate="%{text}", hoverinfo="skip",
        hoverongaps=False, xgap=2, ygap=2,
    )  # fmt: skip
    figure = go.Figure(trace)
    axis = {"showgrid": False, "zeroline": False}
    figure.update_xaxes(title="time", showticklabels=False, ticks="", **axis)
    figure.update_yaxes(type="category", **axis)
    return theme.describe(figure, title=title, alt=alt, height=height)
