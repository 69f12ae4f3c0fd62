"""The faults of `planted.py`: mistakes that a page may have, by the browser test to notice them."""

import base64
import gzip
import json
import re

import numpy as np

PAGE = "01-sequences.html"  # the faults are planted in this page, or in a file that it loads
SCRIPT, ENGINES, THEME = "_static/page.js", "_static/engines.js", "_static/theme.js"
STYLE, FIGURES = "_static/book.css", "_static/explorable.css"
SPEC = re.compile(
    r'(<figure class="[^"]*explorable".*?<script type="application/json">)(.*?)</', re.DOTALL
)
ELSEWHERE = "http://example.com"
VIEW, EACH = "test_view.py::test_", "test_explorables.py::test_"
TEXT = "test_pages.py::test_"
ALL_OF_IT = f"{EACH}it_opens_and_all_of_it_moves_and_shows_what_python_computes"
AT_RANDOM = "test_random_events.py::test_random_events_leave_nothing_broken_or_behind"


def replaced(old, new):
    """A plant: other code in place of some."""
    return lambda text: text.replace(old, new)


def below_title(html):
    """A plant: HTML below the title. The first h1 of a page is only for paper."""
    return lambda text: ("</h1>" + html).join(text.rsplit("</h1>", 1))


def appended(code):
    """A plant: more of a script or style sheet."""
    return lambda text: text + "\n" + code


def in_spec(change):
    """A plant: the first specification that `change`, which is called on it, finds its place in."""

    def changed(text):
        for match in SPEC.finditer(text):
            spec = json.loads(match[2])
            try:
                change(spec)
            except (KeyError, StopIteration):
                continue
            written = json.dumps(spec).replace("<", r"\u003c")
            return text[: match.start(2)] + written + text[match.end(2) :]
        return text

    return changed


def in_codes(change):
    """A plant: the numbers of the table after `change` was called on each array of them."""

    def changed(spec):
        table = spec["source"]["table"]
        codes = np.frombuffer(gzip.decompress(base64.b64decode(table["codes"])), "<u2").copy()
        for found in table["arrays"].values():
            shape = [*found["axes"], *found["shape"]]
            part = slice(found["offset"], found["offset"] + int(np.prod(shape)))
            codes[part] = change(codes[part].reshape(shape)).ravel()
        table["codes"] = base64.b64encode(gzip.compress(codes.tobytes())).decode()

    return in_spec(changed)


def deaf(spec):
    """Let the first control have no say in any array."""
    for found in spec["source"]["table"]["arrays"].values():
        found["axes"][0] = 1


def charted(spec):
    """The first pane with a chart. Raises StopIteration if there is none."""
    return next(pane for pane in spec["panes"] if "data" in pane)


def strange(spec):
    """Give a trace a type that there is not."""
    charted(spec)["data"][0]["type"] = "ribbon"


def in_image(svg):
    """A plant: more of the first image."""
    image = re.compile(r'(<svg [^>]*class="diagram".*?)(</svg>)', re.DOTALL)
    return lambda text: image.sub(rf"\1{svg}\2", text, count=1)


def asked(text):
    """A plant: other words in the question of the explorable."""
    return in_spec(lambda spec: spec["question"].update(ask=text))


def heaped(spec):
    """Write two notes at one place of a chart."""
    chart = charted(spec)
    place = {"xref": "paper", "yref": "paper", "x": 0.5, "y": 0.5, "showarrow": False}
    chart["layout"]["annotations"] = [place | {"text": text} for text in ("this one", "that one")]


