import re
import shutil
from pathlib import Path

import pydata_sphinx_theme
import pytest
from booktools import content_security, icons
from fontTools.ttLib import TTFont

THEME = Path(pydata_sphinx_theme.__file__).parent
THEIRS = next(THEME.rglob("static/scripts/fontawesome.js"))
STYLES = next(THEME.rglob("static/styles/pydata-sphinx-theme.css"))
FONTS = next(THEME.rglob("static/vendor/fontawesome/webfonts"))
ROCKET, BELL, GITHUB, SPIDER = 0xF135, 0xF0F3, 0xF09B, 0xF717
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
    styles, fonts = tmp_path / icons.STYLES, tmp_path / icons.FONTS
    styles.parent.mkdir(parents=True)
    styles.write_text(STYLES.read_text(encoding="utf-8"), encoding="utf-8")
    shutil.copytree(FONTS, fonts)
    (tmp_path / "index.html").write_text('<i class="fas fa-rocket fa-lg"></i>')
    (place.parent / "their-theme.js").write_text('classList="fa-solid fa-xmark"')
    inline = tmp_path / content_security.FOLDER
    inline.mkdir()
    (inline / "moved.js").write_text("write('<i class=\"fa-solid fa-moon\"></i>')")
    for _ in range(2):  # the second time there is nothing to do
        icons.trim(tmp_path)
        assert names(place.read_text()) == {"rocket", "xmark", "moon"}
        ruled = set(re.findall(r"\.fa-([a-z0-9-]+):before", styles.read_text()))
        assert {"rocket", "xmark", "moon"} < ruled
        assert len(ruled) < 10  # other names of these, and some in rules of another form
        sizes = [font.stat().st_size for font in fonts.glob("*.woff2")]
        assert len(sizes) >= 3
        assert max(sizes) < 10_000


def test_a_font_keeps_what_a_page_or_a_style_sheet_names(tmp_path):
    font = shutil.copy2(FONTS / "fa-solid-900.woff2", tmp_path)
    assert {ROCKET, BELL, SPIDER} <= signs(font)
    icons.trim_font(font, {ROCKET, BELL, GITHUB})
    assert signs(font) == {ROCKET, BELL}


def signs(font):
    with TTFont(font) as opened:
        return set(opened.getBestCmap())
