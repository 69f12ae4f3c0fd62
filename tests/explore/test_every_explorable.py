import re
from functools import cache

import numpy as np
import pytest
from trials import golden
from unrolled.explore import EXPLORABLES
from unrolled.figures import page, theme

every = pytest.mark.parametrize("cls", EXPLORABLES, ids=lambda cls: cls.__name__)


@cache
def opened(cls):
    """An explorable as it opens. Tests only look at it."""
    return cls()


@cache
def table(cls):
    """Its function over the whole grid, where a warning is an error."""
    return opened(cls).table()


def filled(w):
    """(trace, attribute, key) for everything that a slider may change."""
    for pane in w.panes:
        for trace in pane.data:
            for attribute, key in (trace.meta or {}).items():
                yield trace, attribute, key


def colors(value):
    """Every #rrggbb inside a figure's dict."""
    if isinstance(value, str):
        return set(re.findall(r"#[0-9a-fA-F]{6}\b", value))
    values = value.values() if isinstance(value, dict) else value
    return set().union(*map(colors, values)) if isinstance(value, dict | list | tuple) else set()


@every
def test_the_whole_grid_can_be_computed_without_a_warning(cls):
    w, result = opened(cls), table(cls)
    assert result.sizes == [len(slider.values) for slider in w.sliders]
    assert not any(np.isinf(array).any() for array in result.arrays.values())
    assert all(np.isfinite(array).any() for array in result.arrays.values())


@every
def test_over_the_whole_grid_mean_and_gaps_are_those_on_record(cls):
    """tests/explore/test_golden_numbers.py says how to record anew."""
    for key, (_, step, mean, missing) in golden.scales(opened(cls)).items():
        array = table(cls).arrays[key]
        assert np.isnan(array).sum() == missing, key
        noisy = (cls.__name__, key) in golden.NOISY
        assert noisy or abs(np.nanmean(array) - mean) < step + golden.ROUNDING, key


@every
def test_every_text_is_a_sentence_without_numbers_that_are_none(cls):
    assert table(cls).texts
    for texts in table(cls).texts.values():
        for text in np.unique(texts):
            assert re.fullmatch(r"[A-Z].*\.", text), text
            assert not re.search(r"\b(nan|inf|none)\b|np\.|array", text, re.IGNORECASE), text


@every
def test_what_is_computed_is_shown_and_what_is_shown_is_computed(cls):
    w = opened(cls)
    assert {key for _, _, key in filled(w)} == set(table(cls).arrays)
    assert set(w.texts) == set(table(cls).texts)
    for trace, attribute, _ in filled(w):
        assert attribute in ("x", "y", "z", "customdata"), f"{attribute} of {trace.name}"


@every
def test_the_start_already_shows_something_in_every_trace(cls):
    w = opened(cls)
    for trace, attribute, key in filled(w):
        values = np.asarray(trace[attribute], float)
        assert np.isfinite(values).any(), f"{trace.name} shows nothing"
        np.testing.assert_array_equal(values, w.result[key])


@every
def test_the_values_of_a_trace_fit_each_other_at_every_setting(cls):
    shapes = {key: array.shape[len(table(cls).sizes) :] for key, array in table(cls).arrays.items()}
    for pane in opened(cls).panes:
        for trace in pane.data:
            meta = trace.meta or {}
            of = {at: shapes.get(meta.get(at), np.shape(trace[at])) for at in ("x", "y")}
            if trace.type != "heatmap":
                assert of["x"] == of["y"], trace.name


@every
def test_the_mark_of_the_present_setting_never_leaves_its_axes(cls):
    for pane in opened(cls).panes:
        for trace in pane.select_traces({"name": "now"}):
            for attribute, key in trace.meta.items():
                values, limits = table(cls).arrays[key], pane.layout[f"{attribute}axis"].range
                if limits:
                    assert min(limits) <= values.min() <= values.max() <= max(limits), key


@every
def test_every_slider_has_a_say_in_a_figure(cls):
    w = opened(cls)
    for axis, slider in enumerate(w.sliders):
        heard = [key for key, array in table(cls).arrays.items() if array.shape[axis] > 1]
        assert heard, f"nothing depends on {slider.name}"


@every
def test_every_slider_can_be_told_apart_by_its_name_label_and_texts(cls):
    sliders = opened(cls).sliders
    assert len({slider.name for slider in sliders}) == len(sliders)
    assert len({slider.label for slider in sliders}) == len(sliders)
    for slider in sliders:
        texts = [slider.text(value) for value in slider.values]
        assert len(set(texts)) == len(texts) > 1, slider.name


@every
def test_the_arguments_are_the_sliders_and_move_the_start(cls):
    for slider in opened(cls).sliders:
        for value in (slider.values[0], slider.values[-1]):
            w = cls(**{slider.name: value})
            assert w.values == opened(cls).values | {slider.name: value}
            assert f"{slider.name}={slider.text(value)}" in repr(w)


@every
def test_showing_it_moves_no_slider(cls):
    explorable = cls()
    before = explorable.values
    explorable.to_widget()
    assert explorable.values == before


@every
def test_a_start_beside_the_grid_is_refused_with_the_values_that_there_are(cls):
    for slider in opened(cls).sliders:
        with pytest.raises(ValueError, match=f"{slider.name} must be one of"):
            cls(**{slider.name: "elsewhere"})


@every
def test_every_color_has_a_dark_relative(cls):
    for pane in opened(cls).panes:
        assert colors(page.split(pane.to_plotly_json())[0]) <= theme.page_theme()["dark"].keys()


@every
def test_a_reader_who_cannot_see_it_is_told_what_it_shows(cls):
    w = opened(cls)
    assert len(w.title) < 50
    assert min(len(w.alt), len(w.caption)) > 60
    for pane in w.panes:
        assert pane.layout.title.text
        assert len(pane.layout.meta["alt"]) > 20
        assert pane.layout.meta["alt"].endswith(".")
    assert cls.__doc__.strip().endswith(".")