def renamed(spec):
    """Write the values of a slider as what is no number."""
    spec["controls"][0]["texts"] = ["NaN" for _ in spec["controls"][0]["values"]]


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
        "slider without a label": (SCRIPT, replaced("{ for: this.id }", "{}")),
    },
    f"{TEXT}what_it_says_holds_no_leftovers": {
        "dollar sign": (PAGE, below_title("<p>It is so, and\n$da_t$</p>")),
        "backslash command": (PAGE, below_title(r"<p>It is x_t^\top a.</p>")),
        "two stars": (PAGE, below_title("<p>It is **bold**.</p>")),
        "backtick": (PAGE, below_title("<p>It is the `state` of it.</p>")),
        "nan in a sentence": (PAGE, below_title("<p>The loss is nan.</p>")),
        "None in a sentence": (PAGE, below_title("<p>It takes None steps.</p>")),
        "repr of an object": (
            PAGE,
            below_title("<p>It is &lt;unrolled.RNN object at 0x7f&gt;</p>"),
        ),
        "raw role": (PAGE, below_title("<p>Its {term}state.</p>")),
        "tag in a sentence": (PAGE, below_title("<p>CO&lt;sub&gt;2&lt;/sub&gt;</p>")),
        "word twice": (PAGE, below_title("<p>This is the\n<em>the</em> state.</p>")),
        "backtick in an alternative text": (
            PAGE,
            below_title('<div role="img" aria-label="The `state` of it"></div>'),
        ),
        "dollar sign in a folded hint": (
            PAGE,
            below_title("<details><summary>Hint</summary><p>It is $h_t$.</p></details>"),
        ),
        "dollar sign in a question": (PAGE, asked("Is $h_t$ larger?")),
    },
    f"{TEXT}its_formulas_hold_no_tex": {
        "dollar sign in a formula": (
            PAGE,
            below_title(r'<span class="math notranslate nohighlight">\(\$x\)</span>'),
        ),
    },
    f"{TEXT}its_programs_print_no_addresses_and_no_warnings": {
        "address of an object": (
            PAGE,
            below_title('<div class="cell_output"><pre>&lt;function f at 0x7f1&gt;</pre></div>'),
        ),
        "warning below a cell": (
            PAGE,
            below_title('<div class="cell_output"><div class="stderr">UserWarning</div></div>'),
        ),
    },
    f"{TEXT}the_words_of_its_charts_lie_beside_each_other": {
        "note on a note": (PAGE, in_spec(heaped)),
        "word that is cut off a chart": (
            PAGE,
            below_title(
                '<div class="js-plotly-plot"><svg><clipPath id="c"><rect width="30" height="30"/>'
                '</clipPath><g clip-path="url(#c)"><text x="10" y="20">words</text></g></svg></div>'
            ),
        ),
    },
    "test_drawings.py::test_words_lie_apart_from_lines_and_from_each_other": {
        "text on text in an image": (
            PAGE,
            in_image('<text x="9" y="20">one</text><text x="15" y="22">other</text>'),
        ),
        "text on a line in an image": (
            PAGE,
            in_image('<text x="9" y="20">one</text><path d="M0 15 H90" stroke="red"/>'),
        ),
        "text that is cut off an image": (PAGE, in_image('<text x="9" y="5">one</text>')),
        "number wider than its box": (
            SCRIPT,
            replaced("fitting(NUMBERS[0], room", "fitting(14, 99"),
        ),
        "label on an arrow": (FIGURES, replaced("paint-order: stroke;", "")),
        "last step beyond the edge": (SCRIPT, replaced("even - beyond /", "even - 0 /")),
    },
    "test_drawings.py::test_every_link_of_the_index_is_large_enough_to_hit_on_a_phone": {
        "links of the index close together": (
            STYLE,
            appended(
                "table.indextable li { line-height: 1.2; } table.indextable a { padding: 0; }"
            ),
        ),
    },
    "test_pages.py::test_everybody_can_use_it_on_a_phone": {
        "buttons too small for a finger": (
            PAGE,
            below_title(2 * '<button aria-label="x" style="all: unset; width: 9px">x</button>'),
        ),
    },
    "test_pages.py::test_everybody_can_use_it_in_the_dark": {
        "text that is faint in the dark": (
            STYLE,
            appended('html[data-theme="dark"] main p { color: #505050 !important; }'),
        ),
        "one word that is faint in the dark": (
            PAGE,
            below_title(
                '<style>[data-theme="dark"] .dim { color: #505050; }</style>'
                '<p>A <span class="dim">word</span> among others.</p>'
            ),
        ),
    },
    "test_pages.py::test_no_explorable_is_higher_than_a_screen_and_a_half": {
        "board that takes two screens": (FIGURES, appended(".board { min-height: 1400px; }")),
    },
    # A reader without a mouse
    "test_keyboard.py::test_the_tab_key_reaches_every_control_once_in_the_order_of_the_page": {
        "link that comes too early": (
            PAGE,
            below_title('<p><a tabindex="3" href="02-one-step.html">next</a></p>'),
        ),
        "tab key that is kept": (
            SCRIPT,
            appended(
                """addEventListener("keydown", e => {
                  if (e.key === "Tab" && e.target.closest(".explorable")) e.preventDefault();
                });"""
            ),
        ),
    },
    "test_keyboard.py::test_the_place_of_the_keyboard_can_be_seen_everywhere": {
        "focus that is not seen": (
            STYLE,
            appended("* { outline: none !important; box-shadow: none !important; }"),
        ),
    },
    "test_keyboard.py::test_what_scrolls_sideways_can_be_scrolled_by_keys": {
        "text that only a mouse scrolls": (
            PAGE,
            below_title(
                '<div style="overflow-x: scroll; width: 90px"><p style="width: 900px">x</p></div>'
            ),
        ),
    },
    "test_links.py::test_every_link_inside_the_book_arrives": {
        "link to no page": (PAGE, below_title('<a href="02-no-step.html">next</a>')),
        "link to no place": (PAGE, below_title('<a href="02-one-step.html#nowhere">next</a>')),
    },
    # The view, part by part: controls, player, status line
    f"{VIEW}a_slider_of_values_takes_every_key_and_says_each_value": {
        "slider that is one value behind": (
            SCRIPT,
            replaced(
                "values[Number(this.input.value)]", "values[Math.max(this.input.value - 1, 0)]"
            ),
        ),
        "value that is only seen": (
            SCRIPT,
            replaced('this.input.setAttribute("aria-valuetext", text);', ""),
        ),
    },
    f"{VIEW}a_slider_of_a_span_stands_at_round_numbers": {
        "digits of a sum": (SCRIPT, replaced(".toPrecision(12)", "")),
    },
    f"{VIEW}a_row_of_buttons_is_one_stop_and_moves_by_arrows_and_to_its_ends": {
        "focus that stays behind": (SCRIPT, replaced("this.buttons[at].focus();", "")),
        "every button a stop": (SCRIPT, replaced("on ? 0 : -1", "0")),
    },
    f"{VIEW}a_word_is_read_letter_by_letter_as_it_is_typed": {
        "word that is not read": (
            SCRIPT,
            replaced("this.nearest(this.input.value)", "this.nearest(this.value)"),
        ),
        "engine that computes something else": (
            ENGINES,
            replaced("tanh(h_t[i])", "Math.sin(h_t[i])"),
        ),
        "letter at the wrong step": (
            SCRIPT,
            replaced("[...facts[letters]][t]", "[...facts[letters]][t + 1]"),
        ),
    },
    f"{VIEW}what_the_network_cannot_read_is_left_out_and_told": {
        "word without an end": (SCRIPT, replaced(".slice(0, longest)", "")),
        "letters that vanish in silence": (SCRIPT, replaced("foreign && `", "false && `")),
    },
    f"{VIEW}all_settings_and_sentences_are_spoken_once_when_the_reader_rests": {
        "status line that speaks at every move": (
            SCRIPT,
            replaced("this.speak(), 400", "this.speak(), 0"),
        ),
        "status line without sentences": (SCRIPT, replaced('${words.join(" ")}', "")),
    },
    f"{VIEW}it_plays_to_the_end_in_silence_and_says_where_it_is": {
        "playing that is told step by step": (
            SCRIPT,
            replaced("if (!this.playing) this.speech", "this.speech"),
        ),
        "play button that never stops": (SCRIPT, replaced("clearInterval(timer);", "")),
    },
    f"{VIEW}buttons_take_one_step_and_are_what_is_left_where_motion_is_unwelcome": {
        "motion that is unwelcome": (
            SCRIPT,
            replaced("play.hidden = still.matches", "play.hidden = false"),
        ),
    },
    # Stories, question, sentences, table
    f"{VIEW}a_story_says_what_to_watch_for_and_is_pressed_until_the_reader_moves_on": {
        "story that stays pressed": (
            SCRIPT,
            replaced("specs[i] === chosen && !moved.length", "specs[i] === chosen"),
        ),
    },
    f"{VIEW}a_question_tells_right_from_wrong_and_shows_where": {
        "wrong answer with a check mark": (
            SCRIPT,
            replaced("j === spec.right", "j !== spec.right"),
        ),
    },
    ALL_OF_IT: {
        "story that forgets a control": (
            SCRIPT,
            replaced(
                "view.move(story.values);",
                "view.move(Object.fromEntries(Object.entries(story.values).slice(1)));",
            ),
        ),
        "sentence with other digits": (
            SCRIPT,
            replaced("number(value, spec) : word", "number(value) : word"),
        ),
        "caption that is not written": (
            SCRIPT,
            replaced("if (this.caption) this.caption", "if (0) this.caption"),
        ),
        "control without effect": (PAGE, in_spec(deaf)),
        "swapped ends of a control": (PAGE, in_codes(lambda codes: codes[::-1])),
        "NaN in the table": (
            PAGE,
            in_codes(lambda codes: np.where(codes == codes.max(), 65535, codes)),
        ),
        "table that is a level off": (
            SCRIPT,
            replaced("low + step * code", "low + step * (code + 1)"),
        ),
        "chart that is drawn once": (
            SCRIPT,
            replaced("if (moved.length) updates[i]", "if (!i) updates[i]"),
        ),
        "axis that stays": (SCRIPT, replaced("moved ? axes : {}", "{}")),
    },
    # Marks
    f"{VIEW}a_mark_is_dragged_and_stays_within_its_chart": {
        "mark beside the pointer": (SCRIPT, replaced(" - axis._offset;", ";")),
        "mark that the page scrolls away from a finger": (
            FIGURES,
            replaced("touch-action: none;", ""),
        ),
        "mark that stays where it was": (
            SCRIPT,
            replaced("line.style[across] =", "line.style[along] ="),
        ),
    },
    f"{VIEW}a_mark_goes_where_the_arrow_points_and_stops_at_the_end": {
        "arrow against the axis": (SCRIPT, replaced("range[1] > range[0] ? 1 : -1", "1")),
    },
    # Diagrams
    f"{VIEW}a_diagram_is_drawn_from_the_answer": {
        "cut behind its step": (
            SCRIPT,
            replaced("this.x(t) - this.step / 2", "this.x(t) + this.step / 2"),
        ),
        "arrow as wide as any": (SCRIPT, replaced("1 + widest * bounded", "1 + widest")),
        "nothing drawn as something": (
            SCRIPT,
            replaced('bounded === 0 ? " none"', 'bounded < 0 ? " none"'),
        ),
    },
    f"{VIEW}a_diagram_follows_the_word_and_the_step": {
        "frame at the step before": (
            SCRIPT,
            replaced("x: this.x(t) - width / 2", "x: this.x(t - 1) - width / 2"),
        ),
    },
    # The address
    f"{VIEW}a_move_is_in_the_address_and_a_new_page_goes_there": {
        "address that is not kept": (SCRIPT, replaced("this.environment.remember?.(this);", "")),
        "address that is not followed": (SCRIPT, replaced("\nrestore(location.hash);", "\n")),
    },
    f"{VIEW}a_link_of_the_page_moves_it_and_leaves_the_rest_as_it_is": {
        "link that goes nowhere": (
            SCRIPT,
            replaced('"hashchange", ({', '"never", ({'),
        ),
    },
    f"{VIEW}a_link_is_followed_though_the_address_of_a_move_is_written_over_it": {
        "address that is read too late": (
            SCRIPT,
            replaced("restore(new URL(newURL).hash)", "restore(location.hash)"),
        ),
    },
    f"{VIEW}the_link_is_copied_or_else_shown_in_the_address": {
        "copy that fails in silence": (SCRIPT, replaced('"It is in the address bar"', '"Copied"')),
    },
    f"{VIEW}an_odd_address_is_told_and_leads_to_the_nearest_place": {
        "odd value in silence": (
            SCRIPT,
            lambda text: re.sub(r"this\.tell\((this\.)?complaint\);", "", text),
        ),
        "percent sign that is thrown": (
            SCRIPT,
            replaced("return text; // a stray percent sign", "throw text;"),
        ),
        "NaN taken for a number": (SCRIPT, replaced("|| Number.isNaN(wanted)", "")),
    },
    # Frames, failures, circumstances
    f"{VIEW}moves_within_a_frame_are_drawn_once_and_the_last_one_counts": {
        "drawing at every move": (SCRIPT, replaced("if (this.frame) return;", "")),
        "last move that is lost": (SCRIPT, replaced("if (this.late) this.soon();", "")),
    },
    f"{VIEW}a_figure_that_cannot_be_drawn_says_so_and_tries_again": {
        "failure in silence": (
            SCRIPT,
            replaced(".catch((error) => this.fail(error))", ".catch(() => 0)"),
        ),
    },
    f"{VIEW}it_is_wide_or_narrow_with_its_legends_above": {
        "figure that keeps its width": (SCRIPT, replaced("this.observer.observe(this.root);", "")),
    },
    f"{VIEW}it_starts_in_the_dark_and_follows_the_button_to_the_light_and_back": {
        "figures that stay light": (THEME, appended("UNROLLED_THEME.dark = {};")),
        "figures that stay as they started": (
            SCRIPT,
            replaced("new MutationObserver(recolored)", "new MutationObserver(() => 0)"),
        ),
    },
    f"{VIEW}paper_gets_every_figure_in_light_colors_and_full_width": {
        "paper without what was not seen": (
            SCRIPT,
            replaced("start(view).then(() => view.draw()));\nwindow", "0);\nwindow"),
        ),
        "table that comes too late": (
            SCRIPT,
            replaced("view.source?.ready().catch", "Promise.resolve().catch"),
        ),
    },
    f"{VIEW}paper_has_values_and_captions_but_nothing_to_press": {
        "buttons on paper": (FIGURES, replaced("@media print", "@media speech")),
    },
    f"{VIEW}on_a_phone_the_board_stays_in_view_and_the_panes_are_swiped": {
        "board that scrolls away": (FIGURES, replaced("position: sticky", "position: static")),
        "panes below each other": (FIGURES, replaced("overflow-x: auto;", "flex-wrap: wrap;")),
    },
    f"{VIEW}without_scripts_words_stand_in_for_the_figure": {
        "description that stays hidden": (
            FIGURES,
            replaced("(scripting: none)", "(scripting: often)"),
        ),
    },
    f"{VIEW}from_a_folder_it_works_like_from_a_server": {
        "script that is a module": (
            PAGE,
            lambda text: re.sub(
                r"<script [^>]*(?=src=\"_static/page.js)", '<script type="module" ', text
            ),
        ),
    },
    AT_RANDOM: {
        "value that is no number": (PAGE, in_spec(renamed)),
        "exception at one of many events": (
            SCRIPT,
            appended('addEventListener("keydown", e => { if (e.key === "Tab") no.thing(); });'),
        ),
        "figure that stays on paper": (
            SCRIPT,
            appended(
                """matchMedia("print").addEventListener("change", () => setInterval(() =>
                  document.querySelectorAll("output").forEach(o => { o.textContent = 1; }), 50));"""
            ),
        ),
        "listeners that are never removed": (
            SCRIPT,
            appended('addEventListener("input", () => addEventListener("input", () => 0));'),
        ),
    },
}
