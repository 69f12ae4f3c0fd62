from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unrolled.datasets.pieces import joined, learn, split

TEXT = ["low"] * 5 + ["lower"] * 2 + ["newest"] * 6 + ["widest"] * 3
words = st.lists(st.text("abcde", min_size=1, max_size=8), min_size=1, max_size=30)


def test_the_example_of_sennrich_haddow_and_birch():
    assert learn(TEXT, 4) == [("e", "s"), ("es", "t"), ("_", "l"), ("_l", "o")]
    assert split("lowest", learn(TEXT, 5)) == ["_low", "est"]


def test_a_run_is_joined_from_the_left_and_no_letter_twice():
    assert joined(["a", "a", "a"], ("a", "a")) == ["aa", "a"]
    assert joined(["a", "b", "a", "b"], ("a", "b")) == ["ab", "ab"]


@given(words)
def test_pieces_put_together_are_the_word_and_none_crosses_a_border(text):
    learned = learn(text, 1)
    for word in [*text, "edcba"]:
        assert "".join(split(word, learned)) == f"_{word}"
    assert all("_" not in second for _, second in learned)


@given(words)
def test_a_merge_takes_the_most_frequent_pair(text):
    (pair,) = learn(text, 1)
    counts = Counter()
    for word in text:
        counts.update(zip("_" + word, word, strict=False))
    assert counts[pair] == max(counts.values())


def test_fewer_merges_never_give_larger_pieces():
    learned = learn(TEXT, 12)
    sizes = [len(split("newest", learned[:n])) for n in range(13)]
    assert sizes == sorted(sizes, reverse=True)
    assert (sizes[0], sizes[-1]) == (7, 1)


def test_where_no_pair_is_left_it_says_so():
    with pytest.raises(ValueError, match="empty"):
        learn(["a"], 2)
