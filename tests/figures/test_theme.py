import json
import re

import plotly.graph_objects as go
import plotly.io as pio
import pytest
from unrolled.figures import theme

TRACES = ("forward", "backward", "target", "highlight")


@pytest.fixture
def plotly_defaults(monkeypatch):
    """Plotly's global defaults, restored after the test."""
    monkeypatch.setattr(pio.templates, "default", pio.templates.default)
    monkeypatch.setattr(pio.renderers, "default", pio.renderers.default)


@pytest.mark.parametrize("role", theme.COLORS)
def test_every_light_color_has_a_dark_relative(role):
    light, dark = theme.COLORS[role]
    assert all(re.fullmatch("#[0-9a-f]{6}", color) for color in (light, dark))
    assert light != dark
    assert theme.page_theme()["dark"][light] == dark


def test_no_color_stands_for_two_roles():
    assert len({light for light, _ in theme.COLORS.values()}) == len(theme.COLORS)
    assert len({dark for _, dark in theme.COLORS.values()}) == len(theme.COLORS)


@pytest.mark.parametrize(("mode", "index"), [("light", 0), ("dark", 1)])
def test_the_template_takes_its_colors_from_the_roles(mode, index):
    layout = theme.template(mode).layout
    assert layout.font.color == theme.COLORS["ink"][index]
    assert layout.colorway == tuple(theme.COLORS[role][index] for role in TRACES)
    for axis in (layout.xaxis, layout.yaxis):
        assert axis.gridcolor == theme.COLORS["grid"][index]
        assert axis.tickcolor == theme.COLORS["muted"][index]
        assert axis.automargin
    assert layout.paper_bgcolor == layout.plot_bgcolor == "rgba(0,0,0,0)"
    assert layout.dragmode is False
    assert theme.template(mode, background="white").layout.paper_bgcolor == "white"


def test_the_page_theme_is_plain_json():
    page_theme = theme.page_theme()
    assert json.loads(json.dumps(page_theme, sort_keys=True, allow_nan=False)) is not None
    assert page_theme["templates"].keys() == {"light", "dark"}
    assert page_theme["templates"]["dark"]["layout"]["font"]["color"] == theme.COLORS["ink"][1]


def test_in_a_notebook_the_look_is_the_default_and_the_renderer_stays(plotly_defaults, monkeypatch):
    monkeypatch.delenv("UNROLLED_BOOK", raising=False)
    renderer = pio.renderers.default
    theme.use()
    assert pio.renderers.default == renderer
    assert pio.templates.default == "unrolled"
    assert go.Figure().layout.template.layout.font.color == theme.INK
    assert go.Figure().layout.template.layout.paper_bgcolor == "white"


def test_in_a_book_build_figures_become_pieces_of_the_page(plotly_defaults, monkeypatch):
    monkeypatch.setenv("UNROLLED_BOOK", "yes")
    theme.use()
    assert pio.renderers.default == "unrolled-page"
    bundle = pio.renderers["unrolled-page"].to_mimebundle(go.Figure().to_dict())
    assert bundle.keys() == {"text/html"}


@pytest.mark.parametrize("axis_range", [(-16, 8), (-9, 1), (-14, 2), (0, 1), (-300, 0), (-3, -3)])
def test_decades_have_at_most_nine_ticks_each_a_power_of_ten_inside_the_range(axis_range):
    axis = theme.decades(axis_range)
    low, high = axis["range"]
    assert (low, high) == axis_range
    assert 1 <= len(axis["tickvals"]) <= 9
    assert all(low <= k <= high for k in axis["tickvals"])
    assert len({b - a for a, b in zip(axis["tickvals"], axis["tickvals"][1:], strict=False)}) <= 1


def test_decades_write_powers_of_ten_with_a_minus_sign():
    assert theme.decades((-2, 1))["ticktext"] == [
        "10<sup>−2</sup>",
        "10<sup>−1</sup>",
        "10<sup>0</sup>",
        "10<sup>1</sup>",
    ]


def test_a_role_gives_a_line_its_color_and_a_bar_a_pattern_beside_it():
    assert theme.line("forward") == {"color": theme.FORWARD, "dash": "solid", "width": 2.5}
    assert theme.line("backward", "dash")["dash"] == "dash"
    bar = theme.fill("target", "/")
    assert (bar["color"], bar["pattern"]["shape"]) == (theme.TARGET, "/")
    with pytest.raises(KeyError, match="no such role"):
        theme.line("no such role")
