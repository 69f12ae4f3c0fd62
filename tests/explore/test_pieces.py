import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unrolled.datasets.pieces import split
from unrolled.explore import Pieces
from unrolled.explore.pieces import LONGEST, MERGES, SYMBOLS, counted, learned

LAB = Pieces()
words = st.text(SYMBOLS[1:], min_size=1, max_size=LONGEST)


@settings(max_examples=60, deadline=None)
@given(words, st.sampled_from(MERGES))
def test_the_tree_cut_at_a_merge_is_the_word_split_by_so_many(word, merges):
    facts = LAB.at(word=word, merges=merges).facts
    pieces = split(word, learned()[:merges])
    assert facts["shown"].split(" · ") == pieces
    assert facts["count"] == len(pieces)


@settings(max_examples=30, deadline=None)
@given(words)
def test_what_is_joined_lies_below_the_line_and_what_comes_later_above(word):
    for merges in MERGES[1:]:
        arrays = LAB.at(word=word, merges=merges).arrays
        assert not np.nanmax([*arrays["done_y"], -1]) > np.log10(merges)
        tops = arrays["later_y"].reshape(LONGEST, 5)[:, 1]
        assert not np.nanmin([*tops, 9]) <= np.log10(merges)


def test_what_the_question_and_the_stories_say():
    assert LAB.at(**LAB.question.values).facts["shown"] == "_laugh · able"
    counts = {word: counted()[word] for word in ("laugh", "laughed", "predictable")}
    assert counts == {"laugh": 16, "laughed": 21, "predictable": 22}
    assert {"laughable", "excelent", "unfunny", "tchaikovsky"}.isdisjoint(counted())
    typo, grammar, frequent, name = (LAB.at(**s.values).facts["shown"] for s in LAB.stories)
    assert (typo, grammar) == ("_exce · l · ent", "_ · un · fu · n · n · y")
    assert LAB.at(word="excellent", merges=300).facts["count"] == 1
    assert all(word.startswith("funny") for word in counted() if "funny" in word)
    assert (frequent, len(name.split(" · "))) == ("_film", 10)


@pytest.mark.parametrize(("word", "known"), [("film", True), ("filn", False), ("the", True)])
def test_a_word_of_the_reviews_has_the_number_that_the_loader_gives_it(word, known):
    facts = LAB.at(word=word).facts
    assert facts["known"] == known
    assert facts["number"] == {"film": 16, "filn": 0, "the": 4}[word]
