"""What the view of an explorable does, in depth: a table, a computed word, a cut to be dragged.

That every explorable of the book has all this is looked at in test_explorables.py.
"""

import re
import time
from contextlib import ExitStack
from functools import cache

import numpy as np
import pytest
from playwright.sync_api import expect
from unrolled.explore.sentences import say
from unrolled.figures import theme

INK = theme.COLORS["ink"]
LIGHT, DARK = ({pair[i] for pair in theme.COLORS.values()} for i in (0, 1))
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
PLOTS = "[...document.querySelectorAll('.unrolled-figure .plot:not(.diagram)')]"
FONTS = f"{PLOTS}.map(plot => plot._fullLayout?.font.color)"
PAINT = f"JSON.stringify({PLOTS}.flatMap(plot => plot.data))"
FITS = "UNROLLED.views.filter(v => v.ready).every(v => v.panes.every(pane => pane.fits))"
LEGENDS = f"""{PLOTS}.filter(plot => plot._fullLayout).every(plot => {{
  const legend = plot.querySelector(".legend");
  const top = plot.getBoundingClientRect().top + plot._fullLayout._size.t;
  return !legend || legend.getBoundingClientRect().bottom <= top;
}})"""
# What the printer is about to get: the colors of the page and of figures, and whether they fit.
PRINTING = f"""() => matchMedia("print").addEventListener("change", event => {{
  if (event.matches) window.paper = [document.documentElement.dataset.theme, {FONTS}, {FITS}];
}})"""
LISTEN = """status => {
  status.said = [];
  new MutationObserver(() => status.said.push([performance.now(), status.textContent]))
    .observe(status, { childList: true });
}"""
# Where a value of a control lies across the page, by the axis of the chart of its mark.
ACROSS = """(grip, value) => {
  const plot = grip.closest(".stage").querySelector(".plot");
  const axis = plot._fullLayout.xaxis;
  return plot.getBoundingClientRect().left + axis._offset + axis.l2p(value);
}"""
BOXES = """root => [...root.querySelectorAll(".diagram .box")].map(box => [
  ...["x", "y", "width"].map(name => Number(box.getAttribute(name))),
  box.getAttribute("style"),
])"""
# Arrows that lead back in time, as [dotted, width].
BACK = """root => [...root.querySelectorAll(".diagram .arrow[style*=backward]")]
  .filter(arrow => /^M\\S+ (\\S+) L\\S+ \\1$/.test(arrow.getAttribute("d")))
  .map(arrow => [arrow.classList.contains("none"), Number(arrow.getAttribute("stroke-width"))])"""
# Whether marks have the color of their role in the theme of the page.
ROLES = """all => all.map(grip => {
  const role = getComputedStyle(grip).getPropertyValue("--role");
  const [light, dark] = [...Object.entries(UNROLLED_THEME.dark)].find(pair => pair.includes(role));
  return role === (document.documentElement.dataset.theme === "dark" ? dark : light);
})"""
INSIDE = (
    "e => { const b = e.getBoundingClientRect(); return b.top >= 0 && b.bottom <= innerHeight; }"
)
NEXT_FRAME = "() => new Promise(go => requestAnimationFrame(() => requestAnimationFrame(go)))"
UNCOVERED = """e => {
  const b = e.getBoundingClientRect();
  const top = document.elementFromPoint(b.left + b.width / 2, b.top + b.height / 2);
  return e.contains(top) || top?.contains(e);
}"""


def place(figures, name):
    """Where an explorable is in the book. A part of the book may be without it."""
    found = next((figure for figure in figures if f"#{name}-" in figure), None)
    return found or pytest.skip(f"{name} is not in this build")


@pytest.fixture(scope="module")
def shelf(met, figures):
    """A function that opens an explorable once for all tests."""
    with ExitStack() as stack:
        yield cache(lambda name: stack.enter_context(met(place(figures, name))))


@pytest.fixture
def take(shelf):
    """A function that gives an explorable as its page opens it; nothing may go wrong with it."""
    taken = []

    def given(name):
        figure = shelf(name)
        figure.page.emulate_media(
            media="screen", color_scheme="light", reduced_motion="no-preference"
        )
        figure.page.set_viewport_size({"width": 1280, "height": 900})
        figure.page.until(FITS)
        figure.ask("rest", figure.start)
        figure.root.scroll_into_view_if_needed()
        taken.append(figure)
        return figure

    yield given
    assert [problem for figure in taken for problem in figure.page.problems] == []


@pytest.fixture
def pasts(take):
    return take("TwoPasts")


@pytest.fixture
def states(take):
    return take("HiddenStates")


@pytest.fixture
def cuts(take):
    return take("TruncationLab")


# Controls


