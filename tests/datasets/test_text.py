import random
import re

import numpy as np
import pytest
from unrolled.datasets.text import load_prose, spell, spelled_numbers
from unrolled.datasets.words import words_in

ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"]
TEENS += ["eighteen", "nineteen"]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
VALUES = {"zero": 0} | dict(zip([*ONES, *TEENS], range(1, 20), strict=True))
VALUES |= dict(zip(TENS, range(20, 100, 10), strict=True))


def read(words):
    """The number that the words say: units add, hundred and thousand multiply what is there."""
    total = part = 0
    for word in words.split(" "):
        if word == "thousand":
            total, part = 1000 * part, 0
        elif word == "hundred":
            part *= 100
        else:
            part += VALUES[word]
    return total + part


def some_numbers():
    """Every number up to 20,000, and beyond it the corners and a thousand others."""
    corners = [10**5 - 1, 10**5, 10**5 + 1, 999_000, 999_999]
    return [*range(20_001), *corners, *random.Random(0).sample(range(20_001, 10**6), 1000)]


def test_the_words_can_be_read_back():
    for n in some_numbers():
        assert read(spell(n)) == n


def test_no_two_numbers_have_the_same_words():
    numbers = set(some_numbers())
    assert len({spell(n) for n in numbers}) == len(numbers)


def test_zero_is_said_only_of_zero_and_nothing_is_empty():
    for n in some_numbers():
        words = spell(n).split(" ")
        assert all(words)
        assert ("zero" in words) == (n == 0)


@pytest.mark.parametrize(
    ("n", "words"),
    [
        (0, "zero"),
        (7, "seven"),
        (13, "thirteen"),
        (20, "twenty"),
        (42, "forty two"),
        (100, "one hundred"),
        (110, "one hundred ten"),
        (342, "three hundred forty two"),
        (1000, "one thousand"),
        (1001, "one thousand one"),
        (12_015, "twelve thousand fifteen"),
        (100_000, "one hundred thousand"),
        (999_999, "nine hundred ninety nine thousand nine hundred ninety nine"),
    ],
)
def test_numbers_are_said_the_american_way(n, words):
    assert spell(n) == words


def test_numbers_of_numpy_are_numbers():
    assert spell(np.int64(21)) == "twenty one"


@pytest.mark.parametrize("n", [-1, 1_000_000, -342])
def test_numbers_out_of_range_are_refused(n):
    with pytest.raises(ValueError, match=rf"spell needs 0 <= n < 1000000; got n={n}$"):
        spell(n)


@pytest.mark.parametrize("n", [2.5, 2.0, "2", None])
def test_what_is_not_a_whole_number_is_refused(n):
    with pytest.raises(TypeError):
        spell(n)


def test_spelled_numbers_follow_each_other_with_a_period_after_each():
    assert spelled_numbers(1, 4) == "one . two . three ."
    assert spelled_numbers(0, 1) == "zero ."
    assert spelled_numbers(999_999, 1_000_000) == spell(999_999) + " ."


def test_spelled_numbers_are_enough_for_a_small_language_model():
    text = spelled_numbers(1, 2000)
    assert len(text) > 60_000
    said = [words.strip() for words in text.split(".")]
    assert said.pop() == ""
    assert [read(words) for words in said] == list(range(1, 2000))
    # One to nineteen, the tens, hundred, thousand and the period.
    assert len(set(text.split(" "))) == 19 + 8 + 2 + 1
    assert "  " not in text


@pytest.mark.parametrize(("start", "stop"), [(4, 4), (5, 4), (-1, 4), (1, 1_000_001)])
def test_a_range_without_numbers_or_with_impossible_ones_is_refused(start, stop):
    with pytest.raises(ValueError, match=rf"got start={start}, stop={stop}$"):
        spelled_numbers(start, stop)


def test_a_range_needs_whole_numbers():
    with pytest.raises(TypeError):
        spelled_numbers(1.0, 4)


def test_the_prose_is_long_enough_and_its_vocabulary_small():
    text = load_prose()
    words = words_in(text)
    assert len(text) >= 30_000
    assert len(words) >= 6_000
    assert 900 <= len(set(words)) <= 1_300


def test_the_prose_has_paragraphs_of_whole_sentences_and_no_other_white_space():
    text = load_prose()
    paragraphs = text.removesuffix("\n").split("\n\n")
    assert len(paragraphs) == len(set(paragraphs)) > 60
    for paragraph in paragraphs:
        assert re.fullmatch(r"[A-Z]([A-Za-z' ]|[a-z][,.?] )+[a-z][.?]", paragraph), paragraph
        assert not re.search(r"  |' |''| '", paragraph), paragraph
        for sentence in re.split(r"(?<=[.?]) ", paragraph):
            assert sentence[0].isupper()
            assert 2 <= len(words_in(sentence)) <= 40


def test_no_sentence_of_the_prose_is_repeated():
    sentences = re.split(r"[.?]\s+", load_prose())
    long = [sentence for sentence in sentences if len(sentence.split()) > 6]
    assert len(long) == len(set(long))


def test_every_word_with_a_capital_letter_inside_a_sentence_is_a_name():
    names = set(re.findall(r"(?<=[a-z,] )[A-Z][a-z]+", load_prose()))
    people = {"Anton", "Clara", "Hanna", "Ivo", "Jonas", "Lena", "Marta", "Milo"}
    people |= {"Nell", "Pia", "Rosa", "Tobias", "Button", "Patience"}
    assert names == people | {"Friday", "Monday", "October", "Sunday", "Tuesday"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The tide is 3 feet high.\n", "holds '3'; it must be letters"),
        ("The tide \u2013 it is high.\n", "holds '\u2013'"),
        ("The tide\tis high.\n", r"holds '\\t'"),
        ("", "is empty"),
        ("\n \n", "is empty"),
    ],
)
def test_prose_with_another_character_or_none_is_refused(shipped, text, said):
    shipped("prose.txt", text)
    with pytest.raises(ValueError, match=rf"prose\.txt {said}"):
        load_prose()


def test_prose_that_is_not_there_is_named(shipped):
    shipped("another.txt", "")
    with pytest.raises(FileNotFoundError, match=r"no shipped file 'prose\.txt' in "):
        load_prose()
