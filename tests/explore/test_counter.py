import numpy as np
import pytest
from unrolled.datasets import as_many
from unrolled.engine import dense, gru
from unrolled.explore import Counter
from unrolled.explore.counter import (
    BY_HAND,
    GRU_BY_HAND,
    MOST,
    NETWORKS,
    NS,
    TRAINED,
    asked,
    gru_by_hand,
    model,
    run,
    unit,
)

w = Counter()


def wrong(n, dtype):
    """Those of the n that the GRU set by hand gets wrong at any letter, in that precision."""
    params = {name: value.astype(dtype) for name, value in gru_by_hand().items()}
    x, targets = as_many(n, 2 * max(n) + 5)
    logits = dense.forward(gru.forward(x.astype(dtype), params)[0], params)
    assert logits.dtype == dtype
    read = np.arange(x.shape[1]) < 2 * n[:, None] + 5
    return n[((logits.argmax(axis=-1) != targets) & read).any(axis=1)]


@pytest.mark.parametrize("network", [BY_HAND, GRU_BY_HAND])
def test_set_by_hand_it_counts_on_without_a_mistake(network):
    np.testing.assert_array_equal(asked(network), NS)


def test_a_gru_that_multiplies_is_never_wrong_until_its_digits_are_used_up():
    assert wrong(NS[:80], np.float32).size == 0
    assert wrong(NS + MOST, np.float32)[0] < 120
    assert wrong(NS + MOST, float).size == 0
    assert wrong(NS + 3 * MOST, float).size > 0
    held = w.at(network=GRU_BY_HAND, n=60).arrays["held"]
    np.testing.assert_allclose(held[2:61] / held[1:60], 0.9, rtol=1e-4)
    np.testing.assert_allclose(held[61:120] / held[60:119], 1 / 0.9, rtol=1e-4)
    assert held[1] == 1
    assert np.abs(run(GRU_BY_HAND)[0][59, :120, 0]).max() < 0.01


@pytest.mark.parametrize("network", NETWORKS)
def test_within_training_no_network_is_wrong(network):
    np.testing.assert_array_equal(asked(network)[:TRAINED], NS[:TRAINED])


def test_beyond_it_the_lstm_counts_furthest_and_the_rnn_tells_odd_from_even():
    first_wrong = {n: np.argmax(asked(n) != NS) + 1 for n in ("RNN", "GRU", "LSTM")}
    assert first_wrong == {"RNN": 11, "GRU": 13, "LSTM": 80}
    assert asked("GRU")[29] == 15
    assert asked("GRU")[TRAINED:].max() == 16
    assert set(asked("RNN")[15::2]) == {12}
    assert set(asked("RNN")[14::2]) == {10}


def test_what_it_says_is_what_the_engine_computes():
    cell, params = model("GRU")
    assert cell is gru
    x, _ = as_many([20], 60)
    h, _ = cell.forward(x, params)
    enough = dense.forward(h, params)[0].argmax(axis=1)
    first = int(np.flatnonzero(enough[20:])[0]) + 1
    facts = w.at(network="GRU", n=20).facts
    assert facts["said"] == first
    assert facts["off"] == 20 - first
    best, sign = unit("GRU")
    held = w.at(network="GRU", n=20).arrays["held"]
    np.testing.assert_allclose(held[1 : 21 + first], sign * h[0, : 20 + first, best], rtol=1e-12)


def test_a_state_stays_below_its_ceiling_and_to_a_gru_an_a_counts_less_and_less():
    for network in ("RNN", "GRU"):
        assert np.nanmax(np.abs(w.at(network=network, n=MOST).arrays["held"])) < 1
    steps = np.diff(w.at(network="GRU", n=MOST).arrays["held"][: MOST + 1])
    assert (steps[5:] > 0).all()
    fives = steps[5:].reshape(-1, 5).mean(axis=1)
    assert (np.diff(fives) < 0).all()
    assert fives[-1] < fives[0] / 100


def test_the_steps_down_of_the_lstm_are_a_little_larger_than_its_steps_up():
    answer = w.at(network="LSTM", n=90)
    held, said = answer.arrays["held"], answer.facts["said"]
    up, down = (held[90] - held[0]) / 90, (held[90] - held[90 + said]) / said
    assert answer.facts["how"] == "early"
    assert 1.01 < down / up < 1.03


def test_the_cell_of_an_lstm_has_no_ceiling():
    for network in ("LSTM", BY_HAND):
        answer = w.at(network=network, n=MOST)
        assert np.nanmax(answer.arrays["held"]) > 20
        assert np.isnan(answer.arrays["ceiling"]).all()
        assert answer.facts["last"] > answer.facts["most"] / 2
