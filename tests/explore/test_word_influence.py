import json

import numpy as np
import pytest
from unrolled.datasets import files
from unrolled.datasets.reviews import load_reviews
from unrolled.datasets.words import words_in
from unrolled.explore import WordInfluence
from unrolled.explore.review_readers import (
    CELLS,
    OWN,
    READERS,
    ROWS,
    START,
    UNKNOWN,
    numbered_words,
    parameters,
    text_and_target,
    words,
)
from unrolled.explore.word_influence import GRADIENT, LEFT_OUT, METHODS, REVIEWS, T, compute
from unrolled.figures.states import STRETCH

FIRST, SECOND = list(ROWS)[:2]
NAMES = REVIEWS


def bars(review, reader, method=LEFT_OUT):
    """What the bars show, one number for each word."""
    shown = compute(review, reader, method)
    return np.nansum([shown["for_it"], shown["against_it"]], axis=0)[: len(words(review))]


def logit(reader, read):
    """What a reader makes of a list of words, one step after the other."""
    params, ids = parameters(reader)[0], numbered_words(read)
    if reader == "bag":
        return params["weights"][ids].sum() + params["bias"][0]
    state = None
    for word in ids:
        h, tape = CELLS[reader].forward(params["W_e"][[[word]]], params, state)
        state = tape.state
    return (h[0, -1] @ params["W_hy"] + params["b_y"])[0]


def test_all_of_them_are_test_reviews_and_differ():
    texts, _, splits = load_reviews()
    assert len(set(ROWS.values())) == len(ROWS) == len(REVIEWS) - len(OWN) == 5
    assert {splits[row] for row in ROWS.values()} == {"test"}
    for review, row in ROWS.items():
        assert words(review) == words_in(texts[row])


def test_every_review_holds_the_words_of_its_name():
    for review in NAMES:
        assert set(words_in(review)) <= set(words(review))


def test_the_first_two_have_the_same_words_in_another_order_and_differ_in_what_they_say():
    assert sorted(words(FIRST)) == sorted(words(SECOND))
    assert words(FIRST) != words(SECOND)
    assert {int(load_reviews().targets[ROWS[name]]) for name in (FIRST, SECOND)} == {0, 1}


def test_the_bag_has_one_weight_for_each_word_wherever_it_stands():
    weight = {}
    for review in NAMES:
        for word, size in zip(words(review), bars(review, "bag"), strict=True):
            assert weight.setdefault(word, size) == size
    np.testing.assert_array_equal(np.sort(bars(FIRST, "bag")), np.sort(bars(SECOND, "bag")))


def test_so_it_gives_both_the_same_verdict_and_is_right_about_one():
    shown = [compute(name, "bag", LEFT_OUT) for name in (FIRST, SECOND)]
    assert [round(result["probability"], 2) for result in shown] == [0.63, 0.63]
    assert [result["right"] for result in shown] == [True, False]


def test_the_lstm_is_right_about_both_and_awful_counts_three_times_as_much_in_the_hall():
    awful = [bars(name, "lstm")[words(name).index("awful")] for name in (FIRST, SECOND)]
    assert np.round(awful, 1).tolist() == [-1.0, -3.1]
    assert all(compute(name, "lstm", LEFT_OUT)["right"] for name in (FIRST, SECOND))


def test_but_it_follows_the_last_judgment_and_is_wrong_if_the_film_comes_first():
    (name,) = OWN
    assert sorted(words(name)) == sorted(words(FIRST))
    shown = compute(name, "lstm", LEFT_OUT)
    assert (round(shown["probability"], 2), shown["right"]) == (0.01, False)
    read = "in the lobby an {} film in the hall an {} poster"
    likes = [
        logit("lstm", read.format(*pair).split()) > 0
        for pair in (("excellent", "awful"), ("awful", "excellent"))
    ]
    assert likes == [False, True]


def test_the_line_falls_at_dull_and_stale_for_all_readers_and_all_are_wrong():
    name = "not dull but funny"
    for reader in READERS:
        shown = compute(name, reader, LEFT_OUT)
        assert not shown["right"]
        for word in ("dull", "stale"):
            assert np.diff(shown["sofar"])[words(name).index(word) - 1] < 0


def test_the_two_methods_disagree_about_awful_for_the_simple_rnn():
    where = words(FIRST).index("awful")
    assert bars(FIRST, "rnn", LEFT_OUT)[where] > 1 > 0 > bars(FIRST, "rnn", GRADIENT)[where]
    assert np.sum(bars(FIRST, "rnn", LEFT_OUT) < 0) == 1


def test_for_the_lstm_the_same_word_counts_more_in_one_place_than_in_another():
    for method in METHODS:
        sizes = [
            dict(zip(words(name), bars(name, "lstm", method), strict=True))["excellent"]
            for name in (FIRST, SECOND)
        ]
        assert abs(sizes[0]) > 1.5 * abs(sizes[1])
        repeated = bars(FIRST, "lstm", method)[[0, 6]]  # in, in
        assert abs(repeated[0] - repeated[1]) > 0.01


