"""What the pages say: their words outside of code hold no leftover of markup, TeX or Python."""

import re
from pathlib import Path

import pytest

SCRIPTS = [Path(__file__).with_name(name).read_text() for name in ("page_text.js", "drawings.js")]
CHARTS = """() => [...document.querySelectorAll(".js-plotly-plot")].flatMap(drawings.inChart)"""
TEX = {"a dollar sign": r"\$", "a backslash": r"\\"}
LEFTOVERS = TEX | {
    "a stray star": r"\*\*|(?<![\w*])\*\w",
    "a backtick": "`",
    "a raw role, or braces": r"[{}]|(?<!\w):[a-z:-]+:(?!\w)|:::",
    "a raw link, list, heading or table": r"\]\(|\[\^|^#{1,6} |(?<=\n)(?:[-+>]|\d+\.) |^\|.*\|",
    "a tag or an entity": r"</?[a-z][^<>]*>|&#?\w+;",
    "a number that is none": r"(?<![\w-])(?:nan|NaN|undefined|null|inf)(?![\w-])",
    "None": r"(?<![.?!] )(?<!^)\bNone\b|\ANone\Z",  # it may begin a sentence
    "the repr of an object": r"\[object |\barray\(|\bdtype=|<\w+[ .]|\bat 0x|\bnp\.\w+\(",
    "a name that Plotly gave": r"\btrace \d|Click to enter",
    # "Attention is not not explanation" is a title.
    "a word twice": r"(?i:(?<![\w-])(?!not not explanation)([^\W\d_]+)\s+\1(?![\w-]))",
}
MEANT = {  # twice, as English has it, or because the words are data
    "had had",
    "that that",
    "hundred hundred",  # what the counting model of chapter 8 writes
}
REPR = r"<\S+ .*?at 0x[0-9a-f]+>"


@pytest.fixture(scope="module")
def page(visit, read, name):
    with visit(name) as page:
        read(page)
        for script in SCRIPTS:
            page.evaluate(script)
        yield page


def faults(texts, patterns):
    """Where texts, (place, text) each, hold what a reader should not see: one line for each."""
    return [
        f"{what} in {place}: …{text[max(found.start() - 40, 0) : found.end() + 40]}…"
        for place, text in texts
        for what, pattern in patterns.items()
        for found in re.finditer(pattern, text, re.MULTILINE)
        if " ".join(found[0].lower().split()) not in MEANT
    ]


def test_what_it_says_holds_no_leftovers(page):
    said = page.evaluate("() => pageText.said()")
    assert sum(len(text) for _, text in said) > 300
    assert faults(said, LEFTOVERS) == []


def test_its_formulas_hold_no_tex(page):
    assert faults(page.evaluate("() => pageText.formulas()"), TEX) == []


def test_its_programs_print_no_addresses_and_no_warnings(page):
    assert faults(page.evaluate("() => pageText.printed()"), {"an address": REPR}) == []
    assert page.evaluate("() => pageText.warned()") == []


def test_the_words_of_its_charts_lie_beside_each_other(page):
    assert page.evaluate(CHARTS) == []


@pytest.mark.parametrize(
    "text",
    [
        "so\n$da_t$",
        r"dW = x_t^\top da_t",
        "it is **bold**",
        "it is *slanted*",
        "the `state` of it",
        "a {term}`state` of it",
        "a :term: of it",
        "the loss is {loss:.2f}",
        "see [chapter 2](02-one-step)",
        "as follows:\n- one",
        "as follows:\n1. one",
        "| one | two |",
        "## Two",
        "a<br>b",
        "less &lt; more",
        "the loss is nan",
        "NaN",
        "step undefined",
        "of None steps",
        "the loss: None",
        "None",
        "<function f at 0x7f0>",
        "<unrolled.engine.RNN object",
        "[object Object]",
        "array([1, 2])",
        "np.float64(1.5)",
        "trace 0",
        "the the state",
        "The\n the state",
    ],
)
def test_a_leftover_is_found(text):
    assert len(faults([("p", text)], LEFTOVERS)) >= 1


@pytest.mark.parametrize(
    "text",
    [
        "None of them is. None is.",
        "It had had that that one.",
        "5 * 3, a < b, nan-free, fan-in in it",
        "h(t) of 0 0 1",
        "3 − 4 - 5",
        "a state: the sum",
        "with bidirectional=True",
        "one \N{OBJECT REPLACEMENT CHARACTER} \N{OBJECT REPLACEMENT CHARACTER} one",
    ],
)
def test_what_is_no_leftover_is_left(text):
    assert faults([("p", text)], LEFTOVERS) == []
