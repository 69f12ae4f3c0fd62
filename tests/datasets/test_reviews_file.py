"""What the shipped reviews promise: balance, length, characters, and that order decides."""

import csv
import re
from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from unrolled.datasets import files, load_reviews
from unrolled.datasets.words import words_in

REVIEWS = load_reviews()
WORDS = [words_in(text) for text in REVIEWS.texts]
DENIALS = r"not|never|no|nothing|nobody|none|neither|nor|without|hardly|cannot|\w+n't"
TURNS = r"but|yet|still|until|then|though|after|at first|by the (last|end)|in the end"


def pairs():
    """Row numbers (positive, negative) of reviews that have the same words in another order."""
    same = {}
    for row, words in enumerate(WORDS):
        same.setdefault(tuple(sorted(words)), []).append(row)
    groups = [rows for rows in same.values() if len(rows) > 1]
    assert all(len(rows) == 2 for rows in groups)
    return [tuple(sorted(rows, key=lambda row: -REVIEWS.targets[row])) for rows in groups]


def test_there_are_480_of_them_and_both_splits_are_balanced():
    count = Counter(zip(REVIEWS.splits.tolist(), REVIEWS.targets.tolist(), strict=True))
    assert count == {("train", 0): 200, ("train", 1): 200, ("test", 0): 40, ("test", 1): 40}


def test_each_has_12_to_45_words():
    lengths = [len(words) for words in WORDS]
    assert min(lengths) >= 12
    assert max(lengths) <= 45
    assert np.percentile(lengths, 90) - np.percentile(lengths, 10) > 15


def test_they_are_plain_sentences_in_american_letters():
    for text in REVIEWS.texts:
        assert re.fullmatch(r"[A-Z]([A-Za-z' ]|[a-zI][,.?] )+[a-z][.?]", text), text
        assert not re.search(r"  |' |''| '", text), text


def test_the_file_is_written_as_the_standard_has_it():
    with open(files.path("reviews.csv"), encoding="ascii", newline="") as file:
        content = file.read()
    lines = content.removesuffix("\n").split("\n")
    assert len(lines) == 481
    assert next(csv.reader(lines)) == ["text", "target", "split"]
    # A text is quoted where it holds a comma, and only there.
    assert all((line[0] == '"') == (line.count(",") > 2) for line in lines[1:])


def test_the_rows_are_shuffled():
    for column in (REVIEWS.targets, REVIEWS.splits == "test"):
        changes = np.mean(column[1:] != column[:-1])
        assert changes == pytest.approx(2 * column.mean() * (1 - column.mean()), abs=0.08)


def test_no_two_reviews_are_nearly_the_same():
    grams = [set(zip(words, words[1:], words[2:], words[3:], strict=False)) for words in WORDS]
    for first, second in combinations(range(len(WORDS)), 2):
        shared = len(grams[first] & grams[second])
        smaller = min(len(grams[first]), len(grams[second]))
        assert shared <= 0.6 * smaller, (REVIEWS.texts[first], REVIEWS.texts[second])


def test_pairs_with_the_same_words_have_opposite_targets_and_stay_in_one_split():
    for positive, negative in pairs():
        assert (REVIEWS.targets[positive], REVIEWS.targets[negative]) == (1, 0)
        assert REVIEWS.splits[positive] == REVIEWS.splits[negative]
    count = Counter(REVIEWS.splits[positive] for positive, _ in pairs())
    assert count["train"] >= 20
    assert count["test"] >= 8


@pytest.mark.parametrize("signals", [DENIALS, TURNS], ids=["denial", "turn"])
def test_denials_and_turns_are_frequent_in_both_halves(signals):
    found = [bool(re.search(rf"\b({signals})\b", " ".join(words))) for words in WORDS]
    rates = [np.array(found)[REVIEWS.targets == target].mean() for target in (0, 1)]
    assert min(rates) > 0.15
    assert abs(rates[0] - rates[1]) < 0.1


@pytest.mark.parametrize(
    "word", ["great", "good", "funny", "clever", "dull", "boring", "bored", "silly"]
)
def test_words_of_feeling_stand_in_reviews_of_both_kinds(word):
    targets = {int(REVIEWS.targets[row]) for row, words in enumerate(WORDS) if word in words}
    assert targets == {0, 1}


def bag_accuracy(x, targets, x_test, targets_test):
    """Test accuracy of logistic regression on word counts, trained by gradient descent."""
    w, b = np.zeros(x.shape[1]), 0.0
    for _ in range(150):
        error = 1 / (1 + np.exp(-(x @ w + b))) - targets
        w -= 0.2 * (x.T @ error / len(x) + w / len(x))
        b -= 0.2 * error.mean()
    return np.mean((x_test @ w + b > 0) == targets_test)


def test_word_counts_alone_do_better_than_chance_and_leave_room_for_order():
    columns = {word: i for i, word in enumerate(dict.fromkeys(w for ws in WORDS for w in ws))}
    x = np.zeros((len(WORDS), len(columns)))
    for row, words in enumerate(WORDS):
        for word in words:
            x[row, columns[word]] += 1
    train = REVIEWS.splits == "train"
    accuracy = bag_accuracy(x[train], REVIEWS.targets[train], x[~train], REVIEWS.targets[~train])
    assert 0.65 < accuracy < 0.82
