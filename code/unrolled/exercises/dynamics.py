"""Chapter 25: a network is a dynamical system."""

import numpy as np

from unrolled.analysis import fixed_points
from unrolled.explore import flip_flop

from .checking import Wrong
from .comparing import array, near, result_of, whole


def dynamics_1(answer):
    """The number of fixed points of five separate units with weight 2."""
    mistakes = {
        2**5: "that is how many of them are stable.",
        2**5 + 1: "some units may balance while the others rest.",
        3 * 5: "the units are independent, so their possibilities multiply.",
        5: "each unit has more than one place to stay.",
    }
    whole(answer, 3**5, what="the number of fixed points", mistakes=mistakes)


def dynamics_2(answer):
    """The number of fixed points of the chapter's network while its first bit is pushed."""
    params = flip_flop.trained(start=4)
    starts = flip_flop.starts(params)
    mistakes = {
        len(fixed_points.find(params, starts)): "that is how many there are in silence.",
        2: "count those that are not stable, too.",
        1: "the second bit is still free.",
    }
    right = len(fixed_points.find(params, starts, x=np.array([1.0, 0.0])))
    whole(answer, right, what="the number of fixed points", mistakes=mistakes)


def dynamics_3(answer):
    """All Lyapunov exponents of a network that rests: a function of its Jacobian (H, H)."""
    rng = np.random.default_rng(5)
    for H in (2, 5):
        J = rng.standard_normal((H, H)) / np.sqrt(H)
        sizes = np.sort(np.abs(np.linalg.eigvals(J)))[::-1]
        found = result_of(answer, J)
        mistakes = {
            "these are sizes of eigenvalues; an exponent is a logarithm.": sizes,
            "a decimal logarithm; exponents are natural ones.": np.log10(sizes),
            "singular values say what one step can do, not what many do.": np.log(
                np.linalg.svd(J, compute_uv=False)
            ),
            "the largest comes first.": np.log(sizes)[::-1],
        }
        for sentence, mistaken in mistakes.items():
            if near(found, mistaken):
                raise Wrong(sentence)
        array(found, np.log(sizes), what=f"the answer for a Jacobian of shape {J.shape}")


def dynamics_4(answer):
    """One round of Newton's method for one unit: a function of w, drive (T,) and guess (T,)."""
    rng = np.random.default_rng(6)
    for w in (0.7, -1.5):
        drive, guess = 0.5 * rng.standard_normal(6), rng.uniform(-0.9, 0.9, 6)
        before = np.concatenate([[0.0], guess[:-1]])
        after = np.tanh(w * before + drive)
        slope = w * (1 - after**2)
        moves = np.concatenate([[0.0], (after - guess)[:-1]])
        mistakes = {
            "each state was put through one step, and no correction was handed on.": after,
            "what is handed on is the whole correction of the state before, with what that one "
            "was handed itself.": after + slope * moves,
            "the slope of the tanh is taken where the step arrives.": handed_on(
                after, w * (1 - before**2), guess
            ),
        }
        found = result_of(answer, w, drive, guess)
        for sentence, mistaken in mistakes.items():
            if near(found, mistaken):
                raise Wrong(sentence)
        array(found, handed_on(after, slope, guess), what=f"the new guess for w = {w}")


def handed_on(after, slope, guess):
    """New states (T,): one step from the guess, and the slope times the correction before."""
    new, moved = np.empty_like(after), 0.0
    for t in range(len(after)):
        new[t] = after[t] + slope[t] * moved
        moved = new[t] - guess[t]
    return new