def test_it_opens_with_excellent_upward_and_awful_downward():
    w = WordInfluence()
    assert w.values == {"review": FIRST, "reader": "lstm", "method": LEFT_OUT}
    where = words(FIRST).index
    assert w.arrays["for_it"][where("excellent")] > 0 > w.arrays["against_it"][where("awful")]


@pytest.mark.parametrize("reader", list(READERS))
@pytest.mark.parametrize("review", NAMES)
def test_leaving_out_is_what_the_reader_makes_of_the_shorter_review(review, reader):
    all_words = words(review)
    expected = [
        logit(reader, all_words) - logit(reader, all_words[:t] + all_words[t + 1 :])
        for t in range(len(all_words))
    ]
    np.testing.assert_allclose(bars(review, reader), expected, atol=2e-5)


@pytest.mark.parametrize("reader", list(CELLS))
def test_gradient_times_input_is_the_slope_as_a_word_grows(reader):
    params, (e, review) = parameters(reader)[0], (1e-3, FIRST)
    found, ids = bars(review, reader, GRADIENT), numbered_words(words(review))
    x = params["W_e"][ids].astype(float)
    double = {name: value.astype(float) for name, value in params.items()}
    for t in range(len(found)):
        ends = []
        for sign in (1, -1):
            scaled = x.copy()
            scaled[t + 1] *= 1 + sign * e  # the start stands in front
            h = CELLS[reader].forward(scaled[None], double)[0][0, -1]
            ends.append(h @ double["W_hy"][:, 0])
        assert found[t] == pytest.approx((ends[0] - ends[1]) / (2 * e), abs=1e-4)


@pytest.mark.parametrize("reader", list(READERS))
def test_the_verdict_so_far_is_that_on_the_words_so_far(reader):
    for review in NAMES:
        sofar, T_own = compute(review, reader, LEFT_OUT)["sofar"], len(words(review))
        heard = [logit(reader, words(review)[: t + 1]) for t in range(T_own)]
        np.testing.assert_allclose(sofar[:T_own], 1 / (1 + np.exp(np.negative(heard))), atol=1e-6)
        assert np.isnan(sofar[T_own:]).all()


@pytest.mark.parametrize("reader", list(READERS))
@pytest.mark.parametrize("method", METHODS)
def test_the_facts_say_what_the_arrays_show(reader, method):
    for review in NAMES:
        shown, own = compute(review, reader, method), bars(review, reader, method)
        strongest = np.abs(own).argmax()
        assert shown["likes"] == (shown["sofar"][len(own) - 1] > 0.5)
        assert shown["right"] == (shown["likes"] == text_and_target(review)[1])
        assert (shown["word"], shown["place"]) == (words(review)[strongest], strongest + 1)
        assert shown["adds"] == (own[strongest] > 0)
        assert shown["size"] == pytest.approx(abs(own[strongest]))


def test_each_word_has_one_bar_of_one_sign_at_its_place():
    for k, review in enumerate(NAMES):
        shown, count = compute(review, "lstm", GRADIENT), len(words(review))
        up, down = (np.isfinite(shown[name]) for name in ("for_it", "against_it"))
        np.testing.assert_array_equal(up ^ down, np.arange(T) < count)
        assert (shown["for_it"][up] > 0).all()
        assert (shown["against_it"][down] < 0).all()
        np.testing.assert_array_equal(shown["t"][:count], k * STRETCH + np.arange(count))
        assert words_in(shown["text"]) == words(review)


def test_the_method_is_all_one_to_the_bag_alone():
    for reader in READERS:
        same = np.array_equal(bars(FIRST, reader, LEFT_OUT), bars(FIRST, reader, GRADIENT))
        assert same == (reader == "bag")


@pytest.mark.parametrize("reader", list(READERS))
def test_each_reader_is_as_right_about_the_test_reviews_as_was_recorded(reader):
    texts, targets, splits = load_reviews()
    test = np.flatnonzero(splits == "test")
    right = [(logit(reader, words_in(texts[i])) > 0) == targets[i] for i in test]
    with open(files.path("results/review-models.json"), encoding="utf-8") as file:
        recorded = json.load(file)["results"][reader]["test accuracy"]
    assert np.mean(right) == pytest.approx(recorded, abs=1e-4)


def test_words_that_no_reader_has_met_are_unknown_and_a_review_begins_with_its_start():
    ids = numbered_words(["film", "qwertyuiop"])
    _, number = parameters("lstm")
    assert ids.tolist() == [START, number["film"], UNKNOWN]
    assert [list(number)[i] for i in range(3)] == ["<pad>", "<start>", "<unk>"]
