"""The faults of `planted.py` on the front page, in the glossary, and on the playground."""

import re

from .planted_faults import FIGURES, PAGE, SCRIPT, STYLE, appended, replaced

INDEX = "index.html"
PLAYGROUND, WORKER = "_static/playground_page.js", "_static/playground_worker.js"
LOOK = "_static/playground.css"
FRONT, PLAY = "test_front_page.py::test_", "test_playground.py::test_"


def without(pattern, count=1):
    """A plant: the first places of a pattern left out."""
    return lambda text: re.sub(pattern, "", text, count=count, flags=re.DOTALL)


FAULTS = {
    f"{FRONT}it_waits_at_the_first_letter_until_the_reader_has_guessed": {
        "answer before the guess": (SCRIPT, replaced("this.view.asking ? 0 : null", "null")),
    },
    f"{FRONT}reduced_motion_keeps_it_still": {
        "front page that moves unasked": (
            SCRIPT,
            replaced("play.hidden = still.matches", "play.hidden = false"),
        ),
    },
    f"{FRONT}its_explorable_is_on_the_first_screen_also_of_a_phone": {
        "explorable below the first screen": (
            STYLE,
            appended("main h1 { margin-bottom: 30rem !important; }"),
        ),
    },
    f"{FRONT}every_chapter_has_a_picture_a_line_and_minutes": {
        "chapter without minutes": (INDEX, without(r'<\w+ class="minutes">.*?</\w+>')),
        "picture that does not come": (INDEX, replaced("_static/pictures/", "_static/none/")),
    },
    f"{FRONT}a_first_visit_is_light_and_fetches_thumbnails_of_its_colors_alone": {
        "colors that the theme chooses late": (
            INDEX,
            without(r'<script src="_static/inline/\w+\.js"></script>'),
        ),
        "picture of a megabyte": (
            FIGURES,
            lambda text: text + "/*" + "".join(map(hex, range(400_000))) + "*/",
        ),
    },
    f"{FRONT}every_page_says_what_it_is_to_those_who_link_to_it": {
        "page without a description": (PAGE, without(r'<meta [^>]*name="description"[^>]*>', 0)),
        "page that names another address": (
            PAGE,
            replaced("/01-sequences.html", "/02-one-step.html"),
        ),
    },
    f"{FRONT}the_map_of_the_site_has_every_page": {
        "page that the map lacks": ("sitemap.xml", without(r"<url>.*?</url>")),
    },
    f"{FRONT}the_letters_of_the_glossary_stay_in_view_and_lead_to_its_terms": {
        "letters that scroll away": (STYLE, replaced("position: sticky", "position: static")),
    },
    f"{FRONT}the_glossary_is_compact_on_a_phone": {
        "terms below each other": (STYLE, appended("dl.glossary dd { min-height: 9rem; }")),
    },
    f"{PLAY}the_task_train_the_strip_and_the_skill_of_every_story_are_in_view": {
        "skill below the first screen": (LOOK, appended(".playground .strip { padding: 20rem; }")),
    },
    f"{PLAY}it_prints_the_digits_of_the_package": {
        "learning rate that is a little off": (
            WORKER,
            replaced("(1 - this.beta1)", "(1.0001 - this.beta1)"),
        ),
        "digits of another update": (
            PLAYGROUND,
            replaced("this.printed.set(update, losses[i])", "this.printed.set(update, losses[0])"),
        ),
    },
    f"{PLAY}no_address_makes_it_throw_and_what_is_wrong_is_told": {
        "percent sign that is thrown there": (
            PLAYGROUND,
            replaced("return text; // a stray percent sign", "throw text;"),
        ),
    },
    f"{PLAY}a_wrong_value_falls_back_to_the_default_and_is_told": {
        "limit that is not kept": (
            PLAYGROUND,
            replaced("value >= control.min && value <= control.max", "!Number.isNaN(value)"),
        ),
    },
    f"{PLAY}the_address_follows_the_setting": {
        "setting that is not in the address": (PLAYGROUND, replaced('key !== "task" &&', "0 &&")),
    },
    f"{PLAY}a_guess_is_judged_and_what_does_not_learn_is_told_after_1500_updates": {
        "wrong guess called right": (PLAYGROUND, replaced("guess === right ?", "guess >= 0 ?")),
    },
    f"{PLAY}it_stops_200_updates_after_it_is_solved": {
        "training that never stops": (
            WORKER,
            replaced("trainer.solved + this.catalogue.constants.afterSolved", "trainer.solved - 1"),
        ),
    },
    f"{PLAY}it_stops_when_the_page_is_hidden": {
        "training behind a hidden page": (PLAYGROUND, replaced("document.hidden &&", "false &&")),
    },
    f"{PLAY}it_stops_when_it_is_out_of_view": {
        "training out of view": (PLAYGROUND, replaced("entry.isIntersecting ||", "true ||")),
    },
    f"{PLAY}the_theme_recolors_the_pictures": {
        "strip that keeps its colors": (PLAYGROUND, replaced("theme.observe(place,", "(() => 0)(")),
    },
    f"{PLAY}on_paper_are_the_picture_and_the_stories": {
        "buttons of the playground on paper": (LOOK, replaced("@media print", "@media speech")),
    },
    f"{PLAY}without_scripts_the_stories_stand_in_a_table_with_a_strip": {
        "stories that scripts alone show": (
            LOOK,
            appended(".playground .still { display: none; }"),
        ),
    },
}
