"""What holds on every page of the book, on a wide screen and on a phone."""

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import expect

SCREENS = {"wide": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
# Without preload: axe would ask for the style sheets of style sheets in the wrong folder.
RULES = {
    "preload": False,
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
NO_CONTRAST = {"rules": {"color-contrast": {"enabled": False}}}  # it has runs of its own
COLORS = RULES | {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
# The first element of each look among those of code that have a text.
SAMPLE = """() => {
  const looks = {};
  const ground = e => e && (getComputedStyle(e).backgroundColor.endsWith(", 0)")
    ? ground(e.parentElement) : getComputedStyle(e).backgroundColor);
  document.querySelectorAll("[data-sample]").forEach(e => e.removeAttribute("data-sample"));
  for (const e of document.querySelectorAll("pre, pre *")) {
    const { color, fontSize, fontWeight, opacity, visibility } = getComputedStyle(e);
    const text = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim().length > 1);
    if (!text || visibility !== "visible" || !e.getClientRects().length) continue;
    looks[[color, fontSize, fontWeight, opacity, ground(e)]] ??= e;
  }
  Object.values(looks).forEach(e => e.setAttribute("data-sample", ""));
  return Object.keys(looks).length;
}"""
CUT = """() => [...document.querySelectorAll("main *")].filter(e =>
  e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 20 && !e.closest(".plot, svg, .math") &&
  /hidden|clip/.test(getComputedStyle(e).overflowX) && getComputedStyle(e).clipPath === "none"
).map(e => e.outerHTML.slice(0, 90))"""
SPOKEN_AS_ENGLISH = """() => [...document.querySelectorAll("main *")].filter(e =>
  !e.closest("[lang=ko], script") &&
  [...e.childNodes].some(n => n.nodeType === 3 && /[가-힣]/.test(n.data))
).map(e => e.textContent)"""
SET = ".katex, mjx-container"  # by KaTeX, or by MathJax where the book was built without npm
FAILED = ".katex-error, .katex mstyle[mathcolor='#cc0000'], mjx-merror, mtext[mathcolor=red]"
FADED = "() => Promise.allSettled(document.getAnimations().map(fade => fade.finished))"
MISTAKEN = """() => [...document.querySelectorAll(".js-plotly-plot")].flatMap(plot =>
  plot._fullData.map(trace => [plot.data[trace.index].type ?? "scatter", trace.type])
).filter(([meant, drawn]) => meant !== drawn)"""
# Text that a reader sees outside of code, formulas included.
PROSE = """() => {
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) {
    if (!walker.currentNode.parentElement.closest("pre, code, script, style, noscript"))
      texts.push(walker.currentNode.data);
  }
  return texts.join("");
}"""


@pytest.fixture(scope="module", params=SCREENS)
def screen(request):
    return SCREENS[request.param]


@pytest.fixture(scope="module")
def page(visit, read, name, screen):
    with visit(name, viewport=screen) as page:
        read(page)
        yield page


def audit(page, *, whole=True):
    """What keeps some people from using a page: (rule, element). Not `whole`: of its colors.

    Contrast takes axe long, so of code it gets one sample of each color.
    """
    page.evaluate(AXE_FILE_PATH.read_text())
    sampled = page.evaluate(SAMPLE)
    runs = [({"include": [["html"]]}, RULES | NO_CONTRAST)] if whole else []
    runs += [({"exclude": [["pre"]]}, COLORS)]
    runs += [({"include": [["[data-sample]"]]}, COLORS)] if sampled else []
    found = [page.evaluate("run => axe.run(...run)", run)["violations"] for run in runs]
    return [(r["id"], node["html"]) for rules in found for r in rules for node in r["nodes"]]


def test_its_formulas_are_typeset(page):
    formulas = page.locator(".math")
    assert formulas.filter(has=page.locator(SET)).count() == formulas.count()
    assert page.locator(FAILED).all_inner_texts() == []
    prose = page.evaluate(PROSE)
    assert [sign for sign in ("$$", r"\(", r"\[", r"\begin") if sign in prose] == []


def test_it_loads_plotly_only_for_figures(page):
    loads = any("plotly" in url for url in page.requests)
    assert loads == (page.locator(".unrolled-figure").count() > 0)


def test_every_trace_is_drawn_as_what_it_is(page):
    """A plotly.js without a type draws it as a scatter and says nothing."""
    assert page.evaluate(MISTAKEN) == []


def test_every_icon_is_drawn(page):
    assert page.locator("i[class*=fa-], span[class*=fa-]").count() == 0
    drawn = page.locator("svg.svg-inline--fa")
    assert drawn.count() == page.locator("svg.svg-inline--fa:has(path[d])").count() >= 5


def test_it_needs_no_scrolling_sideways(page):
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_everybody_can_use_it(page):
    assert audit(page) == []


def test_everybody_can_use_it_in_the_dark(page):
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.evaluate(FADED)
    assert audit(page, whole=False) == []


@pytest.mark.parametrize("screen", ["phone"], indirect=True, scope="module")
def test_enlarged_fourfold_it_needs_no_scrolling_sideways_and_cuts_nothing_off(page):
    page.set_viewport_size({"width": 320, "height": 256})
    page.until("document.documentElement.scrollWidth <= innerWidth")  # when figures are drawn anew
    assert page.evaluate(CUT) == []


def test_korean_words_are_marked_as_korean(page):
    assert page.evaluate(SPOKEN_AS_ENGLISH) == []


def test_it_asks_this_host_only(page, address):
    assert [url for url in page.requests if not url.startswith((address, "data:", "blob:"))] == []


def test_it_finds_all_that_it_asks_for_and_reports_no_error(page):
    assert page.problems == []
