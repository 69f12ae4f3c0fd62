"""A figure as a piece of the HTML book: data in JSON that the page's view draws.

The title, which states the finding, becomes the caption, so that it wraps on a phone. The template
stays out: the view adds the one of the page's theme. Explorables are made of the same pieces.
"""

import base64
import json
import re
from html import escape

import numpy as np
from plotly.io._base_renderers import MimetypeRenderer
from plotly.utils import PlotlyJSONEncoder

DOCUMENT = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>body {{ margin: 1rem auto; max-width: 60rem; font: 16px sans-serif; }}</style>
</head>
<body>{body}</body>
</html>
"""
_first = iter([True])  # whether the next figure is the first of its file
KINDS = {"scatter": "Line chart", "bar": "Bar chart", "heatmap": "Heat map"}


class PageRenderer(MimetypeRenderer):
    """A Plotly renderer that shows a figure as `figure_html`, `alone` with the scripts it needs."""

    def __init__(self, *, alone=False):
        self.alone = alone

    def to_mimebundle(self, fig_dict):
        """The mime bundle that IPython displays."""
        html = figure_html(fig_dict)
        return {"text/html": standalone(html) if self.alone else html}


def standalone(html):
    """The HTML of a figure for a file that stands alone: scripts and styles come with the first."""
    from . import assets  # needs the theme, which needs this module

    return (assets.standalone() if next(_first, False) else "") + html


def figure_html(figure):
    """HTML of one figure, given as a dict with data and layout."""
    drawn = pane(figure)
    title, label = drawn.pop("title"), escape(drawn["alt"])
    caption = f'<figcaption class="pane-title">{escape(title)}</figcaption>' if title else ""
    return (
        f'<figure class="unrolled-figure">{caption}<div class="pane"></div>'
        f"<noscript><p>{label}</p></noscript>{script(panes=[drawn])}</figure>"
    )


def document(title, html):
    """A whole HTML document around a figure, with all that it needs."""
    from . import assets  # needs the theme, which needs this module

    return DOCUMENT.format(title=escape(title), body=assets.standalone() + html)


def pane(figure):
    """What the view needs of a figure, given as a dict with data and layout.

    `data` and `layout` without the attributes that arrays of an answer fill, `title`, `alt`, the
    `marks` that a reader drags, `ranges`, axes whose range is an array of the answer, `labels`,
    axes whose labels are the words of a fact, and `wide`, whether it has a row to itself.
    """
    layout = {k: v for k, v in figure["layout"].items() if k not in ("template", "title", "meta")}
    meta = figure["layout"].get("meta", {})
    title = figure["layout"].get("title", {}).get("text", "")
    return {
        "data": [_unfilled(trace) for trace in figure["data"]],
        "layout": layout,
        "title": title,
        "alt": described(figure, meta.get("alt", "") or title),
        "marks": meta.get("marks", []),
        "ranges": meta.get("ranges", {}),
        "labels": meta.get("labels", {}),
        "wide": meta.get("wide", False),
    }


def _unfilled(trace):
    return {key: value for key, value in trace.items() if key not in trace.get("meta", {})}


def described(figure, alt):
    """The alternative text: what `chart` says, unless it says no more than the text begins with."""
    kind = chart(figure)
    return alt if alt.startswith(kind.rstrip(".")) else f"{kind} {alt}".strip()


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


def exact(array):
    """An array for JSON bit for bit: its shape, and its doubles in base64."""
    data = np.ascontiguousarray(array, "<f8")
    return {"shape": data.shape, "data": base64.b64encode(data.tobytes()).decode()}


def plain(value):
    """A value as JSON has it: lists in place of arrays of words, None in place of NaN."""
    return json.loads(json.dumps(value, cls=PlotlyJSONEncoder))


def script(**spec):
    """The JSON that the page's view reads, safe inside an HTML script element."""
    text = json.dumps(spec, cls=PlotlyJSONEncoder, separators=(",", ":"), ensure_ascii=False)
    safe = text.replace("<", r"\u003c")
    return f'<script type="application/json">{safe}</script>'
