"""A choice among words, one bar each."""

import plotly.graph_objects as go

from . import lines, theme


def choice(words, p, reference, *, name, reference_name, title, alt, height=450):
    """Horizontal bars of the probability of each word, the first on top.

    Parameters
    ----------
    words : list of str, V of them
    p, reference : ndarray, shape (V,), or the keys of two (see `theme.bound`)
        What the bars show, and what a tick across each bar compares it with.
    name, reference_name : str
        Their names in the legend.
    """
    bar = theme.bound(x=p, y=words)
    figure = go.Figure(go.Bar(**bar, name=name, orientation="h", marker=theme.fill("forward")))
    figure.add_trace(
        lines.marker(reference, words, name=reference_name, role="ink", symbol="line-ns")
    )
    figure.update_layout(
        xaxis={"title": "probability", "range": [0, 1.03]},
        yaxis={
            "type": "category",
            "range": [len(words) - 0.4, -0.6],
            "dtick": 1,
            "tickfont": {"size": 11},
            "showgrid": False,
        },
    )
    return theme.describe(figure, title=title, alt=alt, height=height)
