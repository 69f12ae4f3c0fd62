"""The faults of `planted.py`: mistakes that a page may have, by the browser test to notice them."""

import base64
import gzip
import json
import re

import numpy as np

PAGE = "01-sequences.html"  # the faults are planted in this page, or in a file that it loads
SCRIPT, THEME, STYLE = "_static/explorable.js", "_static/theme.js", "_static/book.css"
SPEC = re.compile(
    r'(<figure class="[^"]*explorable".*?<script type="application/json">)(.*?)</', re.DOTALL
)
LABEL = re.compile(r'<label for="[^"]*">(.*?)</label>')
ELSEWHERE = "http://example.com"


def below_title(html):
    """A plant: HTML below the title. The first h1 of a page is only for paper."""
    return lambda text: ("</h1>" + html).join(text.rsplit("</h1>", 1))


def appended(code):
    """A plant: more of a script or style sheet."""
    return lambda text: text + "\n" + code


def in_spec(change):
    """A plant: the specification of the explorable after `change` was called on it."""

    def replace(match):
        spec = json.loads(match[2])
        change(spec)
        return match[1] + json.dumps(spec).replace("<", r"\u003c") + "</"

    return lambda text: SPEC.sub(replace, text, count=1)


def in_codes(change):
    """A plant: the numbers of the table after `change` was called on each array of them."""

    def changed(spec):
        codes = np.frombuffer(gzip.decompress(base64.b64decode(spec["codes"])), "<u2").copy()
        for found in spec["arrays"].values():
            shape = [*found["axes"], *found["shape"]]
            part = slice(found["offset"], found["offset"] + int(np.prod(shape)))
            codes[part] = change(codes[part].reshape(shape)).ravel()
        spec["codes"] = base64.b64encode(gzip.compress(codes.tobytes())).decode()

    return in_spec(changed)


def deaf(spec):
    """Let the first slider have no say in any array."""
    for found in spec["arrays"].values():
        found["axes"][0] = 1


def strange(spec):
    """Give a trace a type that there is not."""
    spec["panes"][0]["data"][0]["type"] = "ribbon"


def renamed(spec):
    """Name the values of a slider by what is no number."""
    spec["sliders"][0] = ["NaN" for _ in spec["sliders"][0]]


# Test -> name of a fault -> the file that has it, and how it comes there (text -> text).
FAULTS = {
    "test_pages.py::test_it_asks_this_host_only": {
        "image of another host": (PAGE, below_title(f'<img alt="x" src="{ELSEWHERE}/a.png">')),
        "script of another host": (PAGE, below_title(f'<script src="{ELSEWHERE}/a.js"></script>')),
        "style sheet of another host": (
            PAGE,
            below_title(f'<link rel="stylesheet" href="{ELSEWHERE}/a.css">'),
        ),
        "font of another host": (
            STYLE,
            appended(
                f'@font-face {{ font-family: far; src: url("{ELSEWHERE}/a.woff2"); }}'
                "h1 { font-family: far; }"
            ),
        ),
    },
    "test_pages.py::test_it_finds_all_that_it_asks_for_and_reports_no_error": {
        # The Content-Security-Policy stops this one before it is a request.
        "data of another host": (SCRIPT, appended(f'fetch("{ELSEWHERE}/a.json");')),
        "missing file": (PAGE, below_title('<img alt="x" src="_images/none.png">')),
        "error in the console": (SCRIPT, appended('console.error("something is wrong");')),
        "exception": (SCRIPT, appended("nothing.of.this();")),
    },
    "test_pages.py::test_its_formulas_are_typeset": {
        "formula with an unknown command": (
            PAGE,
            below_title(
                r'<p><span class="math notranslate nohighlight">\(\unknown{x}\)</span></p>'
            ),
        ),
    },
    "test_pages.py::test_every_trace_is_drawn_as_what_it_is": {
        "trace of an unknown type": (PAGE, in_spec(strange)),
    },
    "test_pages.py::test_it_needs_no_scrolling_sideways": {
        "too wide for a phone": (PAGE, below_title('<p style="width: 640px">wide</p>')),
    },
    "test_pages.py::test_everybody_can_use_it": {
        "image without alternative text": (PAGE, below_title('<img src="_static/favicon.svg">')),
        "faint text": (STYLE, appended("main p { color: #b0b0b0 !important; }")),
        "slider without a label": (PAGE, lambda text: LABEL.sub(r"<span>\1</span>", text)),
    },
    "test_links.py::test_every_link_inside_the_book_arrives": {
        "link to no page": (PAGE, below_title('<a href="02-no-step.html">next</a>')),
        "link to no place": (PAGE, below_title('<a href="02-one-step.html#nowhere">next</a>')),
    },
    "test_circumstances.py::"
    "test_figures_start_in_the_dark_and_follow_the_button_to_the_light_and_back": {
        "figures that stay light": (THEME, appended("UNROLLED_THEME.dark = {};")),
    },
    "test_explorables.py::"
    "test_every_slider_reaches_both_ends_by_keyboard_and_both_look_different": {
        "slider without effect": (PAGE, in_spec(deaf)),
    },
    "test_explorables.py::test_the_page_shows_the_numbers_that_python_computes": {
        "swapped ends of a slider": (PAGE, in_codes(lambda codes: codes[::-1])),
        "NaN in the table": (
            PAGE,
            in_codes(lambda codes: np.where(codes == codes.max(), 65535, codes)),
        ),
    },
    "test_play.py::test_it_runs_to_the_end_and_stops": {
        "play button that never stops": (
            SCRIPT,
            appended(
                """setInterval(() => document.querySelectorAll(".play").forEach(button => {
                  button.onclick ??= () => { button.used = true; };
                  if (button.used && button.textContent === "Play") button.click();
                }), 20);"""
            ),
        ),
    },
    "test_random_events.py::test_no_error_and_no_number_that_is_none": {
        "value that is no number": (PAGE, in_spec(renamed)),
        "exception at one of many events": (
            SCRIPT,
            appended('addEventListener("keydown", e => { if (e.key === "Tab") no.thing(); });'),
        ),
    },
    "test_random_events.py::test_in_the_end_it_shows_what_a_new_page_shows": {
        "figure that stays on paper": (
            SCRIPT,
            appended(
                """matchMedia("print").addEventListener("change", () => setInterval(() =>
                  document.querySelectorAll("output").forEach(o => { o.textContent = 1; }), 50));"""
            ),
        ),
    },
    "test_random_events.py::test_nothing_piles_up": {
        "listeners that are never removed": (
            SCRIPT,
            appended('addEventListener("input", () => addEventListener("input", () => 0));'),
        ),
    },
}