def test_a_slider_of_values_takes_every_key_and_says_each_value(pasts):
    slider = pasts.control("wait").locator("input")
    for key, value in {
        "End": 29, "ArrowLeft": 28, "ArrowRight": 29, "Home": 0, "ArrowUp": 1, "ArrowDown": 0,
    }.items():  # fmt: skip
        pasts.press(slider, key)
        assert pasts.values["wait"] == value
    pasts.press(slider, "PageUp")
    assert pasts.values["wait"] > 1
    slider = pasts.control("w_hh").locator("input")
    pasts.press(slider, "Home")
    for value in pasts.explorable.controls[0].values:
        assert pasts.values["w_hh"] == value
        expect(pasts.control("w_hh").locator("output")).to_have_text(f"{value:g}")
        assert slider.get_attribute("aria-valuetext") == f"{value:g}"
        assert pasts.disagreements() == []
        pasts.press(slider, "ArrowRight")


def test_a_slider_of_a_span_stands_at_round_numbers(states):
    slider = states.control("recurrent_gain").locator("input")
    states.press(slider, "Home")
    for step in range(41):
        value = round(0.05 * step, 2)
        assert states.values["recurrent_gain"] == value
        assert slider.get_attribute("aria-valuetext") == f"{value:g}"
        states.press(slider, "ArrowRight")
    assert states.values["recurrent_gain"] == 2


def test_a_row_of_buttons_is_one_stop_and_moves_by_arrows_and_to_its_ends(states):
    group = states.control("network")
    radios, names = group.locator("[role=radio]"), states.explorable.controls[0].values
    expect(group.get_by_role("radiogroup", name="Network")).to_be_visible()
    radios.first.focus()
    for key, at in {
        "ArrowRight": 1,
        "ArrowDown": 2,
        "ArrowLeft": 1,
        "ArrowUp": 0,
        "End": 2,
    }.items():
        with states.moves():
            states.page.keyboard.press(key)
        assert states.values["network"] == names[at]
        assert radios.nth(at).evaluate("button => button === document.activeElement")
        checked = [r.get_attribute("aria-checked") for r in radios.all()]
        stops = [r.get_attribute("tabindex") for r in radios.all()]
        assert checked == [str(i == at).lower() for i in range(3)]
        assert stops == ["0" if i == at else "-1" for i in range(3)]
    for key, at in {"ArrowRight": 0, "ArrowLeft": 2, "Home": 0}.items():  # around the ends
        with states.moves():
            states.page.keyboard.press(key)
        assert states.values["network"] == names[at]
    states.page.keyboard.press("Tab")
    assert states.control("word").locator("input").evaluate("e => e === document.activeElement")
    with states.moves():
        radios.nth(1).click()
    assert states.values["network"] == names[1]


def test_a_list_and_a_switch_are_those_of_the_browser(take):
    sampler = take("Sampler")
    control = sampler.explorable.controls[0]
    chooser = sampler.root.get_by_label(control.label)
    for key, value in {"End": control.values[-1], "ArrowUp": control.values[-2]}.items():
        sampler.press(chooser, key)
        assert sampler.values[control.name] == value
    assert chooser.locator("option").all_text_contents() == [
        control.text(value) for value in control.values
    ]
    museum = take("BugMuseum")
    switch = museum.root.get_by_role("switch", name="Fixed")
    for key, on in {"Space": True, "Enter": False}.items():
        museum.press(switch, key)
        assert museum.values["mended"] is on
        expect(switch).to_have_attribute("aria-checked", str(on).lower())
        assert museum.disagreements() == []


def test_a_word_is_read_letter_by_letter_as_it_is_typed(states):
    field = states.root.get_by_label("Your word")
    field.press("Control+A")
    typed = ""
    for letter in "Jazz":
        with states.moves():
            states.page.keyboard.press(letter)
        typed += letter.lower()
        assert states.values["word"] == typed
        assert states.disagreements() == []
    states.press(field, *["Backspace"] * 3)
    assert states.values["word"] == "j"
    field.press("Backspace")
    expect(states.trouble).to_contain_text("stays “j”.")
    field.blur()
    expect(field).to_have_value("j")
    assert states.root.locator(".diagram .letter").first.text_content() == "j"


FOREIGN = {
    "naïve": ("naive", ""),
    "straße": ("strae", "The network knows no “ß”."),
    "<b>bold</b>": ("bboldb", "The network knows no “<>/”."),
    "ABC": ("abc", ""),
    "안녕": (None, "The network knows no “안녕”; "),
    "😀😀": (None, "The network knows no “😀”; "),
    "x1" * 50_000: ("x" * 14, "The network knows no “1”; it reads 14 letters."),
}


@pytest.mark.parametrize("text", FOREIGN, ids=lambda text: text[:8])
def test_what_the_network_cannot_read_is_left_out_and_told(states, text):
    word, told = FOREIGN[text]
    field = states.root.get_by_label("Your word")
    start = time.monotonic()
    field.fill(text)
    assert time.monotonic() - start < 5
    assert states.values["word"] == (word or "master")
    expect(states.trouble).to_be_visible(visible=bool(told))
    expect(states.trouble).to_contain_text(told)
    if told:
        expect(states.status).to_contain_text(told)
    field.blur()
    expect(field).to_have_value(word or "master")
    assert states.disagreements() == []
    states.move(t=7)
    expect(states.trouble).to_be_hidden()


# What is spoken, and what plays


