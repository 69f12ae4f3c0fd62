"""Curves and bars that several chapters draw."""

import plotly.graph_objects as go

from . import theme


def curves(x, named, *, title, alt, x_title, y_title, height=320, **y_axis):
    """Lines over a common x.

    Parameters
    ----------
    x : ndarray, shape (n,)
    named : dict of name -> (values, role) or (values, role, dash)
        `role` is a key of `theme.COLORS`; `dash` a Plotly dash style, so that color is never the
        only sign.
    """
    traces = [
        go.Scatter(x=x, y=values, name=name, mode="lines", line=theme.line(role, *dash))
        for name, (values, role, *dash) in named.items()
    ]
    figure = go.Figure(traces)
    figure.update_layout(
        xaxis_title=x_title, yaxis={"title": y_title, **y_axis}, showlegend=len(named) > 1
    )
    return theme.describe(figure, title=title, alt=alt, height=height)


def bars(labels, named, *, title, alt, y_title, height=320, **y_axis):
    """Groups of bars: `named` maps a name to (values, role), or (values, role, fill pattern)."""
    figure = go.Figure(
        [
            go.Bar(x=labels, y=values, name=name, marker=theme.fill(role, *pattern))
            for name, (values, role, *pattern) in named.items()
        ]
    )
    if isinstance(labels[0], str):  # or Plotly takes "2" for a number
        figure.update_xaxes(type="category")
    figure.update_layout(yaxis={"title": y_title, **y_axis}, showlegend=len(named) > 1)
    return theme.describe(figure, title=title, alt=alt, height=height)


def marker(x, y, *, name, role="highlight", symbol="circle", **trace):
    """A single conspicuous point, or a few."""
    color = theme.COLORS[role][0]
    style = {"color": color, "size": 11, "symbol": symbol, "line": {"width": 2, "color": color}}
    return go.Scatter(x=x, y=y, name=name, mode="markers", marker=style, **trace)
