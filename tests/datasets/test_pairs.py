import numpy as np
import pytest
from numpy.testing import assert_array_equal
from unrolled.datasets.pairs import END, PAD, START, WORDS, Alphabet, batch, shifted, word_pairs


def test_ids_and_back():
    alphabet = Alphabet("ab c")
    assert alphabet.V == 7
    assert alphabet.ids("a cab") == [3, 5, 6, 3, 4]
    assert alphabet.text([START, 3, 5, 6, PAD, 4, END, 3, 3]) == "a cb"
    assert alphabet.text(np.array([4, 4])) == "bb"


def test_a_batch_is_padded_at_the_end_and_says_so():
    data = batch(["abc", "b"], ["c", "ba"], WORDS)
    assert_array_equal(data.x, [[3, 4, 5], [4, PAD, PAD]])
    assert_array_equal(data.mask, [[1, 1, 1], [1, 0, 0]])
    assert_array_equal(data.targets, [[5, END, PAD], [4, 3, END]])
    assert_array_equal(data.counted, [[1, 1, 0], [1, 1, 1]])
    assert_array_equal(data.read, [[START, 5, END], [START, 4, 3]])
    assert data.mask.dtype == data.counted.dtype == bool


@pytest.mark.parametrize("text", ["", "a"])
def test_there_is_one_step_at_least_and_no_more_than_needed(text):
    ids, mask = WORDS.sources([text])
    assert_array_equal(ids, [[3 if text else PAD]])
    assert_array_equal(mask, [[bool(text)]])


def test_what_is_read_is_one_step_behind_what_is_written():
    targets = np.arange(12).reshape(3, 4)
    read = shifted(targets)
    assert_array_equal(read[:, 1:], targets[:, :-1])
    assert (read[:, 0] == START).all()
    assert_array_equal(targets, np.arange(12).reshape(3, 4))  # and nothing else has changed


def test_words_are_to_be_said_again(rng):
    sources, answers = word_pairs(200, (2, 5), rng=rng, letters=3)
    assert sources == answers
    assert sources is not answers
    assert {len(word) for word in sources} == {2, 3, 4, 5}
    assert set("".join(sources)) == set("abc")
    assert {len(word) for word in word_pairs(20, 7, rng=rng)[0]} == {7}


def test_every_letter_is_as_likely(rng):
    text = "".join(word_pairs(2000, 10, rng=rng)[0])
    shares = [text.count(letter) / len(text) for letter in "abcdefgh"]
    np.testing.assert_allclose(shares, 1 / 8, atol=0.01)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Alphabet("aa"), "each of them once"),
        (lambda: Alphabet(""), "must be there"),
        (lambda: WORDS.ids("a1"), r"holds \['1'\]"),
        (lambda: batch(["a"], [], WORDS), "one answer; got 1 and 0"),
        (lambda: batch([], [], WORDS), "^there are no texts$"),
    ],
)
def test_what_makes_no_sense_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    "change", [{"N": 0}, {"length": 0}, {"length": (3, 2)}, {"letters": 0}, {"letters": 27}]
)
def test_words_that_cannot_be_are_refused(rng, change):
    given = {"N": 2, "length": 3} | change
    needs = r"^word_pairs needs N >= 1, lengths from 1 on and 1\.\.26 letters; got N=\d, length="
    with pytest.raises(ValueError, match=needs):
        word_pairs(given.pop("N"), given.pop("length"), rng=rng, **given)


def test_the_smallest_words_can_be_had_and_the_largest_alphabet(rng):
    assert word_pairs(1, 1, rng=rng, letters=1) == (["a"], ["a"])
    assert set("".join(word_pairs(1, 2000, rng=rng, letters=26)[0])) == set(WORDS.letters)
