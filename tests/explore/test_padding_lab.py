import numpy as np
import pytest
from unrolled.explore import PaddingLab
from unrolled.explore.padding_lab import CHOSEN, LENGTHS, reading, reviews

LONG = np.array([len(words) for words in reviews()])
SIDES = ("pre", "post")
LAB = PaddingLab()


def test_the_reviews_end_in_their_verdict_and_grow_longer():
    assert [words[-1] for words in reviews()] == [
        "wonderful", "disaster", "awful", "brilliant",
        "disappointing", "terrible", "great", "excellent",
    ]  # fmt: skip
    assert sorted(LONG) == list(LONG)
    assert LENGTHS[0] < LONG[0] < LONG[-1] <= LENGTHS[-1]


@pytest.mark.parametrize("T", LENGTHS)
def test_the_cut_decides_which_verdicts_are_kept_and_padding_where_they_stand(T):
    for padding in SIDES:
        cut_at_the_end = LAB.at(T=T, padding=padding, truncating="post")
        kept = np.isfinite(cut_at_the_end.arrays["verdict_x"])
        np.testing.assert_array_equal(kept, LONG <= T)
        assert cut_at_the_end.facts["kept"] == kept.sum()
        assert LAB.at(T=T, padding=padding, truncating="pre").facts["kept"] == len(CHOSEN)
    front, end = (LAB.at(T=T, padding=side, truncating="pre") for side in SIDES)
    assert front.facts["last"] == len(CHOSEN)
    assert end.facts["last"] == (LONG >= T).sum()
    np.testing.assert_array_equal(end.arrays["verdict_x"], np.minimum(LONG, T) - 1)


def test_the_start_and_the_answer_are_what_the_question_says():
    assert (LAB.facts["kept"], LAB.facts["last"]) == (2, 0)
    assert LAB.at(**LAB.question.values).facts["last"] == 6


@pytest.mark.parametrize("padding", SIDES)
@pytest.mark.parametrize("truncating", SIDES)
def test_the_grid_holds_words_padding_and_beyond_t_nothing(padding, truncating):
    for T in LENGTHS:
        arrays, facts, _ = LAB.at(T=T, padding=padding, truncating=truncating)
        grid = arrays["grid"]
        assert np.isfinite(grid[:, :T]).all()
        assert np.isnan(grid[:, T:]).all()
        np.testing.assert_array_equal(np.nansum(grid, axis=1), np.minimum(LONG, T))
        assert facts["words_kept"] == np.nansum(grid)
        assert facts["padded"] == pytest.approx((grid == 0).sum() / (len(CHOSEN) * T))


def test_what_is_read_and_what_is_not_are_the_whole_review():
    for review, words in enumerate(reviews(), 1):
        facts = LAB.at(T=8, truncating="pre", review=review).facts
        assert (facts["seen"], facts["unseen"]) == (" ".join(words[-8:]), " ".join(words[:-8]))


def test_padding_is_counted_on_its_side():
    words = ["a", "fine", "film"]
    assert reading(words, np.array([0, 0, 1, 2, 3]))["seen"] == "2 × <pad> a fine film"
    assert reading(words, np.array([1, 2, 3, 0, 0]))["seen"] == "a fine film 2 × <pad>"
    assert reading(words, np.array([1, 2, 3, 0, 0]))["whole"]
