"""A network without a memory answers the same for both words, one with a window at the end."""

import numpy as np
import pytest
from unrolled.datasets import rhymes
from unrolled.explore import LastLetter
from unrolled.explore.last_letter import MEMORY, NONE, WINDOW, WORDS, probabilities, windows


@pytest.mark.parametrize("reader", [NONE, WINDOW])
def test_both_words_get_the_same_answers_where_the_reader_sees_the_same(reader):
    master, faster = (probabilities(word, reader) for word in WORDS)
    np.testing.assert_array_equal(master[-1], faster[-1])
    same = (master == faster).all(axis=1)
    assert same.tolist() == ([False] + [True] * 5 if reader == NONE else [False] * 5 + [True])


@pytest.mark.parametrize("word", WORDS)
def test_a_memory_keeps_the_first_letter_to_the_end(word):
    assert probabilities(word, MEMORY)[1:, rhymes.WORDS.index(word)].min() > 0.98


def test_without_one_every_word_with_the_letter_is_as_likely_as_often_as_it_has_it():
    for t, letter in enumerate("master"):
        count = np.array([word.count(letter) for word in rhymes.WORDS])
        np.testing.assert_allclose(probabilities("master", NONE)[t], count / count.sum(), atol=0.01)


def test_the_share_is_the_part_of_two_words_and_is_not_told_before_its_letter():
    for t in range(6):
        shown = LastLetter(reader=WINDOW, t=t)
        assert np.isfinite(shown.arrays["share"]).tolist() == [True] * (t + 1) + [False] * (5 - t)
    p = probabilities("master", WINDOW)
    np.testing.assert_allclose(shown.arrays["share"], p[:, 0] / (p[:, 0] + p[:, 1]))
    assert shown.facts["sees"] == "aster"
    assert shown.facts["tells"] == "no"
    assert LastLetter(reader=WINDOW, t=4).facts["tells"] == "yes"


def test_a_window_has_the_newest_letter_last_and_zeros_before_the_first():
    x = np.arange(1, 4)[None, :, None] * np.ones(26)
    np.testing.assert_array_equal(windows(x, 2)[0, :, ::26], [[0, 1], [1, 2], [2, 3]])
    np.testing.assert_array_equal(windows(x, 1), x)
