"""Tabs of neighboring cells in three libraries: on a small page, and in a chapter that has them."""

from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import expect

BOOKTOOLS = Path(__file__).parents[2] / "code" / "booktools"
SITE = "http://book.test/"
NAMES = {"numpy": "NumPy", "keras": "Keras", "torch": "PyTorch"}
CELL = (
    '<div class="cell {tags} docutils container"><pre style="height: {height}px">{text}</pre></div>'
)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
BLOCKED = {"Content-Security-Policy": "sandbox allow-scripts"}  # of no origin: nothing is stored
CHAPTER = "13-three-engines.html"
# Three sets: all libraries, two of them in another order, all of them again, right behind the
# second; then cells that are no set.
PAGE = [
    "numpy keras torch", "A paragraph.", "torch keras", "keras numpy torch", "A paragraph.",
    "keras", "A paragraph.", "torch", "A paragraph.", "none keras none torch none",
]  # fmt: skip
SETS = [["numpy", "keras", "torch"], ["torch", "keras"], ["keras", "numpy", "torch"]]
TITLES = "all => all.map(cell => getComputedStyle(cell, '::before').content)"
# What a screen reader hears of every set: [label, [[tab, chosen, reached with the tab key, its
# panel's role and classes, whether the panel is named after the tab and comes behind it], ...]].
HEARD = """() => [...document.querySelectorAll("[role=tablist]")].map(list => [
  list.getAttribute("aria-label"),
  [...list.querySelectorAll("[role=tab]")].map(tab => {
    const panel = document.getElementById(tab.getAttribute("aria-controls"));
    return [
      tab.textContent, tab.getAttribute("aria-selected"), tab.tabIndex === 0,
      panel.getAttribute("role"), panel.classList[1],
      panel.getAttribute("aria-labelledby") === tab.id,
      Boolean(list.compareDocumentPosition(panel) & Node.DOCUMENT_POSITION_FOLLOWING),
    ];
  }),
])"""


