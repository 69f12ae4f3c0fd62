import math
from collections import Counter
from itertools import permutations

import numpy as np
import pytest
from unrolled.analysis import ngram
from unrolled.analysis.ngram import perplexity

V = 5


def p(word, context, train, **settings):
    """P(word | context): a text of one n-gram has perplexity 1 / P."""
    text = np.array([*context, word])
    return 1 / perplexity(np.array(train), text, order=len(text), V=V, **settings)


@pytest.mark.parametrize("discount", [0.1, 0.75, 0.99])
@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_the_probabilities_of_all_words_sum_to_one_after_any_context(rng, order, discount):
    train = rng.integers(0, V - 1, 60)  # the last word is never seen
    for context in rng.integers(0, V, (20, order - 1)).tolist():
        total = sum(p(word, context, train, discount=discount) for word in range(V))
        assert math.isclose(total, 1, rel_tol=1e-12), context


def test_single_words_have_their_discounted_share(rng):
    train, d = rng.integers(0, V - 1, 60), 0.4
    counts = Counter(train.tolist())
    for word in range(V):
        expected = max(counts[word] - d, 0) / 60 + d * len(counts) / 60 / V
        assert math.isclose(p(word, [], train, discount=d), expected, rel_tol=1e-12)


def test_pairs_by_hand():
    # Pairs 01 01 10 10 02 21. Alone, 1 counts as the two kinds that it follows, 0 and 2 as one.
    train, test = np.array([0, 1, 0, 1, 0, 2, 1]), np.array([0, 1, 0, 2, 1, 3, 0])
    spread = 0.75 * 3 / 4 / 4
    alone = [0.25 / 4 + spread, 1.25 / 4 + spread, 0.25 / 4 + spread, spread]
    expected = [
        1.25 / 3 + 0.75 * 2 / 3 * alone[1],  # 1 after 0, which three words of two kinds follow
        1.25 / 2 + 0.75 * 1 / 2 * alone[0],  # 0 after 1
        0.25 / 3 + 0.75 * 2 / 3 * alone[2],  # 2 after 0
        0.25 / 1 + 0.75 * 1 / 1 * alone[1],  # 1 after 2, which one word follows once
        0.75 * 1 / 2 * alone[3],  # 3, never seen, after 1
        alone[0],  # 0 after 3
    ]
    found = perplexity(train, test, order=2, V=4)
    assert math.isclose(found, math.prod(expected) ** (-1 / 6), rel_tol=1e-12)


def test_shorter_contexts_count_kinds_and_not_occurrences():
    # "Francisco" (1) is frequent but follows "San" (0) alone; 3 is rarer and follows many words.
    train = [0, 1] * 10 + [2, 3, 4, 3, 0, 3]
    assert Counter(train)[1] > Counter(train)[3]
    unseen = [3, 2]
    assert p(1, unseen, train) < p(3, unseen, train)


def test_a_context_that_was_never_seen_leaves_the_word_to_the_shorter_one():
    train = [0, 2, 3, 1, 2, 3, 3, 2, 3, 2, 0]
    assert p(3, [4, 2], train) > 0.6  # 4 2 never stood, 2 3 often
    assert p(3, [2, 4], train) < 0.5  # nothing ever followed 4


def test_a_text_that_repeats_itself_holds_no_surprise():
    text = np.tile([0, 1, 2, 3], 500)
    assert perplexity(text, text, order=2, V=V) < 1.01
    assert perplexity(text, text, order=1, V=V) > 3.9


def test_words_without_a_pattern_stay_as_many_as_they_are(rng):
    train, test = rng.integers(0, V, (2, 5000))
    for order in (1, 2):
        assert math.isclose(perplexity(train, test, order=order, V=V), V, rel_tol=0.01)


def test_whoever_has_read_nothing_guesses_among_all_words():
    for train in ([], [3]):
        found = perplexity(np.array(train, int), np.array([1, 2, 3]), order=2, V=V)
        assert math.isclose(found, V, rel_tol=1e-12)


def test_perplexity_is_over_the_words_that_have_a_context(rng):
    train, test = rng.integers(0, V, (2, 30))
    nats = [-math.log(p(test[i], test[i - 2 : i], train)) for i in range(2, 30)]
    found = perplexity(train, test, order=3, V=V)
    assert math.isclose(found, math.exp(sum(nats) / 28), rel_tol=1e-12)


@pytest.mark.parametrize(("order", "discount"), [(0, 0.5), (-1, 0.5), (2, 0), (2, 1), (2, -0.5)])
def test_an_order_below_one_or_a_discount_outside_zero_and_one_is_refused(order, discount):
    text = np.arange(V)
    with pytest.raises(ValueError, match=rf"0 < discount < 1; got {order}, {discount}"):
        perplexity(text, text, order=order, V=V, discount=discount)


def test_a_text_is_at_least_as_long_as_the_order():
    with pytest.raises(ValueError, match="test text has 2 words, fewer than the order 3"):
        perplexity(np.arange(V), np.array([1, 2]), order=3, V=V)


@pytest.mark.parametrize("wrong", [-1, V])
def test_a_word_outside_the_vocabulary_is_an_error(wrong):
    good, bad = np.arange(V), np.array([0, wrong])
    for name, texts in {"train": (bad, good), "test": (good, bad)}.items():
        with pytest.raises(ValueError, match=rf"{name} holds ids .*V=5 allows 0\.\.4"):
            perplexity(*texts, order=2, V=V)


def test_each_length_can_have_a_discount_of_its_own(rng):
    train, test = rng.integers(0, V, (2, 60))
    one = perplexity(train, test, order=3, V=V, discount=0.4)
    assert math.isclose(perplexity(train, test, order=3, V=V, discount=[0.4] * 3), one)
    others = [
        perplexity(train, test, order=3, V=V, discount=d) for d in permutations([0.2, 0.4, 0.9])
    ]
    assert len(set(others)) == 6
    with pytest.raises(ValueError, match="0 < discount < 1"):
        perplexity(train, test, order=3, V=V, discount=[0.4, 0.4])


def test_the_cost_of_each_word_gives_the_perplexity(rng):
    train, test = rng.integers(0, V, (2, 60))
    nats = ngram.nats(train, test, order=3, V=V)
    assert nats.shape == (58,)
    assert math.isclose(math.exp(nats.mean()), perplexity(train, test, order=3, V=V))


def test_tuning_finds_no_worse_than_any_order_with_a_single_discount(rng):
    text = [0]
    for _ in range(900):  # each word depends on the one before it alone
        text.append((text[-1] + rng.choice([1, 2])) % V)
    train, valid = np.split(np.array(text), [600])
    order, discounts, score = ngram.tuned(train, valid, orders=range(1, 5), V=V)
    assert order > 1  # single words know nothing of it
    assert math.isclose(score, perplexity(train, valid, order=order, V=V, discount=discounts))
    for each in range(1, 5):
        for discount in ngram.DISCOUNTS:
            single = perplexity(train, valid, order=each, V=V, discount=discount)
            assert score <= single + 1e-12


def test_counting_writes_what_it_has_counted(rng):
    levels = ngram.counted(np.tile([0, 1, 2, 3], 50), 3)
    drawn = ngram.sample([0, 1], 40, levels, V=4, discount=0.05, rng=rng)
    expected = np.tile([2, 3, 0, 1], 10)
    assert (np.array(drawn) == expected).mean() > 0.9
