"""The front page and the glossary, and what every page says to those who link to it."""

import gzip
import re
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from booktools import contents, markup, pictures
from playwright.sync_api import expect

PHONE = {"width": 390, "height": 844}
HEAVIEST = 500_000  # bytes of a first visit, as a host sends them, without thumbnails
ARRIVED = """() => [...document.querySelectorAll("img.thumbnail")]
  .filter(image => image.checkVisibility()).every(image => image.complete && image.naturalWidth)"""
BACK = ".diagram .arrow[style*=backward]:not(.none)"


def sent(path):
    """The bytes of a file, compressed if it is a text."""
    data = path.read_bytes()
    return len(data if path.suffix in (".woff2", ".webp", ".png") else gzip.compress(data, 6))


@pytest.fixture
def front(visit):
    with visit("index.html") as page:
        yield page
        assert page.problems == []


def guess(page):
    """Answer the question, which is asked before anything moves."""
    page.locator(".choices button").first.click()


def test_it_waits_at_the_first_letter_until_the_reader_has_guessed(front):
    expect(front.locator(".walk output")).to_have_text(
        "After 1 letter, 100.0% of the first is left."
    )
    expect(front.locator(".walk .play")).to_have_text("Play")
    expect(front.locator(".diagram .box[style*=forward]")).to_have_count(1)
    expect(front.locator("[data-line=verdict]")).not_to_be_visible()


def test_after_the_guess_it_plays_once_and_stops_when_the_reader_types(front):
    guess(front)
    play = front.locator(".walk .play")
    expect(play).to_have_text("Pause")
    expect(front.locator("[data-line=verdict]")).to_be_visible()
    expect(front.locator(".walk output")).to_contain_text("of the first is left")
    expect(front.locator(".walk output")).to_contain_text("letters back")
    expect(play).to_have_text("Play")
    play.click()
    expect(play).to_have_text("Pause")
    front.get_by_label("Type your name").fill("Zoë")
    expect(play).to_have_text("Play")
    letters = front.locator(".diagram .letter")
    assert sorted(letters.all_text_contents()) == sorted("?zzzzoe")


def test_reduced_motion_keeps_it_still(visit):
    with visit("index.html", reduced_motion="reduce") as page:
        guess(page)
        expect(page.locator(".walk output")).to_contain_text("5 letters back")
        expect(page.locator(".walk .play")).to_be_hidden()


def test_one_switch_cuts_the_way_back_and_nothing_else(visit):
    with visit("index.html", reduced_motion="reduce") as page:
        guess(page)
        expect(page.locator(".diagram .cut")).to_have_count(0)
        whole = page.locator(BACK).count()
        states = page.locator(".diagram .box[style*=forward]")
        before = states.evaluate_all("boxes => boxes.map(box => box.getAttribute('style'))")
        assert len(before) == len("master")
        page.get_by_role("switch").click()
        expect(page.locator(".diagram .cut")).to_have_count(1)
        assert page.locator(BACK).count() < whole
        assert states.evaluate_all("b => b.map(box => box.getAttribute('style'))") == before
        expect(page.locator(".words")).to_contain_text("no correction arrives at the m")
        assert page.problems == []


def test_its_explorable_is_on_the_first_screen_also_of_a_phone(visit):
    for viewport in ({"width": 1280, "height": 900}, PHONE):
        with visit("index.html", viewport=viewport) as page:
            box = page.locator(".diagram svg").bounding_box()
            assert box["y"] + box["height"] <= viewport["height"]


def test_every_chapter_has_a_picture_a_line_and_minutes(front):
    cards = front.locator("ul.chapters > li")
    chapters = [e for e in contents.entries() if e.page[0].isdigit() or e.page == "playground"]
    assert cards.count() == len(chapters)
    for card, entry in zip(cards.all(), chapters, strict=True):
        card.scroll_into_view_if_needed()
        link = card.get_by_role("link")
        assert (link.text_content(), link.get_attribute("href")) == (
            entry.title, f"{entry.page}.html",
        )  # fmt: skip
        assert re.sub("[*`]", "", entry.line) in " ".join(card.inner_text().split())
        expect(card.locator(".minutes")).to_have_text(re.compile(r"^\d+ min$"))
        expect(card.locator("img.thumbnail:visible")).to_have_count(1)
    front.until(ARRIVED)


