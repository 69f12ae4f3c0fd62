import numpy as np
import pytest
from unrolled.explore import StateReader
from unrolled.explore.state_reader import (
    ALL,
    FOUR,
    HALVED,
    KINDS,
    LETTER,
    NAME,
    ONE,
    SENTENCE,
    VOWEL,
    WAYS,
    WORD,
    guessed,
    inputs,
    parameters,
    read,
    told,
)

READER = StateReader()


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (VOWEL, [0, 1, 0, 0, 0, 1, 0, 1, 0, 0]),
        (WORD, [1, 2, 3, 0, 1, 2, 0, 1, 2, 0]),
        (NAME, [1, 1, 1, 0, 0, 0, 0, 1, 1, 0]),
        (SENTENCE, [1, 2, 3, 4, 5, 6, 0, 1, 2, 0]),
    ],
)
def test_what_there_is_to_know_is_told_by_the_text(kind, expected):
    assert told("Nel mi.Ox.", kind).tolist() == expected


def test_long_words_and_sentences_are_as_far_as_can_be():
    assert told("a" * 20, WORD).max() == 8
    assert told("it is " * 20, SENTENCE).max() == 60


def test_the_letter_alone_is_its_mean():
    values, _, fits = guessed(WORD, LETTER, True)
    (ids, text), (new, _) = read()
    known = told(text, WORD)
    met = np.isin(new, ids)
    mean = np.array([known[ids == letter].mean() for letter in new[met]])
    np.testing.assert_allclose(values[met], mean - known.mean(), atol=0.01)
    assert met.mean() > 0.999
    truth = told(read()[1][1], WORD)
    assert fits == pytest.approx(np.corrcoef(mean, truth[met])[0, 1], abs=1e-3)


def test_the_best_unit_is_the_best_where_it_was_searched():
    values, unit, _ = guessed(VOWEL, ONE, True)
    states, known = inputs(ONE, True)[0], told(read()[0][1], VOWEL)
    along = [abs(np.corrcoef(states[:, j], known)[0, 1]) for j in range(states.shape[1])]
    assert unit == int(np.argmax(along))
    np.testing.assert_allclose(np.abs(values), np.abs(inputs(ONE, True)[1][:, unit]))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", WAYS)
def test_training_helps_but_for_the_sentence_and_a_letter_needs_none(kind, way):
    before, after = (guessed(kind, way, trained)[2] for trained in (False, True))
    if way == LETTER:
        assert after == before
    elif (kind, way) == (SENTENCE, ALL):
        assert abs(after - before) < 0.05  # what the chapter says
    else:
        assert after > before + 0.05


def test_the_units_together_know_how_far_into_the_word_and_hardly_how_far_into_the_sentence():
    word, sentence = (READER.at(kind=kind).facts for kind in (WORD, SENTENCE))
    assert word["fits_one"] < word["fits_letter"] < word["fits_untrained"] < word["fits_all"]
    assert word["fits_all"] > 0.85
    assert sentence["fits_all"] < 0.5
    assert READER.at(way=ALL).facts["fits"] == word["fits_all"]


def test_four_letters_side_by_side_tell_more_than_all_units_wherever_memory_is_needed():
    (known, _), (x, _) = read()[0], inputs(FOUR, True)
    V = x.shape[1] // 4
    np.testing.assert_array_equal(x[3:].reshape(-1, 4, V).argmax(axis=2)[:, 3], known[:-3])
    for kind, four in {WORD: 0.95, NAME: 0.90, SENTENCE: 0.50}.items():
        facts = READER.at(kind=kind).facts
        assert facts["fits_four"] == pytest.approx(four, abs=0.006)
        assert facts["fits_four"] > facts["fits_all"]


@pytest.mark.parametrize("kind", KINDS)
def test_an_untrained_network_that_forgets_tells_as_much_as_the_trained_one(kind):
    trained, halved = (guessed(kind, ALL, of)[2] for of in (True, HALVED))
    assert halved > trained - 0.001
    np.testing.assert_array_equal(parameters(HALVED)["W_hh"], parameters(False)["W_hh"] / 2)


def test_stories_and_question_quote_what_is_there():
    vowel, word, sentence = (READER.at(kind=kind).facts for kind in (VOWEL, WORD, SENTENCE))
    assert (vowel["unit"], word["units"]) == (13, 128)
    found = [word[f"fits_{way}"] for way in (ALL, ONE, LETTER, "untrained")]
    assert np.round(found, 2).tolist() == [0.9, 0.58, 0.72, 0.76]
    assert round(word["fits_halved"], 2) == 0.92
    assert np.round([sentence["fits_all"], sentence["fits_untrained"]], 2).tolist() == [0.36, 0.37]
