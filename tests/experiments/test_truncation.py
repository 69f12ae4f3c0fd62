import itertools
import json

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from unrolled.datasets import load_results
from unrolled.engine import initializers
from unrolled.experiments import truncation

SMALL = {
    "H": 6, "LETTERS": 40, "UPDATES": 4, "LAGS": [2], "CUTS": [0, 5], "RATES": [0.001, 0.01],
    "TUNING": [100], "SEEDS": [0, 1], "TEST": 10, "LONGER_RATES": [0.01], "LONGER": 2,
    "LONGER_CELLS": [("default", 2, 5)], "ONE_RATE_CELLS": [("orthogonal", 2, 5)],
    "CONTROLS": [("turned", 2, 5)], "SHORT_BY_ONE": [("orthogonal", 2, 2)],
}  # fmt: skip


@pytest.fixture
def small(monkeypatch):
    for name, value in SMALL.items():
        monkeypatch.setattr(truncation, name, value)


def test_the_target_is_the_letter_that_came_lag_steps_before_across_blocks(rng):
    blocks = itertools.islice(truncation.stream(3, 4, 6, rng), 5)
    x, targets = (np.concatenate(parts, axis=1) for parts in zip(*blocks, strict=True))
    assert set(np.unique(x)) == {-1, 1}
    assert x.shape == (3, 20, 1)
    assert_array_equal(targets[:, 6:], x[:, :-6, 0] > 0)


def test_the_starts_differ_in_what_their_names_say(rng):
    default, quiet, orthogonal = (
        truncation.STARTS[name](rng=np.random.default_rng(5))
        for name in ("default", "quiet", "orthogonal")
    )
    assert_allclose(quiet["W_xh"], truncation.QUIET * default["W_xh"])
    assert_array_equal(quiet["W_hh"], default["W_hh"])
    assert_array_equal(orthogonal["W_xh"], quiet["W_xh"])
    W = orthogonal["W_hh"]
    assert_allclose(W @ W.T, np.eye(truncation.H), atol=1e-12)
    assert initializers.spectral_radius(W) == pytest.approx(1)


def test_with_a_cut_of_0_only_the_readout_moves(rng):
    params = truncation.default_start(rng=rng)
    before = {name: value.copy() for name, value in params.items()}
    truncation.train(params, 0, 2, rng, rate=0.01, updates=3)
    moved = {name for name in params if not np.array_equal(params[name], before[name])}
    assert moved == {"W_hy", "b_y"}


def test_a_cut_of_1_trains_the_cell_too(rng):
    params = truncation.default_start(rng=rng)
    before = {name: value.copy() for name, value in params.items()}
    truncation.train(params, 1, 2, rng, rate=0.01, updates=3)
    assert all(not np.array_equal(params[name], before[name]) for name in params)


def test_the_same_run_gives_the_same_errors():
    runs = [truncation.run("orthogonal", 3, 5, 0, rate=0.003, updates=30) for _ in range(2)]
    assert runs[0] == runs[1]


def test_everything_is_recorded_once(small, folder, monkeypatch):
    truncation.main()
    record = json.loads((folder / "truncation.json").read_text())
    cells = [(r["part"], r["start"], r["lag"], r["k"]) for r in record["results"]]
    assert len(set(cells)) == len(cells) == 2 * 2 + 1 + 1 + 1 + 1 + 1 + 1
    for run in record["results"]:
        if run["part"] == "longer":
            assert np.shape(list(run["test"].values())) == (1, 2)
            continue
        assert run["rate"] in (SMALL["RATES"] if run["k"] else [None])
        assert all(0 <= error <= 1 for part in ("training", "test") for error in run[part])
        assert len(run["test"]) == len(run["training"]) == 2
    monkeypatch.setattr(truncation, "run", None)
    truncation.main()


def test_what_the_chapter_says_about_the_shipped_record():
    """At lag 8 a gradient of five steps beats the readout alone; at lag 30 the start decides."""
    results = load_results("truncation")["results"]
    wrong = {(r["start"], r["lag"], r["k"]): r["test"] for r in results if r["part"] == "map"}
    assert max(wrong["default", 8, 5]) < 0.05 < 0.15 < min(wrong["default", 8, 0])
    assert min(wrong["default", 30, 40]) > 0.45
    assert max(wrong["orthogonal", 30, 40]) < 0.05
    assert max(wrong["orthogonal", 8, 0]) < 0.01
    last = {(r["start"], r["lag"]): r["test"] for r in results if r["part"] == "readout last"}
    assert min(last["orthogonal", 12]) > 10 * max(wrong["orthogonal", 12, 0])