def test_all_settings_and_sentences_are_spoken_once_when_the_reader_rests(states):
    states.page.wait_for_timeout(600)  # until what was before is spoken
    states.status.evaluate(LISTEN)
    slider = states.control("t").locator("input")
    moved = slider.evaluate("""async input => {
      for (const value of [13, 4, 0, 9, 1]) {
        await new Promise(done => setTimeout(done, 100));
        input.value = value;
        input.dispatchEvent(new Event("input", { bubbles: true }));
      }
      return performance.now();
    }""")
    states.page.until("status => status.said.length > 0", states.status.element_handle())
    states.page.wait_for_timeout(600)
    ((when, said),) = states.status.evaluate("status => status.said")
    assert when - moved > 390
    settings = (f"{c.label} {c.text(states.values[c.name])}" for c in states.explorable.controls)
    assert said == f"{', '.join(settings)}. {' '.join(states.words)}"


def test_it_plays_to_the_end_in_silence_and_says_where_it_is(pasts):
    play, slider = pasts.root.locator(".play"), pasts.control("wait").locator("input")
    pasts.move(wait=25)
    pasts.page.wait_for_timeout(600)
    pasts.status.evaluate(LISTEN)
    play.click()
    expect(play).to_have_text("Pause")
    pasts.page.until("root => reader.values(root).wait > 26", pasts.root.element_handle())
    assert pasts.status.evaluate("status => status.said.length") == 0
    expect(slider).to_have_value("29")
    expect(play).to_have_text("Play")
    pasts.page.wait_for_timeout(600)
    said = pasts.status.evaluate("status => status.said")
    assert len(said) == 1
    assert "Steps waited 29." in said[0][1]
    assert pasts.disagreements() == []
    play.click()  # anew
    pasts.page.until("root => reader.values(root).wait < 5", pasts.root.element_handle())
    play.click()


@pytest.mark.parametrize("stop", ["button", "key", "pointer"])
def test_playing_is_paused(pasts, stop):
    play, slider = pasts.root.locator(".play"), pasts.control("wait").locator("input")
    pasts.move(wait=0)
    play.click()
    pasts.page.until("root => reader.values(root).wait > 1", pasts.root.element_handle())
    if stop == "button":
        play.click()
    elif stop == "key":
        slider.press("Shift")
    else:
        slider.dispatch_event("pointerdown")
    expect(play).to_have_text("Play")
    stopped = pasts.values["wait"]
    pasts.page.wait_for_timeout(500)
    assert pasts.values["wait"] == stopped < 29


def test_buttons_take_one_step_and_are_what_is_left_where_motion_is_unwelcome(pasts):
    back, on = (pasts.root.get_by_role("button", name=f"One step {w}") for w in ("back", "on"))
    play = pasts.root.locator(".play")
    play.click()
    pasts.page.emulate_media(reduced_motion="reduce")
    expect(play).to_be_hidden()
    pasts.move(wait=28)
    for button, value in ((on, 29), (on, 29), (back, 28), (back, 27)):
        with pasts.moves():
            button.click()
        assert pasts.values["wait"] == value
    pasts.page.wait_for_timeout(500)
    assert pasts.values["wait"] == 27
    pasts.page.emulate_media(reduced_motion="no-preference")
    expect(play).to_have_text("Play")


# Stories and the question


def test_a_story_says_what_to_watch_for_and_is_pressed_until_the_reader_moves_on(cuts):
    stories = cuts.root.locator(".stories button")
    watch = cuts.root.locator(".watch")
    expect(watch).to_have_text("")
    for button, story in zip(stories.all(), cuts.explorable.stories, strict=True):
        cuts.press(button, "Enter")
        expect(watch).to_have_text(story.watch)
        assert cuts.values == story.values
        pressed = [each.get_attribute("aria-pressed") for each in stories.all()]
        assert pressed == [str(s is story).lower() for s in cuts.explorable.stories]
    cuts.press(cuts.control("k2").locator("input"), "End")
    expect(watch).to_have_text(story.watch)  # which is what the reader now tries
    expect(cuts.root.locator(".stories [aria-pressed=true]")).to_have_count(0)


def test_another_choice_ends_what_a_story_says_and_moves_nothing_under_the_pointer(cuts):
    watch = cuts.root.locator(".watch")
    other = cuts.control("start").locator("[aria-checked=false]")
    cuts.press(cuts.root.locator(".stories button").first, "Enter")
    expect(watch).not_to_have_text("")
    before = other.bounding_box()["y"]
    with cuts.moves():
        other.click()
    expect(watch).to_have_text("")
    assert cuts.control("start").bounding_box()["y"] == pytest.approx(before, abs=2)


def test_a_story_stays_while_the_reader_moves_what_it_invites_to_move(cuts):
    watch = cuts.root.locator(".watch")
    place, story = next(
        (i, s) for i, s in enumerate(cuts.explorable.stories) if s.invites == ("k2",)
    )
    cuts.press(cuts.root.locator(".stories button").nth(place), "Enter")
    cuts.move(k2=story.values["k2"] + 1)
    expect(watch).to_have_text(story.watch)
    cuts.move(T=story.values["T"] + 1)
    expect(watch).to_have_text("")


