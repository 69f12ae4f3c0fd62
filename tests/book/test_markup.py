import pytest
from booktools import markup


def changed(change, html):
    """The HTML after one of the changes, which must change nothing a second time."""
    tree = markup.parsed(html)
    change(tree)
    once = markup.written(tree)
    change(tree)
    assert markup.written(tree) == once
    return once


def test_a_diagram_is_drawn_in_the_page_and_keeps_its_description():
    names = sorted(path.name for path in (markup.BOOK / "images").glob("*.svg"))
    name = next(name for name in names if name != "favicon.svg")
    html = changed(markup.inline_diagrams, f'<p><img alt="a &amp; b" src="_images/{name}"/></p>')
    svg = markup.parsed(html).p.svg
    assert (svg["role"], svg["aria-label"]) == ("img", "a & b")
    assert len(svg.find_all(True)) > 3


@pytest.mark.parametrize("image", ["_static/logo.svg", "_images/a.png"])
def test_other_images_stay(image):
    html = f'<img alt="" src="{image}"/>'
    assert changed(markup.inline_diagrams, html) == html


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<p>Yes. It does.</p>", "choice right"),
        ("<p>No. It <b>cannot</b>.</p>", "choice wrong"),
        ("<p>Yesterday.</p>", "hint"),
        ("<p></p>", "hint"),
    ],
)
def test_a_folded_text_says_of_what_kind_it_is(text, kind):
    html = changed(markup.name_folds, f"<details><summary>a</summary>\n{text}</details>")
    assert html == f'<details class="{kind}"><summary>a</summary>\n{text}</details>'


def test_a_folded_cell_is_called_by_what_it_shows():
    html = '<details class="hide"><summary aria-label="Toggle hidden content">b</summary></details>'
    bare = '<details class="hide"><summary>b</summary></details>'
    assert changed(markup.name_folds, html) == bare


def test_korean_words_are_marked_where_they_are_read():
    html = "<p>a < b, 순환 신경망, c</p><script>'신경'</script><title>신경</title>"
    assert changed(markup.mark_korean, html) == (
        '<p>a &lt; b, <span lang="ko">순환 신경망</span>, c</p>'
        "<script>'신경'</script><title>신경</title>"
    )


def test_attributes_and_text_are_written_as_they_were():
    html = '<a title="x &amp; y" class="b a" href="#"><script>1 < 2 && 3</script>1 &lt; 2</a>'
    assert markup.written(markup.parsed(html)) == html
