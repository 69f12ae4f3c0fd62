"""Two sides that each give the right letter little are sure of it together; and where they fail."""

import numpy as np
import pytest
from unrolled.datasets import load_letters
from unrolled.engine import dense, losses
from unrolled.explore import Gap
from unrolled.explore.gap import (
    EDGE,
    PASSAGES,
    READERS,
    UNSEEN,
    T,
    counted,
    letters,
    model,
    probabilities,
)

W = Gap()


def facts(passage, reader="both"):
    return W.at(passage=passage, reader=reader, place=30).facts


def test_the_question_each_side_gives_h_little_and_both_give_it_nearly_all():
    found = facts("clock")
    assert found["letter"] == "h"
    assert 0.025 < found["p_left"] < 0.035
    assert 0.075 < found["p_right"] < 0.085
    assert found["p_both"] > 0.9


def test_the_stories():
    guesses = {
        (p, r): facts(p, r)["guess"] for p in ("clock", "lamp", "window", "letter") for r in READERS
    }
    assert [guesses["clock", reader] for reader in READERS] == ["a", "h", "␣"]
    assert [guesses["lamp", reader] for reader in READERS] == ["r", "m", "u"]
    assert [guesses["window", reader] for reader in READERS] == ["o", "o", "o"]
    assert facts("window")["p_counted"] > 0.9 > 0.1 > facts("window")["p_both"]
    assert max(facts("letter")[f"p_{who}"] for who in (*READERS, "counted")) < 0.01


def test_the_passages_are_of_the_test_text_and_the_envelope_was_never_met():
    train, _, known = letters()
    corpus = load_letters(lower=True)
    assert corpus.words == known
    text = "".join(known[i] for i in train)
    assert "envelope" not in text
    assert text.count("dark") > 3
    assert "dork" not in text
    for passage in PASSAGES:
        shown = W.at(passage=passage, reader="both").facts["text"]
        assert shown.replace("_", "") not in text
        assert "¶" not in shown


@pytest.mark.parametrize("reader", READERS)
def test_a_reader_does_not_see_the_gap_or_the_other_side(reader):
    start = PASSAGES["clock"]
    cell, params = model(reader)
    ids = letters()[1][None, start : start + T]
    hidden = ids.copy()
    place = 25
    if reader != "right":
        hidden[:, place:] = 0 if reader == "left" else hidden[:, place:]
    if reader == "right":
        hidden[:, : place + 1] = 0
    hidden[:, place] = 5
    h, _ = cell.forward(hidden, params)
    p = losses.softmax(dense.forward(h, params))[0, place]
    np.testing.assert_allclose(p, probabilities(reader, start)[place], rtol=1e-5)
    text = W.at(passage="clock", reader=reader, place=place).facts["text"]
    assert len(text) == T
    assert text[place] == "_"
    assert (text[0] == UNSEEN) == (reader == "right")
    assert (text[-1] == UNSEEN) == (reader == "left")


def test_what_is_drawn_adds_up_to_one():
    for place in (EDGE, 30, T - EDGE - 1):
        arrays = W.at(place=place).arrays
        assert np.nansum(arrays["right"]) + np.nansum(arrays["others"]) == pytest.approx(1)
        assert arrays["counted"].sum() == pytest.approx(1)
    np.testing.assert_allclose(counted(PASSAGES["lamp"])[EDGE : T - EDGE].sum(axis=1), 1)
