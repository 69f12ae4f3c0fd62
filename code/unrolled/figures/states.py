"""Hidden states over time: heat maps and paths."""

import numpy as np
import plotly.graph_objects as go

from . import theme

STRETCH = 100  # steps between the starts of two readings on one axis


def heat_map(values, *, title, alt, x_title="time step t", y_title="hidden unit", height=320):
    """A heat map of values in [-1, 1], shape (rows, columns), on the book's diverging scale."""
    figure = go.Figure(
        go.Heatmap(
            z=values,
            zmin=-1,
            zmax=1,
            colorscale=theme.DIVERGING,
            colorbar={"thickness": 10, "tickvals": [-1, 0, 1], "outlinewidth": 0},
        )
    )
    figure.update_layout(
        xaxis_title=x_title, yaxis={"title": y_title, "autorange": "reversed", "showgrid": False}
    )
    return theme.describe(figure, title=title, alt=alt, height=height)


def mask(kept, *, title, alt, x_title, y_title, height=240):
    """Which elements of a boolean array (rows, columns) are true, in one color on none."""
    figure = heat_map(1.0 * kept, title=title, alt=alt, x_title=x_title, y_title=y_title)
    colors = [[0.0, theme.NEUTRAL], [1.0, theme.BACKWARD]]
    figure.update_traces(colorscale=colors, zmin=0, showscale=False, xgap=1, ygap=1)
    return figure.update_layout(height=height)


def readings_axis(readings):
    """Settings of a time axis on which each reading, a list of words, has a stretch of its own.

    Reading k stands at k * STRETCH and the steps after it. The axis goes where the data are: a
    figure that draws one reading there shows its words.
    """
    ticks = [k * STRETCH + t for k, words in enumerate(readings) for t in range(len(words))]
    return {
        "tickvals": ticks,
        "ticktext": [word for words in readings for word in words],
        "tickangle": -90,
        "showgrid": False,
        "zeroline": False,
    }


def now_line(t, rows):
    """A vertical line over a heat map at step t."""
    return go.Scatter(
        x=[t, t],
        y=[-0.5, rows - 0.5],
        mode="lines",
        line={"color": theme.INK, "width": 2},
        showlegend=False,
        hoverinfo="skip",
    )


def path(points, *, title, alt, limit, height=320):
    """A path through the plane, points of shape (2, T), with a diamond at its start."""
    figure = go.Figure(
        go.Scatter(
            x=points[0],
            y=points[1],
            name="path",
            mode="lines+markers",
            line={**theme.line("forward"), "width": 1.5},
            marker={
                "size": [10] + [5] * (len(points[0]) - 1),
                "symbol": ["diamond"] + ["circle"] * (len(points[0]) - 1),
                "color": theme.FORWARD,
            },
        )
    )
    axis = {"range": [-limit, limit], "zeroline": True}
    figure.update_layout(
        xaxis={"title": "first principal component", **axis},
        yaxis={"title": "second", **axis},
        showlegend=False,
    )
    return theme.describe(figure, title=title, alt=alt, height=height)


def no_data(*shape):
    """An array of NaN, for what an explorable fills."""
    return np.full(shape, np.nan)
