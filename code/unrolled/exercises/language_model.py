"""Chapter 8: a language model."""

import numpy as np

from unrolled.analysis import ngram
from unrolled.datasets.text import spelled_numbers
from unrolled.engine.language_model import next_word, perplexity

from .checking import Wrong
from .comparing import array, near, number, result_of


def language_model_1(answer):
    """The perplexity of a model that gives the right word 1/2 and 1/8 in turn."""
    p = np.array([1 / 2, 1 / 8])
    nats = -np.log(p).mean()
    mistakes = {
        nats: "that is the loss in nats. The perplexity is its exponential.",
        -np.log2(p).mean(): "that is the loss in bits. How many words do they choose among?",
        1 / p.mean(): "this averages probabilities; the loss averages their logarithms.",
        (1 / p).mean(): "this averages perplexities; what is averaged is the loss.",
    }
    number(answer, perplexity(nats), what="the perplexity", mistakes=mistakes)


def language_model_2(answer):
    """The training perplexity on the numbers text in random order, within a tenth."""
    text = spelled_numbers(1, 2000).split()
    words = sorted(set(text))
    ids = np.array([words.index(word) for word in text])
    seen, unseen = np.split(ids, [len(ids) * 9 // 10])
    single = ngram.perplexity(seen, seen, order=1, V=len(words))
    pairs = [ngram.perplexity(seen, test, order=2, V=len(words)) for test in (seen, unseen)]
    blind = "blind guessing among all words ends there; some words are more frequent than others."
    ordered = "pairs of words lead there while the text is in order; shuffle what is trained on."
    mistakes = {len(words): blind} | dict.fromkeys(pairs, ordered)
    number(answer, single, rtol=0.1, what="the perplexity", mistakes=mistakes)


def language_model_3(answer):
    """The gradient of the loss with respect to the logits, at a temperature."""
    rng = np.random.default_rng(8)
    for V, target, tau in ((5, 2, 0.7), (3, 0, 2.5), (6, 5, 1.0)):
        logits = rng.standard_normal(V)
        onehot = np.eye(V)[target]
        found = result_of(answer, logits, target, tau)
        before = next_word(logits, tau) - onehot
        if tau != 1 and near(found, before):
            raise Wrong("that is the gradient of the logits after the division by tau.")
        if tau != 1 and near(found, tau * before):
            raise Wrong("the slope of z / tau in z is not tau.")
        if tau != 1 and near(found, (next_word(logits) - onehot) / tau):
            raise Wrong("the probabilities are those at temperature 1.")
        array(found, before / tau, what=f"the gradient at temperature {tau}")


def language_model_4(answer):
    """The distribution that is drawn from in the limit of temperature zero."""
    rng = np.random.default_rng(9)
    clear = rng.permutation(6) / 2
    tied = np.array([0.5, 2.0, -1.0, 2.0, 1.0])
    for logits, tie in ((clear, False), (-clear - 1000, False), (tied, True)):
        expected = next_word(logits, 1e-6)
        found = result_of(answer, logits)
        if isinstance(found, (int, np.integer)):
            raise Wrong("expected a probability for every word; got one number.")
        first = logits == logits.max()
        if tie and any(near(found, np.eye(len(logits))[place]) for place in np.flatnonzero(first)):
            raise Wrong("two words are tied for first place, and one of them gets nothing.")
        if tie and near(found, first):
            raise Wrong("two words are tied, and the probabilities add up to 2.")
        array(found, expected, what=f"the distribution for {len(logits)} logits")
