"""Questions with choices, hints, and the glossary: folded text that a keyboard opens."""

import pytest
from playwright.sync_api import expect

# What a page has, read and not drawn.
COUNTS = r"""html => {
  const page = new DOMParser().parseFromString(html, "text/html");
  const all = selector => [...page.querySelectorAll(selector)];
  const labels = (section, label) =>
    all(`section#${section} p > strong`).filter(e => label.test(e.textContent)).length;
  return {
    questions: labels("questions", /^\d+\.$/),
    choices: all("details.choice").length,
    right: all("details.right").length,
    open: all("details.choice[open], details.hint[open]").length,
    exercises: labels("exercises", /^\d \((Predict|Change|Derive)\)\.$/),
    hints: all("details.hint").length,
    blanks: all("pre").filter(e => e.textContent.includes("answer = ...")).length,
  };
}"""


@pytest.fixture(scope="module")
def page(visit, figures):
    with visit(figures[0]) as page:
        yield page


@pytest.fixture(scope="module")
def counts(page, site, figures):
    """What each chapter has; the first page has a figure, and no questions."""
    chapters = dict.fromkeys(figure.partition("#")[0] for figure in figures)
    chapters.pop("index.html", None)
    return {name: page.evaluate(COUNTS, (site / name).read_text()) for name in chapters}


def test_three_questions_or_more_hide_what_they_say_about_each_choice(counts):
    for name, has in counts.items():
        assert has["right"] >= has["questions"] >= 3, name  # a guess on the way has one, too
        assert has["choices"] >= 3 * has["questions"], name
        assert has["open"] == 0, name


def test_every_exercise_has_hints_and_no_cell_to_fill_in(counts):
    for name, has in counts.items():
        assert has["hints"] >= 2 * has["exercises"] >= 6, name
        assert has["blanks"] == 0, name


def test_the_keyboard_opens_a_choice_and_closes_it_again(page):
    for kind, said, sign in (("wrong", "No. ", "\u2717"), ("right", "Yes. ", "\u2713")):
        choice = page.locator(f"details.{kind}").first
        text = choice.locator("p").first
        expect(text).to_be_hidden()
        choice.locator("summary").focus()
        page.keyboard.press("Enter")
        expect(text).to_be_visible()
        assert text.inner_text().startswith(said)
        mark = "node => getComputedStyle(node, '::after').content"
        assert sign in choice.locator("summary").evaluate(mark)
        page.keyboard.press("Space")
        expect(text).to_be_hidden()


def test_the_choices_of_a_question_follow_each_other_by_tab(page):
    choices = page.locator("details.choice summary")
    choices.first.focus()
    page.keyboard.press("Tab")
    assert choices.nth(1).evaluate("node => node === document.activeElement")


def test_a_term_of_the_glossary_leads_to_where_it_is_defined(visit, site):
    with visit("glossary.html") as page:
        links = page.locator("dl.glossary dd a.reference")
        terms = page.locator("dl.glossary dt:not(:has([lang=ko]))")
        assert links.count() == terms.count() >= 100
        assert page.locator("dl.glossary dt:has([lang=ko])").count() == terms.count()
        for href in links.evaluate_all("links => links.map(link => link.getAttribute('href'))"):
            name, _, place = href.partition("#")
            assert f'<strong id="{place}"' in (site / name).read_text(), href


def test_the_index_names_every_term_and_its_place(visit):
    with visit("glossary.html") as page:
        terms = page.locator("dl.glossary dt:not(:has([lang=ko]))").all_inner_texts()
    with visit("genindex.html") as page:
        listed = page.locator("table.genindextable li > a:first-child").all_inner_texts()
        chapters = page.locator("table.genindextable a[href*='#defined-']").count()
    assert {term.strip("# ") for term in terms} <= {name.strip() for name in listed}
    assert chapters == len(terms)