def test_a_question_tells_right_from_wrong_and_shows_where(cuts):
    asked, question = cuts.root.locator(".question"), cuts.explorable.question
    expect(asked.locator(".ask")).to_have_text(question.ask)
    before = asked.inner_text()
    assert question.because not in before
    cuts.move(T=10, gain=1.0)
    for i in (1 - question.right, question.right):
        cuts.press(asked.locator(".choices button").nth(i), "Enter")
        expect(asked.locator(".reply")).to_have_text(question.reply(i))
        assert cuts.values == question.values
        signs = asked.locator(".choices button").evaluate_all(
            "all => all.map(b => [b.ariaPressed, getComputedStyle(b, '::after').content])"
        )
        assert [sign[0] for sign in signs] == [str(j == i).lower() for j in range(len(signs))]
        assert ["✓" in sign[1] for sign in signs] == [
            j == question.right for j in range(len(signs))
        ]


GUESSES = [
    lambda figure: figure.root.locator(".choices button").first.click(),
    lambda figure: figure.press(figure.control("wait").locator("input"), "End"),
    lambda figure: figure.root.locator(".stories button").first.click(),
]


@pytest.mark.parametrize("guess", GUESSES, ids=["choice", "control", "story"])
def test_what_gives_the_answer_away_is_shown_when_the_reader_has_guessed_or_moved(
    met, figures, guess
):
    with met(place(figures, "TwoPasts")) as figure:
        hidden = [figure.root.locator("[data-line=verdict]")]
        hidden.append(figure.root.locator(".pane").nth(1).locator(".main-svg").first)
        told = figure.root.locator(".words").evaluate("e => getComputedStyle(e, '::after').content")
        assert "Guess first" in told
        expect(figure.root.locator(".pane").nth(0).locator(".main-svg").first).to_be_visible()
        for each in hidden:
            expect(each).not_to_be_visible()
        expect(figure.root.locator(".pane").nth(1).get_by_role("slider")).to_have_count(0)
        figure.page.emulate_media(media="print")  # paper cannot be asked
        for each in hidden:
            expect(each).to_be_visible()
        figure.page.emulate_media(media="screen")
        guess(figure)
        for each in hidden:
            expect(each).to_be_visible()
        told = figure.root.locator(".words").evaluate("e => getComputedStyle(e, '::after').content")
        assert told == "none"


def test_a_link_to_a_setting_shows_all_of_it(visit, figures):
    name = place(figures, "TwoPasts").partition("#")[0]
    with visit(f"{name}#TwoPasts:wait=5") as page:
        line = page.locator("[data-name=TwoPasts] [data-line=verdict]")
        expect(line).to_contain_text("After 5 steps")
        expect(line).to_be_visible()


def test_a_typed_word_is_read_to_its_last_letter(states):
    field = states.control("word").locator("input")
    for word in ("sofia", "generation"):
        with states.moves():
            field.fill(word)
        assert states.values["t"] == len(word) - 1
        expect(states.root.locator("[data-line=verdict]")).to_contain_text(f"“{word}”")


def test_numbers_that_find_no_room_in_their_boxes_are_above_them(met, figures):
    for name, text in (("LastLetter", "100%"), ("ThreeRegimes", "1.00")):
        with met(place(figures, name), **PHONE) as figure:
            number = figure.root.locator(".diagram .value.above", has_text=text).first
            box = figure.root.locator(".diagram .box").first
            assert float(number.evaluate("e => getComputedStyle(e).fontSize").rstrip("px")) >= 9
            assert box.bounding_box()["width"] < number.bounding_box()["width"] < 45


# Marks


def drag(figure, places, pointer):
    """Go through places on the page with the mouse or a finger, and wait at each."""
    session = figure.page.context.new_cdp_session(figure.page)

    def touch(kind, *points):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [*points]})

    for i, (x, y) in enumerate(places):
        with figure.moves():
            if pointer == "mouse":
                figure.page.mouse.move(x, y)
                if i == 0:
                    figure.page.mouse.down()
            else:
                touch("touchMove" if i else "touchStart", {"x": x, "y": y})
                figure.page.evaluate(NEXT_FRAME)  # a finger's move is told with a frame
        yield x
    figure.page.mouse.up() if pointer == "mouse" else touch("touchEnd")


@pytest.mark.parametrize("pointer", ["mouse", "touch"])
def test_a_mark_is_dragged_and_stays_within_its_chart(met, figures, pointer):
    with met(place(figures, "TruncationLab"), **(PHONE if pointer == "touch" else {})) as cuts:
        cuts.move(T=80, k2=20, lag=59)
        grip, slider = cuts.grip("k2"), cuts.control("k2").locator("input")
        grip.scroll_into_view_if_needed()
        box, scrolled = grip.bounding_box(), cuts.page.evaluate("scrollY")
        y = box["y"] + box["height"] / 2
        wanted = [20, 40, 10, 79, 20]
        places = [(grip.evaluate(ACROSS, k2), y + 5 * i) for i, k2 in enumerate(wanted)]
        for k2, x in zip(wanted, drag(cuts, places, pointer), strict=True):
            assert cuts.values["k2"] == k2
            now = grip.bounding_box()
            assert now["x"] + now["width"] / 2 == pytest.approx(x, abs=1.5)
            assert slider.input_value() == grip.get_attribute("aria-valuenow") == str(k2)
            assert cuts.disagreements() == []
        edges = [(places[0][0], y), (-500, y), (5000, -500), (places[0][0], y)]
        assert [cuts.values["k2"] for _ in drag(cuts, edges, pointer)] == [20, 80, 1, 20]
        if pointer == "mouse":
            cuts.page.mouse.move(places[1][0], y)  # let go, it stays
            assert cuts.values["k2"] == 20
        assert cuts.page.evaluate("scrollY") == scrolled
        assert cuts.page.problems == []


