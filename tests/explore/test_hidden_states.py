"""What the map of the twelve words shows, and over how many starts."""

import numpy as np
import pytest
from unrolled.datasets import rhymes
from unrolled.engine import dense, losses, optimizers, rnn, training
from unrolled.explore import HiddenStates, hidden_states, rhyme_reader
from unrolled.explore.hidden_states import NETWORKS, TRAINED, UNTRAINED, nearness, twin

STARTS = 5


@pytest.mark.parametrize("seed", range(STARTS))
def test_training_moves_the_rhymes_apart(seed):
    untrained, trained = (
        nearness(rhyme_reader.trained(NETWORKS[name], seed)) for name in (UNTRAINED, TRAINED)
    )
    assert untrained < 0.65 < trained


def test_nearness_is_a_ratio_of_distances(monkeypatch):
    """Twelve places on a line: neighbors are 1 apart, any two 13/3 on average."""
    monkeypatch.setattr(hidden_states, "ends", lambda params: np.arange(12.0)[:, None])
    assert nearness({}) == pytest.approx(3 / 13)


@pytest.mark.parametrize("seed", range(STARTS))
def test_a_trained_network_keeps_the_difference_of_the_first_letter(seed):
    h, _ = rnn.forward(rhymes.load_rhymes()[0], rhyme_reader.trained(400, seed))
    for n in range(0, 12, 2):
        apart = np.linalg.norm(h[n] - h[n + 1], axis=1)
        assert apart[len(rhymes.WORDS[n]) - 1] >= apart[0]


def test_the_untrained_one_of_the_book_loses_most_of_it():
    apart = [HiddenStates(network=UNTRAINED, t=t).facts["apart"] for t in (0, 5)]
    assert apart == pytest.approx([0.99, 0.26], abs=0.005)


def test_without_memory_twelve_words_have_two_places():
    arrays = HiddenStates(recurrent_gain=0.0).arrays
    places = np.stack([arrays["ends_x"], arrays["ends_y"]], axis=1).round(9)
    assert len(np.unique(places, axis=0)) == 2


@pytest.mark.parametrize("word", rhymes.WORDS)
def test_its_own_words_are_named_and_arrive_at_their_dots(word):
    n, last = rhymes.WORDS.index(word), len(word) - 1
    answer = HiddenStates(word=word, t=last)
    assert answer.facts["first"] == word
    assert answer.facts["p_first"] > 0.98
    assert answer.arrays["now_x"][0] == pytest.approx(answer.arrays["ends_x"][n])
    assert answer.arrays["path_y"][last] == pytest.approx(answer.arrays["ends_y"][n])
    assert np.isfinite(answer.arrays["path_x"]).sum() == len(word)


@pytest.mark.parametrize(("network", "together"), [(UNTRAINED, 6), (TRAINED, 0)])
def test_a_rhyme_whose_dots_are_close_has_one_label_and_any_other_has_two(network, together):
    arrays = HiddenStates(network=network).arrays
    assert np.isfinite(arrays["rhyme_x"]).sum() == together
    assert np.isfinite(arrays["alone_x"]).sum() == 12 - 2 * together
    for n in range(6):
        pair = slice(2 * n, 2 * n + 2)
        dots = np.stack([arrays["ends_x"][pair], arrays["ends_y"][pair]])
        near = np.linalg.norm(dots[:, 0] - dots[:, 1]) < 0.1 * arrays["reach"][1]
        assert np.isfinite(arrays["rhyme_y"][n]) == near
        if near:
            place = [arrays["rhyme_x"][n], arrays["rhyme_y"][n]]
            np.testing.assert_allclose(place, dots.mean(axis=1))


def test_a_label_of_a_rhyme_names_both_of_its_words():
    named = [label.replace(",<br>", " ").replace(", ", " ") for label in hidden_states.RHYMES]
    assert " ".join(named).split() == [*rhymes.WORDS]


@pytest.mark.parametrize(
    ("word", "other"),
    [("sister", "mister"), ("veneration", "generation"), ("mo", "fo"), ("a", "m")],
)
def test_it_is_compared_with_its_rhyme_or_another_first_letter(word, other):
    assert twin(word) == other


def at_the_last_letter(logits, targets):
    """Cross-entropy of the answers at the words' last letters alone."""
    rows, words = np.arange(len(targets)), targets[:, 0]
    last = np.array([len(rhymes.WORDS[word]) - 1 for word in words])
    loss, given = losses.cross_entropy(logits[rows, last][:, None], words[:, None])
    dlogits = np.zeros_like(logits)
    dlogits[rows, last] = given[:, 0]
    return loss, dlogits


@pytest.mark.parametrize("seed", range(3))
def test_asked_only_at_the_last_letter_it_learns_all_words_too(seed):
    rng, (x, targets) = np.random.default_rng(seed), rhymes.load_rhymes()
    params = rnn.init_params(26, 16, rng=rng) | dense.init_params(16, 12, rng=rng)
    training.train_on_batches(
        x, targets, params, cell=rnn, loss=at_the_last_letter, batch=12, rng=rng, epochs=400,
        optimizer=optimizers.Adam(0.02),
    )  # fmt: skip
    for word, answers in zip(rhymes.WORDS, training.predict(x, params, cell=rnn)[0], strict=True):
        assert rhymes.WORDS[answers[len(word) - 1].argmax()] == word
