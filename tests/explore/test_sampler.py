import json

import numpy as np
import pytest
from unrolled.datasets import files
from unrolled.datasets.text import spelled_numbers
from unrolled.engine.training import predict
from unrolled.explore import Sampler
from unrolled.explore.sampler import DECADES, PREFIXES, TEMPERATURES, compute, model, text

SEEDS = [1, 2, 3, 4, 5]


def likeliest(prefix):
    result = Sampler(prefix=prefix, temperature=1.0).result
    return model()[2][result["p"].argmax()], result["p"].max()


def rare(temperature):
    """Words of all texts at a temperature that had less than one chance in a thousand."""
    draws = (compute(prefix, temperature, seed) for prefix in PREFIXES for seed in SEEDS)
    return sum((draw["chances"] < -3).sum() for draw in draws)


@pytest.mark.parametrize("prefix", PREFIXES)
def test_temperature_never_changes_the_order_of_the_words(prefix):
    order = Sampler(prefix=prefix, temperature=1.0).result["own"].argsort()
    for temperature in TEMPERATURES:
        p = compute(prefix, temperature, seed=1)["p"]
        assert p.sum() == pytest.approx(1)
        assert (np.diff(p[order]) >= 0).all()


@pytest.mark.parametrize("prefix", PREFIXES)
def test_the_hotter_the_less_sure(prefix):
    tops = [compute(prefix, t, seed=1)["p"].max() for t in TEMPERATURES]
    assert (np.diff(tops) <= 0).all()
    assert tops[-1] < tops[0]


def test_at_temperature_one_the_bars_end_at_their_ticks():
    for prefix in PREFIXES:
        result = Sampler(prefix=prefix, temperature=1.0).result
        np.testing.assert_allclose(result["p"], result["own"])


@pytest.mark.parametrize(
    ("prefix", "word", "at_least"),
    [
        ("sixteen", ".", 0.95),
        ("three hundred twenty six . three hundred twenty", "seven", 0.95),
        ("one hundred ninety nine .", "two", 0.7),
        ("nine hundred ninety nine .", "one", 0.9),
        ("one", "thousand", 0.9),
    ],
)
def test_it_knows_what_comes_next(prefix, word, at_least):
    found, p = likeliest(prefix)
    assert found == word
    assert p > at_least


def test_after_three_hundred_twenty_nine_digits_and_the_period_are_as_likely():
    p = dict(zip(model()[2], Sampler(prefix="three hundred twenty").result["own"], strict=True))
    ten = [p[word] for word in spelled_numbers(1, 10).replace(". ", "").split()]
    assert len(ten) == 10
    assert min(ten) > 0.09
    assert max(ten) < 0.11


def test_a_prefix_that_the_text_never_holds_gets_an_answer_all_the_same():
    assert "hundred hundred" not in spelled_numbers(1, 2000)
    assert likeliest("hundred hundred")[1] > 0.5


def test_cold_it_counts_and_every_draw_is_the_same():
    for prefix, start in (("nine hundred ninety nine .", 1000), ("one hundred ninety nine .", 200)):
        texts = {compute(prefix, 0.1, seed)["text"] for seed in SEEDS}
        assert len(texts) == 1
        counted = " ".join(spelled_numbers(start, start + 9).split()[:15])
        assert f"“{counted}”" in texts.pop()


def test_the_hotter_the_more_words_that_it_holds_for_nearly_impossible():
    counts = [rare(temperature) for temperature in (0.5, 1.0, 2.0, 3.0, 5.0)]
    assert counts[0] == 0
    assert (np.diff(counts) > 0).all()
    assert counts[-1] > 100


def test_the_chances_are_those_of_the_words_that_are_written():
    cell, params, vocabulary = model()
    w = Sampler(prefix="one", temperature=5.0, seed=3)
    written = w.result["text"].split("“")[1].split("”")[0]
    ids = np.array([[vocabulary.index(word) for word in f"one {written}".split()]])
    logits = predict(ids[:, :-1], params, cell=cell)[0][0]
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    expected = np.log10(p[np.arange(ids.size - 1), ids[0, 1:]])
    np.testing.assert_allclose(w.result["chances"], expected)
    assert f". {(expected < -3).sum()} words of 15" in w.result["text"]


def test_every_chance_lies_on_the_axis():
    for temperature in TEMPERATURES:
        for prefix in PREFIXES:
            for seed in SEEDS:
                assert compute(prefix, temperature, seed)["chances"].min() > DECADES[0]


@pytest.mark.parametrize(("rare", "words"), [(0, "No word"), (1, "1 word"), (2, "2 words")])
def test_it_counts_in_words(rare, words):
    assert f". {words} of 15 had" in text(["one", "."], rare)


def test_the_record_says_what_was_trained_and_what_was_kept_from_it():
    record = json.loads(files.path("results/numbers-lstm.json").read_text(encoding="utf-8"))
    found = record["results"]["perplexity"]
    assert record["results"]["words"] == model()[2]
    assert sum(array.size for array in model()[1].values()) < 25_000
    training, held_out, beyond = (
        found[part]["second half"]
        for part in ("training text", "held-out numbers", "2,000 to 2,499")
    )
    assert training < 1.01 < held_out < 1.2
    assert beyond > 30
