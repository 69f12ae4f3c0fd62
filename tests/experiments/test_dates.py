import json

import numpy as np
import pytest
from unrolled.datasets import files
from unrolled.datasets.dates import DATES, date_pairs
from unrolled.datasets.pairs import END, START, WORDS, batch, word_pairs
from unrolled.engine.decoding import Draft, greedy
from unrolled.experiments import dates


def pairs(N, rng):
    return word_pairs(N, (1, 2), rng=rng, letters=3)


@pytest.fixture(scope="module")
def taught():
    """A network that has learned to say words of one or two letters again."""
    patch = pytest.MonkeyPatch()
    patch.setattr(dates, "RATE", 0.02)
    kept = dates.teach("dot", 16, 150, WORDS, pairs, 0, stages=(3, 60))
    patch.undo()
    return kept


TEST = word_pairs(60, (1, 2), rng=np.random.default_rng(5), letters=3)


def test_every_stage_is_kept_and_the_last_is_the_best(taught):
    assert list(taught) == [3, 60, 150]
    shares = [dates.measure(p, "dot", WORDS, TEST)["whole answers"] for p in taught.values()]
    assert shares[0] < 0.3
    assert shares[-1] > 0.9


def test_the_stages_do_not_change_the_training():
    once = dates.teach("additive", 4, 5, WORDS, pairs, 1)
    twice = dates.teach("additive", 4, 5, WORDS, pairs, 1, stages=(2, 5))
    for name, value in once[5].items():
        np.testing.assert_array_equal(value, twice[5][name])


def test_another_seed_is_another_network():
    first, other = (dates.teach("none", 4, 1, WORDS, pairs, seed)[1] for seed in (0, 1))
    assert not np.array_equal(first["W_hy"], other["W_hy"])


def test_shares_are_counted_at_letters_and_at_whole_answers(taught):
    found = dates.measure(taught[60], "dot", WORDS, TEST)
    assert list(found) == ["letters after the truth", "letters written alone", "whole answers"]
    assert 0 <= found["whole answers"] <= found["letters written alone"] <= 1
    best = dates.measure(taught[150], "dot", WORDS, TEST)
    assert best["letters after the truth"] > found["whole answers"] - 0.01


def test_letters_written_alone_are_those_of_greedy_at_their_places(taught):
    params, data = taught[60], batch(*TEST, WORDS)
    texts = []
    for source in TEST[0]:  # one by one, and cut where it ends
        x = np.array([WORDS.ids(source)])
        ids, _ = greedy(x, params, model=dates.model_of("dot"), start=START, end=END, limit=9)
        texts.append([*ids[0], *[END] * 9])
    right = [texts[n][u] == data.targets[n, u] for n, u in np.argwhere(data.counted)]
    found = dates.measure(params, "dot", WORDS, TEST)
    assert found["letters written alone"] == pytest.approx(np.mean(right), abs=1e-4)
    assert found["letters written alone"] != found["letters after the truth"]


def test_what_a_wide_beam_gains_and_loses_is_counted(monkeypatch):
    def write(text, log_p):
        return [Draft((*WORDS.ids(text), END), log_p)]

    told = {  # what is found with one draft, and with more; the source is the right answer
        "a": (write("b", -2.0), write("a", -1.0)),
        "b": (write("b", -2.0), write("c", -1.0)),
        "c": (write("c", -2.0), write("b", -1.5)),
        "d": (write("d", -2.0), write("d", -2.0)),
        "e": (write("a", -2.0), write("b", -1.0)),
        "f": (write("f", -1.0), write("a", -3.0)),
    }

    def beam_of(model, x, params, *, width, **marks):
        return told[WORDS.text(x)][width > 1]

    monkeypatch.setattr(dates, "beam_of", beam_of)
    found = dates.search({}, "none", WORDS, (list(told), list(told)))
    assert found[2] == {
        "whole answers": round(2 / 6, 4),
        "mean log probability": round(-9.5 / 6, 4),
        "likelier than greedy": 4,
        "of these right, greedy wrong": 1,
        "of these wrong, greedy right": 2,
        "below greedy": 1,
    }


def test_a_beam_of_one_has_what_greedy_has_and_a_wide_one_is_no_worse_in_likelihood(taught):
    found = dates.search(taught[60], "dot", WORDS, TEST)
    assert list(found) == dates.WIDTHS
    greedy = dates.measure(taught[60], "dot", WORDS, TEST)["whole answers"]
    assert found[1]["whole answers"] == pytest.approx(greedy, abs=1e-4)
    assert found[1]["likelier than greedy"] == found[1]["below greedy"] == 0
    assert found[8]["mean log probability"] >= found[1]["mean log probability"]
    better = found[8]["of these right, greedy wrong"] - found[8]["of these wrong, greedy right"]
    if not found[8]["below greedy"]:
        difference = found[8]["whole answers"] - found[1]["whole answers"]
        assert difference == pytest.approx(better / len(TEST[0]), abs=1e-3)


def test_a_small_run_writes_its_record_and_the_weights(monkeypatch, folder):
    few = {"none": ("none", 32, 6), "dot": ("dot", 32, 6)}
    for name, value in {
        "STAGES": [1, 2, 3, 4, 6], "READERS": few, "REPEATERS": few, "SEEDS": (0,),
        "TESTED": 10, "SEARCHED": 2, "LENGTHS": list(range(1, 11)), "WIDTHS": [1, 2],
    }.items():  # fmt: skip
        monkeypatch.setattr(dates, name, value)
    dates.main()
    record = json.loads((folder / "dates.json").read_text())
    results = record["results"]
    assert list(results["dates"]["dot"][0]) == ["1", "2", "3", "4", "6"]
    assert np.shape(results["words"]["whole words"]["none"]) == (1, 10)
    assert list(results["beams"]["dates"]["dot"]) == ["3", "4", "6"]
    with np.load(folder / "dates.npz", allow_pickle=False) as file:
        assert {name.split("/")[0] for name in file.files} == {"dot"}
        assert {value.dtype for value in file.values()} == {np.dtype(np.float16)}
        assert file["dot/6/encoder.W_e"].shape == (DATES.V, dates.D)


def recorded():
    return json.loads(files.path("results/dates.json").read_text())["results"]


def test_the_recorded_weights_are_as_right_as_the_record_says():
    params = {}
    with np.load(files.path("results/dates.npz"), allow_pickle=False) as file:
        for name, value in file.items():
            kind, stage, key = name.split("/")
            params.setdefault((kind, stage), {})[key] = value.astype(np.float32)
    assert len(params) == 10
    test = date_pairs(200, rng=np.random.default_rng(99), split="test")
    for (kind, stage), own in params.items():
        found = dates.measure(own, kind, DATES, test)
        for name, share in recorded()["dates"][kind][0][stage].items():
            assert found[name] == pytest.approx(share, abs=0.08), (kind, stage)


def test_the_weights_are_small():
    assert files.path("results/dates.npz").stat().st_size < 400_000
