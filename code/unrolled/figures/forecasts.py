"""Errors of forecasts against the horizon with an interval, and what is shaded."""

import numpy as np
import plotly.graph_objects as go

from . import lines, theme

SHADE = "rgba(0,114,178,0.16)"  # the forward color, faint enough for a light and a dark page


def shade(x, y, *, name):
    """A shaded region with an outline; x and y may be keys of arrays (see `theme.bound`)."""
    return go.Scatter(
        **theme.bound(x=x, y=y),
        name=name,
        mode="lines",
        line={"width": 0.75, "color": theme.FORWARD},  # the shade alone is too faint for an edge
        fill="toself",
        fillcolor=SHADE,
        hoverinfo="skip",
    )


def around(there, back):
    """Values along a curve (n,) and back along another: the outline (2 n,) of what lies between."""
    return np.concatenate([there, back[::-1]])


def by_horizon(named, interval, *, of, title, alt, y_title, x_title="steps ahead", height=360):
    """Errors at the horizons 1, 2, 3, ...; `named` as in `lines.curves`.

    `interval` (2, horizon) is shaded, and belongs to the curve named `of`. In an explorable it is
    (horizon, key), the key of an outline made by `around`.
    """
    bound = isinstance(interval[1], str)
    horizon, y = interval if bound else (len(interval[0]), around(*interval))
    x = np.arange(1, horizon + 1)
    how = {"title": title, "alt": alt, "x_title": x_title, "y_title": y_title}
    figure = lines.curves(x, named, **how, height=height, rangemode="tozero")
    figure.update_traces(mode="lines+markers", marker={"size": 5})
    figure.add_trace(shade(around(x, x), y, name=f"interval of {of}"))
    return figure
