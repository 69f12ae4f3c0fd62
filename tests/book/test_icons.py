from pathlib import Path
from types import SimpleNamespace

import pydata_sphinx_theme
import pytest
from booktools import icons

THEIRS = next(Path(pydata_sphinx_theme.__file__).parent.rglob("static/scripts/fontawesome.js"))
SUN = 'sun:[512,512,[9728],"f185","M1 2"],'
TWO = "x={" + SUN + '"circle-half-stroke":[512,512,["adjust"],"f042",["M3","M4"]]}'


@pytest.fixture(scope="module")
def script():
    return THEIRS.read_text(encoding="utf-8")


def names(script):
    return {icon["name"] for icon in icons.ICON.finditer(script)}


def test_an_icon_stays_under_its_name_or_another_one():
    assert icons.trimmed(TWO, {"sun", "circle-half-stroke"}) == TWO
    assert icons.trimmed(TWO, {"sun"}) == "x={" + SUN + "}"
    assert icons.trimmed(TWO, {"adjust"}) == TWO.replace(SUN, "")
    assert icons.trimmed(TWO, set()) == "x={}"


def test_the_themes_script_loses_all_but_what_is_used(script):
    trimmed = icons.trimmed(script, {"rocket", "magnifying-glass", "pencil-alt", "github"})
    assert names(trimmed) == {"rocket", "magnifying-glass", "pencil", "github"}
    assert len(names(script)) > 1000
    assert len(trimmed) < len(script) / 10


def test_what_is_not_an_icon_stays(script):
    assert icons.ICON.sub("", icons.trimmed(script, {"rocket"})) == icons.ICON.sub("", script)


def test_pages_and_scripts_say_what_is_used(tmp_path, script):
    place = tmp_path / icons.SCRIPT
    place.parent.mkdir(parents=True)
    place.write_text(script)
    (tmp_path / "index.html").write_text('<i class="fas fa-rocket fa-lg"></i>')
    (place.parent / "their-theme.js").write_text('classList="fa-solid fa-xmark"')
    app = SimpleNamespace(outdir=tmp_path)
    icons.trim(app, ValueError("the build failed"))
    assert place.read_text() == script
    icons.trim(app, None)
    assert names(place.read_text()) == {"rocket", "xmark"}
    icons.trim(app, None)
    assert names(place.read_text()) == {"rocket", "xmark"}
