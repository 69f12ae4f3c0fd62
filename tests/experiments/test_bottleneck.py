import json

import numpy as np
import pytest
from unrolled.datasets import files
from unrolled.datasets.pairs import END, WORDS
from unrolled.engine.decoding import Draft
from unrolled.experiments import bottleneck


def test_everything_is_recorded(monkeypatch, folder):
    for name, value in {
        "UPDATES": 3, "TESTED": 4, "WORDS_SEARCHED": 2, "LENGTHS": [1, 3], "STARTS": {},
        "SEARCHED": {"32 units": [2]}, "SHOWN": ["32 units", "back"],
        "WIDTHS": [(1, 0.0), (2, 1.0)],
        "NETWORKS": {
            "32 units": ("none", 4, False), "back": ("none", 4, True),
            "both": ("none, both ways", 4, False),
        },
    }.items():  # fmt: skip
        monkeypatch.setattr(bottleneck, name, value)
    bottleneck.main()
    runs = json.loads((folder / "bottleneck.json").read_text())["results"]
    assert len(runs) == 15 + 3 * 5
    assert {run["rate"] for run in runs[15:]} == {*bottleneck.OTHER_RATES}
    assert np.shape(runs[0]["whole words"]) == (2,)
    assert [len(row) for row in runs[0]["letters right"]] == [1, 3]
    assert [each["alpha"] for each in runs[0]["beams"]["2"]] == [0, 1]
    assert runs[1]["beams"] == {}
    with np.load(folder / "bottleneck.npz", allow_pickle=False) as file:
        assert {name.split("/")[0] for name in file.files} == {"32 units", "back"}
        assert {value.dtype for value in file.values()} == {np.dtype(np.float16)}


def test_backward_means_that_the_word_is_read_from_its_end():
    plain, turned = (
        bottleneck.pairs(5, (2, 4), np.random.default_rng(0), way) for way in (False, True)
    )
    assert plain[1] == turned[1] == plain[0]
    assert [word[::-1] for word in turned[0]] == turned[1]


def test_answers_are_counted_by_their_length(monkeypatch):
    written = {"ab": "ab", "ba": "a", "aa": "aba"}

    def draft(model, ids, params, **how):
        return [Draft((*WORDS.ids(written[WORDS.text(ids)]), END), -1.0)]

    monkeypatch.setattr(bottleneck, "beam_of", draft)
    monkeypatch.setattr(bottleneck, "word_pairs", lambda *_, **__: (list(written), list(written)))
    found = bottleneck.search({}, "none", 2)[0]
    assert (found["right"], found["too short"], found["too long"]) == (1, 1, 1)


def recorded():
    return json.loads(files.path("results/bottleneck.json").read_text())["results"]


def test_the_recorded_weights_are_as_right_as_the_record_says(monkeypatch):
    params = {}
    with np.load(files.path("results/bottleneck.npz"), allow_pickle=False) as file:
        for name, value in file.items():
            network, key = name.split("/")
            params.setdefault(network, {})[key] = value.astype(np.float32)
    assert list(params) == bottleneck.SHOWN
    lengths = [4, 8, 10]
    monkeypatch.setattr(bottleneck, "LENGTHS", lengths)
    for network in bottleneck.SHOWN:
        kind, _, backward = bottleneck.NETWORKS[network]
        found = bottleneck.measure(params[network], kind, backward)["whole words"]
        (run,) = [r for r in recorded() if r["network"] == network and r["start"] == 0][:1]
        expected = [run["whole words"][n - 1] for n in lengths]
        assert found == pytest.approx(expected, abs=0.04), network


def test_the_first_starts_are_those_of_dates():
    before = json.loads(files.path("results/dates.json").read_text())["results"]["words"]
    for name, earlier in (("32 units", "none"), ("64 units", "none, 64 units")):
        for start, found in enumerate(before["whole words"][earlier]):
            run, *_ = [r for r in recorded() if (r["network"], r["start"]) == (name, start)]
            assert run["whole words"] == pytest.approx(found, abs=0.02)


def test_the_weights_are_small():
    assert files.path("results/bottleneck.npz").stat().st_size < 200_000
