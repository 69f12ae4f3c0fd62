import json
import re
import subprocess

import pytest
from booktools import npm_assets, sphinx_ext
from plotly.offline import get_plotlyjs, get_plotlyjs_version

SOURCES = {source.name: source for source in npm_assets.SOURCES}
WANTED = json.loads(SOURCES["package.json"].read_text())["dependencies"]
LOCK = json.loads(SOURCES["package-lock.json"].read_text())
LOCKED = {path: package for path, package in LOCK["packages"].items() if path}
UNKNOWN = "npm error code ENOTFOUND\nnpm error network request failed\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """What npm makes, and where it is kept. No program is looked for on the PATH."""
    kept = tmp_path_factory.mktemp("kept")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", "")
        try:
            return npm_assets.place(kept)
        except npm_assets.NotMade as why:
            if not why.away:
                raise
            pytest.skip(f"npm cannot reach its registry: {why}")


def failing(said, code=1):
    def npm(arguments, **_):
        raise subprocess.CalledProcessError(code, arguments, stderr=said)

    return npm


def late(arguments, *, timeout, **_):
    raise subprocess.TimeoutExpired(arguments, timeout)


def lost(arguments, **_):
    raise FileNotFoundError("no such program")


@pytest.mark.parametrize(
    ("npm", "said", "away"),
    [
        (failing(UNKNOWN), "ENOTFOUND", True),
        (failing("npm error code E503"), "E503", True),
        (failing("npm error code EINTEGRITY"), "EINTEGRITY", False),
        (failing("", code=-9), "exit status -9|SIGKILL", False),
        (late, "timed out", True),
        (lost, "no such program", False),
        (lambda arguments, **_: None, "Cannot find module", False),
    ],
)
def test_an_npm_that_fails_says_why_and_leaves_nothing_behind(tmp_path, npm, said, away):
    with pytest.raises(npm_assets.NotMade, match=said) as caught:
        npm_assets.place(tmp_path / "kept", npm=npm)
    assert caught.value.away == away
    assert list((tmp_path / "kept").iterdir()) == []


def test_without_npm_the_build_says_so_and_takes_the_whole_scripts(tmp_path, monkeypatch):
    said = []

    def place(kept):
        raise npm_assets.NotMade("ENOTFOUND")

    monkeypatch.setattr(npm_assets, "place", place)
    monkeypatch.setattr(sphinx_ext.logger, "info", lambda text, **_: said.append(text))
    sphinx_ext.stage_libraries(tmp_path / ".assets")
    script = (tmp_path / ".assets" / "plotly.min.js").read_text()
    assert get_plotlyjs() in script
    assert "Plotly.redrawData = " in script
    assert (tmp_path / ".assets" / "mathjax" / "tex-chtml-full.js").is_file()
    [line] = said
    assert "npm" in line
    assert "ENOTFOUND" in line


def test_the_version_is_that_of_the_python_package():
    assert WANTED["plotly.js"] == get_plotlyjs_version()


def test_the_lock_file_has_what_is_wanted():
    assert LOCK["packages"][""]["dependencies"] == WANTED
    for name, version in WANTED.items():
        assert LOCKED[f"node_modules/{name}"]["version"] == version


def test_the_lock_file_has_a_checksum_of_each_package_and_no_registry():
    assert len(LOCKED) > 100
    for path, package in LOCKED.items():
        assert re.fullmatch(r"sha512-[\w+/]{86}==", package["integrity"]), path
        assert "resolved" not in package, path
    hosts = {url for package in LOCKED.values() for url in addresses(package) if url}
    assert hosts <= {"github.com", "opencollective.com", "feross.org", "www.patreon.com"}


def addresses(package):
    """The hosts of all URLs in a package's entry: they ask for donations."""
    return re.findall(r"\w+://([^/\"]+)", json.dumps(package))


def test_what_npm_fetches_must_be_what_was_locked(made, tmp_path, monkeypatch):
    changed = {**LOCKED["node_modules/katex"], "integrity": f"sha512-{'A' * 86}=="}
    only = {"dependencies": {"katex": WANTED["katex"]}}
    packages = {"": only, "node_modules/katex": changed}
    packages["node_modules/commander"] = LOCKED["node_modules/commander"]
    (tmp_path / "package.json").write_text(json.dumps(only))
    (tmp_path / "package-lock.json").write_text(
        json.dumps({"lockfileVersion": 3, "requires": True, "packages": packages})
    )
    sources = [tmp_path / name for name in ("package.json", "package-lock.json")]
    monkeypatch.setattr(npm_assets, "SOURCES", sources)
    with pytest.raises(npm_assets.NotMade, match="EINTEGRITY"):
        npm_assets.place(tmp_path / "kept")


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
    assert npm_assets.place(made.parent, npm=lost) == made
    assert list(made.parent.iterdir()) == [made]
