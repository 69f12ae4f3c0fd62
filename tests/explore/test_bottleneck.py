import numpy as np
import pytest
from unrolled.datasets.pairs import END, START, WORDS, batch, word_pairs
from unrolled.engine.decoding import greedy
from unrolled.explore.bottleneck import (
    BACKWARD,
    BOTH,
    CHANCE,
    LONGEST,
    NETWORKS,
    PLAIN,
    WIDE,
    WORD,
    as_read,
    compute,
    model_of,
    parameters,
    told,
)

every = pytest.mark.parametrize("network", NETWORKS)


@every
def test_what_is_written_is_what_the_network_writes(network):
    for n in (3, 10, LONGEST):
        x = np.array([WORDS.ids(as_read([WORD[:n]], network)[0])])
        how = {"model": model_of(network), "start": START, "end": END, "limit": n + 6}
        shown = compute(network, n)
        assert shown["written"] == WORDS.text(greedy(x, parameters(network), **how)[0][0])
        assert shown["right"] == (shown["written"] == WORD[:n])
        assert (shown["wrong"] == 0) == shown["right"]


def test_a_letter_is_told_at_chance_before_it_is_read_and_well_right_after():
    for n in (6, 10):
        found = told(PLAIN, n)
        for k in range(n):
            assert found[k, :k] == pytest.approx(CHANCE, abs=0.05)
            assert found[k, k] > 0.55


def test_read_backward_the_last_letter_is_told_first():
    found = told(BACKWARD, 8)
    assert found[7, 0] > 0.95
    assert found[:7, 0] == pytest.approx(CHANCE, abs=0.05)


def test_read_both_ways_both_ends_are_told_first():
    found = told(BOTH, 8)
    assert found[[0, 7], 0].min() > 0.95
    assert found[1:7, 0] == pytest.approx(CHANCE, abs=0.05)


@every
def test_each_letter_surfaces_when_it_is_due(network):
    """Where it is written the readout tells it better than at the handover, and than others."""
    n = 8
    found = told(network, n)
    due = np.array([found[k, n + k] for k in range(n)])
    assert (due[1:] > found[1:, n - 1]).all()
    for k in range(1, n):
        others = np.delete(found[:, n + k], [k - 1, k])  # the one before has just been read again
        assert due[k] > others.max() - 0.05


def test_a_word_of_four_letters_comes_back_though_a_readout_does_not_tell_its_third():
    words, _ = word_pairs(500, 4, rng=np.random.default_rng(1))
    data = batch(words, words, WORDS)
    how = {"model": model_of(PLAIN), "start": START, "end": END, "limit": 5}
    ids, _ = greedy(data.x, parameters(PLAIN), **how)
    assert np.mean((ids == data.targets).all(axis=1)) > 0.95
    assert told(PLAIN, 4)[2, 3] < 0.65


def test_more_units_and_other_orders_carry_longer_words():
    shares = {name: compute(name, 10)["share"] for name in NETWORKS}
    assert shares[PLAIN] < shares[BOTH] < shares[BACKWARD] < shares[WIDE]


@every
def test_the_map_ends_where_the_word_does(network):
    shown = compute(network, 5)
    assert np.isfinite(shown["told"][:5, :10]).all()
    assert np.isnan(shown["told"][5:]).all()
    assert np.isnan(shown["told"][:, 10:]).all()
    assert shown["row_letters"].replace(" ", "") == shown["word"] == WORD[:5]
    assert shown["column_letters"].replace(" ", "") == as_read([WORD[:5]], network)[0] + WORD[:5]
