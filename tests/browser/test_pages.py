"""What holds on every page of the book, on a wide screen and on a phone, and what its words are."""

from collections import defaultdict
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import expect
from trials.leftovers import LEFTOVERS, REPR, TEX, faults

SCRIPTS = [Path(__file__).with_name(name).read_text() for name in ("page_text.js", "drawings.js")]
SCREENS = {"wide": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
HIGHEST = 1.5  # screens of a phone that an explorable may take
HIGH = """() => [...document.querySelectorAll(".explorable")].map(e =>
  [e.dataset.name, e.getBoundingClientRect().height])"""
# What axe looks for. Without preload: it would ask for the style sheets of style sheets in the
# wrong folder. On other screens and in the dark only what colors and places decide.
RULES = {
    "preload": False,
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
CONTRAST = ["color-contrast"]
PLACED = [*CONTRAST, "target-size", "scrollable-region-focusable"]
# Of all elements with a text, the first of each look that no page before had: contrast takes axe
# long. Formulas are there twice, and what a screen reader says of them is not seen.
SAMPLE = """known => {
  const looks = {};
  const ground = e => e && (getComputedStyle(e).backgroundColor.endsWith(", 0)")
    ? ground(e.parentElement) : getComputedStyle(e).backgroundColor);
  const opaque = e => e ? getComputedStyle(e).opacity * opaque(e.parentElement) : 1;
  document.querySelectorAll("[data-sample]").forEach(e => e.removeAttribute("data-sample"));
  for (const e of document.querySelectorAll("body *")) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
    if (e.closest("svg, script, style, .katex-mathml") || !e.getClientRects().length) continue;
    const { color, fontSize, fontWeight, visibility } = getComputedStyle(e);
    if (visibility !== "visible") continue;
    const region = e.closest("figure, header, footer, nav, aside, main")?.className;
    looks[[color, fontSize, fontWeight, opaque(e).toFixed(2), ground(e), region]] ??= e;
  }
  for (const [look, e] of Object.entries(looks))
    if (!known.includes(look)) e.setAttribute("data-sample", "");
  return Object.keys(looks);
}"""
AUDIT = """rules => {
  axe.configure({ rules: [{ id: "color-contrast", selector: "[data-sample]" }] });
  return axe.run(rules);
}"""
CUT = """() => [...document.querySelectorAll("main *")].filter(e =>
  e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 20 && !e.closest(".plot, svg, .math") &&
  /hidden|clip/.test(getComputedStyle(e).overflowX) && getComputedStyle(e).clipPath === "none"
).map(e => e.outerHTML.slice(0, 90))"""
# Outputs of cells, and cells of tables in them, that are shown in more lines than they have.
WRAPPED = """() => [...document.querySelectorAll(".cell_output pre, .dataframe :is(td, th)")]
  .filter(e => {
    const range = document.createRange();
    range.selectNodeContents(e);
    const boxes = [...range.getClientRects()].filter(box => box.height);
    boxes.sort((a, b) => a.top - b.top);
    let lines = 0, bottom = -Infinity;
    for (const box of boxes) {
      const middle = (box.top + box.bottom) / 2;
      if (middle > bottom) [lines, bottom] = [lines + 1, box.bottom];
    }
    return lines > (e.matches("pre") ? e.textContent.trimEnd().split("\\n").length : 1);
  }).map(e => e.textContent.slice(0, 90))"""
SPOKEN_AS_ENGLISH = """() => [...document.querySelectorAll("main *")].filter(e =>
  !e.closest("[lang=ko], script") &&
  [...e.childNodes].some(n => n.nodeType === 3 && /[가-힣]/.test(n.data))
).map(e => e.textContent)"""
SET = ".katex, mjx-container"  # by KaTeX, or by MathJax where the book was built without npm
FAILED = ".katex-error, .katex mstyle[mathcolor='#cc0000'], mjx-merror, mtext[mathcolor=red]"
FADED = "() => Promise.allSettled(document.getAnimations().map(fade => fade.finished))"
CHARTS = """() => [...document.querySelectorAll(".js-plotly-plot")].flatMap(drawings.inChart)"""
MISTAKEN = """() => [...document.querySelectorAll(".js-plotly-plot")].flatMap(plot =>
  plot._fullData.map(trace => [plot.data[trace.index].type ?? "scatter", trace.type])
).filter(([meant, drawn]) => meant !== drawn)"""


@pytest.fixture(scope="module", params=SCREENS)
def screen(request):
    return SCREENS[request.param]


@pytest.fixture(scope="module")
def page(visit, read, name, screen):
    with visit(name, viewport=screen) as page:
        read(page)
        for script in SCRIPTS:
            page.evaluate(script)
        yield page


def on(screen):
    """Run a test of the pages on one screen only."""
    return pytest.mark.parametrize("screen", [screen], indirect=True, scope="module")


@pytest.fixture(scope="module")
def known():
    """The looks of text whose contrast was measured, for each test: {its name: {look}}."""
    return defaultdict(set)


def audit(page, known, rules=RULES):
    """What keeps some people from using a page: (rule, element).

    It is seen from its top: further down, the bar that stays there may lie on anything.
    """
    page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    looks = page.evaluate(SAMPLE, sorted(known))
    assert len(looks) >= 3
    if rules["runOnly"] == CONTRAST and known.issuperset(looks):
        return []
    known.update(looks)
    page.evaluate(AXE_FILE_PATH.read_text())
    found = page.evaluate(AUDIT, rules)["violations"]
    return [(rule["id"], node["html"]) for rule in found for node in rule["nodes"]]


@on("wide")
def test_its_formulas_are_typeset(page):
    formulas = page.locator(".math")
    assert formulas.filter(has=page.locator(SET)).count() == formulas.count()
    assert page.locator(FAILED).all_inner_texts() == []


@on("wide")
def test_what_it_says_holds_no_leftovers(page):
    said = page.evaluate("() => pageText.said()")
    assert sum(len(text) for _, text in said) > 300
    assert faults(said, LEFTOVERS) == []


@on("wide")
def test_its_formulas_hold_no_tex(page):
    assert faults(page.evaluate("() => pageText.formulas()"), TEX) == []


@on("wide")
def test_its_programs_print_no_addresses_and_no_warnings(page):
    assert faults(page.evaluate("() => pageText.printed()"), {"an address": REPR}) == []
    assert page.evaluate("() => pageText.warned()") == []


@on("wide")
def test_the_words_of_its_charts_lie_beside_each_other(page):
    assert page.evaluate(CHARTS) == []


@on("wide")
def test_it_loads_plotly_only_for_charts(page):
    loads = any("plotly" in url for url in page.requests)
    assert loads == (page.locator(".unrolled-figure .stage").count() > 0)


@on("wide")
def test_every_trace_is_drawn_as_what_it_is(page):
    """A plotly.js without a type draws it as a scatter and says nothing."""
    assert page.evaluate(MISTAKEN) == []


@on("wide")
def test_every_icon_is_drawn(page):
    assert page.locator("i[class*=fa-], span[class*=fa-]").count() == 0
    drawn = page.locator("svg.svg-inline--fa")
    assert drawn.count() == page.locator("svg.svg-inline--fa:has(path[d])").count() >= 5


def test_it_needs_no_scrolling_sideways(page):
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@on("phone")
def test_no_explorable_is_higher_than_a_screen_and_a_half(page, screen):
    heights = page.evaluate(HIGH)
    assert [each for each in heights if each[1] > HIGHEST * screen["height"]] == []


@on("wide")
def test_everybody_can_use_it(page, known):
    assert audit(page, known["wide"]) == []


@on("phone")
def test_everybody_can_use_it_on_a_phone(page, name, figures, known):
    whole = figures[0].startswith(name)  # what is folded away is so on every page
    assert audit(page, known["phone"], RULES if whole else RULES | {"runOnly": PLACED}) == []


@on("wide")
def test_everybody_can_use_it_in_the_dark(page, known):
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.evaluate(FADED)
    assert audit(page, known["dark"], RULES | {"runOnly": CONTRAST}) == []


def test_no_output_wraps_inside_a_row(page):
    assert page.evaluate(WRAPPED) == []


@on("phone")
def test_enlarged_fourfold_it_needs_no_scrolling_sideways_and_cuts_nothing_off(page):
    page.set_viewport_size({"width": 320, "height": 256})
    page.until("document.documentElement.scrollWidth <= innerWidth")  # when figures are drawn anew
    assert page.evaluate(CUT) == []


@on("wide")
def test_korean_words_are_marked_as_korean(page):
    assert page.evaluate(SPOKEN_AS_ENGLISH) == []


def test_it_asks_this_host_only(page, address):
    assert [url for url in page.requests if not url.startswith((address, "data:", "blob:"))] == []


def test_it_finds_all_that_it_asks_for_and_reports_no_error(page):
    assert page.problems == []
