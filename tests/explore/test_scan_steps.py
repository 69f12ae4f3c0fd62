from itertools import pairwise

import numpy as np
import pytest
from unrolled.explore import ScanSteps


@pytest.mark.parametrize(
    ("method", "levels", "combinations"),
    [("loop", 15, 15), ("doubling", 4, 49), ("tree", 7, 26), ("chunks", 7, 24)],
)
def test_levels_and_combinations_of_sixteen_steps(method, levels, combinations):
    facts = ScanSteps().at(method=method, T=16, level=31).facts
    assert (facts["levels"], facts["combinations"]) == (levels, combinations)
    assert (facts["now"], facts["done"], facts["stage"]) == (levels, 16, "end")


@pytest.mark.parametrize("method", ["loop", "doubling", "tree", "chunks"])
@pytest.mark.parametrize("T", [8, 16, 32])
def test_the_triangle_fills_up_and_never_empties(method, T):
    before = np.zeros((T, T), bool)
    for level in range(32):
        answer = ScanSteps().at(method=method, T=T, level=level)
        held = answer.arrays["held"]
        assert np.isnan(held[T:]).all()
        assert np.isnan(held[np.triu_indices(32, 1)]).all()
        now = np.nan_to_num(held[:T, :T]) > 0
        assert (now >= before).all()
        assert answer.facts["done"] == now[:, 0].sum()
        before = now
    assert before.sum() == T * (T + 1) / 2


def test_a_square_is_new_at_the_level_that_adds_it():
    arrays = [ScanSteps().at(method="doubling", T=8, level=k).arrays["held"] for k in range(4)]
    for earlier, now in pairwise(arrays):
        assert ((now == 2) == ((now > 0) & (earlier == 0))).all()


def test_every_combination_is_a_line():
    arrays = ScanSteps().at(method="tree", T=16, level=4).arrays
    lines = np.isfinite(arrays["these_x"]).sum() + np.isfinite(arrays["earlier_x"]).sum()
    assert lines == 2 * 15
    assert np.isfinite(arrays["these_x"]).sum() == 2
    assert np.nanmax(arrays["these_y"]) == 4


def test_the_sentences_count():
    said = ScanSteps().at(method="doubling", T=16, level=3).sentences
    assert said["verdict"] == (
        "After level 3 of 4, with 41 combinations so far, 8 of 16 states are finished."
    )
    assert "15 levels; this way there are 4, for 3.3 times" in said["price"]
    loop = ScanSteps().at(method="loop", T=8, level=1).sentences
    assert "with 1 combination so far, 2 of 8" in loop["verdict"]


def test_the_question_leads_to_the_answer():
    explorable = ScanSteps()
    found = explorable.at(**explorable.question.values).facts
    assert found["stage"] == "end"
    assert explorable.question.choices[explorable.question.right] == str(found["levels"])
