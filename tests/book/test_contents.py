import json
import re
from pathlib import Path

import pytest
import yaml
from booktools import contents
from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.utils import new_document

BOOK = Path(__file__).parents[2] / "book"
TOC = yaml.safe_load((BOOK / "_toc.yml").read_text())
ENTRIES = contents.entries()
CHAPTERS = [entry for entry in ENTRIES if entry.page[0].isdigit()]
TEXT = (
    "- [1. One](01-one.ipynb)\n  What *one* is.\n- [Terms](terms.md)\n  All.\n- [no](x.html)\n  No."
)


def title_of(page):
    """The title that a page gives itself."""
    for path in BOOK.glob(f"{page}.*"):
        cells = contents.read(path) if path.suffix == ".ipynb" else []
        text = contents.prose(cells)[0] if cells else path.read_text()
        return re.match(r"# (.+)", text)[1]


def test_entries_are_read_as_they_are_written():
    assert contents.entries(TEXT) == [
        ("01-one", "1. One", "What *one* is."),
        ("terms", "Terms", "All."),
    ]


def test_the_index_announces_every_page_in_the_order_of_the_book_under_the_name_of_its_part():
    announced = []
    for text in contents.prose(contents.read(BOOK / "index.ipynb")):
        if pages := [entry.page for entry in contents.entries(text)]:
            part = re.match(r"### (.+)", text)
            announced.append((part and part[1], pages))
    parts = [(part.get("caption"), [c["file"] for c in part["chapters"]]) for part in TOC["parts"]]
    assert announced == parts


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.page)
def test_a_page_is_announced_by_its_own_title_and_one_sentence_that_a_preview_can_show(entry):
    assert entry.title == title_of(entry.page), "in book/index.ipynb and in the page itself"
    assert re.fullmatch(r"\*?[A-Z][^.!]+\.", entry.line)
    assert len(contents.lines()[entry.page]) <= 160
    assert not re.search("[*`]", contents.lines()[entry.page])


def test_the_book_has_a_line_of_its_own():
    assert contents.lines()[contents.INDEX].startswith("An interactive textbook")


def test_the_lines_differ():
    lines = [entry.line for entry in ENTRIES]
    assert len(set(lines)) == len(lines)


def test_words_cells_and_explorables_take_time():
    prose = {"cell_type": "markdown", "source": ["a word " * 1000]}
    code = {"cell_type": "code", "source": ["1 + 1"]}
    figure = {"cell_type": "code", "source": ["w = 1\n", "display(StepSize())"]}
    table = {"cell_type": "code", "source": ["display(losses)"]}
    assert contents.minutes([prose]) == 10
    assert contents.minutes([prose] * 2) == 20
    assert contents.minutes([prose, *[code] * 20]) == 15
    assert contents.minutes([prose, *[figure] * 4]) == 20
    assert contents.minutes([prose, *[table] * 4]) == 10


@pytest.mark.parametrize("entry", CHAPTERS, ids=lambda entry: entry.page)
def test_no_chapter_takes_longer_than_an_evening(entry):
    assert 10 <= contents.minutes(contents.read(BOOK / f"{entry.page}.ipynb")) <= 60


def test_a_chapter_lends_its_first_diagram():
    cells = [{"cell_type": "markdown", "source": ["![A.](images/a.svg)\n![B.](images/b.svg)"]}]
    assert contents.diagram(cells) == "a.svg"
    assert contents.diagram([]) is None


def shown(page, name):
    """The only entry of a page as the index shows it."""
    document = new_document("page", get_default_settings())
    link = nodes.reference("", "Title", refuri=f"{page}.html")
    item = nodes.list_item("", nodes.paragraph("", "", link, nodes.Text(" A line.")))
    document += nodes.bullet_list("", item)
    contents.show_pages(None, document, name)
    return document[0], item


def test_a_chapter_gets_a_picture_and_its_minutes_in_the_index_and_nowhere_else():
    chapters, item = shown(CHAPTERS[0].page, contents.INDEX)
    assert chapters["classes"] == ["chapters"]
    assert f'data-page="{CHAPTERS[0].page}"' in item[0].astext()
    assert re.search(r"A line\.\d+ min$", item[1].astext())
    for page, name in ((CHAPTERS[0].page, "notation"), ("glossary", contents.INDEX)):
        plain, item = shown(page, name)
        assert plain["classes"] == []
        assert item.astext() == "Title A line."


def test_the_index_opens_with_its_explorable():
    cells = json.loads((BOOK / "index.ipynb").read_text())["cells"]
    assert [cell["id"] for cell in cells[:3]] == ["title", "setup", "first-letter"]
    assert contents.EXPLORABLE.search("".join(cells[2]["source"]))
