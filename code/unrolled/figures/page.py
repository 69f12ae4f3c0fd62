"""A figure as a piece of the HTML book: data in JSON that the page's script draws.

The title, which states the finding, becomes the caption, so that it wraps on a phone. The template
stays out: the script adds the one of the page's theme. Explorables are made of the same pieces.
"""

import json
import re
from html import escape

from plotly.io._base_renderers import MimetypeRenderer
from plotly.utils import PlotlyJSONEncoder

KINDS = {"scatter": "Line chart", "bar": "Bar chart", "heatmap": "Heat map"}


class PageRenderer(MimetypeRenderer):
    """A Plotly renderer that shows a figure as `figure_html`."""

    def to_mimebundle(self, fig_dict):
        """The mime bundle that IPython displays."""
        return {"text/html": figure_html(fig_dict)}


def figure_html(figure):
    """HTML of one figure, given as a dict with data and layout."""
    pane, title, alt = split(figure)
    label = escape(f"{chart(figure)} {alt or title}".strip())
    caption = f'<figcaption class="pane-title">{escape(title)}</figcaption>' if title else ""
    return (
        f'<figure class="unrolled-figure">{caption}{pane_html("", label)}'
        f"<noscript><p>{label}</p></noscript>{script(panes=[pane])}</figure>"
    )


def chart(figure):
    """The kind of a figure, its axes and its legend in words, for a reader who cannot see it.

    `figure` is a dict with data and layout. Empty for a figure without data.
    """
    if not figure["data"]:
        return ""
    parts = [KINDS.get(figure["data"][0].get("type"), "Chart")]
    for letter in "xy":
        axis = figure["layout"].get(f"{letter}axis", {})
        if title := axis.get("title", {}).get("text"):
            parts.append(f"{letter} axis: {title}" + ", logarithmic" * (axis.get("type") == "log"))
    names = [trace["name"] for trace in figure["data"] if trace.get("name")]
    if len(names) > 1:
        parts.append("drawn: " + ", ".join(names))
    return re.sub("</?su[bp]>", "", "; ".join(parts)) + "."


def pane_html(title, label):
    """The place where the script draws one pane, below its title."""
    heading = f'<p class="pane-title">{escape(title)}</p>' if title else ""
    return (
        f'<div class="pane">{heading}<div class="plot" role="img" aria-label="{label}"></div></div>'
    )


def split(figure):
    """Part a figure's dict into what is drawn, its title and its alternative text."""
    layout = {k: v for k, v in figure["layout"].items() if k not in ("template", "title", "meta")}
    title = figure["layout"].get("title", {}).get("text", "")
    alt = figure["layout"].get("meta", {}).get("alt", "")
    return {"data": list(figure["data"]), "layout": layout}, title, alt


def script(**spec):
    """The JSON that the page's script reads, safe inside an HTML script element."""
    text = json.dumps(spec, cls=PlotlyJSONEncoder, separators=(",", ":"), ensure_ascii=False)
    safe = text.replace("<", r"\u003c")
    return f'<script type="application/json">{safe}</script>'
