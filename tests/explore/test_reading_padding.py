from functools import cache

import numpy as np
import pytest
from unrolled.datasets.reviews import load_reviews
from unrolled.datasets.words import words_in
from unrolled.explore import ReadingPadding, reading_padding
from unrolled.explore.reading_padding import LAST, PAD, SHOWN, accuracies, after_padding
from unrolled.explore.review_readers import CELLS, ROWS, numbered_words, parameters, words

STEPS = [0, 1, 3, 12, LAST]
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
    for steps in STEPS:
        drawn = shown(steps, reader, NAMES[0])[reader]
        np.testing.assert_array_equal(drawn[: steps + 1], accuracies(reader)[: steps + 1])
        assert np.isnan(drawn[steps + 1 :]).all()


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
    assert result["verdict"] == "packed"
    assert result["before"] == result["after"] == pytest.approx(whole[end], abs=1e-6)


@pytest.mark.parametrize("reader", NETWORKS)
@pytest.mark.parametrize("review", NAMES)
def test_words_and_padding_are_two_lines_that_meet_and_end_at_the_mark(reader, review):
    for steps in STEPS:
        result, x = shown(steps, reader, review), np.arange(-SHOWN, LAST + 1)
        np.testing.assert_array_equal(np.isfinite(result["words"]), x <= 0)
        np.testing.assert_array_equal(np.isfinite(result["padding"]), (x >= 0) & (x <= steps))
        p = alone(reader, text_of(review))[-LAST - 1 :]
        np.testing.assert_allclose(
            result["padding"][SHOWN:][: steps + 1], p[: steps + 1], atol=1e-5
        )


@pytest.mark.parametrize("reader", NETWORKS)
@pytest.mark.parametrize("review", NAMES)
def test_a_verdict_has_flipped_where_the_line_is_across_the_middle(reader, review):
    for steps in STEPS[1:]:
        facts = shown(steps, reader, review)
        before, after = facts["padding"][[SHOWN, SHOWN + steps]]
        assert (facts["before"], facts["after"]) == (before, after)
        crossed = (before - 0.5) * (after - 0.5) < 0
        assert facts["verdict"] == ("flipped" if crossed else "same")
        assert facts["right_after"] == accuracies(reader)[steps]


def first_flip(reader, review):
    """The first step of padding after which the verdict is another."""
    found = (shown(steps, reader, review)["verdict"] for steps in range(1, LAST + 1))
    return 1 + list(found).index("flipped")


def test_what_lies_beyond_the_mark_goes_on_where_what_was_read_ends():
    for steps in STEPS:
        result = shown(steps, "lstm", "the talking cat")
        for read, unread in (("padding", "unread"), ("rnn", "rnn_unread"), ("lstm", "lstm_unread")):
            known = [np.isfinite(result[key])[-LAST - 1 :] for key in (read, unread)]
            np.testing.assert_array_equal(
                np.add(*np.int_(known)), 1 + np.eye(LAST + 1, dtype=int)[steps]
            )
            at = steps - LAST - 1
            assert result[read][at] == result[unread][at]


def test_the_lstm_holds_one_verdict_for_ten_steps_and_another_for_thirty_two():
    assert first_flip("lstm", "the talking cat") == 11
    assert first_flip("lstm", "the brilliant daughter") == 33


def test_the_plain_network_changes_its_verdict_at_each_of_the_first_three_steps():
    found = [shown(steps, "rnn", "the talking cat")["verdict"] for steps in (1, 2, 3)]
    assert found == ["flipped", "same", "flipped"]


def test_after_twelve_steps_the_lstm_likes_nearly_all_and_is_no_better_than_a_coin():
    assert np.mean(after_padding("lstm")[:, 12] > 0.5) == pytest.approx(0.89, abs=0.005)
    assert [round(float(accuracies("lstm")[steps]), 2) for steps in (0, 12)] == [0.84, 0.49]


def test_it_opens_on_a_verdict_that_moves_away_from_zero_step_by_step():
    w = ReadingPadding()
    line = w.arrays["padding"][SHOWN:][: w.values["steps"] + 1]
    assert line[0] < 0.005
    assert (np.diff(line) > 0).all()


def test_the_accuracies_fall_as_the_alternative_text_says_to_those_of_a_coin():
    found = [[round(float(accuracies(r)[k]), 2) for r in ("lstm", "rnn")] for k in (0, 8)]
    assert found == [[0.84, 0.7], [0.75, 0.54]]
    assert "0.84 and 0.70 at the last word" in ReadingPadding.alt
    assert "0.75 and 0.54" in ReadingPadding.alt
    for reader in NETWORKS:
        assert abs(accuracies(reader)[LAST] - 0.5) < 0.1
