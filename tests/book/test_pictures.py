import pytest
from booktools import pictures
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
    (tmp_path / "html" / "01-a.html").write_text(FIGURE.format("one"))
    return tmp_path / "html"


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
    for _ in range(2):
        pictures.finish(site, kept)
    assert shots == ["01-a"]
    assert (site / pictures.address("01-a")).read_bytes() == b"01-a.png"
    assert (site / pictures.address("index")).read_bytes() == pictures.OWN.read_bytes()
    text = (site / "index.html").read_text()
    assert "_images/a.svg" not in text
    for mode in ("light", "dark"):
        assert f'class="thumbnail only-{mode}" src="{pictures.FOLDER}/01-a.{mode}.webp"' in text


@pytest.mark.parametrize("name", ["01-a.html", "_static/page.js", "_static/roles.css"])
def test_what_changes_its_look_has_it_taken_again_and_the_old_one_leaves(site, kept, shots, name):
    pictures.finish(site, kept)
    before = set(kept.iterdir())
    (site / name).write_text(FIGURE.format("two"))
    pictures.finish(site, kept)
    assert shots == ["01-a"] * 2
    assert len(before) == len(set(kept.iterdir())) == 3
    assert not before & set(kept.iterdir())


def test_a_change_of_prose_takes_no_picture(site, kept, shots):
    pictures.finish(site, kept)
    (site / "01-a.html").write_text("<p>Other words.</p>" + FIGURE.format("one"))
    pictures.finish(site, kept)
    assert shots == ["01-a"]


def test_without_chromium_there_are_the_books_card_and_the_chapters_diagram(
    site, kept, monkeypatch
):
    def fail(site, figures):
        raise Error("Executable doesn't exist\nat a place")

    monkeypatch.setattr(pictures, "take", fail)
    pictures.finish(site, kept)
    assert (site / pictures.address("01-a")).read_bytes() == pictures.OWN.read_bytes()
    assert (site / "index.html").read_text() == INDEX


def test_a_table_in_a_file_of_its_own_comes_along():
    table = '<script src="_static/tables/ab.js"></script>'
    text = f"<p></p>{table}{FIGURE.format(1)}{FIGURE.format(2)}"
    assert pictures.FIRST.search(text)[0] == table + FIGURE.format(1)
    assert pictures.FIRST.search('<figure class="unrolled-figure"></figure>') is None


def test_the_card_has_the_size_that_is_said():
    data = pictures.OWN.read_bytes()
    assert data.startswith(b"\x89PNG")
    assert (int.from_bytes(data[16:20]), int.from_bytes(data[20:24])) == pictures.SIZE
