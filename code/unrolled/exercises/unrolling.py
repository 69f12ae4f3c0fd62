"""Chapter 3: forward over a sequence, and its loss."""

import numpy as np

from unrolled.engine.losses import cross_entropy, softmax

from .checking import Wrong
from .comparing import array, number, result_of


def unrolling_1(answer):
    """What guessing among fifty words costs."""
    V = 50
    mistakes = {
        V: "that is the number of words; the price is a logarithm.",
        1 / V: "that is the probability of the right word; the price is its negative logarithm.",
        np.log2(V): "that is in bits; expected nats, the natural logarithm.",
        np.log10(V): "that is a logarithm to base ten; expected nats, the natural logarithm.",
        np.log(12): "that is the price among twelve words.",
    }
    number(answer, np.log(V), rtol=0.03, what="the cross-entropy", mistakes=mistakes)


def unrolling_2(answer):
    """The losses of logits that are flattened, kept and exaggerated."""
    rng = np.random.default_rng(2)
    logits, targets = rng.standard_normal((2, 6, 5)), rng.integers(0, 5, (2, 6))
    expected = [cross_entropy(factor * logits, targets)[0] for factor in (0, 1, 10)]
    multiplied = [factor * expected[1] for factor in (0, 1, 10)]
    found = result_of(answer, logits, targets)
    if isinstance(found, (list, tuple)) and any(isinstance(pair, tuple) for pair in found):
        raise Wrong("expected three numbers; cross_entropy returns a loss and its gradient.")
    if isinstance(found, (list, tuple, np.ndarray)) and np.array_equal(found, multiplied):
        raise Wrong("it is the loss that has been multiplied here; multiply the logits.")
    array(found, expected, what="the list of losses")


def unrolling_3(answer):
    """The entry of a row of dlogits that the others tell."""
    rng = np.random.default_rng(3)
    for K, right, lost in ((5, 1, 1), (4, 2, 0), (2, 0, 1)):
        row = softmax(rng.standard_normal(K)) - np.eye(K)[right]
        others = np.delete(row, lost)
        mistakes = {1 - others.sum(): "the p of a row sum to 1, but its entries do not."}
        number(result_of(answer, others), row[lost], what="the lost entry", mistakes=mistakes)


def unrolling_4(answer):
    """The perplexity of a sequence, from the probabilities of its letters."""
    for p in (np.array([0.5, 0.1, 0.9, 0.05]), np.full(24, 0.25)):
        loss = -np.log(p).mean()
        mistakes = {
            loss: "that is the loss; the perplexity is a power of e.",
            np.exp(-loss): "the sign of the loss is lost: a perplexity is at least 1.",
            np.exp(len(p) * loss): "the losses are added up; the loss of a sequence is their mean.",
            1 / p.mean(): "the logarithm comes before the mean over the steps.",
            (1 / p).mean(): "the logarithm comes before the mean over the steps.",
        }
        number(result_of(answer, p), np.exp(loss), what="the perplexity", mistakes=mistakes)
