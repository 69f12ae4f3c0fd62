"""Curves and bars that several chapters draw."""

import plotly.graph_objects as go

from . import theme


def curves(x, named, *, title, alt, x_title, y_title, height=320, **y_axis):
    """Lines over a common x.

    Parameters
    ----------
    x : ndarray, shape (n,)
    named : dict of name -> (values, role) or (values, role, dash)
        Values, as well as x, may be the key of an array (see `theme.bound`).
        `role` is a key of `theme.COLORS`; `dash` a Plotly dash style, so that color is never the
        only sign.
    """
    traces = [
        go.Scatter(
            **theme.bound(x=x, y=values), name=name, mode="lines", line=theme.line(role, *dash)
        )
        for name, (values, role, *dash) in named.items()
    ]
    figure = go.Figure(traces)
    figure.update_layout(
        xaxis_title=x_title, yaxis={"title": y_title, **y_axis}, showlegend=len(named) > 1
    )
    return theme.describe(figure, title=title, alt=alt, height=height)


def bars(labels, named, *, title, alt, y_title, height=320, **y_axis):
    """Groups of bars: `named` maps a name to (values, role), or (values, role, fill pattern).

    Labels and values may be keys of arrays (see `theme.bound`).
    """
    figure = go.Figure(
        [
            go.Bar(**theme.bound(x=labels, y=values), name=name, marker=theme.fill(role, *pattern))
            for name, (values, role, *pattern) in named.items()
        ]
    )
    if not isinstance(labels, str) and isinstance(
        labels[0], str
    ):  # or Plotly takes "2" for a number
        # new data clear the type; strict, Plotly finds the same one again
        figure.update_xaxes(type="category", autotypenumbers="strict")
    figure.update_layout(yaxis={"title": y_title, **y_axis}, showlegend=len(named) > 1)
    return theme.describe(figure, title=title, alt=alt, height=height)


def marker(x, y, *, name, role="highlight", symbol="circle", **trace):
    """A single conspicuous point, or a few; x and y may be keys of arrays (see `theme.bound`)."""
    color = theme.COLORS[role][0]
    style = {"color": color, "size": 11, "symbol": symbol, "line": {"width": 2, "color": color}}
    return go.Scatter(**theme.bound(x=x, y=y), name=name, mode="markers", marker=style, **trace)


def reference(x, y, *, name, **trace):
    """A thin dotted line that others are compared with, such as 1, chance or a baseline."""
    style = theme.line("muted", "dot", 1.5)
    return go.Scatter(x=x, y=y, name=name, mode="lines", line=style, hoverinfo="skip", **trace)
