"""What the chapter says of the record, and that the experiment writes one."""

import numpy as np
import pytest
from unrolled.datasets import load_results
from unrolled.experiments import balance


@pytest.fixture(scope="module")
def losses():
    """(way, length) -> losses (draws, rates), infinite where theta has left."""
    found = {}
    for run in load_results("balance")["results"]:
        row = [np.inf if end is None else end for end in run["loss"]]
        found.setdefault((run["way"], run["length"]), []).append(row)
    return {key: np.array(rows) for key, rows in found.items()}


def test_short_cuts_end_above_the_start_at_every_rate(losses):
    for way, lengths in {"every loss": (10, 20, 40), "blocks": (10, 20, 50, 100)}.items():
        for length in lengths:
            assert losses[way, length].min() > 0.5


def test_the_exact_gradient_and_long_cuts_arrive(losses):
    for key in [("exact", None), ("every loss", 60), ("blocks", 200)]:
        assert losses[key].min() < 1e-25
    assert 1e-6 < losses["blocks", 120].min() < 1e-4


def test_random_cuts_of_sixteen_arrive_in_all_draws_and_of_four_in_none(losses):
    assert losses["random", 16].shape[0] == balance.DRAWS == 10
    assert np.min(losses["random", 16].max(axis=0)) < 1e-25
    assert np.median(losses["random", 4], axis=0).min() > 0.5


def test_it_can_be_run_again(monkeypatch, folder):
    monkeypatch.setattr(balance, "STEPS", 2000)
    monkeypatch.setattr(balance, "LENGTHS", {"exact": [None], "random": [8]})
    monkeypatch.setattr(balance, "DRAWS", 2)
    monkeypatch.setattr(balance, "RATES", [1e-5, 1.0])
    balance.main()
    runs = balance.record.from_file(folder / "balance.json")["results"]
    assert [(run["way"], run["draw"]) for run in runs] == [
        ("exact", 0),
        ("random", 0),
        ("random", 1),
    ]
    assert runs[0]["loss"][1] is None
    assert runs[0]["loss"][0] < 0.5
