"""The figures of a chapter in the dark, on paper, without scripts and without a server."""

import json
import re

import pytest
from playwright.sync_api import expect
from unrolled.figures import theme

LIGHT, DARK = ({pair[i] for pair in theme.COLORS.values()} for i in (0, 1))
INK = theme.COLORS["ink"]
PLOTS = "[...document.querySelectorAll('.unrolled-figure .plot')]"
FONTS = f"{PLOTS}.map(plot => plot._fullLayout?.font.color)"
FITS = f"{PLOTS}.every(plot => plot._fullLayout?.width === plot.clientWidth)"
LAYERS = f"{PLOTS}.map(plot => plot.querySelector('.cartesianlayer').outerHTML)"
ABOVE = f"""{PLOTS}.every(plot => {{
  const legend = plot.querySelector(".legend");
  const top = plot.getBoundingClientRect().top + plot._fullLayout._size.t;
  return !legend || legend.getBoundingClientRect().bottom <= top;
}})"""
# What the printer is about to get: the font color of every figure, and whether it fits its place.
PRINTING = f"""() => matchMedia("print").addEventListener("change", event => {{
  if (event.matches) window.paper = [document.documentElement.dataset.theme, {FONTS}, {FITS}];
}})"""
UNPACKED = "() => Promise.all(UNROLLED.drawings.map(drawing => drawing.unpacked)).then(() => true)"
LOCAL = ("file:", "data:", "blob:")
REDRAWN = "([plots, before]) => plots.innerHTML !== before"


def colors(page):
    """The colors of what is drawn on a page: those of texts, and those of the book's palette."""
    fonts = set(page.evaluate(FONTS))
    traces = json.dumps(page.evaluate(f"{PLOTS}.flatMap(plot => plot.data)"))
    return fonts, set(re.findall(r"#[0-9a-f]{6}", traces))


@pytest.fixture(scope="module")
def dark(visit, read, chapter):
    with visit(chapter, color_scheme="dark") as page:
        read(page)
        yield page


def test_figures_start_in_the_dark_and_follow_the_button_to_the_light_and_back(dark):
    fonts, traces = colors(dark)
    assert fonts == {INK[1]}
    assert traces <= DARK
    drawn = []
    for mode in (0, 1, 1, 0, 1, 1, 0):  # light, dark, automatic, light, ...
        dark.locator(".theme-switch-button:visible").click()
        dark.until(f"{FONTS}.every(color => color === '{INK[mode]}')")
        fonts, traces = colors(dark)
        assert traces <= (LIGHT, DARK)[mode]
        drawn.append(dark.evaluate(LAYERS))
    drawn = drawn[3:]  # Plotly measures margins, and a first redraw may move them by a pixel
    assert drawn == drawn[::-1]
    assert drawn[0] != drawn[1]


def test_figures_follow_the_width_of_the_window_with_their_legends_above(dark):
    for width in (700, 390, 1280):
        dark.set_viewport_size({"width": width, "height": 900})
        dark.until(FITS)
        assert dark.evaluate(ABOVE), f"a legend covers its figure at {width} px"


def test_paper_gets_every_figure_in_light_colors_and_full_width(visit, chapter):
    with visit(chapter, color_scheme="dark") as page:
        page.evaluate(UNPACKED)
        page.evaluate(PRINTING)
        assert page.pdf().startswith(b"%PDF")
        figures = page.locator(".unrolled-figure .plot").count()
        assert page.evaluate("window.paper") == ["light", [INK[0]] * figures, True]
        page.until(f"{FITS} && {FONTS}.every(color => color === '{INK[1]}')")


def test_paper_has_values_and_captions_but_no_controls(dark):
    dark.emulate_media(media="print")
    dark.until(FITS)
    for figure in dark.locator(".explorable").all():
        for gone in figure.locator("input, button").all():
            expect(gone).to_be_hidden()
        for kept in ("label", "output", ".plot .main-svg", ".words p", "figcaption"):
            expect(figure.locator(kept).first).to_be_visible()
    dark.emulate_media(media="screen")


def test_without_scripts_captions_and_words_stand_in_for_the_figures(visit, chapter):
    with visit(chapter, java_script_enabled=False) as page:
        for gone in page.locator(".unrolled-figure .plot, .explorable .controls").all():
            expect(gone).to_be_hidden()
        for figure in page.locator(".explorable").all():
            for kept in (".words p", "figcaption", ".alternative"):
                expect(figure.locator(kept).first).to_be_visible()
            assert figure.locator(".alternative").bounding_box()["width"] > 200
        for figure in page.locator(".unrolled-figure:not(.explorable, details *)").all():
            expect(figure.locator("noscript p")).to_be_visible()


def test_from_a_folder_it_works_like_from_a_server(visit, read, site, chapter):
    with visit(chapter, base=f"{site.resolve().as_uri()}/") as page:
        read(page)
        for slider in page.locator(".explorable input").all():
            plots = slider.locator("xpath=ancestor::figure//*[@class='panes']").element_handle()
            before = plots.inner_html()
            slider.press("Home" if slider.input_value() != "0" else "End")
            page.until(REDRAWN, arg=[plots, before])
        assert page.locator(".katex, mjx-container").count() == page.locator(".math").count()
        assert [url for url in page.requests if not url.startswith(LOCAL)] == []
        assert page.problems == []
