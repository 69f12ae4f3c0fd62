"""A cloud of points in three dimensions, seen from above its side, and the ways between them."""

import numpy as np
import plotly.graph_objects as go

from . import lines, theme

VIEW = np.array([[1.0, 0.16], [0.0, 1.0], [0.42, -0.5]])
LOOKS = (
    ("corner, stable", "forward", "circle"),
    ("edge, 1 direction", "backward", "diamond"),
    ("face, 2 directions", "highlight", "square"),
    ("center, 3 directions", "target", "x"),
)


def cube(points, growing, ways, *, title, alt, height=460):
    """Points of four kinds, and lines.

    Parameters
    ----------
    points : ndarray, shape (n, 3)
    growing : ndarray of int, shape (n,)
        0 to 3, how many directions grow at each.
    ways : ndarray, shape (count, steps, 3)
    """
    gaps = np.full((len(ways), 1, 2), np.nan)
    x, y = np.concatenate([ways @ VIEW, gaps], axis=1, dtype=np.float32).reshape(-1, 2).T
    figure = go.Figure(
        go.Scatter(x=x, y=y, mode="lines", line=theme.line("muted", width=1.5), name="ways out")
    )
    for kind, (name, role, symbol) in enumerate(LOOKS):
        x, y = (points[np.asarray(growing) == kind] @ VIEW).T
        figure.add_trace(lines.marker(x, y, name=name, role=role, symbol=symbol))
    blank = {"visible": False}
    figure.update_layout(xaxis=blank, yaxis=blank | {"scaleanchor": "x"})
    return theme.describe(figure, title=title, alt=alt, height=height)