def test_all_of_a_card_is_its_link(front):
    card = front.locator("ul.chapters > li").nth(1)
    card.scroll_into_view_if_needed()
    front.wait_for_load_state("networkidle")  # or pictures on their way count as failed
    card.click(position={"x": 40, "y": 40})
    front.wait_for_url("**/02-*.html")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_first_visit_is_light_and_fetches_thumbnails_of_its_colors_alone(visit, site, scheme):
    with visit("index.html", color_scheme=scheme) as page:
        page.wait_for_load_state("networkidle")
        paths = {site / urlsplit(url).path[1:] for url in page.requests if url.startswith("http")}
    assert not any("plotly" in path.name and path.suffix == ".js" for path in paths)
    thumbnails = {path for path in paths if path.suffix == ".webp"}  # come before they are seen
    assert {path.suffixes[0] for path in thumbnails} == {f".{scheme}"}
    assert sum(map(sent, paths - thumbnails)) < HEAVIEST


def test_every_page_says_what_it_is_to_those_who_link_to_it(name, site):
    head = markup.parsed((site / name).read_text("utf-8").partition("</head>")[0]).head
    found = {
        tag.get("property", tag.get("name")): tag["content"] for tag in head("meta", content=True)
    }
    title, canonical = head.title.text, head.select_one("link[rel=canonical]")["href"]
    assert canonical.startswith("https://")
    assert canonical.endswith(f"/{name}")
    assert found["og:url"] == canonical
    assert title.startswith(found["og:title"])
    assert 20 < len(found["description"]) <= 160
    assert found["og:description"] == found["description"]
    assert found["twitter:card"] == "summary_large_image"
    image = found["og:image"].removeprefix(canonical.removesuffix(name))
    data = (site / image).read_bytes()
    assert (int.from_bytes(data[16:20]), int.from_bytes(data[20:24])) == pictures.SIZE
    if name.removesuffix(".html") in contents.lines():
        assert found["description"] == contents.lines()[name.removesuffix(".html")]


def test_the_map_of_the_site_has_every_page(site, visit):
    found = {each.text for each in ElementTree.parse(site / "sitemap.xml").iter() if each.text}
    found = {url.rpartition("/")[2] for url in found if url.startswith("https://")}
    assert found == {page.name for page in site.glob("*.html")} - {"search.html"}


def test_the_letters_of_the_glossary_stay_in_view_and_lead_to_its_terms(visit):
    for viewport in ({"width": 1280, "height": 900}, PHONE):
        with visit("glossary.html", viewport=viewport) as page:
            bar = page.get_by_role("navigation", name="Letters")
            for letter in bar.get_by_role("link").all_text_contents()[::5]:
                bar.get_by_role("link", name=letter, exact=True).click()
                page.wait_for_timeout(300)
                below = bar.bounding_box()
                head = page.locator(f"#letter-{letter}").bounding_box()
                assert 0 <= below["y"] < 160  # the first letter lies below the text above the bar
                assert below["height"] < 80
                end = page.evaluate("scrollY + innerHeight + 2 >= document.body.scrollHeight")
                assert below["y"] + below["height"] <= head["y"] + 1
                assert head["y"] < 300 or end


def test_the_glossary_is_compact_on_a_phone(visit):
    with visit("glossary.html", viewport=PHONE) as page:
        terms = page.locator("dl.glossary dd").count()
        assert page.evaluate("document.documentElement.scrollHeight") < 115 * terms
        one, other = page.locator("dl.glossary dt").first, page.locator("dl.glossary dt").nth(1)
        assert abs(one.bounding_box()["y"] - other.bounding_box()["y"]) < 4  # one line
