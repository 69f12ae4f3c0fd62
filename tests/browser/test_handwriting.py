"""The pane of a hand: a pen that runs, and a sheet that a reader writes on."""

import math

import pytest
from unrolled.explore import NextPoint, hands

SEEN = "() => document.querySelectorAll('.handwriting .ink').length"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A page that stands alone."""
    path = tmp_path_factory.mktemp("hand") / "hand.html"
    NextPoint().save(path)
    return path.as_uri()


@pytest.fixture
def opened(browser, address):
    """Opens the page; what goes wrong in it fails the test."""
    pages = []

    def visit(**how):
        page = browser.new_page(viewport={"width": 980, "height": 1200}, **how)
        page.problems = []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.goto(address)
        page.wait_for_selector("[data-ready=yes]")
        pages.append(page)
        return page

    yield visit
    for page in pages:
        assert page.problems == []
        page.close()


def hand_of(page):
    return page.evaluate("UNROLLED.views[0].values.hand")


def write(page, turns=5):
    """Loops on the sheet, in one stroke."""
    page.get_by_role("button", name="Write your own").click()
    box = page.locator(".handwriting svg").bounding_box()
    x, y = box["x"] + 30, box["y"] + 115
    page.mouse.move(x, y)
    page.mouse.down()
    for i in range(1, 30 * turns):
        angle = i / 30 * 2 * math.pi
        page.mouse.move(x + 1.2 * i + 12 * math.sin(angle), y - 15 * (1 - math.cos(angle)))
    page.mouse.up()


def test_the_pen_runs_to_the_end(opened):
    page = opened()
    page.wait_for_selector(".handwriting .pen")
    early = page.locator(".handwriting").inner_html()
    page.wait_for_selector(".handwriting .ring", timeout=20_000)
    assert len(page.locator(".handwriting").inner_html()) > len(early)


def test_with_reduced_motion_the_line_is_there_at_once(opened):
    page = opened(reduced_motion="reduce")
    page.wait_for_selector(".handwriting .ring")
    page.wait_for_timeout(300)
    before = page.locator(".handwriting").inner_html()
    page.get_by_role("button", name="Let it write again").click()
    page.wait_for_timeout(300)
    assert page.locator(".handwriting").inner_html() == before
    assert page.locator(".handwriting .pen").count() == 0


def test_what_a_reader_writes_becomes_the_hand(opened):
    page = opened(reduced_motion="reduce")
    write(page)
    page.get_by_role("button", name="Done").click()
    hand = hand_of(page)
    assert hand not in NextPoint().controls[0].values
    read = hands.decoded(hand)
    assert 20 < len(read) <= hands.READ
    answer = NextPoint().at(hand=hand)
    page.wait_for_function(
        "said => document.querySelector('[data-line=hand]').textContent === said",
        arg=answer.sentences["hand"],
    )
    assert abs(answer.facts["lean"]) < 25


def test_a_reader_who_rests_has_finished(opened):
    page = opened(reduced_motion="reduce")
    start = hand_of(page)
    write(page)
    page.wait_for_function("start => UNROLLED.views[0].values.hand !== start", arg=start)
    assert page.get_by_role("button", name="Write your own").is_visible()


def test_a_sheet_without_a_line_changes_nothing(opened):
    page = opened(reduced_motion="reduce")
    start = hand_of(page)
    page.get_by_role("button", name="Write your own").click()
    page.get_by_role("button", name="Done").click()
    assert hand_of(page) == start
    page.get_by_role("button", name="Write your own").click()
    page.locator("[data-control=draw] [role=radio]").nth(2).click()
    assert page.get_by_role("button", name="Write your own").is_visible()
    assert page.evaluate(SEEN) > 1
