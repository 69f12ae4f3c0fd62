"""Every figure of the pages says in a caption what is to be seen, and shows itself in words."""

import re
from html import unescape

import pytest

FIGURE = re.compile(r'<figure class="([^"]*)"[^>]*>(.*?)</figure>', re.DOTALL)
CAPTION = re.compile(r"<figcaption[^>]*>(.*?)</figcaption>", re.DOTALL)
# What a reader who cannot see the figure hears: of an image, a chart or an explorable.
ALTERNATIVE = re.compile(
    r'role="img" aria-label="([^"]*)"|(?:class="alternative"[^>]*|<noscript><p)>(.*?)</p>'
)
# A claim has a verb. The list is of those that our captions use.
VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|holds?|does|do|can|differs?|falls?|rises?|runs?|stays?|reads|"
    r"read forward|carry|carries|costs?|leads?|knows?|vanish(?:es)?|takes?|ends|hears?|keeps?|"
    r"answers|expects|leave|hides|crosses|forget(?! gate)|meets?|belong|decides?|depends|"
    r"reaches|jumps|lies|sees|comes|blames|undoes|lacked|gets)\b"
)


def plain(html):
    """The text of a piece of a page."""
    return unescape(re.sub("<[^>]*>", "", html)).strip()


def wrong(figure):
    """What a figure lacks, in words; None if it lacks nothing."""
    caption = CAPTION.search(figure)
    if not caption or not plain(caption[1]):
        return "no caption"
    text = plain(caption[1])
    if len(text.split()) < 6 or not text.endswith((".", "?")):
        return f"the caption is no sentence: {text}"
    if not VERB.search(text):
        return f"the caption claims nothing: {text}"
    said = [plain(a or b) for a, b in ALTERNATIVE.findall(figure)]
    if not said or min(map(len, said)) < 40:
        return f"the figure is not described: {text}"
    if text in said:
        return f"the caption stands in for a description: {text}"
    return None


def test_every_figure_of_the_book_has_a_claim_and_a_description(site):
    pages = {path.name: path.read_text() for path in site.glob("*.html")}
    found = {name: [wrong(m[2]) for m in FIGURE.finditer(text)] for name, text in pages.items()}
    assert {name: list(filter(None, all_of)) for name, all_of in found.items() if any(all_of)} == {}
    for text in pages.values():
        for kind, figure in FIGURE.findall(text):
            if kind == "unrolled-figure":  # a title, which Plotly does not wrap in a notebook
                assert len(plain(CAPTION.search(figure)[1])) <= 80


def test_no_image_stands_outside_of_a_figure(site):
    for path in site.glob("*.html"):
        text = re.sub(r'<img[^>]*class="logo|<nav.*?</nav>', "", path.read_text(), flags=re.S)
        rest = FIGURE.sub("", text)
        images = r'<svg[^>]*class="diagram|<img(?! class="thumb)[^>]*src="_images[^>]*>'
        assert re.findall(images, rest) == []
        assert 'class="pane"' not in rest


@pytest.mark.parametrize(
    ("html", "what"),
    [
        ('<p role="img" aria-label="x"></p>', "no caption"),
        ("<figcaption>Loss over time</figcaption>", "no sentence"),
        ("<figcaption>Loss of all three networks over time.</figcaption>", "claims nothing"),
        ("<figcaption>The loss falls over all of the time.</figcaption>", "not described"),
    ],
)
def test_what_a_figure_lacks_is_found(html, what):
    assert what in wrong(html)


def test_a_caption_is_no_description():
    text = "The loss falls over the whole of the time."
    figure = f'<figcaption>{text}</figcaption><p role="img" aria-label="{text}">'
    assert "stands in" in wrong(figure)
    assert wrong(figure.replace('label="', 'label="Line chart. ')) is None
