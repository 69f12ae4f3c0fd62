"""Chapter 11: deep and bidirectional."""

import numpy as np

from unrolled.engine import rnn
from unrolled.engine.bidirectional import Bidirectional
from unrolled.engine.stack import Stack

from .comparing import number, result_of, whole, wholes

T, D, H = 10, 3, 4


def deep_1(answer):
    """How many parameters two bidirectional layers on top of each other have."""
    params = Stack(Bidirectional(rnn), 2).init_params(D, H, rng=np.random.default_rng(11))
    expected = sum(value.size for value in params.values())
    first = sum(v.size for name, v in params.items() if name.startswith("layer_0"))
    mistakes = {
        expected // 2: "that is one direction.",
        2 * first: "the second layer does not read the inputs.",
        expected - 2 * H * H: "the second layer reads both directions of the first.",
        expected - 4 * H: "the biases are missing.",
        expected + 4 * H: "that counts two biases for each layer, as PyTorch keeps them.",
        first: "that is the first layer.",
        expected - first: "that is the second layer.",
    }
    whole(answer, expected, what="the number of parameters", mistakes=mistakes)


def deep_2(answer):
    """How many of ten steps move with the input of step 6, for four stacks of two layers."""
    stacks = {
        "forward on forward": (_forward, _forward),
        "backward on backward": (_backward, _backward),
        "forward on backward": (_backward, _forward),
        "forward on bidirectional": (_both, _forward),
    }
    x = np.random.default_rng(11).standard_normal((1, T, D))
    moved = x + (np.arange(T) == 6)[None, :, None]
    counts = []
    for lower, upper in stacks.values():
        change = np.abs(upper(lower(moved)) - upper(lower(x))).max(axis=(0, 2))
        counts.append(int((change > 0).sum()))
    whole_row = "ask first which steps of the lower layer move, then who reads those."
    swapped = "that is what the other direction gives."
    mistakes = [
        {counts[1]: swapped, T: "this stack is causal: earlier steps stay as they are."},
        {counts[0]: swapped, T: "some steps have not read that input yet."},
        dict.fromkeys((1, counts[0], counts[1]), whole_row),
        dict.fromkeys((1, counts[0], counts[1]), whole_row),
    ]
    what = [f"the count for {name}" for name in stacks]
    for name, right, own in zip(what, counts, mistakes, strict=True):
        own[right - 1] = f"{name}: step 6 itself moves, too."
    mistakes[0][counts[0] + 1] = "steps count from 0, so the last step is step 9."
    wholes(answer, counts, what=what, mistakes=mistakes)


def deep_3(answer):
    """The variance of a dropout mask."""
    for p in (0.2, 0.5, 0.9, 0.0):
        values, chances = np.array([0, 1 / (1 - p)]), np.array([p, 1 - p])
        square = (chances * values**2).sum()
        mistakes = {
            p * (1 - p): "that is the variance without the division by 1 - p.",
            square: "that is the mean of the square; the square of the mean goes off.",
            np.sqrt(square - 1): "that is the standard deviation.",
            p: "a division by 1 - p is still missing.",
            p / (1 - p) ** 2: "dividing by 1 - p twice is once too often.",
        }
        found = result_of(answer, p)
        number(found, square - 1, what=f"the variance for p = {p}", mistakes=mistakes)


def deep_4(answer):
    """In how many rows of each half of h a change of the first input is seen."""
    x = np.random.default_rng(11).standard_normal((1, T, D))
    moved = x + (np.arange(T) == 0)[None, :, None]
    forward, backward = (
        int((np.abs(half(moved) - half(x)).max(axis=(0, 2)) > 0).sum())
        for half in (_forward, _backward)
    )
    swapped = "one half begins at the first input, the other one ends there."
    wholes(
        answer,
        [forward, backward],
        what=["the number of rows for the forward half", "that for the backward half"],
        mistakes=[
            {1: swapped, T - 1: "the first row is one of them."},
            {T: swapped, 0: "the backward half reads the first input too, in the end."},
        ],
    )


def _forward(x):
    """The states of a layer that reads from the first step on, (1, T, H)."""
    return rnn.forward(x, rnn.init_params(x.shape[2], H, rng=np.random.default_rng(11)))[0]


def _backward(x):
    """The states of a layer that reads from the last step back, each beside its input."""
    return _forward(x[:, ::-1])[:, ::-1]


def _both(x):
    """The states of both beside each other, (1, T, 2 H)."""
    return np.concatenate([_forward(x), _backward(x)], axis=2)
