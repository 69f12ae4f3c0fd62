"""The network of twelve words says what counting says, once it is trained."""

import numpy as np
import pytest
from unrolled.datasets import rhymes
from unrolled.explore import WordGuess, rhyme_reader
from unrolled.explore.word_guess import probabilities


def counted():
    """Probabilities (12 read, T, 12 answers) by counting; zero where no word fits any more."""
    steps = range(rhymes.T)
    return np.array([[rhymes.possible(word[: t + 1]) for t in steps] for word in rhymes.WORDS])


def test_the_trained_network_gives_the_shares_of_the_counting_reader():
    np.testing.assert_allclose(probabilities(400), counted(), atol=0.03)


def test_it_takes_more_than_the_untrained_network():
    assert np.abs(probabilities(0) - counted()).max() > 0.8


@pytest.mark.parametrize("updates", [0, 10, 400])
def test_the_mean_cost_is_the_loss_of_the_network_and_never_below_counting(updates):
    answers = [WordGuess().at(word=word, updates=updates, t=0).facts for word in rhymes.WORDS]
    x, targets = rhymes.load_rhymes()
    loss = rhyme_reader.training.evaluate(
        x, targets, rhyme_reader.trained(updates), cell=rhyme_reader.rnn,
        loss=rhyme_reader.losses.cross_entropy,
    )  # fmt: skip
    assert np.mean([facts["mean"] for facts in answers]) == pytest.approx(loss)
    assert np.mean([facts["least"] for facts in answers]) == pytest.approx(rhymes.best_loss())
    assert loss > rhymes.best_loss()


def test_after_ten_updates_function_and_junction_are_hard_to_tell_apart():
    p = WordGuess().at(word="function", updates=10, t=7).arrays["p"][:, 7]
    right, partner = p[rhymes.WORDS.index("function")], p[rhymes.WORDS.index("junction")]
    assert right + partner > 0.75
    assert right - partner < 0.05


def test_the_opening_does_not_say_what_the_question_asks():
    w = WordGuess()
    assert w.question.hides == ("verdict",)
    hidden, shown = (w.answer.sentences[line] for line in w.lines)
    assert "0.33" in hidden
    assert "0.33" not in shown
    assert "0.33" in str(w.at(**w.question.values))
