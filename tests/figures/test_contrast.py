"""Contrasts that no tool sees in a page: those of charts and diagrams, light and dark, by role."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from unrolled.figures import theme

PAGES = ("#ffffff", "#121212")  # of the book's theme
WRITTEN = ("ink", "muted", "forward", "backward", "target", "highlight")
PALE = ("grid", "neutral")  # what lies behind
LIGHT_AND_DARK = pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
IMAGES = Path(__file__).parents[2] / "book" / "images"
DIAGRAMS = sorted(path for path in IMAGES.glob("*.svg") if path.stem != "favicon")
ROLE = re.compile(r"var\(--unrolled-(\w+), (#[0-9a-f]{6})\)")
SHAPES = ("rect", "circle", "path")
INHERITED = ("fill", "stroke", "font-size", "text-anchor")


def luminance(color):
    """Relative luminance of #rrggbb as WCAG 2.2 defines it."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    """Contrast ratio of two colors, from 1 to 21."""
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def color(role, mode):
    """The color of a role, or of the page itself."""
    return PAGES[mode] if role == "page" else theme.COLORS[role][mode]


def painted(element, above=None):
    """(element, its attributes with those it inherits) of everything in a diagram, in order."""
    own = {**(above or {}), **{k: v for k, v in element.attrib.items() if k in INHERITED}}
    tag = element.tag.rpartition("}")[2]
    if tag not in ("defs", "style"):
        yield tag, {**element.attrib, **own}
        for child in element:
            yield from painted(child, own)


def role_of(paint):
    """The role that a fill or a stroke names, None if nothing is painted."""
    if paint in (None, "none"):
        return None
    return "ink" if paint == "currentColor" else ROLE.fullmatch(paint)[1]


def contains(tag, shape, x, y):
    """Whether a rectangle or a circle lies behind a point."""
    at = {k: float(v) for k, v in shape.items() if re.fullmatch(r"-?[\d.]+", v)}
    if tag == "circle":
        return (x - at["cx"]) ** 2 + (y - at["cy"]) ** 2 <= at["r"] ** 2
    inside = tag == "rect" and at["x"] <= x <= at["x"] + at["width"]
    return inside and at["y"] <= y <= at["y"] + at["height"]


def texts(path):
    """(role of a text, role of what lies behind it) of a diagram."""
    behind = []
    for tag, found in painted(ElementTree.parse(path).getroot()):
        if tag in SHAPES and role_of(found.get("fill", "currentColor")):
            behind.append((tag, found))
        elif tag == "text":
            assert "transform" not in found or "rotate" in found["transform"], path.stem
            x = float(found["x"]) + {"start": 3, "end": -3}.get(found.get("text-anchor"), 0)
            y = float(found["y"]) - float(found["font-size"]) / 3
            under = [role_of(f["fill"]) for t, f in behind if t != "path" and contains(t, f, x, y)]
            yield role_of(found.get("fill", "currentColor")), ["page", *under][-1]


def test_the_contrast_of_black_and_white_is_21():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_every_role_is_for_writing_or_pale():
    assert sorted(WRITTEN + PALE) == sorted(theme.COLORS)


@LIGHT_AND_DARK
@pytest.mark.parametrize("role", WRITTEN)
@pytest.mark.parametrize("behind", ["page", "neutral"])
def test_text_in_every_color_can_be_read_on_pages_and_in_boxes_and_boxes_hold_text(
    role, mode, behind
):
    assert contrast(color(role, mode), color(behind, mode)) >= 4.5


@LIGHT_AND_DARK
def test_zero_is_pale_and_both_ends_of_the_state_scale_stand_out_from_it(mode):
    roles = ("forward", "neutral", "backward")
    assert [end for _, end in theme.DIVERGING] == [theme.COLORS[role][0] for role in roles]
    assert contrast(color("neutral", mode), PAGES[mode]) < 1.3


@LIGHT_AND_DARK
def test_the_strongest_cell_stands_out_from_the_faintest(mode):
    assert contrast(color("forward", mode), color("grid", mode)) >= 3


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
def test_a_diagram_has_the_colors_of_the_roles_also_where_it_stands_alone(path):
    for role, alone in ROLE.findall(path.read_text()):
        assert alone == theme.COLORS[role][0], role


@LIGHT_AND_DARK
@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
def test_every_text_of_a_diagram_can_be_read_on_what_lies_behind_it(path, mode):
    found = list(texts(path))
    assert found
    for role, behind in found:
        assert contrast(color(role, mode), color(behind, mode)) >= 4.5, (role, behind)


@LIGHT_AND_DARK
@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
def test_every_line_and_shape_of_a_diagram_stands_out_from_the_page(path, mode):
    shapes = [(t, found) for t, found in painted(ElementTree.parse(path).getroot()) if t in SHAPES]
    assert shapes
    for tag, found in shapes:
        assert not {"opacity", "fill-opacity", "stroke-opacity"} & found.keys()
        roles = {role_of(found.get("stroke")), role_of(found.get("fill", "currentColor"))}
        seen = [contrast(color(role, mode), PAGES[mode]) for role in roles - {None}]
        assert max(seen) >= 3, (tag, found)
