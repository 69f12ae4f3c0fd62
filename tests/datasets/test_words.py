import numpy as np
import pytest
from unrolled.datasets.words import numbered, sentences_in, words_in


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don't say 'no' in 1871.", ["don't", "say", "no", "in"]),
        ("Isn\u2019t it \u2018good\u2019?", ["isn't", "it", "good"]),
        ("a well-made film...not long", ["a", "well", "made", "film", "not", "long"]),
        ("The café, ÉTÉ_2", ["the", "café", "été"]),
        ("two\nlines", ["two", "lines"]),
        ("' '' 42 ''", []),
        ("", []),
    ],
)
def test_words_are_lower_case_letters_and_apostrophes_inside(text, words):
    assert words_in(text) == words


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two! Three?", 3),
        ('He said "go." She went.', 2),
        ("It cost 3.5 dollars.", 1),
        ("A line\nthat goes on.", 1),
        ("A heading\n\nA sentence.", 2),
        ("Wait... what?", 2),
        ("... 42.", 0),
    ],
)
def test_sentences_end_at_a_mark_or_with_the_paragraph(text, count):
    sentences = sentences_in(text)
    assert len(sentences) == count
    assert words_in("\n".join(sentences)) == words_in(text)


def test_words_without_a_number_are_unknown():
    ids = numbered(["b", "x", "a"], {"a": 4, "b": 5}, 2)
    assert ids.tolist() == [5, 2, 4]
    assert ids.dtype == np.int32
    assert numbered([], {}, 2).dtype == np.int32
