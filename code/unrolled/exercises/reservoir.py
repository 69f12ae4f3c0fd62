"""Chapter 26: a network that is not trained."""

import numpy as np

from unrolled.engine import reservoir

from .checking import Wrong
from .comparing import array, near, number, result_of


def reservoir_1(answer):
    """Steps until two copies that begin 1 apart are a millionth apart, at -0.4 a step."""
    mistakes = {
        6 / 0.4: "the exponent is in natural logarithms, and a millionth is six powers of ten.",
        1 / 0.4: "after so many steps the distance has fallen to 1/e of what it was.",
    }
    number(answer, np.log(1e6) / 0.4, what="the number of steps", atol=0.6, mistakes=mistakes)


def reservoir_2(answer):
    """States and targets for a one-step forecast: a function of h (T, H), x (T, D) and washout."""
    rng = np.random.default_rng(3)
    h, x, washout = rng.standard_normal((9, 4)), rng.standard_normal((9, 2)), 3
    found = result_of(answer, h, x, washout)
    if not (isinstance(found, tuple | list) and len(found) == 2):
        raise Wrong("expected two arrays, states and targets.")
    states, targets = map(np.asarray, found)
    if states.shape[:1] != targets.shape[:1]:
        raise Wrong(
            f"every state needs one target; there are {states.shape[:1]} and {targets.shape[:1]}."
        )
    mistakes = {
        "each target is the input that the state has just read.": x[washout:],
        "each target is one step too far ahead.": x[washout + 2 :],
        "each target was read before the state.": x[washout - 1 : -1],
    }
    for sentence, mistaken in mistakes.items():
        if targets.shape == mistaken.shape and near(targets, mistaken):
            raise Wrong(sentence)
    if len(states) > 5:
        raise Wrong("some of these states are from the washout.")
    array(states, h[washout:-1], what="the states")
    array(targets, x[washout + 1 :], what="the targets")


def reservoir_3(answer):
    """W_hh and b_h of a network that reads itself: a function of params."""
    params = reservoir.init_params(2, 5, radius=0.7, scale=0.4, rng=np.random.default_rng(4))
    rng = np.random.default_rng(5)
    params |= {"W_hy": rng.standard_normal((5, 2)), "b_y": rng.standard_normal(2)}
    found = result_of(answer, params)
    if not (isinstance(found, tuple | list) and len(found) == 2):
        raise Wrong("expected two arrays, the recurrent matrix and the bias.")
    W, b = map(np.asarray, found)
    fed = params["W_hy"] @ params["W_xh"]
    mistakes = {
        "the old connections are still there, besides the way over the readout.": fed,
        "a state is multiplied by W_hy first and by W_xh then.": params["W_hh"] + fed.T,
    }
    for sentence, mistaken in mistakes.items():
        if near(W, mistaken):
            raise Wrong(sentence)
    if near(b, params["b_h"]):
        raise Wrong("the readout has a bias, too, and it is read.")
    right = reservoir.closed(params)
    array(W, right["W_hh"], what="the recurrent matrix")
    array(b, right["b_h"], what="the bias")


def reservoir_4(answer):
    """The weight of ridge regression for one unit: a function of h (T,), targets (T,) and ridge."""
    rng = np.random.default_rng(6)
    for ridge in (0.5, 0.0):
        h = rng.standard_normal(7)
        targets = 2 * h + rng.standard_normal(7)
        h, targets = h - h.mean(), targets - targets.mean()
        both, own = (h * targets).mean(), (h**2).mean()
        mistakes = {
            both / (own + ridge / 7): "the mean is minimized, not the sum: a ridge must not matter "
            "less because there are more steps.",
            both / (own + ridge / 2): "the square of the weight has a slope of twice the weight, "
            "as the squared error has.",
            both / own - ridge: "the ridge belongs into the equation that the slope of the loss "
            "is zero; it is not taken off the weight.",
            both / own: "the ridge has no effect.",
        }
        known = mistakes if ridge else ()
        found = result_of(answer, h, targets, ridge)
        number(
            found, both / (own + ridge), what=f"the weight for a ridge of {ridge}", mistakes=known
        )
