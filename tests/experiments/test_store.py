import numpy as np
import pytest
from unrolled.datasets import load_results
from unrolled.engine import lstm
from unrolled.experiments import order, store


@pytest.fixture
def small(monkeypatch):
    for name, value in {"CHECKS": 2, "TESTED": 100, "BATCH": 4}.items():
        monkeypatch.setattr(store, name, value)


def test_the_same_run_gives_the_same_shares_and_another_start_others(small):
    found = [store.train("LSTM, 8 units", 12, 4, 0.01, seed) for seed in (0, 0, 1)]
    shares = [(run["right"], run["by distance"]) for run in found]
    assert shares[0] == shares[1] != shares[2]
    assert len(found[0]["right"]) == 2


def test_an_rnn_of_18_units_has_about_as_many_parameters_as_an_lstm_of_8():
    sizes = {}
    for name, (_, H, start) in store.NETWORKS.items():
        params = start(5, H, rng=np.random.default_rng(0), dtype=np.float32)
        sizes[name] = sum(value.size for value in params.values())
    assert sizes["LSTM, 8 units"] == 448
    assert sizes["RNN, 18 units"] == sizes["RNN, 18 units, orthogonal"] == 432
    W = store.orthogonal_start(5, 18, rng=np.random.default_rng(0), dtype=np.float64)["W_hh"]
    np.testing.assert_allclose(W @ W.T, np.eye(18), atol=1e-12)
    assert (store.lstm_start(3.0)(5, 8, rng=np.random.default_rng(0))["b_f"] == 3).all()


@pytest.mark.parametrize("gate", "ifo")
def test_a_held_gate_is_1_and_training_leaves_it_there(gate, rng):
    params = store.held_start(gate)(5, 8, rng=rng, dtype=np.float32)
    h, tape = lstm.forward(rng.standard_normal((3, 12, 5)).astype(np.float32), params)
    grads = lstm.backward(rng.standard_normal(h.shape).astype(np.float32), tape, params)[2]
    assert (tape.gate(gate) == 1).all()
    for name, gradient in grads.items():
        assert gradient.any() != name.endswith(gate), name


def test_the_rate_is_the_one_whose_tuning_ends_best_and_then_the_quickest():
    late, early, bad = [0.5] * 5 + [1.0] * 5, [1.0] * 10, [1.0] * 9 + [0.0]
    runs = [
        {"rate": rate, "right": {0.003: late, 0.01: early}.get(rate, bad)} for rate in store.RATES
    ]
    assert store.best_rate(runs) == 0.01


def of(network, T, runs):
    """The tuning runs of a network and the others."""
    own = [run for run in runs if (run["T"], run["network"]) == (T, network)]
    return [[run for run in own if run["part"] == part] for part in ("tuning", "test")]


def test_every_network_was_tuned_alike_and_run_from_ten_starts():
    runs = load_results("store")["results"]
    for T, (_, networks) in store.PARTS.items():
        for network in networks:
            tuning, tested = of(network, T, runs)
            assert len(tuning) == len(store.RATES) * len(store.TUNING)
            assert [run["start"] for run in tested] == store.SEEDS
            assert {run["rate"] for run in tested} == {store.best_rate(tuning)}


@pytest.mark.parametrize(
    ("name", "network", "T", "rates"),
    [
        ("store-longer", "RNN, 18 units, orthogonal", 120, store.LONGER_RATES),
        ("store-held", "LSTM, i held", 60, store.HELD_RATES),
    ],
)
def test_what_was_recorded_later_was_tuned_as_well(name, network, T, rates):
    tuning, tested = of(network, T, load_results(name)["results"])
    assert len(tuning) == len(rates) * len(store.TUNING)
    assert sorted(run["start"] for run in tested) == store.SEEDS
    assert {run["rate"] for run in tested} == {store.best_rate(tuning)}


def test_no_pair_is_torn_apart():
    reviews = [[1, 2], [3], [2, 1], [4], [5], [3, 3], [6, 7], [7, 6], [8], [9], [10], [11]]
    assert order.pairs(reviews).tolist() == [[0, 2], [6, 7]]
    for seed in range(20):
        chosen = order.fifth(reviews, np.random.default_rng(seed))
        assert chosen[0] == chosen[2]
        assert chosen[6] == chosen[7]
        assert 2 <= chosen.sum() <= 4


def test_the_reader_is_trained_and_tested_on_what_it_is_given(rng):
    x, mask = rng.integers(2, 9, (16, 5)), np.ones((16, 5), bool)
    part = x, mask, rng.integers(0, 2, 16)
    logits = order.train("LSTM", 9, part, part, 0.01, 2, 0)
    assert logits.shape == (2, 16, 2)
    assert order.NETWORKS["LSTM"][0] is lstm
