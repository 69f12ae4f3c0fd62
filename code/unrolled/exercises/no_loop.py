"""Chapter 22: a loop that is no loop."""

import numpy as np

from unrolled.engine import scan

from .checking import Wrong
from .comparing import array, number, result_of, whole


def no_loop_1(answer):
    """How many levels doubling takes for 10,000 steps."""
    mistakes = {
        9_999: "that is what the loop takes.",
        5_000: "that would be two steps at a time; a place that holds two can join another two.",
        13: "after that many levels a place holds 8,192 steps.",
    }
    whole(answer, 14, what="the number of levels", mistakes=mistakes)


def no_loop_2(answer):
    """Two steps that first add and then decay, as one: a function of two pairs (decay, drive)."""
    for first, second in (((0.5, 2.0), (0.9, 1.0)), ((-0.3, 1.0), (2.0, -1.0))):
        (a_1, u_1), (a_2, u_2) = first, second
        right = np.array([a_2 * a_1, a_2 * a_1 * u_1 + a_2 * u_2])
        mistakes = {
            a_2 * u_1 + u_2: "this joins two steps that first decay and then add.",
            a_1 * a_2 * u_2 + a_1 * u_1: "this is the second step followed by the first.",
            a_1 * u_1 + a_2 * u_2: "what the first step leaves decays in the second once more.",
        }
        joined = result_of(answer, first, second)
        if np.shape(joined) == (2,):
            number(joined[0], right[0], what="the decay")
            number(joined[1], right[1], what="the drive", mistakes=mistakes)
        array(joined, right, what="the joined step")


def no_loop_3(answer):
    """The gradient of a linear recurrence: a function of dh and decay, both (T,)."""
    rng = np.random.default_rng(3)
    for T in (1, 2, 6):
        dh, decay = rng.standard_normal(T), rng.uniform(0.2, 0.9, T)
        h = scan.linear(decay, dh)
        right = scan.linear_backward(dh, decay, h)[1]
        g = np.asarray(result_of(answer, dh.copy(), decay.copy()))
        unshifted = scan.linear(decay[::-1], dh[::-1])[:0:-1]
        forward = scan.linear(decay, dh)[1:]
        if T > 1 and g.shape == (T,):
            if np.allclose(g, unshifted):
                raise Wrong(
                    "between step t and step t + 1 lies the decay of step t + 1, and none other."
                )
            if np.allclose(g, forward):
                raise Wrong("this carries from earlier steps to later ones, as the states do.")
        array(g, right, what=f"the gradient for T = {T}")


def no_loop_4(answer):
    """The fewest pairs, and what they keep, for an R^2 of 0.99 over the last 100 inputs."""
    if np.shape(answer) != (2,):
        raise Wrong("expected two numbers, the pairs and what they keep: (H, r).")
    H, r = answer
    mistakes = {100: "every pair is two units.", 99: "every pair is two units."}
    whole(H, 50, what="the number of pairs", mistakes=mistakes)
    keep = {
        0.99: "with that the recall is 0.87.",
        0.01 ** (1 / 100): "the length of what is left counts with its square.",
        0.01 ** (1 / 50): "a plateau of 2 H steps ends with r to the power of 4 H missing.",
    }
    number(r, 0.01 ** (1 / 200), rtol=2e-4, what="what a pair keeps", mistakes=keep)
