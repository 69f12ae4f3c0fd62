"""Hidden states over time: heat maps and paths."""

import numpy as np
import plotly.graph_objects as go

from . import theme

LONGEST = 200  # steps of a path
STRETCH = 100  # steps between the starts of two readings on one axis


def heat_map(
    values, *, title, alt, x_title="time step t", y_title="hidden unit", height=320, bound=None
):
    """A heat map of values in [-1, 1], shape (rows, columns), on the book's diverging scale.

    In an explorable, `bound` is the keys of two arrays (see `theme.bound`): the values, and the
    places that `below_zero` gives for them; then `values` is only (rows, columns).

    Its second trace puts a minus on every cell below zero: without colors both ends of the scale
    are equally dark. The minus has the color of zero, so that it fades where a value does.
    """
    key, below = bound or (None, None)
    rows, columns = values if bound else np.shape(values)
    heat = go.Heatmap(
        **theme.bound(z=key or values),
        zmin=-1,
        zmax=1,
        colorscale=theme.DIVERGING,
        colorbar={"thickness": 10, "tickvals": [-1, 0, 1], "outlinewidth": 0},
    )
    x, y = minus_places(np.arange(columns), rows), below or below_zero(values)
    figure = go.Figure([heat, _minuses(x, y)])
    figure.update_layout(
        xaxis={"title": x_title, "range": [-0.5, columns - 0.5], "showgrid": False},
        yaxis={"title": y_title, "range": [rows - 0.5, -0.5], "showgrid": False},
    )
    return theme.describe(figure, title=title, alt=alt, height=height)


def _minuses(x, y):
    """A minus at the place of every value below zero: one line with gaps, quick to draw."""
    return go.Scatter(
        **theme.bound(x=x, y=y),
        name="below zero",
        mode="lines",
        line={"width": 1.5, "color": theme.NEUTRAL},
        showlegend=False,
        hoverinfo="skip",
    )


def minus_places(t, rows):
    """Where the strokes of a heat map with columns at t lie, shape (3 rows columns,)."""
    return np.tile(np.stack([t - 0.2, t + 0.2, t + 0.2], axis=1).ravel(), rows)


def below_zero(values):
    """How high these strokes lie: begin, end, gap; NaN where a value is not below zero."""
    rows = np.arange(len(values))[:, None]
    ends = np.where(np.asarray(values) < 0, rows, np.nan)
    return np.stack([ends, ends, np.full_like(ends, np.nan)], axis=-1).ravel()


def mask(kept, *, title, alt, x_title, y_title, height=240):
    """Which elements of a boolean array (rows, columns) are true, in one color on none."""
    figure = heat_map(1.0 * kept, title=title, alt=alt, x_title=x_title, y_title=y_title)
    colors = [[0.0, theme.NEUTRAL], [1.0, theme.BACKWARD]]
    figure.data = figure.data[:1]  # nothing is below zero
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
        "automargin": False,  # it would draw every word twice
        "showgrid": False,
        "zeroline": False,
    }


def path(points, *, title, alt, limit, height=320):
    """A path through the plane, points of shape (2, T), with a diamond at its start.

    In an explorable `points` are the keys of two arrays (see `theme.bound`).
    """
    figure = go.Figure(
        go.Scatter(
            **theme.bound(x=points[0], y=points[1]),
            name="path",
            mode="lines+markers",
            line={**theme.line("forward"), "width": 1.5},
            marker={
                "size": [10] + [5] * LONGEST,
                "symbol": ["diamond"] + ["circle"] * LONGEST,
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
