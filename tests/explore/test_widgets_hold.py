"""The live face of every explorable under a reader's hands: every value, and none that is there."""

import json
import re

import ipywidgets as widgets
import numpy as np
import pytest
from traitlets import TraitError
from unrolled.explore import EXPLORABLES

every = pytest.mark.parametrize("cls", EXPLORABLES, ids=lambda cls: cls.__name__)
MOVES = 12


@pytest.fixture
def live(cls):
    """The explorable with its widget, as a notebook shows it. A warning is an error."""
    w = cls()
    w.to_widget()
    return w


def controls(w):
    """The sliders of an explorable, by name."""
    return {slider.name: getattr(w, slider.name) for slider in w.sliders}


def shows(w):
    """Check that figures and texts are those of the present values, with numbers that are some."""
    result = w.compute(**w.values)
    for pane in w.to_widget().children[-3].children:
        for trace in pane.data:
            for attribute, key in (trace.meta or {}).items():
                shown = np.asarray(trace[attribute], float)
                np.testing.assert_array_equal(shown, np.asarray(result[key], float))
                assert not np.isinf(shown).any()
    words = w.to_widget().children[-2].value
    assert words.count("<p") == len(w.texts)
    assert not re.search(r"\b(nan|inf|None)\b|array\(", words), words


@every
def test_each_slider_goes_through_all_its_values(live):
    for slider in live.sliders:
        control = controls(live)[slider.name]
        for index, value in enumerate(slider.values):
            control.index = index
            assert live.values[slider.name] == value
        shows(live)
        control.value = slider.start


@every
def test_random_moves_end_where_a_new_one_starts(cls, live, rng):
    for _ in range(MOVES):
        slider = live.sliders[rng.integers(len(live.sliders))]
        controls(live)[slider.name].index = int(rng.integers(len(slider.values)))
        shows(live)
    fresh = cls(**live.values)
    assert fresh.values == live.values
    for one, other in zip(live.panes, fresh.panes, strict=True):
        assert json.loads(one.to_json()) == json.loads(other.to_json())


@every
def test_a_value_that_is_not_there_is_named_and_changes_nothing(live):
    before = live.values
    for slider in live.sliders:
        for value in (None, float("nan"), float("inf"), -1e9, "", "elsewhere", (), np.zeros(2)):
            with pytest.raises(TraitError, match=f"{slider.label} must be one of"):
                controls(live)[slider.name].value = value
        for index in (-1, len(slider.values), 0.5, "first"):
            with pytest.raises(TraitError):
                controls(live)[slider.name].index = index
    assert live.values == before
    shows(live)


@every
def test_a_start_that_is_not_there_is_named(cls):
    for slider in cls().sliders:
        for value in (None, float("nan"), np.zeros(2), [slider.start]):
            with pytest.raises(ValueError, match=f"{slider.name} must be one of"):
                cls(**{slider.name: value})


@every
def test_an_argument_that_is_no_slider_is_named(cls):
    with pytest.raises(TypeError, match="nowhere"):
        cls(nowhere=1)


@every
def test_a_play_button_goes_through_all_values(live):
    rows = live.to_widget().children[: len(live.sliders)]
    for slider, row in zip(live.sliders, rows, strict=True):
        plays = [each for each in getattr(row, "children", ()) if isinstance(each, widgets.Play)]
        assert len(plays) == (slider.play is not None)
        for play in plays:
            assert (play.min, play.max) == (0, len(slider.values) - 1)
            for value in range(play.max + 1):
                play.value = value
                assert live.values[slider.name] == slider.values[value]
            shows(live)
