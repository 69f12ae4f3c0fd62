"""One parameter that is good for the near future and bad for the far one. Used in chapter 24.

A row of units, after an experiment of Tallec and Ollivier (2017). At each step every unit keeps
half of what it holds and hands half to its left neighbor, the first unit hands it out, and a single
parameter theta is pushed into all of them: with a plus into the PLUS ones nearest to the exit, with
a minus into the others.

    s_t = s_{t-1} A + theta b,   loss_t = (s_t[0] - 1)^2 / 2

A push takes two steps a unit on its way out. So the exit sees the pluses first and the minuses
later, and there are more of these: what theta does is positive for some forty steps and negative
in sum.
"""

from typing import NamedTuple

import numpy as np

UNITS, PLUS = 23, 10
WAYS = ("exact", "every loss", "blocks", "random")
GONE = 1e9  # beyond this theta a run has left for good


def matrix():
    """A (UNITS, UNITS): half stays, half goes to the left neighbor."""
    return (np.eye(UNITS) + np.eye(UNITS, k=-1)) / 2


def push():
    """b (UNITS,): where theta goes in, and with which sign."""
    return np.where(np.arange(UNITS) < PLUS, 1.0, -1.0)


def by_lag(lags):
    """What a push of `lag` steps ago does to the first unit now, for lags 0, 1, ...: (lags,)."""
    A, e = matrix(), push()
    effects = np.empty(lags)
    for lag in range(lags):
        effects[lag] = e[0]
        e = e @ A
    return effects


class Descent(NamedTuple):
    """Online gradient descent at several rates: theta and the loss after each step, (T, rates)."""

    theta: np.ndarray
    loss: np.ndarray


def descend(way, T, *, rates, length=None, rng=None):
    """Descend for T steps from theta = 0 and a row that has come to rest there.

    Parameters
    ----------
    way : "exact", "every loss", "blocks" or "random"
        The gradient: all lags, carried forward; of every loss the last `length` steps; blocks of
        `length` steps with the state carried and the gradient not; blocks whose ends are drawn with
        probability 1 / length after each step, and what crosses no end multiplied so that the mean
        is right. The first two update after each step, the others after each block, by its mean.
    T : int
    rates : array (R,)
    length : int
    rng : numpy.random.Generator, for "random"

    Returns
    -------
    Descent
        NaN from where theta has left for good.
    """
    if way not in WAYS:
        raise ValueError(f"way must be one of {list(WAYS)}; got {way!r}")
    if way != "exact" and not length > 1:
        raise ValueError(f"length must be above 1; got {length}")
    A, b, rates = matrix(), push(), np.asarray(rates, float)
    theta, s, e = np.zeros(len(rates)), np.zeros((len(rates), UNITS)), np.zeros(UNITS)
    near = np.cumsum(by_lag(length)) if way == "every loss" else None
    gathered, count = np.zeros(len(rates)), 0
    found = Descent(np.empty((T, len(rates))), np.empty((T, len(rates))))
    for t in range(T):
        s = s @ A + theta[:, None] * b
        e = e @ A + b
        wrong = s[:, 0] - 1
        gathered += wrong * (near[min(t, length - 1)] if way == "every loss" else e[0])
        count += 1
        ends = way in WAYS[:2] or (
            count == length if way == "blocks" else rng.random() < 1 / length
        )
        if ends:
            theta = theta - rates * gathered
            theta[np.abs(theta) > GONE] = np.nan
            gathered, count = np.zeros(len(rates)), 0
        if way == "blocks" and ends:
            e = np.zeros(UNITS)
        if way == "random":
            e = np.zeros(UNITS) if ends else e / (1 - 1 / length)
        found.theta[t], found.loss[t] = theta, wrong**2 / 2
    return found
