"""One color per role, keys in place of arrays, and a look for each audience."""

import re

import numpy as np
import plotly.graph_objects as go
import plotly.io as pio
import pytest
from unrolled.figures import theme


@pytest.fixture
def figure():
    return theme.describe(go.Figure(), title="Finding", alt="A line.")


@pytest.fixture
def plotly_defaults(monkeypatch):
    """Plotly's global defaults, restored after the test."""
    monkeypatch.setattr(pio.templates, "default", pio.templates.default)
    monkeypatch.setattr(pio.renderers, "default", pio.renderers.default)


def test_every_role_has_a_light_and_a_dark_color_of_its_own():
    for pair in zip(*theme.COLORS.values(), strict=True):
        assert len(set(pair)) == len(theme.COLORS)
        assert all(re.fullmatch("#[0-9a-f]{6}", color) for color in pair)
    assert theme.page_theme()["dark"] == dict(theme.COLORS.values())


@pytest.mark.parametrize(("mode", "index"), [("light", 0), ("dark", 1)])
def test_the_template_takes_its_colors_from_the_roles(mode, index):
    layout = theme.template(mode).layout
    assert layout.font.color == theme.COLORS["ink"][index]
    assert layout.colorway == tuple(color[index] for color in list(theme.COLORS.values())[:4])
    for axis in (layout.xaxis, layout.yaxis):
        assert axis.gridcolor == theme.COLORS["grid"][index]
        assert axis.tickcolor == theme.COLORS["muted"][index]
    assert layout.paper_bgcolor == layout.plot_bgcolor == "rgba(0,0,0,0)"
    assert theme.template(mode, background="white").layout.paper_bgcolor == "white"


def test_style_sheets_get_the_colors_of_both_places():
    light, dark = theme.role_css("html", ".dark").strip().split("\n")
    assert light.startswith("html { --unrolled-forward: #0072b2; ")
    assert dark.startswith(".dark { --unrolled-forward: #56b4e9; ")
    for rule in (light, dark):
        names = re.findall(r"--unrolled-(\w+): #", rule)
        assert set(names) == {*theme.COLORS, "page"}


@pytest.mark.parametrize("who", ["text", "live", "page", "export"])
def test_every_audience_has_the_look_and_files_have_html(plotly_defaults, monkeypatch, who):
    monkeypatch.setenv("UNROLLED_AUDIENCE", who)
    before = pio.renderers.default
    theme.use()
    assert go.Figure().layout.template.layout.font.color == theme.INK
    assert go.Figure().layout.template.layout.paper_bgcolor == "white"
    in_a_file = who in ("page", "export")
    assert pio.renderers.default == ("unrolled-page" if in_a_file else before)
    if in_a_file:
        assert pio.renderers["unrolled-page"].alone == (who == "export")


def test_a_text_in_place_of_values_is_a_key():
    x = np.arange(3)
    assert theme.bound(x=x, y="norms", z="map") == {"x": x, "meta": {"y": "norms", "z": "map"}}
    assert theme.bound(x=x) == {"x": x}


def test_marks_ranges_and_labels_are_kept_with_the_alternative_text(figure):
    theme.mark(figure, "lag", label="now")
    theme.mark(figure, "rate", axis="y", label="rate", at=np.log10([1, 100]), role="ink")
    theme.fit(figure, "xaxis", "steps")
    theme.fit(figure, "yaxis", "decades", decades=True)
    theme.labels(figure, "yaxis", "words")
    meta = figure.layout.meta
    assert meta["alt"] == "A line."
    assert [(m["control"], m["axis"], m["at"]) for m in meta["marks"]] == [
        ("lag", "x", None),
        ("rate", "y", [0.0, 2.0]),
    ]
    assert meta["ranges"]["xaxis"] == {"key": "steps", "decades": False}
    assert meta["ranges"]["yaxis"] == {"key": "decades", "decades": True}
    assert meta["labels"] == {"yaxis": "words"}


@pytest.mark.parametrize(
    ("axis_range", "apart"),
    [((-16, 8), 3), ((-9, 1), 2), ((-14, 2), 2), ((0, 1), 1), ((-300, 0), 38), ((-3, -3), 1)],
)
def test_decades_have_at_most_nine_ticks_each_a_power_of_ten(axis_range, apart):
    axis = theme.decades(axis_range)
    assert axis["range"] == list(axis_range)
    assert (axis["tick0"], axis["dtick"]) == (0, apart)
    assert f"{axis['tickprefix']}-3{axis['ticksuffix']}" == "10<sup>-3</sup>"


def test_a_role_gives_a_line_its_color_and_a_bar_a_pattern_beside_it():
    assert theme.line("forward") == {"color": theme.FORWARD, "dash": "solid", "width": 2.5}
    bar = theme.fill("target", "/")
    assert (bar["color"], bar["pattern"]["shape"]) == (theme.TARGET, "/")
    with pytest.raises(KeyError, match="no such role"):
        theme.line("no such role")
