"""The pages work under their Content-Security-Policy, which lets no script run but their files."""

import re
from pathlib import Path

import pytest
from booktools import content_security
from playwright.sync_api import expect

PLANTED = """() => {
  const script = document.createElement("script");
  script.textContent = "window.planted = 'inline'";
  document.body.append(script);
  const button = document.createElement("button");
  button.setAttribute("onclick", "window.planted = 'handler'");
  document.body.append(button);
  button.click();
  const elsewhere = document.createElement("script");
  elsewhere.src = "data:text/javascript,window.planted = 'data'";
  document.body.append(elsewhere);
  setTimeout(() => { try { eval("window.planted = 'eval'"); } catch { } });
}"""


@pytest.fixture
def page(visit):
    with visit("index.html") as page:
        yield page


def test_the_host_is_told_the_policy(site, address, page):
    sent = page.request.get(f"{address}index.html").headers["content-security-policy"]
    assert sent == content_security.HEADER
    assert "script-src 'self';" in sent


def test_no_script_runs_that_is_not_a_file_of_the_book(page):
    page.evaluate(PLANTED)
    page.wait_for_timeout(100)
    assert page.evaluate("window.planted") is None
    assert any("Content Security Policy" in problem for problem in page.problems)


def test_nothing_is_fetched_from_elsewhere(page):
    failed = page.evaluate("fetch('http://example.com/').catch(error => error.name)")
    assert failed == "TypeError"
    assert any("connect-src" in problem for problem in page.problems)


def test_no_page_may_frame_the_book(page, address, browser):
    context = browser.new_context()
    outside = context.new_page()
    outside.set_content(f'<iframe src="{address}index.html"></iframe>')
    outside.wait_for_timeout(300)
    assert "Unrolled" not in outside.frames[1].content()
    context.close()


def test_no_page_holds_a_script_of_its_own(site):
    for path in site.glob("*.html"):
        text = path.read_text()
        assert re.findall(r"<script(?![^>]*\b(?:src|type)=)[^>]*>", text) == []
        assert " onclick=" not in text
    assert Path(site / "_headers").read_text().startswith("/*\n")


def test_the_buttons_of_the_theme_still_work(page):
    page.evaluate("window.print = () => { window.printed = true; }")
    page.locator("[data-call='window.print']").evaluate("button => button.click()")
    assert page.evaluate("window.printed") is True
    page.locator("[data-call=toggleFullScreen]").click()
    page.until("document.fullscreenElement === document.documentElement")


def test_the_search_finds_a_word(visit, address):
    with visit("search.html?q=perplexity") as page:
        expect(page.locator("#search-results li").first).to_be_visible()
        assert page.problems == []
