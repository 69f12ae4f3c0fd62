"""The HTML of an explorable: what stands there without scripts, and what the scripts read."""

import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from unrolled.explore import TwoPasts, face


class Nasty(TwoPasts):
    """An explorable whose texts try to break out of their place."""

    title, alt = 'Two & "pasts"', "</figure><b>"
    caption = "</script><script>alert({wait})</script>"
    lines = ()


@pytest.fixture(scope="module")
def html():
    return face.html(Nasty(wait=22))


def test_it_is_one_figure_with_a_label_a_description_and_one_script(html):
    tags, ends = [], []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: tags.append((tag, dict(attributes)))
    parser.handle_endtag = ends.append
    parser.feed(html)
    assert sorted(tag for tag, _ in tags) == sorted(ends)
    assert [tag for tag, _ in tags].count("script") == [tag for tag, _ in tags].count("figure") == 1
    tag, figure = tags[0]
    assert (tag, figure["role"], figure["aria-label"]) == ("figure", "group", 'Two & "pasts"')
    assert figure["aria-describedby"] in [each.get("id") for _, each in tags[1:]]
    assert "<figcaption>&lt;/script&gt;&lt;script&gt;alert(22)" in html


def test_without_scripts_sentences_caption_and_alternative_are_there():
    for form in (face.html(TwoPasts(wait=1)), face.still(TwoPasts(wait=1))):
        assert "After 1 step the two states are " in form
        assert "From step 1 on both readings" in form
        assert "Left, the state of one unit" in form
    assert "script" not in face.still(TwoPasts())


def test_the_script_reads_the_whole_declaration(html):
    spec = json.loads(re.search(r"<script[^>]*>(.*)</script>", html, re.DOTALL)[1])
    assert [c["start"] for c in spec["controls"]] == [0.8, 1.0, 22]
    assert spec["sentences"]["caption"] == Nasty.caption
    assert [story["name"] for story in spec["stories"]] == [s.name for s in Nasty.stories]
    assert spec["question"]["right"] == 2
    assert [m["control"] for p in spec["panes"] for m in p["marks"]] == ["wait", "wait"]
    assert spec["source"].keys() == {"table"}


def test_a_page_that_computes_has_what_its_twin_is_made_from():
    twin = type("Twin", (TwoPasts,), {"constants": lambda: {"weights": np.eye(2)}})()
    source = face.source(twin)["computed"]
    assert source["name"] == "Twin"
    assert source["constants"]["weights"]["shape"] == (2, 2)


def test_two_of_a_kind_on_one_page_have_different_ids(html):
    one, other = (set(re.findall(r' id="([^"]+)"', each)) for each in (html, face.html(Nasty())))
    assert len(one) == len(other) == 2
    assert not one & other
