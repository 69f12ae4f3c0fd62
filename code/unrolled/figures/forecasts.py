"""Forecasts over time with a band, and errors against the horizon with an interval."""

import numpy as np
import plotly.graph_objects as go

from . import lines, theme

SHADE = "rgba(0,114,178,0.16)"  # the forward color, faint enough for a light and a dark page


def between(x, low, high, *, name, **trace):
    """A shaded region between two curves over x, each of shape (n,)."""
    return go.Scatter(
        x=around(x, x),
        y=around(low, high),
        name=name,
        mode="lines",
        line={"width": 0.75, "color": theme.FORWARD},  # the shade alone is too faint for an edge
        fill="toself",
        fillcolor=SHADE,
        hoverinfo="skip",
        **trace,
    )


def around(there, back):
    """Values along a curve (n,) and back along another: the outline (2 n,) of what lies between."""
    return np.concatenate([there, back[::-1]])


def ahead(
    times, truth, made, forecast, offsets, *, title, alt, x_title, y_title, names, height=360
):
    """A series and what was forecast for it, with a band.

    Parameters
    ----------
    times, truth : ndarray, shape (n,)
    made, forecast : ndarray, shape (m,)
        The times that were forecast, and the forecasts.
    offsets : (low, high)
        What the band adds to the forecast.
    names : (str, str, str)
        Of the truth, the forecast and the band, for the legend.
    """
    figure = go.Figure(
        [
            between(made, forecast + offsets[0], forecast + offsets[1], name=names[2]),
            go.Scatter(
                x=times, y=truth, name=names[0], mode="lines", line=theme.line("ink", width=1.8)
            ),
            go.Scatter(
                x=made, y=forecast, name=names[1], mode="lines", line=theme.line("forward", "dash")
            ),
        ]
    )
    figure.update_layout(xaxis_title=x_title, yaxis_title=y_title)
    return theme.describe(figure, title=title, alt=alt, height=height)


def by_horizon(named, interval, *, of, title, alt, y_title, x_title="steps ahead", height=360):
    """Errors at the horizons 1, 2, 3, ...; `named` as in `lines.curves`.

    `interval` (2, horizon) is shaded, and belongs to the curve named `of`.
    """
    x = np.arange(1, len(interval[0]) + 1)
    how = {"title": title, "alt": alt, "x_title": x_title, "y_title": y_title}
    figure = lines.curves(x, named, **how, height=height, rangemode="tozero")
    figure.update_traces(mode="lines+markers", marker={"size": 5})
    figure.add_trace(between(x, *interval, name=f"interval of {of}"))
    return figure
