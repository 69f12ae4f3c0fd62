import re

import numpy as np
import pytest
from unrolled.explore import BugMuseum
from unrolled.explore.bug_museum import DECADES, compute, whose
from unrolled.museum.touched import LENGTHS, MODELS, N, T, touched

EVERY = [(e, m, n, t) for e in MODELS for m in (False, True) for n in range(N) for t in range(T)]


def shown(w):
    """Everything that the figure draws, as one row of numbers."""
    return np.concatenate([np.ravel(w.result[key]) for key in ("moved", "read_x", "answers")])


@pytest.fixture
def w():
    return BugMuseum()


def test_it_opens_on_a_touch_that_ends_in_the_answer_to_another_example(w):
    said = w.result["verdict"]
    assert said.startswith("Step 1 of example 1 moves the answer to example 3, and should move ")
    assert np.flatnonzero(w.result["answers"]).tolist() == [3]


def test_every_slider_changes_the_picture_from_the_start_and_one_after_the_other(w):
    before = shown(w)
    for name, value in (
        ("exhibit", "batch and time swapped"),
        ("mended", True),
        ("n", 2),
        ("t", 7),
    ):
        fresh = BugMuseum(**{name: value})
        assert not np.array_equal(shown(fresh), shown(BugMuseum()), equal_nan=True), name
        getattr(w, name).value = value
        assert not np.array_equal(shown(w), before, equal_nan=True), name
        before = shown(w)


def test_what_is_drawn_is_what_moved(w):
    for at in EVERY[::7]:
        w.exhibit.value, w.mended.value, w.n.value, w.t.value = at
        states, answers, read, _ = touched(*at)
        np.testing.assert_array_equal(np.isnan(w.result["moved"]), states == 0)
        drawn = 10 ** w.result["moved"][states > 0]
        np.testing.assert_allclose(drawn, np.maximum(states[states > 0], 10 ** DECADES[0]))
        np.testing.assert_array_equal(w.result["answers"], answers)
        np.testing.assert_array_equal(w.result["read_x"], read)
        assert (w.result["touched_x"], w.result["touched_y"]) == (at[3], at[2])


def test_the_sentence_names_whose_answers_move_and_whose_should():
    for exhibit, mended, n, t in EVERY:
        said = compute(exhibit, mended, n, t)["verdict"]
        _, answers, _, expected = touched(exhibit, mended, n, t)
        moves, should = re.fullmatch(
            r".* moves (.*?), (as it should|and should move .*)\.", said
        ).groups()
        assert moves == whose(answers > 0)
        assert (should == "as it should") == np.array_equal(answers > 0, expected)
        if should != "as it should":
            assert should == f"and should move {whose(expected)}"
        is_padding = exhibit == "state read from padding" and t >= LENGTHS[n]
        assert ("which is padding" in said) == is_padding
        if mended:
            assert should == "as it should"


def test_every_bar_and_every_color_lies_on_its_axis(w):
    table = w.table()
    low, high = w.panes[1].layout.yaxis.range
    assert low <= table.arrays["answers"].min() <= table.arrays["answers"].max() < high
    moved = table.arrays["moved"]
    assert DECADES[0] <= np.nanmin(moved) <= np.nanmax(moved) < DECADES[1]
