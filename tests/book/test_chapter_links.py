import pytest
from booktools.chapter_links import chapters, linked
from docutils import nodes

PAGES = {4: "04-back", 6: "06-cut", 9: "09-lstm", 10: "10-gru", 20: "20-museum"}


def links(text, here="index"):
    """(words, page) of every link that is made in a text, whose words must stay."""
    made = linked(text, PAGES, here)
    assert "".join(node.astext() for node in made) == text
    return [(n.astext(), n["reftarget"]) for n in made if not isinstance(n, nodes.Text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("as in chapter 6, and on", [("chapter 6", "/06-cut")]),
        ("Chapter 10 and 3 others", [("Chapter 10", "/10-gru")]),
        ("chapters 4, 9 and 10.", [("4", "/04-back"), ("9", "/09-lstm"), ("10", "/10-gru")]),
        ("Chapters 4 to 6 or 20", [("4", "/04-back"), ("6", "/06-cut"), ("20", "/20-museum")]),
        ("chapter 4 and chapter 9", [("chapter 4", "/04-back"), ("chapter 9", "/09-lstm")]),
        ("20 chapters, each with 4 questions", []),
        ("subchapter 4", []),
    ],
)
def test_every_chapter_that_is_named_becomes_a_link(text, expected):
    assert links(text) == expected


def test_a_page_does_not_link_to_itself():
    assert links("chapters 4 and 6", here="06-cut") == [("4", "/04-back")]


def test_a_chapter_that_is_not_there_is_named():
    with pytest.raises(ValueError, match="index names chapter 7; there are 5"):
        linked("chapter 7", PAGES, "index")


def test_the_pages_are_those_of_the_book():
    found = chapters()
    assert sorted(found) == list(range(1, 29))
    assert found[6] == "06-truncated-bptt"
