"""The twelve words: each pair differs in its first letter only, and counting sets the limit."""

import numpy as np
import pytest
from unrolled.datasets import rhymes
from unrolled.engine import dense, losses, optimizers, rnn, training


def test_the_words_of_a_pair_differ_in_their_first_letter_only():
    for first, second in zip(rhymes.WORDS[::2], rhymes.WORDS[1::2], strict=True):
        assert first[0] != second[0]
        assert first[1:] == second[1:]
    assert len(set(rhymes.WORDS)) == 12


def test_the_inputs_spell_the_words():
    x, targets = rhymes.load_rhymes()
    assert (x.shape, targets.shape) == ((12, 10, 26), (12, 10))
    for n, word in enumerate(rhymes.WORDS):
        assert "".join(rhymes.LETTERS[i] for i in x[n].argmax(axis=1)[: len(word)]) == word
        assert x[n].sum() == x[n, : len(word)].sum() == len(word)
        assert (targets[n] == n).all()


def test_a_reader_who_remembers_everything_counts():
    np.testing.assert_array_equal(
        rhymes.possible("m"), np.isin(rhymes.WORDS, ["master", "mister", "mountain"]) / 3
    )
    assert rhymes.possible("mi").max() == 1
    assert np.isnan(rhymes.possible("x")).all()
    # m three times, f three times, and s twice share their first letter; the rest is certain
    assert rhymes.best_loss() == pytest.approx((6 * np.log(3) + 2 * np.log(2)) / 120)


def test_no_training_beats_counting():
    x, targets = rhymes.load_rhymes()
    rng = np.random.default_rng(0)
    params = rnn.init_params(26, 16, rng=rng) | dense.init_params(16, 12, rng=rng)
    training.train_on_batches(
        x, targets, params, cell=rnn, loss=losses.cross_entropy, rng=rng,
        optimizer=optimizers.Adam(0.02), batch=12, epochs=400,
    )  # fmt: skip
    reached = training.evaluate(x, targets, params, cell=rnn, loss=losses.cross_entropy)
    assert rhymes.best_loss() < reached < 1.1 * rhymes.best_loss()


@pytest.mark.parametrize(("word", "complaint"), [("naïve", "ï"), ("a" * 11, "11 letters")])
def test_a_word_that_cannot_be_read_is_refused(word, complaint):
    with pytest.raises(ValueError, match=complaint):
        rhymes.one_hot(word)
