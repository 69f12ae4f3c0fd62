import re
from functools import cache

import numpy as np
import pytest
from unrolled.datasets.reviews import load_reviews
from unrolled.datasets.words import words_in
from unrolled.explore import ReadingPadding, reading_padding
from unrolled.explore.reading_padding import LAST, PAD, SHOWN, STEPS, accuracies, after_padding
from unrolled.explore.review_readers import CELLS, READERS, ROWS, numbered_words, parameters, words

NAMES, NETWORKS = list(ROWS), list(CELLS)
SPLITS = load_reviews().splits


@cache
def alone(reader, text):
    """P(likes the film) after each step of one review and of padding, without any batch."""
    params = parameters(reader)[0]
    ids = [*numbered_words(words_in(text)), *[PAD] * LAST]
    h = CELLS[reader].forward(params["W_e"][ids][None], params)[0][0]
    return 1 / (1 + np.exp(-(h @ params["W_hy"] + params["b_y"])[:, 0]))


def text_of(review):
    return load_reviews().texts[ROWS[review]]


def shown(steps, reader, review):
    return reading_padding.compute(steps, reader, review)


def test_the_reviews_that_are_counted_are_the_80_that_no_reader_was_trained_on():
    ids, targets = reading_padding.test_reviews()
    texts, expected, splits = load_reviews()
    rows = np.flatnonzero(splits == "test")
    assert len(ids) == len(rows) == 80
    assert {SPLITS[row] for row in ROWS.values()} == {"test"}
    np.testing.assert_array_equal(targets, expected[rows])
    assert sorted(targets).count(1) == 40
    for own, row in zip(ids, rows, strict=True):
        np.testing.assert_array_equal(own, numbered_words(words_in(texts[row])))


@pytest.mark.parametrize("reader", NETWORKS)
def test_the_accuracies_are_those_of_every_review_read_alone(reader):
    texts, targets, splits = load_reviews()
    rows = np.flatnonzero(splits == "test")
    p = np.array([alone(reader, texts[row])[-LAST - 1 :] for row in rows])
    np.testing.assert_allclose(after_padding(reader), p, atol=1e-5)
    right = ((p > 0.5) == (targets[rows, None] == 1)).mean(axis=0)
    np.testing.assert_allclose(accuracies(reader), right, atol=1e-12)
    np.testing.assert_array_equal(shown(0, reader, NAMES[0])[reader], accuracies(reader)[STEPS])


@pytest.mark.parametrize("reader", NETWORKS)
@pytest.mark.parametrize("review", NAMES)
def test_without_padding_the_verdict_is_that_of_the_review_alone(reader, review):
    whole = alone(reader, text_of(review))
    end = len(words(review))  # behind the start
    result = shown(0, reader, review)
    assert result["words"][SHOWN] == result["padding"][SHOWN]
    np.testing.assert_allclose(
        result["words"][: SHOWN + 1], whole[end - SHOWN : end + 1], atol=1e-6
    )
    assert np.isnan(result["padding"][SHOWN + 1 :]).all()
    assert f"{whole[end]:.2f}: this is the state that a packed sequence" in result["one"]
    assert result["all"].endswith("rightly at their last words.")


@pytest.mark.parametrize("reader", NETWORKS)
@pytest.mark.parametrize("review", NAMES)
def test_words_and_padding_are_two_lines_that_meet_and_end_at_the_slider(reader, review):
    for steps in STEPS:
        result, x = shown(steps, reader, review), np.arange(-SHOWN, LAST + 1)
        np.testing.assert_array_equal(np.isfinite(result["words"]), x <= 0)
        np.testing.assert_array_equal(np.isfinite(result["padding"]), (x >= 0) & (x <= steps))
        p = alone(reader, text_of(review))[-LAST - 1 :]
        np.testing.assert_allclose(
            result["padding"][SHOWN:][: steps + 1], p[: steps + 1], atol=1e-5
        )
        assert (result["now_x"] == steps).all()


@pytest.mark.parametrize("reader", NETWORKS)
@pytest.mark.parametrize("review", NAMES)
def test_it_says_flipped_where_the_line_has_crossed_the_middle(reader, review):
    for steps in STEPS[1:]:
        line = shown(steps, reader, review)["padding"]
        before, after = line[SHOWN], line[SHOWN + steps]
        text = shown(steps, reader, review)["one"]
        numbers = re.search(r"is (\S+), after (\d+) steps? of padding (\S+):", text).groups()
        assert numbers == (f"{before:.2f}", str(steps), f"{after:.2f}")
        crossed = (before - 0.5) * (after - 0.5) < 0
        assert text.endswith("has flipped." if crossed else "the same verdict.")


def test_both_ends_of_that_sentence_occur_for_both_networks():
    for reader in NETWORKS:
        texts = [shown(12, reader, review)["one"] for review in NAMES]
        assert {text.endswith("has flipped.") for text in texts} == {True, False}


@pytest.mark.parametrize("reader", NETWORKS)
def test_it_says_in_words_how_many_it_judges_rightly(reader):
    for steps in STEPS[1:]:
        now = f"{accuracies(reader)[steps]:.0%} after {steps} more of padding."
        first = f"the {READERS[reader]} judges {accuracies(reader)[0]:.0%} rightly at their last"
        text = shown(steps, reader, NAMES[0])["all"]
        assert text.endswith(now)
        assert first in text


def test_after_twelve_steps_the_lstm_is_no_better_than_a_coin():
    assert 0.4 < accuracies("lstm")[12] <= 0.5


def test_it_opens_on_a_verdict_that_moves_away_from_zero_step_by_step():
    w = ReadingPadding()
    line = w.result["padding"][SHOWN:][: w.values["steps"] + 1]
    assert w.values["steps"] == 12
    assert line[0] < 0.005
    assert (np.diff(line) > 0).all()
    assert line[-1] > 0.5


def test_the_accuracies_fall_from_where_the_alternative_text_says_to_those_of_a_coin():
    starts = [round(float(accuracies(reader)[0]), 2) for reader in ("lstm", "rnn")]
    assert starts == [0.84, 0.7]
    assert "from 0.84 and 0.70 to about 0.5" in ReadingPadding().alt
    for reader in NETWORKS:
        assert abs(accuracies(reader)[LAST] - 0.5) < 0.1
        assert (accuracies(reader)[STEPS] > 0.3).all()  # on the axis