def cells():
    """The cells of the page, all of different heights, and the paragraphs between them."""
    for part, libraries in enumerate(PAGE):
        if libraries == "A paragraph.":
            yield f"<p>{libraries}</p>"
            continue
        for library in libraries.split():
            tags = "" if library == "none" else f"tag_tab-{library}"
            height = 40 + 90 * list(NAMES).index(library) if library in NAMES else 40
            yield CELL.format(tags=tags, height=height, text=f"{part}: {library}")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A page with the scripts and styles of the book."""
    folder = tmp_path_factory.mktemp("site")
    for name in ("tabs.js", "book.css"):
        (folder / name).write_bytes((BOOKTOOLS / name).read_bytes())
    (folder / "page.html").write_text(
        '<!DOCTYPE html><html lang="en" data-theme="light"><head><meta charset="utf-8">'
        '<title>Tabs</title><meta name="viewport" content="width=device-width">'
        '<link rel="stylesheet" href="book.css"><link rel="icon" href="data:,">'
        '<script src="tabs.js" defer></script></head>'
        f"<body><main><h1>Tabs</h1>{''.join(cells())}<p style='height: 3000px'></p></main></body>"
    )
    return folder


@pytest.fixture(scope="module")
def visit_tabs(browser, folder):
    """A function that opens the page in a context of its own; what goes wrong ends the test."""

    @contextmanager
    def opened(*, headers=None, **options):
        context = browser.new_context(**{"viewport": {"width": 900, "height": 700}, **options})
        context.route(
            f"{SITE}**",
            lambda route: route.fulfill(
                path=folder / route.request.url.removeprefix(SITE), headers=served(route, headers)
            ),
        )
        page, problems = context.new_page(), []
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda m: m.type == "error" and problems.append(m.text))
        page.goto(f"{SITE}page.html")
        try:
            yield page
        finally:
            context.close()
        assert problems == []

    return opened


def served(route, headers):
    kinds = {"html": "text/html", "js": "text/javascript", "css": "text/css"}
    return {"Content-Type": kinds[route.request.url.rpartition(".")[2]]} | (headers or {})


@pytest.fixture
def page(visit_tabs):
    with visit_tabs() as page:
        yield page


def lists(page):
    return page.locator("[role=tablist]")


def tab(page, number, library):
    return lists(page).nth(number).get_by_role("tab", name=NAMES[library], exact=True)


def shown(page):
    """The texts of all cells that can be seen."""
    return page.locator("div.cell pre:visible").all_inner_texts()


def visible(*chosen):
    """The texts of the page if these are chosen in its three sets."""
    parts = zip((0, 2, 3), chosen, strict=True)
    alone = ["5: keras", "7: torch", "9: none", "9: keras", "9: none", "9: torch", "9: none"]
    return [f"{part}: {library}" for part, library in parts] + alone


def audit(page):
    page.evaluate(AXE_FILE_PATH.read_text())
    found = page.evaluate("rules => axe.run({ runOnly: rules })", TAGS)["violations"]
    return [(rule["id"], node["html"]) for rule in found for node in rule["nodes"]]


def test_neighbors_of_different_libraries_become_a_set_and_others_stay_alone(page):
    assert [
        [t.inner_text() for t in one.get_by_role("tab").all()] for one in lists(page).all()
    ] == [[NAMES[library] for library in libraries] for libraries in SETS]
    assert page.locator("[role=tabpanel]").count() == sum(map(len, SETS))
    assert page.locator("div.cell").count() == sum(map(len, SETS)) + 7


def test_every_set_is_heard_as_tabs_of_which_one_is_chosen(page):
    for library in ("numpy", "keras", "torch"):
        tab(page, 0, library).click()
        assert page.evaluate(HEARD) == [
            ["Library", [
                [NAMES[own], str(own == chosen).lower(), own == chosen, "tabpanel",
                 f"tag_tab-{own}", True, True]
                for own in libraries
            ]]
            for libraries in SETS
            for chosen in [library if library in libraries else libraries[0]]
        ]  # fmt: skip
    ids = page.locator("[id]").evaluate_all("all => all.map(element => element.id)")
    assert len(set(ids)) == len(ids) == 2 * sum(map(len, SETS))


def test_it_opens_on_numpy_and_on_the_first_tab_where_there_is_no_numpy(page):
    assert shown(page) == visible("numpy", "torch", "numpy")


def test_choosing_in_one_set_chooses_in_all(page):
    tab(page, 2, "keras").click()
    assert shown(page) == visible("keras", "keras", "keras")
    tab(page, 1, "torch").click()
    assert shown(page) == visible("torch", "torch", "torch")
    tab(page, 0, "numpy").click()
    assert shown(page) == visible("numpy", "torch", "numpy")


@pytest.mark.parametrize(
    ("key", "ends"),
    [
        ("ArrowRight", ["keras", "torch", "numpy"]),
        ("ArrowLeft", ["torch", "keras", "numpy"]),
        ("End", ["torch", "torch"]),
        ("Home", ["numpy", "numpy"]),
    ],
)
def test_keys_move_the_choice_and_the_focus(page, key, ends):
    tab(page, 0, "numpy").focus()
    for library in ends:
        page.keyboard.press(key)
        expect(tab(page, 0, library)).to_be_focused()
        assert shown(page)[0] == f"0: {library}"
    page.keyboard.press("Home")
    expect(tab(page, 0, "numpy")).to_be_focused()


def test_other_keys_and_those_of_the_browser_are_left_alone(page):
    """Alt and an arrow goes back a page, Control and Home to the top of it."""
    tab(page, 0, "keras").click()
    page.evaluate("addEventListener('keydown', event => { window.kept = event.defaultPrevented; })")
    for key in ("ArrowUp", "a", "Alt+ArrowRight", "Control+Home", "Meta+ArrowLeft", "Shift+End"):
        page.keyboard.press(key)
        assert page.evaluate("window.kept") is False, key
        assert shown(page) == visible("keras", "keras", "keras")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("window.kept") is True


@pytest.mark.parametrize("anchored", ["auto", "none"])
def test_the_tab_stays_where_it_is_while_what_is_above_it_changes_its_height(page, anchored):
    """Whether the browser itself keeps what is read in its place or not."""
    page.add_style_tag(content=f"html {{ overflow-anchor: {anchored}; }}")
    page.evaluate("scrollTo(0, 150)")
    own = tab(page, 2, "torch")
    before = own.bounding_box()["y"]
    own.click()
    for _ in range(3):
        page.evaluate("() => new Promise(requestAnimationFrame)")
    assert shown(page) == visible("torch", "torch", "torch")
    assert own.bounding_box()["y"] == pytest.approx(before, abs=1)


def test_the_choice_is_remembered_on_the_next_visit(page):
    tab(page, 0, "keras").click()
    page.reload()
    assert shown(page) == visible("keras", "keras", "keras")
    page.evaluate("localStorage.setItem('unrolled-library', 'fortran')")
    page.reload()
    assert shown(page) == visible(*(libraries[0] for libraries in SETS))


def test_where_nothing_can_be_stored_it_works_and_forgets(visit_tabs):
    with visit_tabs(headers=BLOCKED) as page:
        with pytest.raises(Exception, match="SecurityError"):
            page.evaluate("localStorage.length")
        tab(page, 0, "keras").click()
        assert shown(page) == visible("keras", "keras", "keras")
        page.reload()
        assert shown(page) == visible("numpy", "torch", "numpy")


def test_without_scripts_every_cell_is_there(visit_tabs):
    with visit_tabs(java_script_enabled=False) as page:
        expect(page.locator(".library-tabs")).to_have_count(0)
        assert page.locator("div.cell:visible").count() == page.locator("div.cell").count() == 15


def test_paper_has_every_cell_under_the_name_of_its_library_and_no_tabs(page):
    tab(page, 0, "keras").click()
    page.emulate_media(media="print")
    assert page.locator(".library-tabs:visible").count() == 0
    assert page.locator("div.cell:visible").count() == page.locator("div.cell").count()
    told = [f'"{NAMES[library]}"' for libraries in SETS for library in libraries]
    assert page.locator("[role=tabpanel]").evaluate_all(TITLES) == told
    page.emulate_media(media="screen")
    assert shown(page) == visible("keras", "keras", "keras")
    assert set(page.locator("div.cell").evaluate_all(TITLES)) == {"none"}


def test_everybody_can_use_them(page):
    assert audit(page) == []
    box = tab(page, 0, "numpy").bounding_box()
    assert min(box["width"], box["height"]) >= 24
    tab(page, 0, "torch").click()
    assert audit(page) == []


def test_in_the_chapter_they_are_there_and_change_together(visit, read, site):
    if not (site / CHAPTER).is_file():
        pytest.skip(f"{CHAPTER} is not in this build")
    with visit(CHAPTER) as page:
        read(page)
        count = lists(page).count()
        assert count >= 3
        for library in ("torch", "keras", "numpy"):
            tab(page, count - 1, library).click()
            for kind in NAMES:
                panels = page.locator(f"div.cell.tag_tab-{kind}")
                seen = panels.evaluate_all("all => all.map(panel => panel.checkVisibility())")
                assert set(seen) == {kind == library}
        assert page.problems == []
