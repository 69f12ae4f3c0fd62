import itertools

import numpy as np
import pytest
from unrolled.datasets import load_results
from unrolled.engine import lstm
from unrolled.experiments import counting
from unrolled.explore import counter


@pytest.fixture
def small(monkeypatch):
    for name, value in {"UPDATES": 4, "CHECKS": 2, "TESTED": 12, "BATCH": 4}.items():
        monkeypatch.setattr(counting, name, value)


def test_the_same_run_gives_the_same_shares_and_another_start_others(small):
    found = [counting.train("GRU", 0.1, seed)[1]["W_hz"] for seed in (0, 0, 1)]
    assert (found[0] == found[1]).all()
    assert (found[0] != found[2]).all()


@pytest.mark.parametrize("network", counting.NETWORKS)
def test_the_networks_are_about_as_large(network):
    held = {"LSTM, no output gate": ("o",), "LSTM, i = 1 - f": ("i",)}.get(network, ())
    params = counting.start(network, 0)
    size = sum(v.size for k, v in params.items() if k[-1] not in (*held, "y"))
    assert 320 <= size <= 380


def test_a_gate_that_is_held_or_coupled_stays_so_in_training(small):
    _, params = counting.train("LSTM, i = 1 - f", 0.1, 0)
    before = counting.start("LSTM, i = 1 - f", 0)
    for part in ("W_x", "W_h", "b_"):
        np.testing.assert_array_equal(params[f"{part}i"], -params[f"{part}f"])
        assert (params[f"{part}f"] != before[f"{part}f"]).all()
    x, h = np.eye(2, dtype=np.float32), np.ones((2, 9), np.float32)
    i, f, _, _ = lstm.gates(x, h, params)
    np.testing.assert_allclose(i + f, 1, rtol=1e-6)
    _, params = counting.train("LSTM, no output gate", 0.1, 0)
    assert (lstm.gates(x, h, params)[3] == 1).all()


def test_what_is_counted_is_right_at_every_letter():
    params = counter.by_hand()
    assert counting.counted("LSTM", params, 30).all()
    late = params | {"b_y": np.array([0.0, -6.0])}  # says enough one b too late
    assert not counting.counted("LSTM", late, 30).any()


def test_every_network_was_tuned_alike_and_run_from_ten_starts():
    runs = load_results("counting")["results"]
    for network in counting.NETWORKS:
        tuning, tested = (
            [r for r in runs if (r["network"], r["part"]) == (network, part)]
            for part in ("tuning", "test")
        )
        assert len(tuning) == len(counting.RATES) * len(counting.TUNING)
        assert [run["start"] for run in tested] == counting.SEEDS
        assert {run["rate"] for run in tested} == {counting.best_rate(tuning)}


@pytest.mark.parametrize("network", counter.CELLS)
def test_the_weights_that_are_shown_are_those_of_a_middling_start(network):
    runs = load_results("counting")["results"]
    tested = [r for r in runs if (r["network"], r["part"]) == (network, "test")]
    right = np.flatnonzero(counting.counted(network, counter.model(network)[1])) + 1
    assert right.tolist() == counting.middle(tested)["counted"]


def test_every_network_ran_at_both_rates_from_the_same_starts_and_the_gru_for_longer():
    runs = load_results("counting")["results"]
    for network, rate in itertools.product(counting.NETWORKS, counting.ALIKE):
        found = [r for r in runs if (r["network"], r["rate"]) == (network, rate)]
        starts = [r["start"] for r in found if r["part"] in ("test", "alike")]
        assert starts == counting.SEEDS
    longer = [r for r in runs if r["part"] == "longer"]
    assert {(r["network"], r["updates"]) for r in longer} == {("GRU", counting.LONGER)}
    assert len(longer) == len(counting.ALIKE) * len(counting.SEEDS)


def test_gru_and_lstm_also_start_with_the_bias_of_the_other(small):
    assert counting.start("GRU", 0, swapped=True)["b_z"].tolist() == [1.0] * 9
    assert counting.start("LSTM", 0, swapped=True)["b_f"].tolist() == [0.0] * 8
    assert counting.start("GRU", 0)["b_z"].tolist() == [0.0] * 9
    runs = [r for r in load_results("counting")["results"] if r["part"] == "swapped"]
    right = {
        (network, rate): [
            len(r["counted"]) for r in runs if (r["network"], r["rate"]) == (network, rate)
        ]
        for network, rate in itertools.product(counting.SWAPPED, counting.ALIKE)
    }
    assert {len(each) for each in right.values()} == {len(counting.SEEDS)}
    assert max(right["GRU", 0.1] + right["GRU", 0.3]) == 14
    assert min(right["LSTM", 0.3]) == 25
