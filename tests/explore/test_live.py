"""The widgets of an explorable answer a front end, which is played here by setting their traits."""

import json

import numpy as np
import pytest
from unrolled import explore
from unrolled.explore import TwoPasts, live


@pytest.fixture
def w():
    return TwoPasts()


def arrays(answer):
    """The arrays of an answer, read as the view reads them: little-endian doubles."""
    assert answer["arrays"].keys() == answer["shapes"].keys()
    return {
        key: np.frombuffer(data, "<f8").reshape(answer["shapes"][key])
        for key, data in answer["arrays"].items()
    }


def test_it_starts_with_the_answer_at_its_values(w):
    state = w.live.state
    assert state.values == state.answer["values"] == w.values
    assert state.spec["name"] == "TwoPasts"
    assert state.answer["facts"] == w.facts
    for key, array in arrays(state.answer).items():
        np.testing.assert_array_equal(array, w.arrays[key])


@pytest.mark.parametrize("name", explore.NAMES)
def test_a_front_end_can_read_every_declaration_and_every_first_answer(name):
    state = getattr(explore, name)().live.state
    packed = {key: part for key, part in state.answer.items() if key != "arrays"}
    assert json.dumps([state.spec, packed], allow_nan=False)


def test_it_answers_when_the_view_sets_the_values(w):
    state = w.live.state
    state.set_state({"values": {"w_hh": 2, "w_xh": 1, "wait": 29}})
    assert w.values == {"w_hh": 2.0, "w_xh": 1.0, "wait": 29}
    assert state.answer["values"] == w.values
    assert state.answer["facts"]["memory"] == "known"
    np.testing.assert_array_equal(arrays(state.answer)["gap"], w.at(w_hh=2.0).arrays["gap"])


def test_a_cell_that_sets_a_control_moves_the_view(w):
    state = w.live.state
    w.wait.value = 22
    assert state.values["wait"] == 22
    assert state.answer["facts"] == w.at(wait=22).facts


def test_a_function_that_raises_becomes_words_and_the_next_answer_comes():
    def compute(w_hh, w_xh, wait):
        if w_hh == 0:
            raise RuntimeError("a reader's own mistake")
        return {"gap": np.array([wait, np.nan])}

    w = type("Mine", (TwoPasts,), {"compute": compute, "lines": ()})()
    state = w.live.state
    w.w_hh.value = 0.0
    assert state.answer == {"values": w.values, "error": "RuntimeError: a reader's own mistake"}
    state.set_state({"values": w.values | {"w_hh": 0.5}})
    np.testing.assert_array_equal(arrays(state.answer)["gap"], [10, np.nan])


def test_no_answer_waits_for_a_table(w, monkeypatch):
    monkeypatch.setattr(TwoPasts, "table", None)
    monkeypatch.setenv("UNROLLED_AUDIENCE", "live")
    assert w._repr_mimebundle_()[live.MIME]["model_id"] == w.live.view.model_id


def test_all_explorables_of_a_kernel_share_one_library(w):
    assert w.live is w.live
    assert w.live.view.library == TwoPasts().live.view.library == live.library().model_id
    assert w.live.view.state == w.live.state.model_id != TwoPasts().live.view.state
    assert len(live.library().scripts) < 2_500_000
