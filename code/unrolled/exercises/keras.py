"""Chapter 14: Keras and IMDB."""

import numpy as np

from unrolled.datasets.imdb import FIRST_WORDS
from unrolled.datasets.results import read
from unrolled.engine import dense, rnn

from .checking import Wrong
from .comparing import array, number, result_of, whole


def keras_1(answer):
    """How many words keep an id of their own if Keras keeps 10,000 ids."""
    ids = 10_000
    mistakes = {
        ids: "Keras counts ids, and some ids are no words.",
        ids - 3: "padding, start and unknown are not all: one more id stands for no word.",
        len(FIRST_WORDS): "these are the ids that are no words.",
    }
    whole(answer, ids - len(FIRST_WORDS), what="the number of words", mistakes=mistakes)


def keras_2(answer):
    """The axes that a recurrent layer expects, and those of a last state."""
    params = rnn.init_params(2, 3, rng=np.random.default_rng(14))
    states, _ = rnn.forward(np.ones((4, 5, 2)), params)
    expected, found = states.ndim, states[:, -1].ndim
    if np.array_equal(answer, [found, expected]):
        raise Wrong("the two numbers are in the other order.")
    array(answer, [expected, found], what="the list of two numbers")


def keras_3(answer):
    """The parameters of an embedding, two plain cells and a readout of one logit."""
    rng = np.random.default_rng(14)
    for reads, V, D, H in ((64, 10_000, 100, 64), (100, 10_000, 100, 64), (7, 50, 6, 5)):
        readout = _size(dense.init_params(H, 1, rng=rng))
        cells = [_size(rnn.init_params(inputs, H, rng=rng)) for inputs in (D, reads)]
        expected = V * D + sum(cells) + readout
        mistakes = {
            expected - 2 * H - 1: "the biases are missing.",
            expected - 2 * H: "the cells have biases, too.",
            expected - 1: "the readout has a bias, too.",
            expected - V * D: "the table of the embedding is learned, too.",
            expected - readout: "the readout is missing.",
            expected - cells[0]: "the first cell is missing.",
            V * D + 2 * cells[0] + readout: "the second cell reads `reads` numbers.",
            V * D + 2 * cells[1] + readout: "the first cell reads a row of the embedding.",
        }
        what = f"the number for reads = {reads}, V = {V}, D = {D}, H = {H}"
        whole(result_of(answer, reads, V, D, H), expected, what=what, mistakes=mistakes)


def _size(params):
    return sum(value.size for value in params.values())


def keras_4(answer):
    """How far the recorded test accuracy falls from the second to the fourth epoch."""
    runs = read("imdb-keras")["results"]
    curves = [run["test accuracy"] for run in runs if run["model"] == "cells repaired"]
    first, second, third, fourth = np.mean(curves, axis=0)
    mistakes = {
        third - fourth: "the second epoch stands in column 1, since columns are counted from 0.",
        first - fourth: "this is the fall from the first epoch on.",
    }
    if _about(answer, 100 * (second - fourth)):
        raise Wrong("this is in points; the difference of the accuracies is smaller.")
    number(answer, second - fourth, atol=6e-4, what="the difference", mistakes=mistakes)


def _about(answer, value):
    """Whether `answer` is a number within a tenth of `value`: points are rounded early."""
    try:
        number(answer, value, rtol=0.1)
    except Wrong:
        return False
    return True
