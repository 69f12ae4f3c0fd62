"""What holds for every explorable of the book: a reader moves its sliders, with keys alone."""

import json

import numpy as np
import pytest
from playwright.sync_api import expect
from trials import golden
from unrolled.explore import EXPLORABLES

CLASSES = {cls.__name__.lower(): cls for cls in EXPLORABLES}
EXPECT_DRAWN = """root => {
  const drawn = new Promise(done => root.addEventListener("unrolled:drawn", done, { once: true }));
  const late = new Promise((_, fail) => setTimeout(fail, 5000, Error("nothing was drawn")));
  root.drawn = Promise.race([drawn, late]).then(() => null);
}"""
MOVE = """([root, at]) => root.querySelectorAll("input").forEach((input, axis) => {
  input.value = at[axis];
  input.dispatchEvent(new Event("input", { bubbles: true }));
})"""
SEEN = """root => ({
  drawing: [...root.querySelectorAll(".cartesianlayer")].map(layer => layer.outerHTML),
  words: [...root.querySelectorAll("[data-text]")].map(line => line.textContent),
})"""
TRACES = """[...root.querySelectorAll(".plot")].flatMap(plot => plot._fullData)"""
# What the table fills, as Plotly has it: [key, values] for every attribute.
FILLED = f"""root => {TRACES}.flatMap(trace =>
  Object.entries(trace.meta ?? {{}}).map(([attribute, key]) =>
    [key, Array.from(trace[attribute], row => row.length ? Array.from(row) : row)]))"""
# What is drawn at all, in the order of the traces.
PLACES = f"""root => {TRACES}.map(trace => ["x", "y", "z"].map(attribute =>
  Array.from(trace[attribute] ?? [], row => row.buffer ? Array.from(row) : row)))"""
TYPES = f"root => {TRACES}.map(trace => [trace.type, trace.visible])"
# Marks without a place on their axis, such as a word on an axis of numbers.
LOST = """root => [...root.querySelectorAll(".plot")].flatMap(p => p.calcdata).flatMap(marks => {
  const { type, name, x, y } = marks[0].trace;
  const place = mark => type === "bar" ? mark.p : mark.x;
  const lost = (mark, i) => Number.isFinite(y[i]) && place(mark) === undefined;
  return type === "heatmap" ? [] : marks.filter(lost).map((_, i) => `${name} at ${x[i]}`);
})"""


class Figure:
    """An explorable as a reader meets it."""

    def __init__(self, page, name):
        self.page, self.name = page, name
        self.root = page.locator(f"#{name}")
        self.sliders = self.root.locator("input[type=range]").all()
        self.spec = json.loads(self.root.locator("script").text_content())
        self.start = [int(slider.input_value()) for slider in self.sliders]

    def press(self, slider, key, times=1):
        """Press a key on a slider and wait until what it changes is drawn."""
        for _ in range(times):
            before = slider.input_value()
            self.root.evaluate(EXPECT_DRAWN)
            slider.press(key)
            if slider.input_value() != before:
                self.root.evaluate("root => root.drawn")

    def move(self, at):
        """Put every slider to an index."""
        self.root.evaluate(EXPECT_DRAWN)
        self.page.evaluate(MOVE, [self.root.element_handle(), at])
        self.root.evaluate("root => root.drawn")

    def seen(self):
        """What is drawn, as SVG, and what is written below it."""
        return self.root.evaluate(SEEN)


@pytest.fixture(scope="module")
def opened(visit, read, figure):
    name, _, id = figure.partition("#")
    with visit(name) as page:
        read(page)
        yield Figure(page, id)


@pytest.fixture
def fig(opened):
    """The figure with every slider where it starts."""
    opened.move(opened.start)
    return opened


