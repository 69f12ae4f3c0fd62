"""What a declaration becomes: controls, answers, refusals, and a form for each audience."""

import numpy as np
import pytest
from unrolled.explore import Choice, Explorable, Number, Question, Story, Switch, Word, live
from unrolled.explore.templates import TEMPLATES
from unrolled.figures import lines, page, theme

X = np.arange(4.0)
AT = {"slope": 2.5, "kind": "square", "shifted": True, "word": "by"}


def compute(slope, kind, shifted, word):
    y = slope * (X if kind == "line" else X**2) + 10 * shifted
    return {"y": y, "highest": y.max(), "rises": y[-1] > y[0], "said": f"<{word}>"}


def panes():
    about = {"title": "A <pane>", "alt": "A curve.", "x_title": "x", "y_title": "y"}
    figure = lines.curves(X, {"curve": ("y", "forward")}, **about)
    theme.mark(figure, "slope", label="now")
    return [figure]


class Slope(Explorable):
    """A curve of which a reader chooses the slope."""

    title, caption, alt = "A & title", "It ends at {highest}.", "What one would miss."
    controls = (
        Number("slope", "Slope & sign", [-1.0, 0.0, 1.0, 2.5], 1.0),
        Choice("kind", "Kind", ["line", "square"], "line", texts=["Line", "Square"]),
        Switch("shifted", "Shifted", False),
        Word("word", "Word", "in", longest=3),
    )
    compute, panes = compute, panes
    constants = lambda: {"one": np.ones(1)}  # noqa: E731
    question = Question("How high?", ("3", "9", "27"), 0, AT, "It is.", corrects={1: "Less."})
    stories = (Story("steep", AT, "Look."),)


@pytest.fixture(autouse=True)
def sentences(monkeypatch):
    cases = {"yes": "It rises to {highest}, {said}.", "no": "It does not rise, {said}."}
    monkeypatch.setitem(TEMPLATES, "Slope", {"verdict": {"rises": cases}})


def with_result(**result):
    return type("Odd", (Slope,), {"compute": lambda **_: result, "lines": ()})()


def test_controls_start_where_they_say_or_where_the_arguments_put_them():
    start = {"slope": 1, "kind": "line", "shifted": False, "word": "in"}
    assert Slope().values == start
    assert Slope(kind="square").values == start | {"kind": "square"}


def test_an_argument_that_is_no_control_is_named_with_those_there_are():
    with pytest.raises(TypeError, match=r"Slope has the controls \['slope', .* got \['nowhere'\]"):
        Slope(nowhere=1)


def test_an_answer_has_arrays_facts_and_sentences():
    arrays, facts, said = Slope().answer
    np.testing.assert_array_equal(arrays["y"], X)
    assert facts == {"highest": 3, "rises": True, "said": "<in>"}
    assert said == {"verdict": "It rises to 3, <in>."}
    assert str(Slope().answer) == said["verdict"]


def test_another_setting_can_be_asked_for_while_the_figure_stays():
    w = Slope()
    assert w.at(slope=-1).sentences["verdict"] == "It does not rise, <in>."
    assert w.at(**AT).facts["highest"] == 32.5
    assert w.values["slope"] == 1
    w.slope.value, w.shifted.value = 2.5, True
    assert w.facts["highest"] == 17.5
    np.testing.assert_array_equal(w.arrays["y"], 2.5 * X + 10)


@pytest.mark.parametrize("value", [0.5, "much", None, float("nan"), np.zeros(2), [1.0], ()])
def test_a_value_beside_the_control_is_refused_with_what_there_is(value):
    w = Slope()
    said = r"slope must be one of \[-1.0, 0.0, 1.0, 2.5\]; got "
    for attempt in (
        lambda: Slope(slope=value),
        lambda: w.at(slope=value),
        lambda: setattr(w.slope, "value", value),
        lambda: w.take({"slope": value}),
    ):
        with pytest.raises(ValueError, match=said):
            attempt()
    assert w.slope.value == 1


@pytest.mark.parametrize("word", ["", "long", "No", "a b", 3, None])
def test_a_word_of_other_letters_or_too_long_is_refused(word):
    with pytest.raises(ValueError, match="word must be 1 to 3 of the letters abc"):
        Slope(word=word)


@pytest.mark.parametrize("value", [1.21, -0.1, float("nan"), "1", True, None, np.zeros(2)])
def test_a_free_number_must_lie_in_its_span(value):
    free = Number("gain", "Gain", (), 1.0, span=(0, 1.2, 0.01))
    assert free.refusal(0.333) is None
    assert free.refusal(value).startswith("gain must ")


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        (np.array([1, np.inf]), "no infinities"),
        (np.zeros((2, 2, 2)), "one or two axes"),
        (np.array(3.0), "one or two axes"),
        (float("nan"), "finite number or a text; got nan"),
        (None, "got None"),
        ([1, 2], r"got \[1, 2\]"),
    ],
)
def test_what_cannot_be_shown_is_named(odd, said):
    with pytest.raises(ValueError, match=f"'odd' must .*{said}"):
        with_result(odd=odd).at()


def test_what_is_not_a_number_in_an_array_is_not_drawn_and_numpy_becomes_plain():
    answer = with_result(y=np.array([1, np.nan]), n=np.int64(3), yes=np.bool_(True)).at()
    assert np.isnan(answer.arrays["y"]).tolist() == [False, True]
    assert [type(fact) for fact in answer.facts.values()] == [int, bool]


def test_its_repr_is_short_and_has_the_words_of_the_controls():
    assert repr(Slope()) == "Slope(slope=1, kind=Line, shifted=no, word=in)"
    assert repr(Slope(**AT)) == "Slope(slope=2.5, kind=Square, shifted=yes, word=by)"


def test_a_page_that_cannot_list_all_values_needs_a_twin():
    with pytest.raises(ValueError, match=r"no table over \['word'\].* needs constants"):
        Slope().table()


def test_every_audience_gets_the_form_that_it_can_use(monkeypatch):
    monkeypatch.setattr(page, "_first", iter([True]))
    forms = {}
    for who in ("text", "page", "export", "live"):
        monkeypatch.setenv("UNROLLED_AUDIENCE", who)
        forms[who] = Slope()._repr_mimebundle_()
        assert forms[who].pop("text/plain") == repr(Slope())
    assert not forms["text"]
    assert forms["page"].keys() == forms["export"].keys() == {"text/html"}
    assert forms["page"]["text/html"].startswith("<figure")
    assert forms["export"]["text/html"].startswith("<style>")
    assert live.MIME in forms["live"]
    assert "script" not in forms["live"]["text/html"]


def test_a_page_can_be_saved_that_stands_alone(tmp_path):
    Slope(**AT).save(tmp_path / "slope.html")
    html = (tmp_path / "slope.html").read_text()
    assert "<title>Slope</title>" in html
    assert "It ends at 32.5." in html
    assert "http" not in html.split("<figure")[1]


def test_each_choice_of_a_question_has_its_reply():
    asked = Slope.question.packed()
    assert asked["replies"] == ["Yes. It is.", "No. Less. It is.", "No. It is."]
    assert "because" not in asked
    assert asked["hides"] == []
