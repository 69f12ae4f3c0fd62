"""A reader without a mouse: what the tab key reaches, in which order, and whether it is seen."""

import pytest
from playwright.sync_api import expect

CALM = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { transition: none !important; animation: none !important; }");
  document.adoptedStyleSheets = [sheet];
}"""
# The colors of all rings around an element, and how opaque it is with all that it is in.
FOCUSED = """() => {
  const element = document.activeElement;
  if (element === document.body) return null;
  const style = getComputedStyle(element);
  const outline = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const shadows = style.boxShadow.match(/rgb\\([^)]*\\)(?= 0px 0px 0px [2-9])/g) ?? [];
  let opaque = 1;
  for (let e = element; e; e = e.parentElement) opaque *= getComputedStyle(e).opacity;
  const box = element.getBoundingClientRect();
  const [x, y] = [box.left + Math.min(box.width, innerWidth) / 2, box.top + 8];
  const top = document.elementFromPoint(x, y);
  return {
    html: element.outerHTML.slice(0, 90),
    rings: [...(outline ? [style.outlineColor] : []), ...shadows],
    seen: opaque > 0.99 && box.width > 0 && box.height > 0,
    covered: Boolean(top && !element.contains(top) && !top.contains(element)),
    inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""
# Notes where the tab key stands whenever it is pressed, until it has left the page.
WALK = f"""() => {{
  window.stops = [];
  window.found = [];
  addEventListener("keydown", event => {{
    const stop = ({FOCUSED})();
    if (stop) {{
      window.stops.push(document.activeElement);
      window.found.push(stop);
    }} else if (window.stops.length) {{
      window.left = true;
      event.preventDefault();
    }}
  }}, true);
}}"""
# Everything that can be focused, in the order of the page, but for what the tab key never reached.
REACHABLE = """() => [...document.querySelectorAll(
  "a[href], button, input, select, textarea, summary, [tabindex]"
)].filter(e => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({ visibilityProperty: true }))"""
MISSED = f"() => ({REACHABLE})().filter(e => !stops.includes(e)).map(e => e.outerHTML.slice(0, 90))"
JUMPS = """() => stops.slice(1).filter((element, i) =>
  stops[i].compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING
).map(element => element.outerHTML.slice(0, 90))"""
# What scrolls sideways is reached by the tab key, itself or by what is in it.
STUCK = """() => [...document.querySelectorAll("main *")].filter(e =>
  e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0 && e.checkVisibility() &&
  /auto|scroll/.test(getComputedStyle(e).overflowX) &&
  e.tabIndex < 0 && !e.querySelector("a[href], button, input, summary, [tabindex='0']")
).map(e => e.outerHTML.slice(0, 90))"""
CONTRAST = """colors => {
  const light = color => color.match(/[\\d.]+/g).slice(0, 3).map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + [0.2126, 0.7152, 0.0722][i] * c, 0) + 0.05;
  const page = light(getComputedStyle(document.body).backgroundColor);
  return colors.map(color => Math.max(light(color), page) / Math.min(light(color), page));
}"""


@pytest.fixture(scope="module")
def page(visit, read, chapter):
    with visit(chapter) as page:
        page.evaluate(CALM)
        read(page, unfolded=False)  # drawn, figures keep their height
        page.evaluate("scrollTo(0, 0)")
        yield page


@pytest.fixture(scope="module")
def stops(page):
    """What the tab key reaches, from the top of the page until it leaves the page."""
    page.evaluate(WALK)
    for _ in range(20):
        for _ in range(30):
            page.keyboard.press("Tab")
        if page.evaluate("window.left"):
            break
    return page.evaluate("window.found")


def rings(stops):
    """The colors of the rings on the page's own background: not of the first, the skip link's."""
    return sorted({color for stop in stops[1:] for color in stop["rings"]})


def test_the_tab_key_reaches_every_control_once_in_the_order_of_the_page(page, stops):
    assert page.evaluate("window.left"), f"the keyboard does not leave {stops[-1]['html']}"
    assert len(stops) > 50
    assert page.evaluate("new Set(stops).size") == len(stops)
    assert page.evaluate(MISSED) == []
    assert page.evaluate(JUMPS) == []


def test_the_place_of_the_keyboard_can_be_seen_everywhere(page, stops):
    assert [s["html"] for s in stops if not (s["seen"] and s["inside"])] == []
    assert [s["html"] for s in stops if s["covered"]] == []
    assert [s["html"] for s in stops if not s["rings"]] == []
    assert min(page.evaluate(CONTRAST, rings(stops))) >= 3


def test_what_scrolls_sideways_can_be_scrolled_by_keys(page, stops):
    assert page.evaluate(STUCK) == []


def test_the_place_of_the_keyboard_can_be_seen_in_the_dark_and_in_forced_colors(page, stops):
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.keyboard.press("Shift+Tab")
    for colors in ("none", "active"):
        page.emulate_media(color_scheme="dark", forced_colors=colors)
        found = page.evaluate(f"() => stops.map(stop => {{ stop.focus(); return ({FOCUSED})(); }})")
        assert [s["html"] for s in found if not s["rings"]] == []
        assert min(page.evaluate(CONTRAST, rings(found))) >= 3
    page.emulate_media(color_scheme="light", forced_colors="none")
