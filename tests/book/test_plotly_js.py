import shutil
import stat
import tarfile

import pytest
from booktools import plotly_js
from plotly.offline import get_plotlyjs_version


def script(path, text):
    """An executable file."""
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_without_npm_the_pages_get_the_whole(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert plotly_js.place(tmp_path / "kept") == plotly_js.WHOLE
    assert not (tmp_path / "kept").exists()


@pytest.mark.parametrize(
    "body", ["exit 1", "exit 0", "echo no archive > x.tgz", "touch a.tgz b.tgz", "kill -9 $$"]
)
def test_an_npm_that_cannot_fetch_leaves_the_whole_and_nothing_behind(tmp_path, body):
    npm = script(tmp_path / "npm", f"#!/bin/sh\n{body}\n")
    assert plotly_js.place(tmp_path / "kept", npm=npm) == plotly_js.WHOLE
    assert not (tmp_path / "kept").exists()


def test_an_archive_without_the_script_leaves_the_whole(tmp_path):
    with tarfile.open(tmp_path / "other.tgz", "w:gz") as packed:
        packed.add(__file__, "package/other.js")
    npm = script(tmp_path / "npm", f"#!/bin/sh\ncp {tmp_path}/other.tgz .\n")
    assert plotly_js.place(tmp_path / "kept", npm=npm) == plotly_js.WHOLE


def test_the_part_is_fetched_once_and_is_a_third_of_the_whole(tmp_path):
    npm = shutil.which("npm")
    if not npm:
        pytest.skip("npm is not installed")
    part = plotly_js.place(tmp_path, npm=npm)
    if part == plotly_js.WHOLE:
        pytest.skip("npm cannot reach its registry")
    text = part.read_text()
    assert f"plotly.js (cartesian - minified) v{get_plotlyjs_version()}" in text[:200]
    assert len(text) < plotly_js.WHOLE.stat().st_size / 2
    assert plotly_js.place(tmp_path, npm="no such command") == part