@pytest.mark.parametrize("pointer", ["mouse", "touch"])
def test_the_cut_of_a_diagram_is_dragged(met, figures, pointer):
    with met(place(figures, "ThreeRegimes"), **(PHONE if pointer == "touch" else {})) as regimes:
        plot = regimes.root.locator(".plot.diagram")
        for regime, wanted in {"blocks": [5, 2, 9, 4], "each loss": [4, 9, 2, 5]}.items():
            lines = {}
            for k in wanted:
                regimes.move(regime=regime, k=k, e=9)
                lines[k] = float(plot.locator(".cut").first.get_attribute("x1"))
            plot.scroll_into_view_if_needed()
            box = plot.bounding_box()
            places = [(box["x"] + lines[k], box["y"] + 20 + 5 * i) for i, k in enumerate(wanted)]
            regimes.move(k=7)
            for k, _ in zip(wanted, drag(regimes, places, pointer), strict=True):
                assert regimes.values["k"] == k
                assert regimes.disagreements() == []
        regimes.move(regime="nothing", k=3)
        plot.click(position={"x": lines[5], "y": 20})  # there is no cut to be dragged
        assert regimes.values["k"] == 3
        assert regimes.page.problems == []


def test_a_mark_goes_where_the_arrow_points_and_stops_at_the_end(cuts):
    grip = cuts.root.get_by_role("slider", name="the cut")
    cuts.move(T=60, k2=20, lag=30)
    x = [grip.bounding_box()["x"]]
    for key, k2 in (("ArrowRight", 19), ("ArrowLeft", 20), ("ArrowLeft", 21)):
        cuts.press(grip, key)
        x.append(grip.bounding_box()["x"])
        assert cuts.values["k2"] == k2
        assert grip.get_attribute("aria-valuetext") == str(k2)
    assert x[1] > x[2] == pytest.approx(x[0], abs=1.5)
    assert x[2] > x[3]
    cuts.move(lag=1, k2=1)
    for each in cuts.root.locator(".grip").all():  # both can be taken where both lines are one
        assert each.evaluate(UNCOVERED)
    cuts.press(grip, "ArrowRight", "ArrowRight", "a")
    assert cuts.values["k2"] == 1
    assert cuts.disagreements() == []


# Diagrams


def test_a_diagram_is_drawn_from_the_answer(cuts):
    T, k2, lag = 16, 6, 9
    cuts.move(T=T, k2=k2, gain=0.8, lag=lag)
    boxes = cuts.root.evaluate(BOXES)
    centers = {}
    for x, y, width, style in boxes:
        centers.setdefault((y, re.search(r"unrolled-(\w+)", style)[1]), []).append(x + width / 2)
    (state,) = (row for (_, role), row in centers.items() if role == "forward")
    (answer,) = (row for (_, role), row in centers.items() if role == "highlight")
    assert len(state) == T
    assert answer == pytest.approx([state[T - 1 - lag]])
    passes = cuts.explorable.at(**cuts.values).arrays["passes"][1 - T :]
    dotted, widths = zip(*cuts.root.evaluate(BACK), strict=True)
    assert list(dotted) == list(passes == 0)
    assert sum(passes > 0) == k2 - 1
    np.testing.assert_allclose(widths, 1 + 9 * passes * (passes > 0), atol=1e-9)
    cut = float(cuts.root.locator(".diagram .cut").get_attribute("x1"))
    assert cut == pytest.approx((state[T - k2] + state[T - k2 - 1]) / 2)
    times = cuts.root.locator(".diagram .time").all_text_contents()
    assert times[-1] == "0"
    assert times[-2].startswith("−")
    cuts.move(k2=T)
    expect(cuts.root.locator(".diagram .cut")).to_have_count(0)


def test_a_gradient_walks_back_through_a_diagram(cuts):
    def shown():
        return len(cuts.root.evaluate(BACK)), cuts.root.locator(".walk output").text_content()

    def wanted(back):
        left = cuts.explorable.at(**cuts.values).arrays["last"][-1 - back]
        return back, say(walk.says, {"back": back, "left": left})

    walk = cuts.explorable.panes()[0].walk
    play, step = cuts.root.locator(".walk .play"), cuts.root.get_by_label("One step back")
    cuts.move(T=16, k2=6)
    for back in (14, 13, 12):
        step.click()
        assert shown() == wanted(back)
    cuts.move(T=10)  # where there is no such step
    step.click()
    assert shown() == wanted(8)
    play.click()
    expect(play).to_have_text("Play")
    assert shown() == wanted(9)
    play.click()  # anew
    expect(play).to_have_text("Pause")
    assert shown()[0] < 9
    expect(play).to_have_text("Play")
    assert shown() == wanted(9)
    assert cuts.disagreements() == []


