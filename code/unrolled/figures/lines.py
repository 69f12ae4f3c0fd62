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


def many(x, named, *, level, **labels):
    """Runs over a common x, many of each kind, with one entry of the legend for a kind.

    Parameters
    ----------
    x : ndarray, shape (n,)
    named : dict of name -> (list of values, role) or (list of values, role, dash)
        As in `curves`, with the values of all runs of this name.
    level : pair of str and float
        The name of a dotted line that they are compared with, and where it is.
    labels : dict
        The other arguments of `curves`.
    """
    runs = {
        (name, i): (values, *style)
        for name, (found, *style) in named.items()
        for i, values in enumerate(found)
    }
    figure = curves(x, {str(run): curve for run, curve in runs.items()}, **labels)
    for trace, (name, i) in zip(figure.data, runs, strict=True):
        trace.update(name=name, showlegend=i == 0, line_width=1.3)
    return figure.add_trace(reference([x[0], x[-1]], [level[1]] * 2, name=level[0]))
