"""Color is never the only sign: what tells the traces of every figure of the book apart, and that
they can be seen. Nothing is drawn here: the pages hold the figures as data.
"""

import base64
import gzip
import itertools
import json
import re

import numpy as np
from unrolled.figures import theme

FIGURE = re.compile(
    r'<figure class="unrolled-figure.*?<script type="application/json">(.*?)</script>', re.DOTALL
)
SEEN = {theme.COLORS[r][0] for r in ("forward", "backward", "target", "highlight", "ink", "muted")}
PALE = {theme.COLORS[role][0] for role in ("grid", "neutral")}


def panes(site, name):
    """Every pane of a page, as Plotly gets it."""
    for text in FIGURE.findall((site / name).read_text()):
        spec = json.loads(text)
        for pane in spec["panes"]:
            yield pane | {"of": spec}


def sign(trace):
    """How a trace looks to a reader who sees no colors."""
    line, marker = trace.get("line", {}), trace.get("marker", {})
    lines = "lines" in trace.get("mode", "")
    return {
        "type": trace.get("type", "scatter"),
        "parts": (trace.get("mode"), trace.get("fill")),
        "dash": lines and line.get("dash", "solid"),
        "wide": lines and round(line.get("width", 2) / 2.5),
        "symbol": "markers" in trace.get("mode", "") and str(marker.get("symbol", "circle")),
        "pattern": marker.get("pattern", {}).get("shape", ""),
    }


def numbers(array, spec):
    """All numbers of an array: as Plotly writes it or, by its key, in an explorable's table."""
    if isinstance(array, str):
        at = spec["arrays"][array]
        size = int(np.prod(at["axes"] + at["shape"]))
        codes = np.frombuffer(gzip.decompress(base64.b64decode(spec["codes"])), "<u2")
        own = np.unique(codes[at["offset"] :][:size])
        return at["low"] + at["step"] * own[own < 65535]  # the largest is NaN
    if isinstance(array, dict):
        return np.frombuffer(base64.b64decode(array["bdata"]), array["dtype"])
    return np.ravel(np.array(array, float))


def named(pane):
    """The traces of a pane that have a name, but for what is written into the cells of a map."""
    written = [t for t in pane["data"] if t.get("mode") == "text" or "texttemplate" in t]
    written += [t for t in pane["data"] if t.get("name") == "below zero"]
    return [trace for trace in pane["data"] if trace.get("name") and trace not in written]


def paints(trace):
    """(attribute, color) of every line, marker and outline of a trace."""
    for part in ("line", "marker"):
        style = trace.get(part, {})
        colors = style.get("color", [])
        for color in [colors] if isinstance(colors, str) else colors:
            yield part, color
        if part == "marker" and "color" in style.get("line", {}):
            yield "outline", style["line"]["color"]


def test_two_traces_of_a_figure_differ_in_more_than_their_color(site, name):
    for pane in panes(site, name):
        for one, other in itertools.combinations(named(pane), 2):
            assert sign(one) != sign(other), (one["name"], other["name"])


def test_a_scale_of_colors_is_labeled_or_its_cells_have_texts_or_are_full_or_empty(site, name):
    for pane in panes(site, name):
        texts = any("texttemplate" in trace for trace in pane["data"])
        for heat in (trace for trace in pane["data"] if trace["type"] == "heatmap"):
            if heat.get("showscale", True):
                assert len(heat["colorbar"]["tickvals"]) >= 2
            elif not texts:
                known = numbers(heat.get("z", heat.get("meta", {}).get("z")), pane["of"])
                assert set(known[np.isfinite(known)].round(3)) <= {0, 1}


def test_both_sides_of_zero_differ_in_more_than_their_color(site, name):
    """A scale with two dark ends needs a sign on one of its sides."""
    for pane in panes(site, name):
        colors = [t.get("colorscale") for t in pane["data"]]
        if [[at, color] for at, color in theme.DIVERGING] in colors:
            minus = [t for t in pane["data"] if t.get("name") == "below zero"]
            assert [t["mode"] for t in minus] == ["lines"]


def test_every_line_marker_and_bar_has_a_color_that_stands_out_from_its_page(site, name):
    for pane in panes(site, name):
        for trace in pane["data"]:
            assert trace.get("opacity", 1) == 1, trace.get("name")
            found = list(paints(trace))
            assert {color for _, color in found} <= SEEN | PALE, trace.get("name")
            if found and trace.get("name") != "below zero":  # which fades where a value does
                assert {color for _, color in found} & SEEN, trace.get("name")
