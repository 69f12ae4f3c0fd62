import base64
import gzip
import json
from html.parser import HTMLParser

import numpy as np
import plotly.graph_objects as go
import pytest
from unrolled.explore import Explorable, Slider

X = np.arange(4.0)
SLIDERS = [
    Slider("slope", "Slope & sign", [-1, 0, 1, 2.5], 1),
    Slider("kind", "Kind", ["line", "square"], "line", texts=["Straight <line>", "Square"]),
    Slider("t", "Time", [0, 1, 2, 3], 2, play=100),
]
VOID = {"input", "br", "img"}


class Tags(HTMLParser):
    """Start tags with attributes in order, the script's text, and tags that do not match."""

    def __init__(self, html):
        super().__init__()
        self.found, self.script, self.open, self.wrong = [], "", [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data):
        if self.open[-1:] == ["script"]:
            self.script += data

    def all(self, name):
        return [attributes for tag, attributes in self.found if tag == name]


def compute(slope, kind, t):
    y = slope * (X if kind == "line" else X**2)
    return {"y": y, "now_x": np.array([t]), "words": f"{kind} <at> {t}"}


@pytest.fixture
def explorable():
    curve = go.Scatter(x=X, y=X * np.nan, name="curve", meta={"y": "y"})
    point = go.Scatter(x=[0], y=[0], name="now", meta={"x": "now_x"})
    first, second = go.Figure([curve]), go.Figure([point])
    first.update_layout(title_text="First <pane>", meta={"alt": 'A "curve".'})
    about = {"title": "A & title", "caption": "A <caption>.", "alt": "What one would miss."}
    return Explorable(compute, SLIDERS, [first, second], **about, texts=("words",))


@pytest.fixture
def html(explorable):
    return explorable.to_html()


def test_the_html_is_one_balanced_figure(html):
    tags = Tags(html)
    assert tags.found[0][0] == "figure"
    assert not tags.open
    assert not tags.wrong
    assert len(tags.all("script")) == 1


def test_the_html_has_a_labeled_range_input_for_every_slider(html):
    tags = Tags(html)
    inputs = tags.all("input")
    assert [i["type"] for i in inputs] == ["range"] * 3
    assert [(i["min"], i["max"], i["step"]) for i in inputs] == [
        ("0", "3", "1"),
        ("0", "1", "1"),
        ("0", "3", "1"),
    ]
    for slider, i in zip(SLIDERS, inputs, strict=True):
        assert i["id"].endswith(slider.name)
    assert [label["for"] for label in tags.all("label")] == [i["id"] for i in inputs]
    assert [output["for"] for output in tags.all("output")] == [i["id"] for i in inputs]
    assert "Slope &amp; sign</label>" in html


def test_the_inputs_start_where_the_controls_are_and_say_so(explorable):
    explorable.slope.value = 2.5
    inputs = Tags(explorable.to_html()).all("input")
    assert [i["value"] for i in inputs] == ["3", "0", "2"]
    assert [i["aria-valuetext"] for i in inputs] == ["2.5", "Straight <line>", "2"]


def test_only_a_slider_that_is_time_can_be_played(html):
    tags = Tags(html)
    assert len(tags.all("button")) == 1
    assert json.loads(tags.script)["play"] == [None, None, 100]


def test_the_controls_stay_hidden_until_the_script_brings_them_to_life(html):
    controls = [a for a in Tags(html).all("div") if a.get("class") == "controls"]
    assert "hidden" in controls[0]


def test_the_html_has_caption_alternative_and_texts_with_their_characters_escaped(html):
    assert "<figcaption>A &lt;caption&gt;.</figcaption>" in html
    assert "What one would miss.</p>" in html
    assert '<p data-text="words">line &lt;at&gt; 2</p>' in html
    assert '<p class="pane-title">First &lt;pane&gt;</p>' in html
    figure = Tags(html).found[0][1]
    assert figure["aria-label"] == "A & title"
    described = figure["aria-describedby"]
    assert any(attributes.get("id") == described for attributes in Tags(html).all("p"))


def test_every_pane_has_a_label_and_changes_are_spoken(html):
    divs = Tags(html).all("div")
    assert [a["aria-label"] for a in divs if a.get("role") == "img"][:1] == ['A "curve".']
    assert [a for a in Tags(html).all("p") if a.get("role") == "status"]


def test_the_script_finds_panes_without_what_the_table_fills(html):
    spec = json.loads(Tags(html).script)
    assert [len(texts) for texts in spec["sliders"]] == [4, 2, 4]
    assert spec["sliders"][1] == ["Straight <line>", "Square"]
    curve, point = (pane["data"][0] for pane in spec["panes"])
    assert "y" not in curve
    assert (curve["meta"], point["meta"]) == ({"y": "y"}, {"x": "now_x"})
    assert "x" not in point
    assert spec["arrays"].keys() == {"y", "now_x"}
    texts = json.loads(gzip.decompress(base64.b64decode(spec["texts"])))
    assert texts["words"]["axes"] == [1, 2, 4]


def test_two_of_a_kind_on_one_page_have_different_ids(explorable):
    ids = [
        attributes["id"]
        for html in (explorable.to_html(), explorable.to_html())
        for _, attributes in Tags(html).found
        if "id" in attributes
    ]
    assert len(ids) == len(set(ids)) == 2 * 5