def test_a_diagram_follows_the_word_and_the_step(states):
    states.move(word="banana", t=3)
    letters, known = states.root.locator(".diagram .letter"), states.explorable.at(**states.values)
    there = int(np.isfinite(known.arrays["kept"]).sum())
    assert letters.all_text_contents() == [*known.facts["read"][:there]]
    assert known.facts["read"].startswith("banana")
    for t in (3, 0, 5):
        states.move(t=t)
        now = states.root.locator(".diagram .now")
        middle = float(now.get_attribute("x")) + float(now.get_attribute("width")) / 2
        assert middle == pytest.approx(float(letters.nth(t).get_attribute("x")))
    assert states.root.locator(".diagram marker").count() == 1


def test_a_box_of_a_diagram_is_tapped(take):
    museum = take("BugMuseum")
    rows = {}
    for box in museum.root.locator(".diagram rect.box").all():
        rows.setdefault(box.get_attribute("y"), []).append(box)
    for n, t in ((0, 2), (2, 0)):
        with museum.moves():
            list(rows.values())[n][t].click()
        assert (museum.values["n"], museum.values["t"]) == (n, t)
        assert museum.disagreements() == []


# The address


def test_a_move_is_in_the_address_and_a_new_page_goes_there(pasts, met, figures):
    before = pasts.page.evaluate("history.length")
    pasts.move(w_hh=2, wait=3)
    pasts.page.until("location.hash === '#TwoPasts:w_hh=2,w_xh=1,wait=3'")
    assert pasts.page.evaluate("history.length") == before
    with met(place(figures, "TwoPasts"), hash="#TwoPasts:w_hh=2,w_xh=1,wait=3") as other:
        other.page.until("root => reader.values(root).wait === 3", other.root.element_handle())
        assert other.values == pasts.values
        other.page.wait_for_timeout(100)
        assert other.differences(pasts.seen()) == []
        expect(other.trouble).to_be_hidden()
        assert other.root.evaluate("root => Math.abs(root.getBoundingClientRect().top)") < 300


def test_a_link_of_the_page_moves_it_and_leaves_the_rest_as_it_is(states):
    states.move(word="uber")
    states.page.evaluate("""() => {
      const link = document.createElement("a");
      link.href = "#HiddenStates:network=20 updates,t=7";
      link.textContent = "over there";
      document.querySelector(".explorable").before(link);
    }""")
    with states.moves(network="20 updates", t=7):
        states.page.get_by_text("over there").click()
    assert states.values == states.start | {"word": "uber", "network": "20 updates", "t": 7}
    assert states.disagreements() == []
    assert states.root.evaluate("e => e.getBoundingClientRect().top < innerHeight / 2")
    states.page.evaluate("document.querySelector('a:has(+ .explorable)').remove()")


def test_a_link_is_followed_though_the_address_of_a_move_is_written_over_it(states):
    with states.moves(t=9):
        states.page.evaluate("""() => {
          location.hash = "#HiddenStates:t=9";
          history.replaceState(null, "", "#HiddenStates:t=3"); // before the browser tells of it
        }""")


def test_the_link_is_copied_or_else_shown_in_the_address(pasts):
    button, page = pasts.root.get_by_role("button", name="Copy link"), pasts.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    pasts.move(wait=4)
    button.click()
    expect(pasts.root.locator(".link")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.url.partition("#")[0] + "#TwoPasts:w_hh=0.8,w_xh=1,wait=4"
    expect(pasts.root.locator(".link")).to_have_text("Copy link")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(Error('no')); }")
    pasts.move(wait=5)
    button.click()
    expect(pasts.root.locator(".link")).to_have_text("It is in the address bar")
    assert page.url.endswith("#TwoPasts:w_hh=0.8,w_xh=1,wait=5")


