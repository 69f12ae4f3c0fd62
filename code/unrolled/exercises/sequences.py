"""Chapter 1: sequences and memory."""

import numpy as np

from unrolled.datasets import rhymes
from unrolled.engine import rnn

from .checking import Wrong
from .comparing import array, near, result_of, whole


def sequences_1(answer):
    """The shortest window that tells all twelve words apart at their last letters."""
    longest = max(map(len, rhymes.WORDS))
    mistakes = {
        longest - 1: "generation and veneration look alike through that window.",
        len("master"): "that is enough for master and faster, and there are longer words.",
    }
    whole(answer, longest, what="the length of the window", mistakes=mistakes)


def sequences_2(answer):
    """How far apart the two states are after each letter, for a negative recurrent weight."""
    states = _states(-0.8)
    expected, positive = states[0] - states[1], np.subtract(*_states(0.8))
    early = "the first of these is the difference before any letter; expected those after each."
    for mistaken, sentence in (
        (positive, "these are the differences for a recurrent weight of +0.8."),
        (np.abs(expected), "the sizes are right, but a difference has a sign, too."),
        (states[0], "these are the states of one word; expected differences of two."),
        (states[1], "these are the states of one word; expected differences of two."),
        (np.array([0, *expected[:-1]]), early),
        (np.array([0, *expected]), early),
    ):
        if near(answer, mistaken):
            raise Wrong(sentence)
    array(answer, expected, what="the list of differences")


def sequences_3(answer):
    """An unrolled network that starts from the state that it is given."""
    rng = np.random.default_rng(3)
    N, T, D, H = 2, 5, 3, 4
    params = rnn.init_params(D, H, rng=rng)
    x, h = rng.standard_normal((N, T, D)), np.tanh(rng.standard_normal((N, H)))
    expected = rnn.forward(x, params, (h,))[1].state[0]
    reminder = "It is given h, x and layers, in this order."
    found = result_of(answer, h, x, [params] * T, reminder=reminder)
    values = _floats(found)
    if np.shape(values) == (N, H):
        if np.allclose(values, rnn.forward(x, params)[1].state[0]):
            raise Wrong("it starts from zero whatever the first state is: is h set anew inside?")
        if np.allclose(values, rnn.forward(x[:, :1], params, (h,))[1].state[0]):
            raise Wrong("this is the state after the first step: does it return inside the loop?")
    array(found, expected, what="the last state")
    middle = result_of(answer, h, x[:, :2], [params] * 2)
    end = result_of(answer, middle, x[:, 2:], [params] * (T - 2))
    array(end, expected, what="the last state after reading two steps and then three")


def sequences_4(answer):
    """The weights of the inputs in the last state of a linear unit, oldest input first."""
    for a, T in ((0.9, 12), (-0.5, 4)):
        expected = a ** np.arange(T)[::-1]
        found = result_of(answer, a, T)
        values = _floats(found)
        if np.shape(values) == (T,):
            if np.allclose(values, expected[::-1]):
                raise Wrong("the weights are right and their order is not: which input is newest?")
            if np.allclose(values, a * expected) or np.allclose(values, a * expected[::-1]):
                raise Wrong("every weight has been through one step too many.")
        array(found, expected, what=f"the array of weights for a = {a}, T = {T}")


def _states(w_hh):
    """The states after each letter, shape (2, 5), of manna and fanna."""
    h, states = np.zeros(2), []
    for x_t in ([1.0, -1.0], 0.5, -0.5, -0.5, 0.5):
        h = np.tanh(np.asarray(x_t) + w_hh * h)
        states.append(h)
    return np.array(states).T


def _floats(answer):
    """The answer as an array of floats, or None if it is none."""
    try:
        return np.asarray(answer, dtype=float)
    except (TypeError, ValueError):
        return None
