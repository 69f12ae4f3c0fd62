import pytest
from booktools import markup, pictures
from playwright.sync_api import Error

FIGURE = '<figure class="unrolled-figure explorable" id="A-1">{}</figure>'
INDEX = '<li><img class="thumbnail" data-page="01-a" src="_images/a.svg" alt=""></li>'


@pytest.fixture
def site(tmp_path):
    """A site of an index and a chapter with an explorable."""
    static = tmp_path / "html" / "_static"
    static.mkdir(parents=True)
    for name in (*pictures.LOOKS, *pictures.SCRIPTS):
        (static / name).write_text(name)
    (tmp_path / "html" / "index.html").write_text(INDEX)
    return tmp_path / "html"


def build(site, kept, chapter=None):
    """What is left to do after Sphinx has written the chapter anew, or has left it."""
    if chapter:
        (site / "01-a.html").write_text(chapter)
        pictures.keep_figure(markup.parsed(chapter), kept / "01-a.html")
    pictures.finish(site, kept)


@pytest.fixture
def kept(tmp_path):
    return tmp_path / "kept"


@pytest.fixture
def shots(monkeypatch):
    """The pages of which pictures were taken, by a browser that draws nothing."""
    taken = []

    def take(site, figures):
        for page, (_, path) in figures.items():
            taken.append(page)
            for ending in (".png", ".light.webp", ".dark.webp"):
                path.with_suffix(ending).write_bytes(f"{page}{ending}".encode())

    monkeypatch.setattr(pictures, "take", take)
    return taken


def test_a_picture_is_taken_once_and_lies_in_the_site_and_in_the_index(site, kept, shots):
    build(site, kept, FIGURE.format("one"))
    build(site, kept)
    assert shots == ["01-a"]
    assert (site / pictures.address("01-a")).read_bytes() == b"01-a.png"
    assert (site / pictures.address("index")).read_bytes() == pictures.OWN.read_bytes()
    text = (site / "index.html").read_text()
    assert "_images/a.svg" not in text
    for mode in ("light", "dark"):
        (shown,) = markup.parsed(text).select(f"img.thumbnail.only-{mode}")
        assert shown["src"] == f"{pictures.FOLDER}/01-a.{mode}.webp"
        assert (shown["width"], shown["height"], shown["alt"]) == ("600", "315", "")


@pytest.mark.parametrize("name", [None, "_static/page.js", "_static/roles.css"])
def test_what_changes_its_look_has_it_taken_again_and_the_old_one_leaves(site, kept, shots, name):
    build(site, kept, FIGURE.format("one"))
    before = {path.name for path in kept.iterdir()}
    if name:
        (site / name).write_text("other")
    build(site, kept, FIGURE.format("one" if name else "two"))
    after = {path.name for path in kept.iterdir()}
    assert shots == ["01-a"] * 2
    assert len(before) == len(after) == 4
    assert before & after == {"01-a.html"}


def test_a_change_of_prose_takes_no_picture(site, kept, shots):
    build(site, kept, FIGURE.format("one"))
    build(site, kept, "<p>Other words.</p>" + FIGURE.format("one"))
    assert shots == ["01-a"]


def test_a_page_that_has_no_explorable_any_more_has_no_picture_kept(site, kept, shots):
    build(site, kept, FIGURE.format("one"))
    build(site, kept, "<p>Words.</p>")
    assert list(kept.iterdir()) == []


def test_without_chromium_there_are_the_books_card_and_the_chapters_diagram(
    site, kept, monkeypatch
):
    def fail(site, figures):
        raise Error("Executable doesn't exist\nat a place")

    monkeypatch.setattr(pictures, "take", fail)
    build(site, kept, FIGURE.format("one"))
    assert (site / pictures.address("01-a")).read_bytes() == pictures.OWN.read_bytes()
    assert markup.parsed((site / "index.html").read_text()) == markup.parsed(INDEX)


def test_a_table_in_a_file_of_its_own_comes_along(tmp_path):
    path = tmp_path / "a.html"
    table = '<script src="_static/tables/ab.js"></script>'
    for before in (table, "<p></p>"):
        tree = markup.parsed(f"<p></p>{before}{FIGURE.format(1)}{FIGURE.format(2)}")
        pictures.keep_figure(tree, path)
        expected = markup.parsed((before if before is table else "") + FIGURE.format(1))
        assert markup.parsed(path.read_text()) == expected
    pictures.keep_figure(markup.parsed('<figure class="unrolled-figure"></figure>'), path)
    assert not path.exists()


def test_the_card_has_the_size_that_is_said():
    data = pictures.OWN.read_bytes()
    assert data.startswith(b"\x89PNG")
    assert (int.from_bytes(data[16:20]), int.from_bytes(data[20:24])) == pictures.SIZE
