"""A figure as a piece of the HTML book: data in JSON that the page's script draws.

The title becomes text of the page, so that it wraps on a phone. The template stays out: the script
adds the one of the page's theme. Explorables are written with the same pieces.
"""

import json
from html import escape

from plotly.io._base_renderers import MimetypeRenderer
from plotly.utils import PlotlyJSONEncoder


class PageRenderer(MimetypeRenderer):
    """A Plotly renderer that shows a figure as `figure_html`."""

    def to_mimebundle(self, fig_dict):
        """The mime bundle that IPython displays."""
        return {"text/html": figure_html(fig_dict)}


def figure_html(figure):
    """HTML of one figure, given as a dict with data and layout."""
    pane, title, alt = split(figure)
    label = escape(alt or title)
    return (
        f'<figure class="unrolled-figure">{pane_html(title, label)}'
        f"<noscript><p>{label}</p></noscript>{script(panes=[pane])}</figure>"
    )


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
