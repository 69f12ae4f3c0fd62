import itertools

import numpy as np
import pytest
from numpy.testing import assert_allclose
from unrolled.analysis.gates import clamped
from unrolled.datasets import files, latch, load_reviews, results
from unrolled.datasets.words import numbered, words_in
from unrolled.engine import dense, lstm
from unrolled.experiments.gate_models import answer, two_stored
from unrolled.explore import GateInspector
from unrolled.explore.gate_inspector import (
    FREE,
    HELD,
    LETTERS,
    READINGS,
    REVIEWS,
    H,
    inputs,
    model,
    run,
    task_of,
)

RECORD = results.read("gate-models")
INSPECTOR = GateInspector()


def facts(reading, held):
    return INSPECTOR.at(reading=reading, held=held).facts


@pytest.mark.parametrize("reading", READINGS)
def test_left_alone_it_shows_what_the_engine_computes(reading):
    params = model(task_of(reading))[0]
    h, tape = lstm.forward(inputs(reading)[0], params)
    arrays, found, _ = INSPECTOR.at(reading=reading, unit=3)
    for gate in "ifgo":
        assert_allclose(arrays[gate], tape.gate(gate)[0, :, 3], atol=1e-5)
    assert_allclose(arrays["cells"][:H], np.tanh(tape.c[1:, 0]).T, atol=1e-5)
    best = dense.forward(h, params)[0, -1].argmax()
    assert found["said"] == (("bad", "good") if reading in REVIEWS else "abcd")[best]


@pytest.mark.parametrize(
    "x",
    [
        two_stored(1000, np.random.default_rng(2))[0],
        latch(1000, 60, rng=np.random.default_rng(1))[0].astype(np.float32),
    ],
    ids=["as shown", "as trained on"],
)
def test_unit_7_shuts_its_forget_gate_at_store_alone(x):
    store = x[:, :, -1] > 0
    f = clamped(x, model("letters")[0])["f"][:, :, 7]
    later = (np.cumsum(store, axis=1) > 0) & ~store
    assert f[store].max() < 0.3
    assert f[later].min() > 0.75
    shown = INSPECTOR.arrays
    marked = np.array([word.startswith("store") for word in LETTERS])
    assert shown["i"][marked].min() > 0.95 > 0.4 > shown["i"][3:][~marked[3:]].max()


def test_in_all_test_reviews_no_gate_is_as_sharp():
    params, words, _ = model("reviews")
    texts, _, splits = load_reviews()
    number = {word: i for i, word in enumerate(words)}
    for text in (text for text, part in zip(texts, splits, strict=True) if part == "test"):
        found = clamped(params["W_e"][numbered(words_in(text), number, unknown=1)][None], params)
        assert min(found[gate].min() for gate in "ifo") > 0.1


def test_what_is_named_with_a_gate_held():
    """The numbers of the sentences, on 1,000 sequences of the kind that is shown."""
    x, stored = two_stored(1000, np.random.default_rng(2))
    marked = [word.startswith("store") for word in LETTERS]
    assert_allclose(x[:, :, -1], np.broadcast_to(marked, x.shape[:2]))
    params = model("letters")[0]
    said = {held: answer(x, params, HELD[held]) for held in HELD}
    for held in HELD:
        found = facts("letters", held)
        assert (said[held] == stored[:, 1]).mean() == pytest.approx(found["share"], abs=2e-3)
        assert (said[held] == stored[:, 0]).mean() == pytest.approx(found["first"], abs=2e-3)
    assert {*said["i = 0"], *said["o = 0"]} == {"abcd".index("b")}
    assert (said["i = 1"] == "abcd".index("d")).mean() == pytest.approx(2 / 3, abs=0.01)
    assert 0.2 < facts("letters", "f = 0")["share"] < 0.3
    assert facts("letters", "f = 1")["first"] == pytest.approx(0.94, abs=0.005)
    assert facts("letters", "o = 1")["share"] == facts("letters", FREE)["share"] == 1


def test_with_every_forget_gate_open_it_answers_with_the_first_letter():
    assert facts("letters", "f = 1")["said"] == "b" == LETTERS[2][-1]
    assert (np.abs(INSPECTOR.at(held="f = 1").arrays["cells"][:H, -1]) > 0.93).sum() == H - 1


def test_a_forget_gate_held_at_0_loses_the_letter_within_three_more():
    belief = INSPECTOR.at(held="f = 0").arrays["cells"][-1]
    stores = [t for t, word in enumerate(LETTERS) if word.startswith("store")]
    assert all(belief[t] > 0.9 and belief[t + 3] < 0 for t in stores)
    assert not facts("letters", "f = 0")["correct"]


def test_both_reviews_have_the_same_words_and_the_forget_gates_tell_them_apart():
    texts, targets, splits = load_reviews()
    for name, text in REVIEWS.items():
        where = texts.index(text)
        assert splits[where] == "test"
        assert targets[where] == name.endswith("gem")
        assert facts(name, FREE)["correct"]
        assert not facts(name, "f = 0")["correct"]
    first, second = (READINGS[name] for name in REVIEWS)
    assert sorted(first) == sorted(second)
    assert first != second


def test_the_judgment_turns_at_the_word_that_turns_the_review():
    words, belief = READINGS["mess to gem"], INSPECTOR.at(reading="mess to gem").arrays["cells"][-1]
    assert belief[words.index("mess") : words.index("gem")].max() < -0.5
    assert belief[words.index("gem") + 1 :].min() > 0.3


def test_the_shares_of_reviews_are_those_of_the_record():
    kept = RECORD["results"]["reviews"]
    for name, held in itertools.product(REVIEWS, HELD):
        wanted = kept["test accuracy with a gate held"].get(held, kept["test accuracy"])
        assert facts(name, held)["share"] == wanted
    assert (load_reviews().splits == "test").sum() == 80


def test_the_reviews_shown_are_by_the_median_of_the_seeds():
    found = RECORD["results"]["reviews"]
    assert found["test accuracy"] == np.median(found["test accuracy of each seed"])


def test_the_weights_are_small_and_hold_no_pickles():
    path = files.path("results/gate-models.npz")
    assert path.stat().st_size < 150_000
    with np.load(path, allow_pickle=False) as file:
        arrays = dict(file)
    assert {a.dtype for k, a in arrays.items() if not k.endswith("words")} == {np.dtype("f4")}


def test_every_step_of_a_reading_is_labeled_with_its_word():
    t = INSPECTOR.at(reading="gem to mess").arrays["t"]
    for pane in INSPECTOR.panes():
        axis = pane.layout.xaxis
        labels = dict(zip(axis.tickvals, axis.ticktext, strict=True))
        assert [labels[step] for step in t] == READINGS["gem to mess"]
    assert run("letters", FREE)[0]["c"].shape == (len(LETTERS), H)