def test_every_slider_reaches_both_ends_by_keyboard_and_both_look_different(fig):
    texts_change, start = [], fig.seen()
    for slider, first in zip(fig.sliders, fig.start, strict=True):
        fig.press(slider, "Home")
        low = fig.seen()
        fig.press(slider, "End")
        high = fig.seen()
        assert slider.input_value() == slider.get_attribute("max")
        assert low["drawing"] != high["drawing"], slider.get_attribute("id")
        texts_change.append(low["words"] != high["words"])
        fig.press(slider, "Home")
        assert fig.seen() == low
        fig.press(slider, "ArrowRight", times=first)
        assert fig.seen() == start
    assert any(texts_change)


def test_every_value_is_written_beside_its_slider_and_told_to_a_screen_reader(fig):
    for slider, texts in zip(fig.sliders, fig.spec["sliders"], strict=True):
        output = fig.root.locator(f"output[for='{slider.get_attribute('id')}']")
        fig.press(slider, "Home")
        for text in texts:
            assert (output.text_content(), slider.get_attribute("aria-valuetext")) == (text, text)
            fig.press(slider, "ArrowRight")


def test_a_second_after_the_last_move_all_settings_and_texts_are_spoken(fig):
    status = fig.root.locator("[role=status]")
    for slider, key in zip(fig.sliders, ["End", "Home"] * 2, strict=False):
        fig.press(slider, key)
    words = " ".join(fig.seen()["words"])
    labels = fig.root.locator("label").all_text_contents()
    values = [slider.get_attribute("aria-valuetext") for slider in fig.sliders]
    settings = ", ".join(map(" ".join, zip(labels, values, strict=True)))
    expect(status).to_have_text(f"{settings}. {words}", timeout=1000)


def test_the_page_shows_the_numbers_that_python_computes(fig):
    explorable = CLASSES[fig.name.rpartition("-")[0]]()
    assert fig.spec["sliders"] == [[s.text(v) for v in s.values] for s in explorable.sliders]
    lasts = [len(texts) - 1 for texts in fig.spec["sliders"]]
    middle = [last // 2 for last in lasts]
    for at in (fig.start, [0] * len(lasts), middle, lasts):
        fig.move(at)
        values = {s.name: s.values[i] for s, i in zip(explorable.sliders, at, strict=True)}
        expected = explorable.compute(**values)
        for key, shown in fig.root.evaluate(FILLED):
            half = 0.5001 * fig.spec["arrays"][key]["step"]
            np.testing.assert_allclose(shown, expected[key], rtol=0, atol=half, err_msg=key)
        assert fig.seen()["words"] == [expected[key] for key in explorable.texts]


def test_page_live_face_and_record_show_the_same(fig):
    explorable = CLASSES[fig.name.rpartition("-")[0]]()
    steps = {key: scale[1] for key, scale in golden.scales(explorable).items()}
    at_each = zip(golden.points(explorable), golden.recorded(explorable), strict=True)
    for at, (values, known, _) in at_each:
        fig.move(at)
        for name, value in values.items():
            getattr(explorable, name).value = value
        live = [trace for pane in explorable.panes for trace in pane.data]
        for trace, places in zip(live, fig.root.evaluate(PLACES), strict=True):
            for attribute, shown in zip("xyz", places, strict=True):
                key = (trace.meta or {}).get(attribute)
                drawn = getattr(trace, attribute, None)
                if key is None and drawn is not None:
                    assert list(shown) == [plain(value) for value in drawn], trace.name
                elif key:
                    half = 0.5001 * steps[key] + golden.ROUNDING
                    np.testing.assert_allclose(shown, drawn, rtol=0, atol=half, err_msg=key)
                    pair = (golden.certain(explorable, values, key, v) for v in (shown, known[key]))
                    np.testing.assert_allclose(*pair, rtol=0, atol=2 * half, err_msg=key)
        assert fig.seen()["words"] == [explorable.result[key] for key in explorable.texts]


def plain(value):
    """A value as JSON has it: a number, a text or a list of them."""
    return value.tolist() if hasattr(value, "tolist") else value


def test_every_trace_is_drawn_as_what_it_is_and_where_it_belongs(fig):
    wanted = [[trace["type"], True] for pane in fig.spec["panes"] for trace in pane["data"]]
    assert fig.root.evaluate(TYPES) == wanted
    assert fig.root.evaluate(LOST) == []
