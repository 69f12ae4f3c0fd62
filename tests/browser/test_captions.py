"""Every figure of the pages says in a caption what is to be seen, and shows itself in words."""

import re
from html import unescape

import pytest

FIGURE = re.compile(r'<figure class="([^"]*)"[^>]*>(.*?)</figure>', re.DOTALL)
CAPTION = re.compile(r"<figcaption[^>]*>(.*?)</figcaption>", re.DOTALL)
# What a reader who cannot see the figure hears: the label of an image, or of an explorable.
ALTERNATIVE = re.compile(r'role="img" aria-label="([^"]*)"|class="alternative"[^>]*>(.*?)</p>')
# A claim has a verb. The list is of those that our captions use.
VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|holds?|does|do|can|differs?|falls?|rises?|runs?|stays?|reads|"
    r"read forward|carry|carries|costs?|leads?|knows?|vanish(?:es)?|takes?|ends|hears?|keeps?|"
    r"answers|expects|leave|hides|crosses|forget(?! gate)|meets?|belong|decides?|depends|"
    r"reaches|jumps)\b"
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


def test_every_figure_of_a_page_has_a_claim_and_a_description(site, name):
    figures = [match[2] for match in FIGURE.finditer((site / name).read_text())]
    assert [problem for problem in map(wrong, figures) if problem] == []


def test_a_caption_that_is_a_title_fits_a_notebook_where_plotly_does_not_wrap_it(site, name):
    for kind, figure in FIGURE.findall((site / name).read_text()):
        if kind == "unrolled-figure":
            assert len(plain(CAPTION.search(figure)[1])) <= 80


def test_no_image_stands_outside_of_a_figure(site, name):
    text = re.sub(r'<img[^>]*class="logo|<nav.*?</nav>', "", (site / name).read_text(), flags=re.S)
    rest = FIGURE.sub("", text)
    assert re.findall(r'<svg[^>]*class="diagram|<img[^>]*src="_images[^>]*>', rest) == []
    assert '"plot"' not in rest


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
