import numpy as np
import pytest
from unrolled.datasets import load_results
from unrolled.engine.gradcheck import check_gradients
from unrolled.experiments import depth

RUNS = load_results("depth")["results"]


@pytest.fixture
def small(monkeypatch):
    for name, value in {"BATCH": 4, "CHECKS": 2, "TESTED": 8, "T": 4}.items():
        monkeypatch.setattr(depth, name, value)


@pytest.mark.parametrize("network", depth.NETWORKS)
def test_every_network_can_be_trained_and_the_same_run_gives_the_same(small, network):
    found = [depth.train(network, 2, 2, 0.1, seed) for seed in (0, 0)]
    assert found[0]["right"] == found[1]["right"]
    assert len(found[0]["right"]) == 2


@pytest.mark.parametrize("cell", [depth.BehindDense(), depth.BelowDense()])
def test_the_dense_layers_have_right_gradients(cell):
    report = check_gradients(cell, T=4, D=2, H=3)
    assert report.ok, report


def test_one_that_answers_later_is_asked_the_same(rng):
    x, targets = depth.sequences(3, 2, 0, np.random.default_rng(1))
    late_x, late = depth.sequences(3, 2, 1, np.random.default_rng(1))
    np.testing.assert_array_equal(late_x[:, :-1], x)
    assert not late_x[:, -1].any()
    np.testing.assert_array_equal(late[:, 1:], targets)


def test_networks_that_are_not_called_wider_are_about_as_large():
    sizes = {run["network"]: run["parameters"] for run in RUNS if run["pairs"] == 4}
    fair = [size for name, size in sizes.items() if "wider" not in name]
    assert len(fair) == 6
    assert max(fair) < 1.07 * min(fair)


@pytest.mark.parametrize(
    ("pairs", "network"), [(p, n) for p in depth.PARTS for n in depth.PARTS[p]]
)
def test_every_network_was_tuned_alike_and_run_from_ten_starts(pairs, network):
    own = [run for run in RUNS if (run["pairs"], run["network"]) == (pairs, network)]
    tuning = [run for run in own if run["part"] == "tuning"]
    tested = [run for run in own if run["part"] == "test"]
    assert len(tuning) == len(depth.RATES) * len(depth.TUNING)
    assert [run["start"] for run in tested] == depth.SEEDS
    assert {run["rate"] for run in tested} == {depth.best_rate(tuning)}
