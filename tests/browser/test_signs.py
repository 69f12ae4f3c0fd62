"""Color is never the only sign: what tells the traces of every figure of the book apart, and that
they can be seen. Nothing is drawn here: the pages hold the figures as data.
"""

import base64
import gzip
import itertools
import json
import re

import numpy as np
import pytest
from unrolled import explore
from unrolled.figures import theme

FIGURE = re.compile(
    r'<figure class="unrolled-figure.*?<script type="application/json">(.*?)</script>', re.DOTALL
)
TABLE = re.compile(r'= "(.*)";')
SEEN = {theme.COLORS[r][0] for r in ("forward", "backward", "target", "highlight", "ink", "muted")}
PALE = {theme.COLORS[role][0] for role in ("grid", "neutral")}


@pytest.fixture(scope="module")
def charts(site):
    """Every chart of the book, as Plotly gets it."""
    texts = (text for path in site.glob("*.html") for text in FIGURE.findall(path.read_text()))
    specs = [json.loads(text) for text in texts]
    return [pane | {"of": spec} for spec in specs for pane in spec["panes"] if "data" in pane]


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
        "words": str(trace.get("text", "")),
    }


def numbers(array, spec, site):
    """All numbers of an array: as Plotly writes it or, by its key, those of an explorable."""
    if isinstance(array, dict):
        return np.frombuffer(base64.b64decode(array["bdata"]), array["dtype"])
    if not isinstance(array, str):
        return np.ravel(np.array(array, float))
    if "computed" in spec["source"]:
        return getattr(explore, spec["name"])().arrays[array]
    table = spec["source"]["table"]
    codes, at = table["codes"], table["arrays"][array]
    if len(codes) < 100:  # the name of a file, which large tables have
        codes = TABLE.search((site / f"_static/tables/{codes}.js").read_text())[1]
    size = int(np.prod(at["axes"] + at["shape"]))
    every = np.frombuffer(gzip.decompress(base64.b64decode(codes)), "<u2")
    own = np.unique(every[at["offset"] :][:size])
    return at["low"] + at["step"] * own[own < 65535]  # the largest is NaN


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


def test_two_traces_of_a_figure_differ_in_more_than_their_color(charts):
    for pane in charts:
        for one, other in itertools.combinations(named(pane), 2):
            same = one["name"] == other["name"]  # starts of one network
            assert same or sign(one) != sign(other), (one["name"], other["name"])


def test_a_scale_of_colors_is_labeled_or_its_cells_have_texts_or_are_full_or_empty(charts, site):
    for pane in charts:
        texts = any("texttemplate" in trace for trace in pane["data"])
        for heat in (trace for trace in pane["data"] if trace["type"] == "heatmap"):
            if heat.get("showscale", True):
                scale = heat["colorbar"]
                assert "dtick" in scale or len(scale["tickvals"]) >= 2
            elif not texts:
                known = numbers(heat.get("z", heat.get("meta", {}).get("z")), pane["of"], site)
                assert set(known[np.isfinite(known)].round(3)) <= {0, 1}


def test_both_sides_of_zero_differ_in_more_than_their_color(charts):
    """A scale with two dark ends needs a sign on one of its sides."""
    for pane in charts:
        colors = [t.get("colorscale") for t in pane["data"]]
        if [[at, color] for at, color in theme.DIVERGING] in colors:
            minus = [t for t in pane["data"] if t.get("name") == "below zero"]
            assert [t["mode"] for t in minus] == ["lines"]


def test_every_line_marker_and_bar_has_a_color_that_stands_out_from_its_page(charts):
    for pane in charts:
        for trace in pane["data"]:
            faint = trace.get("opacity", 1) < 1
            assert not faint or "name" not in trace, trace["name"]  # only what is yet to come
            found = list(paints(trace))
            assert {color for _, color in found} <= SEEN | PALE, trace.get("name")
            if found and trace.get("name") != "below zero":  # which fades where a value does
                assert {color for _, color in found} & SEEN, trace.get("name")
