"""What is chosen for whole reviews of IMDB is chosen on reviews that are set aside for it."""

import base64
import json

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("sklearn")

from unrolled.experiments import imdb_improved  # noqa: E402
from unrolled.experiments.imdb import split  # noqa: E402
from unrolled.experiments.imdb_improved import Candidate  # noqa: E402

CPU = torch.device("cpu")


def test_the_parts_are_disjoint_keep_their_targets_and_leave_the_test_reviews_out(few_improved):
    parts = split(few_improved, 10)
    numbers = {id(review): i for i, review in enumerate(few_improved.x_train)}
    rows = {
        name: [numbers[id(review)] for review in parts[name][0]] for name in ("train", "validation")
    }
    assert sorted(rows["train"] + rows["validation"]) == list(range(40))
    assert (len(rows["train"]), len(rows["validation"])) == (30, 10)
    for name, own in rows.items():
        np.testing.assert_array_equal(parts[name][1], few_improved.targets_train[own])
    assert rows["validation"] != list(range(10))
    assert parts["test"][0] is few_improved.x_test
    again = split(few_improved, 10)
    assert [id(review) for review in again["train"][0]] == [id(r) for r in parts["train"][0]]


def test_the_test_reviews_are_read_with_the_weights_of_the_best_epoch(few_improved, monkeypatch):
    """And the training ends when three epochs in a row were no better than the best."""
    parts = split(few_improved, 10)
    known = iter([0.5, 0.7, 0.9, 0.8, 0.8, 0.6, 0.7, 0.7, 0.9, 0.7, 0.4])  # of ten
    weights = []

    def passed(model, reviews, targets, device, optimizer=None, rng=None):
        if optimizer is not None:
            with torch.no_grad():
                model.readout.bias.add_(1)
        weights.append(model.readout.bias.item())
        return np.arange(10) < 10 * next(known) - 0.5

    monkeypatch.setattr(imdb_improved, "passed", passed)
    found = imdb_improved.run(Candidate(6), parts, 0, CPU)
    assert found["train"] == [0.5, 0.9, 0.8, 0.7, 0.9]
    assert found["validation"] == [0.7, 0.8, 0.6, 0.7, 0.7]
    assert found["test at best epoch"] == 0.4
    assert weights[-1] == weights[3] == weights[0] + 1


def test_the_whole_experiment_goes_on_with_the_candidate_that_validates_best(
    few_improved, folder, monkeypatch
):
    scores = {3: 0.6, 5: 0.9, 7: 0.7}
    trained = []

    def run(candidate, parts, seed, device):
        trained.append((candidate.words, seed))
        best = scores[candidate.words]
        return {"validation": [best - 0.2, best, 0.1], "test at best epoch": 1 - best}

    monkeypatch.setattr(imdb_improved, "run", run)
    monkeypatch.setattr(imdb_improved, "CANDIDATES", [Candidate(words) for words in scores])
    imdb_improved.main(seeds=3, device="cpu")
    assert trained == [(3, 0), (5, 0), (7, 0), (5, 1), (5, 2)]
    imdb_improved.main(seeds=4, device="cpu")
    assert trained[5:] == [(5, 3)]
    results = json.loads((folder / "imdb-improved.json").read_text())["results"]
    assert [entry["words"] for entry in results] == [3, 5, 7, 5, 5, 5]


def test_a_small_experiment_runs_as_it_is(few_improved, folder, monkeypatch):
    monkeypatch.setattr(imdb_improved, "CANDIDATES", [Candidate(6), Candidate(6, pooling="max")])
    imdb_improved.main(seeds=2, device="cpu")
    found = json.loads((folder / "imdb-improved.json").read_text())
    networks = found["results"]
    assert [entry["seed"] for entry in networks] == [0, 0, 1]
    best = max(networks[:2], key=lambda entry: max(entry["validation"]))
    assert networks[2]["pooling"] == best["pooling"]
    for entry in networks:
        right = np.unpackbits(np.frombuffer(base64.b64decode(entry["right"]), np.uint8), count=20)
        assert right.mean().round(4) == entry["test at best epoch"]
