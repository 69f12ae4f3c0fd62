import itertools

import numpy as np
import pytest
from numpy.testing import assert_allclose
from unrolled.datasets import files, load_reviews, results
from unrolled.engine import dense, lstm
from unrolled.explore import GateInspector
from unrolled.explore.gate_inspector import (
    FREE,
    HELD,
    LETTERS,
    READINGS,
    REVIEWS,
    H,
    T,
    inputs,
    model,
    run,
)

STORES = [t for t, word in enumerate(LETTERS) if word.startswith("store")]
SHARP, REST = STORES, [t for t in range(STORES[0], T) if t not in STORES]


@pytest.fixture(scope="module")
def record():
    return results.read("gate-models")


def test_left_alone_it_shows_what_the_engine_computes():
    for reading in READINGS:
        params = model("reviews" if reading in REVIEWS else "letters")[0]
        h, tape = lstm.forward(inputs(reading)[0], params)
        result = GateInspector(reading=reading, unit=3).result
        for gate in "ifgo":
            assert_allclose(result[gate], tape.gate(gate)[0, :, 3], atol=1e-5)
        assert_allclose(result["cells"][:H], np.tanh(tape.c[1:, 0]).T, atol=1e-5)
        best = dense.forward(h, params)[0, -1].argmax()
        name = ("bad", "good")[best] if reading in REVIEWS else "abcd"[best]
        assert f"answers “{name}”" in result["verdict"]


def test_unit_7_opens_and_shuts_its_gates_at_the_letters_to_store_alone():
    result = GateInspector(unit=7).result
    assert result["i"][SHARP].min() > 0.95 > 0.4 > result["i"][REST].max()
    assert result["f"][SHARP].max() < 0.2 < 0.85 < result["f"][REST].min()


def test_in_the_reviews_no_gate_is_so_sharp():
    for reading in REVIEWS:
        found = run(reading, FREE)[0]
        assert found["f"].min() > 0.4
        assert found["i"].min() > 0.2


def test_a_forget_gate_held_at_1_gives_the_letter_stored_first(record):
    assert "answers “b” with probability 1.00, which is wrong" in at("letters", "f = 1")
    assert LETTERS[STORES[0]] == "store b"
    named = record["results"]["letters"]["named with f = 1 of two"]
    assert named["first"] > 0.9
    assert named["last"] < 0.1


def test_a_forget_gate_held_at_0_loses_the_letter(record):
    assert "wrong" in at("letters", "f = 0")
    named = record["results"]["letters"]["named with f = 0 of two"]
    assert all(abs(share - 0.25) < 0.05 for share in named.values())


def at(reading, held):
    return GateInspector(reading=reading, held=held).result["verdict"]


def test_both_reviews_have_the_same_words_and_the_network_tells_them_apart():
    first, second = (READINGS[name] for name in REVIEWS)
    assert sorted(first) == sorted(second)
    assert first != second
    assert "“good”" in at("mess to gem", FREE)
    assert "“bad”" in at("gem to mess", FREE)
    assert "“bad”" in at("mess to gem", "f = 0")
    assert "“good”" in at("gem to mess", "f = 0")


def test_both_reviews_are_from_the_test_part_and_judged_as_the_file_says():
    texts, targets, splits = load_reviews()
    for name, text in REVIEWS.items():
        where = texts.index(text)
        assert splits[where] == "test"
        assert targets[where] == name.endswith("gem")


def test_the_judgment_turns_at_the_word_that_turns_the_review():
    words, belief = (
        READINGS["mess to gem"],
        GateInspector(reading="mess to gem").result["cells"][-1],
    )
    assert belief[words.index("mess") : words.index("gem")].max() < -0.5
    assert belief[words.index("gem") + 1 :].min() > 0.3


def test_with_an_input_gate_at_0_every_reading_gets_the_same_answer():
    assert {at(name, "i = 0").split(",")[0] for name in REVIEWS} == {
        "With i = 0 the network answers “good” with probability 0.57"
    }


def test_the_shares_in_words_are_those_of_the_record(record):
    for reading, held in itertools.product(READINGS, HELD):
        share = GateInspector(reading=reading, held=held).result["share"]
        kept = record["results"]["reviews" if reading in REVIEWS else "letters"]
        wanted = kept["test accuracy with a gate held"].get(held, kept["test accuracy"])
        assert f" {100 * wanted:.0f}% right" in share
    assert record["results"]["letters"]["tested"] == 1000
    assert record["settings"]["letters"]["T"] == 60
    assert (load_reviews().splits == "test").sum() == 80


def test_the_letters_are_remembered_to_more_than_99_percent(record):
    assert record["results"]["letters"]["test accuracy"] > 0.99


def test_the_reviews_shown_are_by_the_median_of_the_seeds(record):
    found = record["results"]["reviews"]
    assert found["test accuracy"] == np.median(found["test accuracy of each seed"])
    assert found["test accuracy"] < found["train accuracy"]


def test_the_weights_are_small_and_hold_no_pickles():
    path = files.path("results/gate-models.npz")
    assert path.stat().st_size < 150_000
    with np.load(path, allow_pickle=False) as file:
        arrays = dict(file)
    assert {a.dtype for k, a in arrays.items() if not k.endswith("words")} == {np.dtype("f4")}


def test_every_step_of_a_reading_is_labeled_with_its_word():
    w = GateInspector(reading="gem to mess")
    for pane in w.panes:
        axis = pane.layout.xaxis
        assert axis.range is None
        labels = dict(zip(axis.tickvals, axis.ticktext, strict=True))
        assert [labels[t] for t in w.result["t"]] == READINGS["gem to mess"]