# Address of HiddenStates -> (where the controls go, what is told).
ODD = {
    "nonsense=1": ({}, "There is no control “nonsense”."),
    "__proto__=1,constructor=2,value=3": ({}, "There is no control “constructor”."),
    "t=99": ({"t": 13}, "Time step t cannot be 99; the nearest is 13."),
    "t=-1e300": ({"t": 0}, "the nearest is 0."),
    "t=Infinity": ({"t": 13}, "the nearest is 13."),
    "t=NaN": ({}, "Time step t must be a number, not “NaN”; it stays"),
    "t=": ({}, "not “”; it stays"),
    "t=5=6": ({}, "not “5=6”"),
    "t=5.4,recurrent_gain=0.52": ({"t": 5, "recurrent_gain": 0.5}, "W_hh times cannot be 0.52"),
    "t=3,t=4": ({"t": 4}, ""),
    "recurrent_gain=1.00": ({"recurrent_gain": 1}, ""),
    "network=a tune": ({}, "Network cannot be “a tune”; it stays trained."),
    "network=%3Cimg src=x onerror=alert(1)%3E": ({}, "cannot be “<img src=x onerror=a…”"),
    "network=20%20updates": ({"network": "20 updates"}, ""),
    "word=%E0%A4%A": ({"word": "eaa"}, "The network knows no “%04”."),
    "word=12345": ({}, "The network knows no “12345”; "),
    "word=" + "a" * 100_000: ({"word": "a" * 14}, "It reads 14 letters."),
    ",".join(["t=9"] * 30_000): ({"t": 9}, ""),
    "%%%,=,==,,": ({}, "There is no control"),
}


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd[:14])
def test_an_odd_address_is_told_and_leads_to_the_nearest_place(states, odd):
    to, told = ODD[odd]
    states.page.evaluate("history.replaceState(null, '', '#')")
    with states.moves(**to):
        states.page.evaluate("hash => { location.hash = hash; }", f"#HiddenStates:{odd}")
    if told:
        expect(states.trouble).to_contain_text(told)
        if odd == "nonsense=1":  # it is spoken when the reader rests, which takes its time
            expect(states.status).to_contain_text(told)
    assert states.values == states.start | to
    expect(states.trouble).to_be_visible(visible=bool(told))
    assert len(states.trouble.text_content()) < 200
    assert states.disagreements() == []
    states.move(t=11)
    expect(states.trouble).to_be_hidden()
    states.page.until("location.hash.endsWith('t=11')")


def test_an_address_that_names_no_position_moves_nothing(met, figures):
    with met(place(figures, "HiddenStates"), hash="#%E0%A4%A") as states:
        for hash in ("", "#HiddenStates", "#HiddenStates:", "#Nobody:x=1", "#:", "#é:=", "#:t=3"):
            states.page.evaluate("hash => { if (hash) location.hash = hash; }", hash)
            states.page.wait_for_timeout(50)
            assert states.values == states.explorable.values, hash
            assert states.disagreements() == states.page.problems == [], hash
            expect(states.trouble).to_be_hidden()


# Many moves, other sizes, other colors


def test_moves_within_a_frame_are_drawn_once_and_the_last_one_counts(cuts):
    cuts.root.evaluate("""root => {
      const { source } = UNROLLED.views.find(view => view.root === root);
      root.asked = 0;
      const at = source.at.bind(source);
      source.at = values => { root.asked += 1; return at(values); };
    }""")
    with cuts.moves():
        cuts.root.locator("[data-control=k2] input").evaluate("""input => {
          for (let k = 1; k <= 200; k += 1) {
            input.value = 1 + (37 * k) % 80;
            input.dispatchEvent(new Event("input", { bubbles: true }));
          }
        }""")
    assert cuts.values["k2"] == 1 + (37 * 200) % 80
    cuts.page.wait_for_timeout(100)
    assert cuts.root.evaluate("root => root.asked") == 2  # the first, and all others together
    cuts.root.evaluate("root => delete UNROLLED.views.find(v => v.root === root).source.at")
    assert cuts.disagreements() == []


def test_a_figure_that_cannot_be_drawn_says_so_and_tries_again(met, figures):
    with met(place(figures, "TwoPasts")) as pasts:
        pasts.root.evaluate("""root => {
          const { source } = UNROLLED.views.find(view => view.root === root);
          source.at = () => { throw new Error("the table is torn"); };
        }""")
        pasts.control("wait").locator("input").press("End")
        expect(pasts.trouble).to_contain_text("could not be drawn: the table is torn")
        pasts.root.evaluate("root => delete UNROLLED.views.find(v => v.root === root).source.at")
        pasts.trouble.get_by_role("button", name="Try again").click()
        expect(pasts.trouble).to_be_hidden()
        expect(pasts.root).not_to_have_attribute("data-failed", "yes")
        assert pasts.values["wait"] == 29
        assert pasts.disagreements() == pasts.page.problems == []


@pytest.mark.parametrize("which", ["TwoPasts", "TruncationLab"])
def test_it_is_wide_or_narrow_with_its_legends_above(take, which):
    figure = take(which)
    before = figure.seen()
    for width in (1000, 700, 390, 320, 1280):
        figure.page.set_viewport_size({"width": width, "height": 900})
        figure.page.until(FITS)
        figure.page.until("document.documentElement.scrollWidth <= innerWidth")
        assert figure.page.evaluate(LEGENDS), f"a legend covers its figure at {width} px"
    figure.page.until("root => reader.calm(root)", figure.root.element_handle())
    assert figure.differences(before) == []


@pytest.fixture(scope="module")
def dark(met, read, figures):
    with met(place(figures, "TruncationLab"), color_scheme="dark") as figure:
        read(figure.page)
        yield figure


