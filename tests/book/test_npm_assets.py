import json
import shutil
import stat

import pytest
from booktools import npm_assets
from plotly.offline import get_plotlyjs, get_plotlyjs_version

SOURCES = {source.name: source for source in npm_assets.SOURCES}


def command(path, text):
    """An executable file."""
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """What npm makes, and where it is kept."""
    kept = tmp_path_factory.mktemp("kept")
    if not shutil.which("npm"):
        pytest.skip("npm is not installed")
    made = npm_assets.place(kept)
    if made is None:
        pytest.skip("npm cannot reach its registry")
    return made


def test_without_npm_there_is_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert npm_assets.place(tmp_path / "kept") is None
    assert not (tmp_path / "kept").exists()


@pytest.mark.parametrize("body", ["exit 1", "exit 0", "mkdir made", "kill -9 $$"])
def test_an_npm_that_fails_leaves_nothing_behind(tmp_path, body):
    npm = command(tmp_path / "npm", f"#!/bin/sh\n{body}\n")
    assert npm_assets.place(tmp_path / "kept", npm=npm) is None
    assert list((tmp_path / "kept").iterdir()) == []


def test_the_version_is_that_of_the_python_package():
    assert json.loads(SOURCES["package.json"].read_text())["dependencies"]["plotly.js"] == (
        get_plotlyjs_version()
    )


def test_the_part_of_plotly_weighs_a_quarter_of_the_whole(made):
    script = (made / "plotly.min.js").read_text()
    assert len(script) < len(get_plotlyjs()) / 4
    assert get_plotlyjs_version() in script


def test_katex_comes_with_the_fonts_that_its_style_names(made):
    style = (made / "katex" / "katex.min.css").read_text()
    fonts = [font.name for font in (made / "katex" / "fonts").iterdir()]
    assert len(fonts) > 10
    assert [font for font in fonts if font not in style] == []


def test_what_was_made_is_kept(made):
    assert npm_assets.place(made.parent, npm="no such command") == made
    assert list(made.parent.iterdir()) == [made]
