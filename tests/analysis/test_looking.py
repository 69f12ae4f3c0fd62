"""Weights that are tampered with and letters that are replaced, against what they should be."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from unrolled.analysis import looking
from unrolled.datasets.dates import DATES
from unrolled.datasets.pairs import START, Alphabet, batch
from unrolled.engine import dot_attention, gru
from unrolled.engine.losses import softmax
from unrolled.engine.seq2seq import Seq2Seq

MODEL = Seq2Seq(gru, 3, scoring=dot_attention)


def asked(texts=("5 may 1998", "1/2/1990", "may")):
    """Parameters, a batch, its logits, and the tape of the decoder."""
    rng = np.random.default_rng(0)
    params = MODEL.init_params(DATES.V, DATES.V, 6, rng=rng)
    params = {
        name: value + 0.5 * rng.standard_normal(value.shape) for name, value in params.items()
    }
    data = batch(texts, ["98", "9", "-"], DATES)
    logits, tape = MODEL.forward(data.x, data.read, params, data.mask)
    return params, data, logits, tape.decoder


def test_with_its_own_weights_nothing_changes():
    params, _, logits, tape = asked()
    assert_allclose(looking.with_weights(tape.weights, tape, params), logits)


def test_with_all_weight_on_one_place_its_state_is_the_context():
    params, _, _, tape = asked()
    places = np.array([[1, 0, 2]] * 3)
    found = looking.with_weights(looking.kept(tape.weights, places), tape, params)
    s, h = tape.attention.s, tape.attention.h
    for n, u in np.ndindex(3, 3):
        context = h[n, places[n, u]]
        a = np.tanh(s[n, u] @ params["W_sa"] + context @ params["W_ca"] + params["b_a"])
        assert_allclose(found[n, u], a @ params["W_hy"] + params["b_y"])


def test_what_is_erased_is_gone_and_the_others_keep_their_proportions():
    _, _, _, tape = asked()
    places = tape.weights.argmax(axis=2)
    left = looking.erased(tape.weights, places)
    assert_allclose(left.sum(axis=2), 1)
    for n, u in np.ndindex(3, 3):
        t = places[n, u]
        assert left[n, u, t] == 0
        rest = np.delete(tape.weights[n, u], t)
        assert_allclose(np.delete(left[n, u], t), rest / rest.sum())
    with pytest.raises(ValueError, match="nothing is left"):
        looking.erased(looking.kept(tape.weights, places), places)


def test_shuffled_weights_are_the_same_ones_and_never_on_padding():
    _, data, _, tape = asked()
    moved = looking.shuffled(tape.weights, data.mask, rng=np.random.default_rng(1))
    assert_allclose(np.sort(moved, axis=2), np.sort(tape.weights, axis=2))
    assert (moved[~np.broadcast_to(data.mask[:, None], moved.shape)] == 0).all()
    assert np.abs(moved - tape.weights).max() > 0.01
    assert len({tuple(np.argsort(row)) for row in moved[0]}) > 1  # each step anew


def test_alike_is_the_mean_of_all_that_was_read():
    _, data, _, tape = asked()
    weights = looking.alike(tape.weights, data.mask)
    h = tape.attention.h
    for n in range(3):
        assert_allclose((weights @ h)[n, 0], h[n, data.mask[n]].mean(axis=0))


def test_elsewhere_is_neither_the_strongest_nor_padding():
    _, data, _, tape = asked()
    for seed in range(20):
        places = looking.elsewhere(tape.weights, data.mask, rng=np.random.default_rng(seed))
        assert (places != tape.weights.argmax(axis=2)).all()
        assert data.mask[np.arange(3)[:, None], places].all()
    with pytest.raises(ValueError, match="no other place"):
        looking.elsewhere(tape.weights[:, :, :1], data.mask[:, :1], rng=np.random.default_rng(0))


def test_a_replaced_letter_costs_the_mean_over_all_others_of_its_kind():
    params, *_ = asked()
    text, read = "5 may 19", np.array([START, *DATES.ids("98")])
    lost = looking.occluded(MODEL, params, text, read, DATES)
    assert lost.shape == (3, 8)

    def chances(text):
        logits, _ = MODEL.forward(np.array([DATES.ids(text)]), read[None], params)
        return softmax(logits[0])

    before = chances(text)
    written = before.argmax(axis=1)
    for t, others in ((0, "012346789"), (1, ",./-"), (2, "abcdefghijklnopqrstuvwxyz")):
        after = [chances(text[:t] + o + text[t + 1 :])[range(3), written] for o in others]
        assert_allclose(lost[:, t], before[range(3), written] - np.mean(after, axis=0))


def test_a_network_that_hears_one_place_alone_depends_on_that_letter_alone():
    class Hears:
        """Writes at every step the letter that it read third."""

        def forward(self, x, read, params):
            return 50 * np.eye(5)[x[:, None, 2]].repeat(read.shape[1], axis=1), None

    few = Alphabet("ab")
    lost = looking.occluded(Hears(), {}, "abba", np.array([START, 3]), few, kinds=("ab",))
    assert_array_equal(lost.round(6), [[0, 0, 1, 0], [0, 0, 1, 0]])
