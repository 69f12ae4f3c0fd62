"""A figure as a piece of a page: one element whose texts stay in their places."""

import base64
import json
import re

import numpy as np
import plotly.graph_objects as go
import pytest
from unrolled.figures import lines, page, theme

NASTY = '</script><!-- <script>alert("1")</script> & <b>q\''
WHOLE = re.compile(
    r'<figure class="unrolled-figure"><figcaption class="pane-title">([^<]*)</figcaption>'
    r'<div class="pane"></div><noscript><p>([^<]*)</p></noscript>'
    r'<script type="application/json">([^<]*)</script></figure>'
)


def a_figure(title="Finding", alt="A rising line.", name="full", y_title="length", y=None):
    x = np.arange(3.0)
    about = {"title": title, "alt": alt, "x_title": "t", "y_title": y_title}
    return lines.curves(x, {name: (x if y is None else y, "forward")}, **about)


def parts(figure):
    """The title, the alternative text and the pane of a figure's HTML, which has nothing else."""
    title, alt, data = WHOLE.fullmatch(page.figure_html(figure.to_dict())).groups()
    return title, alt, json.loads(data)["panes"][0]


def test_a_figure_has_a_title_an_alternative_text_and_its_data_without_the_template():
    title, alt, pane = parts(a_figure().update_layout(template=theme.template()))
    assert title == "Finding"
    assert alt == pane["alt"] == "Line chart; x axis: t; y axis: length. A rising line."
    assert pane["layout"].keys() == {"xaxis", "yaxis", "showlegend", "height"}
    assert pane["data"][0]["name"] == "full"


def test_keys_stay_in_and_what_they_fill_stays_out():
    figure = a_figure(y="norms")
    theme.mark(figure, "lag", label="now", at=[0, 2])
    theme.fit(figure, "yaxis", "range", decades=True)
    theme.labels(figure, "xaxis", "words")
    pane = page.pane(figure.to_plotly_json())
    assert "y" not in pane["data"][0]
    assert pane["data"][0]["meta"] == {"y": "norms"}
    assert (pane["marks"][0]["control"], pane["marks"][0]["at"]) == ("lag", [0.0, 2.0])
    assert pane["ranges"] == {"yaxis": {"key": "range", "decades": True}}
    assert pane["labels"] == {"xaxis": "words"}


def test_a_chart_is_told_by_its_kind_its_axes_and_its_legend():
    x, how = np.arange(3.0), {"title": "", "alt": "", "x_title": "t", "y_title": "W<sub>hh</sub>"}
    two = lines.curves(x, {"one": (x, "forward"), "two": (x, "ink")}, **how, type="log")
    said = "Line chart; x axis: t; y axis: Whh, logarithmic; drawn: one, two."
    assert page.chart(two.to_dict()) == said
    assert page.chart(go.Figure(go.Heatmap(z=[[1.0]])).to_dict()) == "Heat map."
    assert page.pane(go.Figure(layout={"title": {"text": "Finding"}}).to_dict())["alt"] == "Finding"


@pytest.mark.parametrize("where", ["title", "alt", "name", "y_title"])
def test_no_text_breaks_out_of_its_place(where):
    title, _, pane = parts(a_figure(**{where: NASTY}))
    assert where != "title" or title.startswith("&lt;/script&gt;&lt;!--")
    assert where != "alt" or NASTY in pane["alt"]
    assert where != "name" or pane["data"][0]["name"] == NASTY
    assert where != "y_title" or pane["layout"]["yaxis"]["title"]["text"] == NASTY


def test_json_has_no_nan_and_arrays_can_be_written_bit_for_bit():
    assert page.plain({"y": [1.0, float("nan")], "x": np.array(["a"], object)}) == {
        "y": [1, None],
        "x": ["a"],
    }
    array = np.array([[0.1, -np.inf], [np.nan, 1e-320]])
    found = page.exact(array.astype(">f8"))
    assert found["shape"] == (2, 2)
    assert base64.b64decode(found["data"]) == array.astype("<f8").tobytes()


def test_scripts_come_with_the_first_figure_of_a_file_that_stands_alone(monkeypatch):
    monkeypatch.setattr(page, "_first", iter([True]))
    figure = a_figure().to_dict()
    first, second = (page.PageRenderer(alone=True).to_mimebundle(figure) for _ in range(2))
    assert first["text/html"].startswith("<style>")
    assert second == page.PageRenderer().to_mimebundle(figure)
    assert second == {"text/html": page.figure_html(figure)}