def test_it_starts_in_the_dark_and_follows_the_button_to_the_light_and_back(dark):
    page, drawn = dark.page, []
    marks = dark.root.locator(".grip").all()
    assert set(page.evaluate(FONTS)) == {INK[1]}
    for mode in (0, 1, 1, 0, 1, 1, 0):  # light, dark, automatic, light, ...
        page.locator(".theme-switch-button:visible").click()
        page.until(f"{FONTS}.every(color => color === '{INK[mode]}')")
        page.until("root => reader.calm(root)", dark.root.element_handle())
        assert set(re.findall(r"#[0-9a-f]{6}", page.evaluate(PAINT))) <= (LIGHT, DARK)[mode]
        assert dark.root.locator(".grip").evaluate_all(ROLES) == [True] * len(marks)
        assert dark.disagreements() == []
        drawn.append(dark.seen())
    assert dark.differences(drawn[3]) == dark.differences(drawn[0]) == []
    assert drawn[4]["drawing"] != drawn[3]["drawing"]
    assert page.problems == []


def test_paper_gets_every_figure_in_light_colors_and_full_width(visit, figures):
    name = place(figures, "TwoPasts").partition("#")[0]  # with a table, which has to come in time
    with visit(name, color_scheme="dark") as page:
        page.until("UNROLLED.views.every(v => !v.source?.spec?.facts || v.source.facts)")
        page.evaluate(PRINTING)
        assert page.pdf().startswith(b"%PDF")
        count = page.evaluate(f"{PLOTS}.length")
        assert page.evaluate("window.paper") == ["light", [INK[0]] * count, True]
        page.until(f"{FITS} && {FONTS}.every(color => color === '{INK[1]}')")


def test_paper_has_values_and_captions_but_nothing_to_press(dark):
    dark.page.emulate_media(media="print")
    dark.page.until(FITS)
    for gone in dark.root.locator("input[type=range], .head button, .question, .grip").all():
        expect(gone).to_be_hidden()
    for kept in ("label", "output", ".plot .main-svg", ".words p", "figcaption"):
        expect(dark.root.locator(kept).first).to_be_visible()
    dark.page.emulate_media(media="screen")


# On a phone, without scripts, without a server


@pytest.mark.parametrize("which", ["TwoPasts", "TruncationLab"])
def test_on_a_phone_the_board_stays_in_view_and_the_panes_are_swiped(met, figures, which):
    with met(place(figures, which), **PHONE) as figure:
        page, board, panes = (
            figure.page,
            figure.root.locator(".board"),
            figure.root.locator(".panes"),
        )
        figure.move(**figure.start)  # or an answer may still be hidden
        assert panes.evaluate("e => e.scrollWidth > 1.5 * e.clientWidth")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        for block in ("start", "center", "end"):
            panes.evaluate("(e, block) => e.scrollIntoView({ block, behavior: 'instant' })", block)
            page.wait_for_timeout(100)
            for part in ("output, [role=radio]", ".words p"):
                assert board.locator(part).first.evaluate(INSIDE), (part, block)
                assert board.locator(part).first.evaluate(UNCOVERED), (part, block)
        box = panes.bounding_box()
        session = page.context.new_cdp_session(page)
        gesture = {"x": box["x"] + 280, "y": min(box["y"] + box["height"] / 2, 800)}
        session.send("Input.synthesizeScrollGesture", gesture | {"xDistance": -260, "speed": 1500})
        page.until("e => e.scrollLeft > 100", panes.element_handle())
        last = figure.root.locator(".pane").nth(1)
        page.until("e => e.getBoundingClientRect().left < 60", last.element_handle())
        figure.press(board.locator("input[type=range]").first, "End")
        assert figure.disagreements() == page.problems == []


def test_without_scripts_words_stand_in_for_the_figure(visit, figures):
    for name in ("TwoPasts", "HiddenStates", "TruncationLab"):
        chapter, _, id = place(figures, name).partition("#")
        with visit(chapter, java_script_enabled=False) as page:
            root = page.locator(f"#{id}")
            for kept in (".title", ".words p", "figcaption", ".alternative"):
                expect(root.locator(kept).first).to_be_visible()
                assert len(root.locator(kept).first.inner_text()) > 5
            assert root.locator(".alternative").bounding_box()["width"] > 200
            expect(root.locator("input, button")).to_have_count(0)
            for plain in page.locator(".unrolled-figure:not(.explorable, details *)").all():
                expect(plain.locator("noscript p")).to_be_visible()


@pytest.mark.parametrize("which", ["TwoPasts", "HiddenStates"])  # a table, a computed word
def test_from_a_folder_it_works_like_from_a_server(met, read, site, figures, which):
    base = f"{site.resolve().as_uri()}/"
    with met(place(figures, which), base=base) as figure:
        read(figure.page)
        for slider in figure.root.locator("input[type=range]").all():
            before = figure.seen()
            figure.press(
                slider, "End" if slider.input_value() != slider.get_attribute("max") else "Home"
            )
            assert figure.seen() != before
        assert figure.disagreements() == []
        local = ("file:", "data:", "blob:")
        assert [url for url in figure.page.requests if not url.startswith(local)] == []
        assert figure.page.problems == []
        figure.page.until("location.hash.includes(':')")
        figure.page.goto(figure.page.url)
        expect(figure.root).to_have_attribute("data-ready", "yes")
