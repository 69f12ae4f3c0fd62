"""Chapter 7: text to tensors."""

from functools import cache
from itertools import pairwise

import numpy as np

from unrolled.analysis.paired import mcnemar
from unrolled.datasets import load_reviews
from unrolled.datasets.sequences import pad
from unrolled.engine import embedding

from .checking import Wrong
from .comparing import array, names, near, result_of, whole, wholes

FIRST = "great at first, dull in the end"
SECOND = "dull at first, great in the end"


def text_1(answer):
    """The first word read of a long review, cut on either side, and the step of a short one's."""
    review = [list(range(30))]
    in_front, at_the_end = (pad(review, 20, truncating=side)[0][0, 0] for side in ("pre", "post"))
    first_step = np.argmax(pad([list(range(12))], 20)[1][0])
    sides = "the side says where words are lost, not where they are kept."
    wholes(
        answer,
        [in_front, at_the_end, first_step],
        what=[
            "the first word after a cut in front",
            "the first word after a cut at the end",
            "the step of the short review's first word",
        ],
        mistakes=[
            {0: sides, 20: "20 words are kept, not lost."},
            {10: sides},
            {
                0: "that is so with the padding at the end.",
                12: "count the steps of padding, not the words.",
            },
        ],
    )


def text_2(answer):
    """In how many columns the twin reviews differ if pairs of neighbors are counted too."""
    first, second = (set(pairwise(text.replace(",", "").split())) for text in (FIRST, SECOND))
    mistakes = {
        0: "single words alone say that; count pairs of neighbors too, ngram_range=(1, 2).",
        len(first - second): "a column differs too if only the second review has the pair.",
    }
    whole(answer, len(first ^ second), what="the number of columns", mistakes=mistakes)


def text_3(answer):
    """The gradient of the embedding matrix, from one-hot rows and a product."""
    rng = np.random.default_rng(7)
    V, D = 9, 4
    for ids in (np.array([[4, 1, 7]]), np.array([[4, 8, 4, 0], [1, 4, 4, 7]])):
        dx = rng.standard_normal((*ids.shape, D))
        expected = embedding.backward(dx, ids, {"W_e": np.zeros((V, D))})["W_e"]
        found = result_of(answer, ids, dx, V)
        once = np.zeros((V, D))
        once[ids] = dx
        if near(found, once) and not near(once, expected):
            raise Wrong("a word that stands twice keeps only one of its gradients.")
        array(found, expected, what=f"the gradient for ids of shape {ids.shape}")


def text_4(answer):
    """Which of the words with the largest weights are on the list of stop words."""
    shown, stop_words = _heaviest_words()
    names(answer, [word for word in shown if word in stop_words], shown)


def text_5(answer):
    """How many of twelve disagreements one model has to win for p to be below 0.05."""
    wins = (n for n in range(6, 13) if _p(n) < 0.05)
    mistakes = {
        9: "nine against three has p = 0.15; the test counts both sides.",
        12: "fewer are enough: eleven against one has p below 0.01.",
        2: "that is how many the other one may win.",
    }
    whole(answer, next(wins), what="the number of reviews", mistakes=mistakes)


def _p(wins):
    """McNemar's p where one of two models is right on `wins` of twelve, the other on the rest."""
    first = np.arange(12) < wins
    return mcnemar(first, ~first).p


@cache
def _heaviest_words():
    """The fourteen words that decide most in the bag of words, and the list of stop words."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer
    from sklearn.linear_model import LogisticRegression

    reviews = load_reviews()
    training = reviews.splits == "train"
    counter = CountVectorizer()
    bag = counter.fit_transform(np.array(reviews.texts, dtype=object)[training])
    model = LogisticRegression(max_iter=1000).fit(bag, reviews.targets[training])
    order = np.argsort(model.coef_[0])
    found = counter.get_feature_names_out()[[*order[:7], *order[-7:]]]
    return tuple(map(str, found)), ENGLISH_STOP_WORDS
