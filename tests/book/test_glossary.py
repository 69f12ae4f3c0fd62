import re

import pytest
from booktools import glossary
from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.utils import new_document
from sphinx import addnodes

ENTRIES = glossary.entries()
TERMS = [term for term, _, _ in ENTRIES]
LABELS = re.compile(
    r"Try it\.|\d+\.|\d+ \((?:Predict|Change|Derive)\)\.|(?:Symptom|Picture|Test|Mend)\."
)
LINE = 5  # words of a sentence to take home, which no term has
PLACES = glossary.definitions(TERMS)


def test_the_glossary_is_long_and_in_alphabetical_order():
    assert len(ENTRIES) >= 100
    assert sorted(set(TERMS), key=str.lower) == TERMS


@pytest.mark.parametrize("entry", ENTRIES, ids=TERMS)
def test_a_term_has_a_korean_name_and_its_meaning_in_a_sentence(entry):
    term, korean, meaning = entry
    assert re.search("[가-힣]", korean), korean
    assert re.fullmatch(r"[A-Z0-9`$(][^!]{15,}\.", meaning), meaning
    assert term == term.strip()


@pytest.mark.parametrize("term", TERMS)
def test_a_term_is_bold_once_where_it_is_defined(term):
    assert len(PLACES[term]) == 1, PLACES[term]


def test_what_is_bold_in_a_chapter_is_a_term_a_label_or_a_line_to_take_home(chapter):
    for cell in chapter.prose:
        for bold in glossary.BOLD.findall(
            re.sub(r"```.*?```|`[^`]*`", "", cell.source, flags=re.S)
        ):
            known = LABELS.fullmatch(bold) or glossary.term_of(bold, TERMS)
            known = known or len(bold.split()) >= LINE
            assert known, f"{bold!r} in {cell.id}"


def test_korean_names_differ():
    names = [korean for _, korean, _ in ENTRIES]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_a_term_is_found_in_other_forms():
    terms = {"logit", "hidden state", "LSTM", "loss"}
    assert glossary.term_of("logits", terms) == "logit"
    assert glossary.term_of("Hidden\nstate", terms) == "hidden state"
    assert glossary.term_of("LSTM", terms) == "LSTM"
    assert glossary.term_of("losses", terms) == "loss"
    assert glossary.term_of("loss", terms) == "loss"
    assert glossary.term_of("Try it.", terms) is None


def test_entries_are_read_as_they_are_written():
    text = "# G\n\n```{glossary}\na b\n가나\n  First line\n  and second.\n\nc\n다\n  Third.\n```\n"
    assert glossary.entries(text) == [
        ("a b", "가나", "First line and second."),
        ("c", "다", "Third."),
    ]
    assert glossary.target("Truncated BPTT (k1)") == "defined-truncated-bptt-k1"


def test_the_terms_stand_under_their_letters_and_a_bar_leads_there():
    document = new_document("page", get_default_settings())
    terms = ("accuracy", "Adam", "batch", "`cell`")
    items = [
        nodes.definition_list_item("", nodes.term("", term.strip("`")), nodes.definition())
        for term in terms
    ]
    document += addnodes.glossary("", nodes.definition_list("", *items))
    glossary.divide(None, document, glossary.PAGE)
    bar, *parts = document
    assert re.findall(r'href="#letter-(.)">\1<', bar.astext()) == ["A", "B", "C"]
    heads, lists = parts[::2], parts[1::2]
    assert [re.search('id="letter-(.)"', head.astext())[1] for head in heads] == ["A", "B", "C"]
    assert [len(items) for items in lists] == [2, 1, 1]
    assert all("glossary" in items["classes"] for items in lists)
