import pytest
from booktools import markup, pictures, playground
from playwright.sync_api import Error


@pytest.fixture
def site(tmp_path):
    """A site whose only page is the playground's."""
    (tmp_path / "html" / pictures.FOLDER).mkdir(parents=True)
    playground.stage(tmp_path / "html" / "_static")
    (tmp_path / "html" / "playground.html").write_text(f"<body>{playground.MARK}></div></body>")
    return tmp_path / "html"


@pytest.fixture
def shots(monkeypatch):
    """The pages of which pictures were taken, by a browser that draws nothing."""
    taken = []

    def take(page, picture):
        taken.append(page)
        picture.write_bytes(f"picture {len(taken)}".encode())

    monkeypatch.setattr(playground, "take", take)
    return taken


def shown(site):
    return (site / pictures.address("playground")).read_bytes()


def test_its_picture_is_taken_once_and_again_when_it_has_changed(site, tmp_path, shots):
    for _ in range(2):
        playground.finish(site, tmp_path / "kept")
    assert shown(site) == b"picture 1"
    (site / "_static" / playground.STYLES).write_text("other")
    playground.finish(site, tmp_path / "kept")
    assert shown(site) == b"picture 2"
    assert len(list((tmp_path / "kept").iterdir())) == 1


def test_without_a_browser_it_has_the_books_own_picture(site, tmp_path, monkeypatch):
    def take(page, picture):
        raise Error("no browser\nanywhere")

    monkeypatch.setattr(playground, "take", take)
    playground.finish(site, tmp_path / "kept")
    assert shown(site) == pictures.OWN.read_bytes()


def test_a_book_without_the_playground_needs_no_picture_of_it(tmp_path, shots):
    playground.finish(tmp_path, tmp_path / "kept")
    assert shots == []


def test_only_its_page_begins_with_the_list_of_pages_closed():
    sidebar = '<div class="bd-sidebar-primary bd-sidebar"></div>'
    for html, closed in ((sidebar, False), (f"{sidebar}{playground.MARK}></div>", True)):
        tree = markup.parsed(html)
        playground.widen(tree)
        assert ("pst-sidebar-hidden" in tree.div["class"]) is closed


def test_its_scripts_hold_the_stories_and_the_trainer(site):
    static = site / "_static"
    assert "How far back?" in (static / playground.SCRIPTS[0]).read_text()
    assert (static / playground.SCRIPTS[0]).read_text().startswith("globalThis.UNROLLED_PLAYGROUND")
    assert "class Trainer" in (static / playground.WORKER).read_text()
