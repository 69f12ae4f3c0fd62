"""Errors of forecasts against the horizon with an interval, and what is shaded."""

from itertools import cycle

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


def ratios(groups, *, title, alt, y_title="error / the line's error", height=340):
    """Every start as a dot with its interval: `groups` maps a name to (ratios (n,), (2, n), role).

    Starts of one name stand side by side in rising order; 1, the rival's own error, is dotted.
    """
    figure, at, ticks, gap = go.Figure(), 0, [], 1.5
    symbols = cycle(("circle", "square", "diamond"))
    for name, (ratio, (low, high), role) in groups.items():
        order = np.argsort(ratio)
        x = at + np.arange(len(ratio))
        color = theme.COLORS[role][0]
        figure.add_trace(
            go.Scatter(
                x=x,
                y=ratio[order],
                error_y={
                    "type": "data",
                    "symmetric": False,
                    "array": (high - ratio)[order],
                    "arrayminus": (ratio - low)[order],
                    "width": 2,
                    "thickness": 1.3,
                    "color": color,
                },
                mode="markers",
                name=name,
                marker={"color": color, "size": 7, "symbol": next(symbols)},
                showlegend=False,
            )
        )
        ticks.append((x.mean(), name))
        at = x[-1] + 1 + gap
    figure.add_trace(
        lines.reference([-1, at - gap], [1, 1], name="as wrong as the line", showlegend=False)
    )
    figure.update_layout(
        xaxis={
            "tickvals": [place for place, _ in ticks],
            "ticktext": [name for _, name in ticks],
            "showgrid": False,
            "zeroline": False,
        },
        yaxis_title=y_title,
    )
    return theme.describe(figure, title=title, alt=alt, height=height)
