import json
import re
from html.parser import HTMLParser

import numpy as np
import plotly.graph_objects as go
import pytest
from unrolled.figures import lines, page, theme

NASTY = "</script><script>alert(1)</script>"


class Elements(HTMLParser):
    """Start tags with their attributes, the text of each tag, and tags that do not match."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.text, self.open, self.wrong = [], {}, [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data):
        for tag in self.open[-1:]:
            self.text[tag] = self.text.get(tag, "") + data


def a_figure(title="Finding", alt="A rising line.", name="full", y_title="length"):
    x = np.arange(3.0)
    return lines.curves(
        x, {name: (x, "forward")}, title=title, alt=alt, x_title="t", y_title=y_title
    ).to_dict()


def spec_of(html):
    return json.loads(Elements(html).text["script"])


def test_a_figure_is_one_balanced_element_with_a_title_a_place_and_its_data():
    found = Elements(page.figure_html(a_figure()))
    assert not found.open
    assert not found.wrong
    names = [tag for tag, _ in found.tags]
    assert names == ["figure", "figcaption", "div", "div", "noscript", "p", "script"]
    assert "unrolled-figure" in found.tags[0][1]["class"]
    assert found.tags[-1][1] == {"type": "application/json"}


def test_the_title_is_the_caption_and_not_text_of_the_plot():
    html = page.figure_html(a_figure())
    assert '<figcaption class="pane-title">Finding</figcaption>' in html
    assert "title" not in spec_of(html)["panes"][0]["layout"]


def test_the_alternative_text_is_the_label_and_what_is_left_without_scripts():
    found = Elements(page.figure_html(a_figure()))
    label = next(attributes for tag, attributes in found.tags if attributes.get("role") == "img")
    assert label["aria-label"] == "Line chart; x axis: t; y axis: length. A rising line."
    assert "length. A rising line.</p></noscript>" in page.figure_html(a_figure())


def test_the_alternative_text_begins_with_the_kind_of_chart_its_axes_and_its_legend():
    x, how = np.arange(3.0), {"title": "", "alt": "", "x_title": "t", "y_title": "W<sub>hh</sub>"}
    two = lines.curves(x, {"one": (x, "forward"), "two": (x, "ink")}, **how, type="log")
    said = "Line chart; x axis: t; y axis: Whh, logarithmic; drawn: one, two."
    assert page.chart(two.to_dict()) == said
    bars = lines.bars(["a"], {"one": ([1], "forward")}, title="", alt="", y_title="cost")
    assert page.chart(bars.to_dict()) == "Bar chart; y axis: cost."
    heat = go.Figure(go.Heatmap(z=[[1.0]])).to_dict()
    assert page.chart(heat) == "Heat map."
    assert page.chart(go.Figure(go.Pie()).to_dict()) == "Chart."


def test_a_figure_without_alternative_text_is_labeled_by_its_title():
    figure = go.Figure(layout={"title": {"text": "Finding"}}).to_dict()
    assert 'aria-label="Finding"' in page.figure_html(figure)


def test_the_template_stays_out_and_the_rest_of_the_layout_stays_in():
    figure = go.Figure(a_figure()).update_layout(template=theme.template()).to_dict()
    (pane,) = spec_of(page.figure_html(figure))["panes"]
    assert pane["layout"].keys() == {"xaxis", "yaxis", "showlegend", "height"}
    assert pane["data"][0]["name"] == "full"


@pytest.mark.parametrize("where", ["title", "alt", "name", "y_title"])
def test_no_text_breaks_out_of_its_place(where):
    html = page.figure_html(a_figure(**{where: NASTY}))
    found = Elements(html)
    assert [tag for tag, _ in found.tags].count("script") == 1
    assert not found.wrong
    assert html.lower().count("</script") == 1


@pytest.mark.parametrize(
    "text", [NASTY, "<!-- <script>", "a < b & c > d", "q\"uo'te", "−∂L/∂h ≈ 1"]
)
def test_a_text_inside_the_data_arrives_as_it_was(text):
    html = page.figure_html(a_figure(name=text))
    assert spec_of(html)["panes"][0]["data"][0]["name"] == text


def test_the_data_cannot_open_a_comment_that_swallows_the_page():
    """After `<!--` and `<script` a browser no longer ends the element at the next `</script>`."""
    html = page.figure_html(a_figure(name="<!-- <script>"))
    assert "<!--" not in html


def test_quotes_and_markup_in_the_alternative_text_are_escaped():
    html = page.figure_html(a_figure(alt='loss "up" <b>& down</b>'))
    assert 'length. loss &quot;up&quot; &lt;b&gt;&amp; down&lt;/b&gt;"' in html
    assert "<b>" not in html


def test_what_is_not_a_number_becomes_null():
    figure = go.Figure(go.Scatter(y=[1.0, float("nan"), 2.0])).to_dict()
    html = page.figure_html(figure)
    assert not re.search(r"\bNaN\b|\bInfinity\b", html)
    assert spec_of(html)["panes"][0]["data"][0]["y"] == [1, None, 2]


def test_the_same_figure_gives_the_same_bytes():
    assert page.figure_html(a_figure()) == page.figure_html(a_figure())


def test_the_renderer_shows_a_figure_as_a_piece_of_the_page_and_nothing_else():
    bundle = page.PageRenderer().to_mimebundle(a_figure())
    assert bundle == {"text/html": page.figure_html(a_figure())}
