import numpy as np
import pytest
from unrolled.engine import rnn
from unrolled.explore import FirstLetter, first_letter

WORDS = ["a", "jo", "ana", "maria", "master", "generation", "zzzzzzzzzzzzzz"]


@pytest.fixture(scope="module")
def letter():
    return FirstLetter()


@pytest.mark.parametrize("word", WORDS)
def test_each_step_takes_a_tenth_of_the_memory_and_of_the_correction(letter, word):
    arrays = letter.at(word=word).arrays
    kept, left = (arrays[key][: len(word)] for key in ("kept", "left"))
    assert np.isnan(arrays["kept"][len(word) :]).all()
    assert kept[0] == 1
    assert left[-1] == pytest.approx(1)
    assert (kept[1:] <= 0.9 * kept[:-1]).all()
    assert (left[:-1] <= 0.9 * left[1:]).all()


def test_the_correction_is_the_gradient_with_respect_to_the_state_after_the_first_letter(letter):
    """By central differences through the rest of the word."""
    word, known = "master", first_letter.constants()
    params = {"W_xh": known["W_xh"], "W_hh": known["W_hh"], "b_h": np.zeros(first_letter.H)}
    x = first_letter.inputs(word)
    h_0 = rnn.forward(x[:, :1], params)[0][:, 0]

    def loss(state):
        h, _ = rnn.forward(x[:, 1:], params, state=(state,))
        return float((h[:, -1] * known["correction"]).sum())

    nudges = 1e-6 * np.eye(first_letter.H)
    slopes = [(loss(h_0 + nudge) - loss(h_0 - nudge)) / 2e-6 for nudge in nudges]
    assert letter.at(word=word).facts["arrives"] == pytest.approx(100 * np.linalg.norm(slopes))


@pytest.mark.parametrize("word", WORDS[1:])
def test_the_cut_stops_the_correction_and_leaves_the_memory(letter, word):
    whole, cut = (letter.at(word=word, cut=cut) for cut in (False, True))
    np.testing.assert_array_equal(whole.arrays["kept"], cut.arrays["kept"])
    (wall,) = np.flatnonzero(cut.arrays["wall"] == 1)
    assert wall == max(1, len(word) - 3)
    assert not cut.arrays["left"][:wall].any()
    assert not cut.arrays["back"][: wall + 1].any()
    np.testing.assert_array_equal(
        cut.arrays["left"][wall : len(word)], whole.arrays["left"][wall : len(word)]
    )
    assert (whole.facts["way"], cut.facts["way"]) == ("open", "cut")
    assert not (whole.arrays["wall"] == 1).any()


def test_a_single_letter_has_nothing_to_cut(letter):
    assert letter.at(word="x", cut=True).facts["way"] == "none"


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("master", "faster"),
        ("faster", "master"),
        ("generation", "veneration"),
        ("veneration", "generation"),
        ("ana", "mna"),
    ],
)
def test_it_is_compared_with_the_word_that_rhymes(word, other):
    assert first_letter.twin(word) == other
