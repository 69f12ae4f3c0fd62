import json

import numpy as np
import pytest
from unrolled.datasets import files
from unrolled.datasets.text import spelled_numbers
from unrolled.engine.training import predict
from unrolled.explore import Sampler
from unrolled.explore.sampler import OPEN, PREFIXES, RARE, SURE, TEMPERATURES, TOLD, model

SEEDS = [1, 2, 3, 4, 5]
SAMPLER = Sampler()


@pytest.mark.parametrize("prefix", PREFIXES)
def test_temperature_keeps_the_order_and_lowers_the_top(prefix):
    answers = [SAMPLER.at(prefix=prefix, temperature=t) for t in TEMPERATURES]
    order = answers[0].arrays["own"].argsort()
    for answer in answers:
        assert answer.arrays["p"].sum() == pytest.approx(1)
        assert (np.diff(answer.arrays["p"][order]) >= 0).all()
    assert (np.diff([answer.facts["top"] for answer in answers]) <= 0).all()
    at_one = answers[TEMPERATURES.index(1.0)].arrays
    np.testing.assert_allclose(at_one["p"], at_one["own"])


@pytest.mark.parametrize(
    ("prefix", "word", "at_least"),
    [
        ("sixteen", ".", 0.95),
        (TOLD, "seven", 0.95),
        (SURE, "two", 0.7),
        ("nine hundred ninety nine .", "one", 0.9),
        ("one", "thousand", 0.9),
        ("hundred hundred", "one", 0.5),  # which the text never holds
    ],
)
def test_it_knows_what_comes_next(prefix, word, at_least):
    facts = SAMPLER.at(prefix=prefix, temperature=1.0).facts
    assert facts["likeliest"] == word
    assert facts["top"] > at_least


def test_after_three_hundred_twenty_nine_digits_and_the_period_are_as_likely():
    p = dict(zip(model()[2], SAMPLER.at(prefix=OPEN).arrays["own"], strict=True))
    ten = [p[word] for word in spelled_numbers(1, 10).replace(". ", "").split()]
    assert len(ten) == 10
    assert min(ten) > 0.09
    assert max(ten) < 0.11


def test_cold_it_counts_and_every_draw_is_the_same():
    for prefix, start in (("nine hundred ninety nine .", 1000), (SURE, 200)):
        found = {SAMPLER.at(prefix=prefix, temperature=0.1, seed=s).facts["drawn"] for s in SEEDS}
        assert found == {" ".join(spelled_numbers(start, start + 9).split()[:15])}


def test_the_hotter_the_more_words_that_it_holds_for_nearly_impossible():
    def rare(temperature):
        places = [{"prefix": prefix, "seed": seed} for prefix in PREFIXES for seed in SEEDS]
        return sum(SAMPLER.at(temperature=temperature, **at).facts["rare"] for at in places)

    counts = [rare(temperature) for temperature in (0.5, 1.0, 2.0, 3.0, 5.0)]
    assert counts[0] == 0
    assert (np.diff(counts) > 0).all()
    assert counts[-1] > 100


def test_the_chances_are_those_of_the_words_that_are_written():
    cell, params, vocabulary = model()
    arrays, facts, _ = SAMPLER.at(prefix="one", temperature=5.0, seed=3)
    ids = np.array([[vocabulary.index(word) for word in f"one {facts['drawn']}".split()]])
    logits = predict(ids[:, :-1], params, cell=cell)[0][0]
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    expected = np.log10(p[np.arange(ids.size - 1), ids[0, 1:]])
    np.testing.assert_allclose(arrays["chances"], expected)
    assert facts["rare"] == (expected < np.log10(RARE)).sum()


def test_question_and_stories_say_what_is_there():
    assert SAMPLER.facts["drawn"].startswith("two thousand one .")
    probabilities = [SAMPLER.at(temperature=t).facts["top"] for t in (1.0, 5.0)]
    assert [round(p, 2) for p in probabilities] == [0.85, 0.21]
    assert "fifteen hundred" in SAMPLER.at(temperature=5.0).facts["drawn"]


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
