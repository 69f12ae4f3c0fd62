"""The bags of chapter 14: what they count, how it is weighted, and where the climb ends."""

import base64

import numpy as np
import pytest

pytest.importorskip("sklearn")

from unrolled.experiments import imdb_bags
from unrolled.experiments.imdb_bags import V, bag, keys, packed, table, weights


def test_a_review_has_each_word_once_and_each_pair_of_neighbors_once():
    assert keys([5, 7, 5, 7], pairs=False).tolist() == [5, 7]
    assert keys([5, 7, 5, 7], pairs=True).tolist() == [5, 7, V + 5 * V + 7, V + 7 * V + 5]


def test_a_pair_is_no_word_and_no_other_pair():
    every = [*range(3), *(V + a * V + b for a in range(3) for b in (0, 1, V - 1))]
    assert len({*every}) == len(every)


def test_the_table_says_which_known_columns_occur():
    known = np.array([2, 5, 9])
    found = table([[5, 5, 3], [9, 2], [4], [12]], known, pairs=False).toarray()
    assert found.tolist() == [[0, 1, 0], [1, 0, 1], [0, 0, 0], [0, 0, 0]]


def test_what_occurs_in_good_reviews_weighs_above_zero():
    x = table([[1, 3], [1, 3], [1, 4], [1, 4]], np.array([1, 3, 4]), pairs=False)
    both, good, bad = weights(x, np.array([1, 1, 0, 0]))
    assert both == pytest.approx(0)
    assert good == pytest.approx(np.log(3)) == pytest.approx(-bad)


def test_right_and_wrong_are_read_back(rng):
    right = rng.random(21) < 0.5
    bits = np.unpackbits(np.frombuffer(base64.b64decode(packed(right)), np.uint8), count=21)
    np.testing.assert_array_equal(bits.astype(bool), right)


@pytest.mark.parametrize("kind", ["words", "weighted words", "pairs", "weighted pairs"])
def test_the_chosen_strength_lies_inside_what_was_tried(rng, kind):
    def part(n):
        targets = np.arange(n) % 2
        return [[1, *rng.integers(4 + 8 * k, 24 + 8 * k, 12)] for k in targets], targets

    parts = {"train": part(80), "validation": part(40), "test": part(40)}
    found = bag(parts, kind, "whole")
    tried = [float(C) for C in found["tried"]]
    assert min(tried) < found["C"] < max(tried)
    assert found["validation"] == max(found["tried"].values())
    bits = np.unpackbits(np.frombuffer(base64.b64decode(found["right"]), np.uint8), count=40)
    assert found["test"] == pytest.approx(bits.mean())
    assert (found["columns"] > 29) == ("pairs" in kind)  # the start and 28 words


def test_the_parts_share_no_review_and_miss_none():
    class Data:
        x_train, targets_train = [[n] for n in range(12)], np.arange(12)
        x_test, targets_test = [[12]], np.array([0])

    parts = imdb_bags.split(Data, 4)
    assert len(parts["validation"][0]) == 4
    every = [row[0] for name in ("train", "validation") for row in parts[name][0]]
    assert sorted(every) == list(range(12))
    assert all(
        row[0] == y for name in parts if name != "test" for row, y in zip(*parts[name], strict=True)
    )
