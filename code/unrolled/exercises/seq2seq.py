"""Chapter 19: sequence to sequence."""

import numpy as np

from .checking import Wrong
from .comparing import near, number, result_of, whole, wholes


def seq2seq_1(answer):
    """Steps between reading each of five letters and writing it, the word read backward."""
    mistakes = {
        (5, 5, 5, 5, 5): "this is what it is if the word is read in order.",
        (9, 7, 5, 3, 1): "this is turned: which letter is read last?",
        (2, 4, 6, 8, 10): "the letter that is read at step 5 is written at step 6: one step.",
        (0, 2, 4, 6, 8): "the letter that is read at step 5 is written at step 6: one step.",
        (5, 4, 3, 2, 1): "these are the steps at which the letters are read.",
    }
    for mistaken, sentence in mistakes.items():
        if near(answer, mistaken):
            raise Wrong(sentence)
    names = [f"the distance of letter {k}" for k in range(1, 6)]
    wholes(answer, [1, 3, 5, 7, 9], what=names)


def seq2seq_2(answer):
    """The mean over answers of the mean over each one's own letters."""
    rng = np.random.default_rng(2)
    for N, U in ((2, 4), (3, 6), (5, 3)):
        losses = rng.uniform(0.5, 3, (N, U))
        counted = np.arange(U) < np.array([U, 1, *rng.integers(1, U + 1, N - 2)])[:, None]
        own = (losses * counted).sum(axis=1) / counted.sum(axis=1)
        mistakes = {
            losses[counted].mean(): "this is the mean over letters: a long answer counts more.",
            losses.mean(): "this counts the padding too.",
            (losses * counted).mean(): "this divides by the number of places, padding included.",
            (losses * counted).sum(axis=1).mean(): "this sums the letters of an answer: a long "
            "answer counts more.",
            ((losses * counted).sum(axis=0) / np.maximum(counted.sum(axis=0), 1)).mean(): (
                "this is a mean across answers first; begin with the mean over each one's letters."
            ),
            own.sum(): "this is the sum over answers, not their mean.",
        }
        found = result_of(answer, losses, counted)
        number(found, own.mean(), what="the loss", mistakes=mistakes)


def seq2seq_3(answer):
    """How many numbers a GRU that reads both ways has less than one that reads ahead."""
    for D, H in ((7, 32), (5, 8), (1, 2)):
        less = 3 * H * H // 2
        mistakes = {
            0: "the input weights are as many, but the recurrent ones are not.",
            H * H // 2: "this is one gate: a GRU has three recurrent matrices.",
            3 * H * H // 4: "each direction saves three quarters of a recurrent matrix; both "
            "together save half.",
            9 * H * H // 4: "this counts one direction only; there are two.",
            -less: "this is with the wrong sign: which of the two has fewer?",
            3 * H * H // 2 + 3 * D * H // 2: "the input weights are as many in both.",
            3 * H * H // 2 - 3 * D * H: "the input weights are as many in both.",
        }
        found = result_of(answer, D, H)
        whole(found, less, what=f"the difference for D = {D}, H = {H}", mistakes=mistakes)
