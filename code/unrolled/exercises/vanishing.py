"""Chapter 5: vanishing and exploding gradients."""

import numpy as np

from unrolled.analysis.gradient_flow import backward_norms
from unrolled.engine import initializers, rnn

from .comparing import number, result_of, whole


def vanishing_1(answer):
    """Steps until a linear unit's gradient has lost nine tenths of its length."""
    steps = int(np.ceil(np.log(0.1) / np.log(0.98)))
    straight = "each step takes two hundredths of what is left, not of the length at the start."
    mistakes = {
        int(np.ceil(np.log(0.9) / np.log(0.98))): "that many steps lose one tenth, not nine.",
        45: straight,
        46: straight,
        steps - 1: "after that many steps a little more than a tenth is left.",
    }
    whole(answer, steps, what="the number of steps", mistakes=mistakes)


def vanishing_2(answer):
    """The share of a gradient that is left after forty steps back, for a bias."""
    rng = np.random.default_rng(2)
    T, D, H = 60, 4, 16
    params = rnn.init_params(D, H, rng=rng)
    x, dh_T = 0.5 * rng.standard_normal((1, T, D)), rng.standard_normal((1, H))
    unmoved = backward_norms(rnn.forward(x, params)[1], params, dh_T)
    reminder = "It is given x, params, dh_T and bias, in this order, and b_h stays an array."
    for bias in (1.0, 2.0, 0.0):
        pushed = params | {"b_h": params["b_h"] + bias}
        norms = backward_norms(rnn.forward(x, pushed)[1], pushed, dh_T)
        mistakes = {
            norms[-40] / norms[-1]: "that is thirty-nine steps back.",
            norms[-42] / norms[-1]: "that is forty-one steps back.",
            norms[-1] / norms[-41]: "that is the inverse: divide by the length at the last step.",
            unmoved[-41] / unmoved[-1]: "the bias has no effect: which network made the tape?",
            norms[-41]: "that is a length; divide it by the length at the last step.",
        }
        share = result_of(answer, x, params, dh_T, bias, reminder=reminder)
        what = f"the share for a bias of {bias:g}"
        number(share, norms[-41] / norms[-1], atol=0, what=what, mistakes=mistakes)


def vanishing_3(answer):
    """The most that n steps back can leave of a gradient of length 1."""
    rng = np.random.default_rng(3)
    for n, gain in ((7, 0.4), (3, 1.5)):
        W_hh = initializers.gaussian(6, gain=gain, rng=rng)
        norm = np.linalg.norm(W_hh, 2)
        radius = initializers.spectral_radius(W_hh)
        mistakes = {
            np.linalg.norm(W_hh) ** n: "that is a bound, but a loose one: it takes another norm.",
            radius**n: "the spectral radius bounds no single step; a gradient can be longer.",
            n * norm: "the factors of the steps are multiplied; this adds them.",
            norm: "that bounds a single step.",
        }
        what = f"the bound for a norm of {norm:.2g} and n = {n}"
        number(result_of(answer, W_hh, n), norm**n, what=what, mistakes=mistakes)


def vanishing_4(answer):
    """The slope of h_2 in a weight that is used twice."""
    for w, h_0, x_1 in ((0.7, 0.3, 0.5), (-1.2, 0.8, 0.1)):
        first, last = w * h_0, w * h_0 + x_1
        mistakes = {
            first: "that is the share of one use of the weight; it is used twice.",
            last: "that is the share of one use of the weight: does not h_1 depend on it, too?",
            first * last: "that multiplies the shares of the two uses.",
            w * w: "that is the slope in h_0, not in w.",
        }
        slope = result_of(answer, w, h_0, x_1)
        number(slope, first + last, what=f"the slope at w = {w}", mistakes=mistakes)
