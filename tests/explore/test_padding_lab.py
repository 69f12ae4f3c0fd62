import numpy as np
import pytest
from unrolled.explore import PaddingLab
from unrolled.explore.padding_lab import CHOSEN, LENGTHS, reads, reviews

LONG = [len(words) for words in reviews()]
SIDES = ("pre", "post")


def test_the_reviews_end_in_their_verdict_and_grow_longer():
    assert [words[-1] for words in reviews()] == [
        "wonderful", "disaster", "awful", "brilliant",
        "disappointing", "terrible", "great", "excellent",
    ]  # fmt: skip
    assert sorted(LONG) == LONG
    assert LENGTHS[0] < LONG[0] < LONG[-1] <= LENGTHS[-1]


def test_cutting_at_the_end_loses_the_verdict_of_every_longer_review():
    for T in LENGTHS:
        w = PaddingLab(T=T, truncating="post")
        kept = np.isfinite(w.result["verdict_x"])
        np.testing.assert_array_equal(kept, np.array(LONG) <= T)
        assert w.result["shares"][2] == kept.mean()


@pytest.mark.parametrize("padding", SIDES)
def test_cutting_in_front_keeps_every_verdict(padding):
    for T in LENGTHS:
        assert PaddingLab(T=T, padding=padding, truncating="pre").result["shares"][2] == 1


def test_padding_at_the_end_moves_the_verdicts_away_from_the_last_step():
    for T in LENGTHS:
        front = PaddingLab(T=T, padding="pre", truncating="pre").result
        end = PaddingLab(T=T, padding="post", truncating="pre").result
        assert (front["verdict_x"] == T - 1).all()
        assert front["shares"][3] == 1
        np.testing.assert_array_equal(end["verdict_x"], np.minimum(LONG, T) - 1)
        assert end["shares"][3] == np.mean(np.array(LONG) >= T)


def test_the_start_shows_both_losses():
    kept, last = PaddingLab().result["shares"][2:]
    assert 0 < kept < 0.5
    assert last == 0


@pytest.mark.parametrize("padding", SIDES)
@pytest.mark.parametrize("truncating", SIDES)
def test_the_grid_holds_words_padding_and_beyond_t_nothing(padding, truncating):
    for T in LENGTHS:
        result = PaddingLab(T=T, padding=padding, truncating=truncating).result
        grid = result["grid"]
        assert np.isfinite(grid[:, :T]).all()
        assert np.isnan(grid[:, T:]).all()
        np.testing.assert_array_equal(np.nansum(grid, axis=1), np.minimum(LONG, T))
        np.testing.assert_allclose(result["shares"][0], np.nansum(grid) / sum(LONG))
        np.testing.assert_allclose(result["shares"][1], (grid == 0).sum() / (len(CHOSEN) * T))


def test_what_is_read_and_what_is_not_are_the_whole_review():
    for review, words in enumerate(reviews(), 1):
        text = PaddingLab(T=8, truncating="pre", review=review).result["reads"]
        assert text == (
            f"Review {review} reads “{' '.join(words[-8:])}”. "
            f"It does not see “{' '.join(words[:-8])}”."
        )


def test_padding_is_counted_on_its_side():
    words = ["a", "fine", "film"]
    assert "“2 × <pad> a fine film”. It sees every word." in reads(
        words, np.array([0, 0, 1, 2, 3]), 1
    )
    assert "“a fine film 2 × <pad>”. It sees every word." in reads(
        words, np.array([1, 2, 3, 0, 0]), 1
    )
