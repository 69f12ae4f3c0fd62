import ipywidgets as widgets
import numpy as np
import plotly.graph_objects as go
import pytest
from traitlets import TraitError
from unrolled.explore import Explorable, Slider

X = np.arange(4.0)
SLIDERS = [
    Slider("slope", "Slope & sign", [-1, 0, 1, 2.5], 1),
    Slider("kind", "Kind", ["line", "square"], "line", texts=["Line", "Square"]),
    Slider("start", "Start", [0, 10], 0),
    Slider("t", "Time", [0, 1, 2, 3], 0, play=100),
]


def compute(slope=1, kind="line", start=0, t=0):
    y = start + slope * (X if kind == "line" else X**2)
    return {"y": y, "now_x": np.array([t]), "now_y": y[[t]], "words": f"{kind} <at> {t}"}


def an_explorable(count=4, **changes):
    curve = go.Scatter(x=X, y=X * np.nan, name="curve", meta={"y": "y"})
    point = go.Scatter(x=[0], y=[0], name="now", meta={"x": "now_x", "y": "now_y"})
    still = go.Scatter(x=X, y=X, name="still")
    first, second = go.Figure([curve, still]), go.Figure([point])
    first.update_layout(title_text="First pane", meta={"alt": "A curve."})
    about = {"title": "A title", "caption": "A <caption>.", "alt": "What one would miss."}
    given = {"compute": compute, "sliders": SLIDERS[:count], "panes": [first, second]} | changes
    return Explorable(**given, **about, texts=("words",))


def shown(trace):
    return list(trace.x), list(trace.y)


def eight_sliders():
    more = (Slider(f"other_{i}", f"Other {i}", [0, 1], i % 2) for i in range(4))
    return [*SLIDERS, *more]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 8])
def test_one_to_eight_sliders_become_attributes(count):
    sliders = eight_sliders()[:count]
    w = an_explorable(sliders=sliders, compute=lambda **at: compute(at["slope"]))
    assert w.values == {slider.name: slider.start for slider in sliders}
    assert w.slope.value == 1


@pytest.mark.parametrize("count", [0, 9])
def test_more_or_fewer_sliders_are_refused(count):
    with pytest.raises(ValueError, match=f"one to eight sliders; got {count}"):
        an_explorable(sliders=[*eight_sliders(), SLIDERS[0]][:count])


@pytest.mark.parametrize("start", [0.5, "much", None, float("nan")])
def test_a_slider_cannot_start_beside_its_grid(start):
    with pytest.raises(ValueError, match=r"slope must be one of \[-1, 0, 1, 2.5\]; got "):
        an_explorable(sliders=[SLIDERS[0]._replace(start=start)])


def test_it_shows_its_first_setting_at_once():
    first, second = an_explorable().panes
    assert shown(first.data[0]) == ([0, 1, 2, 3], [0, 1, 2, 3])
    assert shown(first.data[1]) == ([0, 1, 2, 3], [0, 1, 2, 3])
    assert shown(second.data[0]) == ([0], [0])


def test_moving_a_control_redraws_what_depends_on_it_and_nothing_else():
    w = an_explorable()
    w.slope.value, w.kind.value, w.start.value, w.t.value = 2.5, "square", 10, 3
    assert w.values == {"slope": 2.5, "kind": "square", "start": 10, "t": 3}
    assert shown(w.panes[0].data[0]) == ([0, 1, 2, 3], [10, 12.5, 20, 32.5])
    assert shown(w.panes[0].data[1]) == ([0, 1, 2, 3], [0, 1, 2, 3])
    assert shown(w.panes[1].data[0]) == ([3], [32.5])
    assert w.result["words"] == "square <at> 3"


@pytest.mark.parametrize("value", [0.5, "line", float("nan")])
def test_a_control_refuses_a_value_beside_its_grid_and_stays_where_it_was(value):
    w = an_explorable()
    with pytest.raises(TraitError, match="must be one of"):
        w.slope.value = value
    assert w.slope.value == 1
    assert shown(w.panes[0].data[0]) == ([0, 1, 2, 3], [0, 1, 2, 3])


def test_its_repr_is_short_and_the_same_every_time():
    assert repr(an_explorable()) == "Explorable(slope=1, kind=Line, start=0, t=0)"
    w = an_explorable()
    w.slope.value, w.kind.value = 2.5, "square"
    assert repr(w) == "Explorable(slope=2.5, kind=Square, start=0, t=0)"


def test_in_a_notebook_it_is_a_widget(monkeypatch):
    monkeypatch.delenv("UNROLLED_BOOK", raising=False)
    w = an_explorable()
    bundle = w._repr_mimebundle_()
    assert bundle.keys() == {"text/plain", "application/vnd.jupyter.widget-view+json"}
    assert bundle["text/plain"] == repr(w)
    view = bundle["application/vnd.jupyter.widget-view+json"]
    assert view["model_id"] == w.to_widget().model_id


def test_in_a_book_build_it_is_html(monkeypatch):
    monkeypatch.setenv("UNROLLED_BOOK", "yes")
    bundle = an_explorable()._repr_mimebundle_()
    assert bundle.keys() == {"text/plain", "text/html"}
    assert bundle["text/html"].startswith("<figure")


def test_a_live_reader_does_not_wait_for_the_table():
    calls = []
    w = an_explorable(compute=lambda **at: calls.append(at) or compute(**at))
    w.to_widget()
    w.slope.value = 0
    assert len(calls) == 2


def test_the_widget_has_every_slider_every_pane_the_texts_and_the_caption():
    w = an_explorable()
    rows = list(w.to_widget().children)
    assert w.to_widget() is w.to_widget()
    assert rows[:3] == [w.slope, w.kind, w.start]
    assert rows[3].children[0] is w.t
    assert isinstance(rows[3].children[1], widgets.Play)
    assert [isinstance(pane, go.FigureWidget) for pane in rows[4].children] == [True, True]
    assert "line &lt;at&gt; 0" in rows[5].value
    assert "A &lt;caption&gt;." in rows[6].value
    assert w.slope.description == "Slope & sign"


def test_moving_a_slider_of_the_widget_redraws_its_figures_and_texts():
    w = an_explorable()
    w.slope.value = 0
    *_, (_, play), panes, texts, _ = (getattr(c, "children", c) for c in w.to_widget().children)
    assert list(panes[0].data[0].y) == [0, 0, 0, 0]
    w.slope.value = 2.5
    assert list(panes[0].data[0].y) == [0, 2.5, 5, 7.5]
    play.value = 2
    assert w.t.value == 2
    assert shown(panes[1].data[0]) == ([2], [5])
    assert "line &lt;at&gt; 2" in texts.value
