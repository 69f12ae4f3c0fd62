"""Chapter 24: a parameter that is good soon and bad later, and gradients that see only soon."""

from functools import lru_cache

import numpy as np

from unrolled.analysis import balance
from unrolled.figures import lines, theme

from .controls import Choice, Number, Question, Story
from .explorable import Explorable

LAGS, STEPS, SHOWN = 200, 3000, 151
RATES = [1e-5, 3e-5, 1e-4]
LENGTHS = [5, 10, 16, 20, 30, 40, 50, 60, 80, 100, 120, 150, 200]
CUTS = ("every loss", "blocks", "random")
GOAL = -1 / 6
NEAR, AWAY = 0.01, 2.0  # theta beyond this is not drawn


@lru_cache(maxsize=64)
def path(way, length):
    """theta over STEPS online steps at all rates, thinned: (SHOWN, rates)."""
    with np.errstate(invalid="ignore", over="ignore"):
        rng = np.random.default_rng(7)
        found = balance.descend(way, STEPS, rates=RATES, length=length, rng=rng).theta
    return np.concatenate([np.zeros((1, len(RATES))), found])[:: STEPS // (SHOWN - 1)]


def whither(theta):
    """Where a finite end of the path lies: "home" at the best value, else on which side of zero."""
    if abs(theta - GOAL) < NEAR:
        return "home"
    return "on its way" if theta < 0 else "away"


def compute(way, k, rate):
    """What the parameter does by lag, its sums, and where descent takes it."""
    each = balance.by_lag(LAGS)
    summed = np.cumsum(each)
    in_block = np.cumsum(summed) / np.arange(1, LAGS + 1)
    sees = {"every loss": summed[k - 1], "blocks": in_block[k - 1], "random": summed[-1]}[way]
    cut, exact = (path(name, k)[:, RATES.index(rate)] for name in (way, "exact"))
    end = cut[-1]
    gone = not np.isfinite(end) or abs(end) > AWAY
    drawn = np.where(np.abs(cut) > AWAY, np.nan, cut)
    low, high = min(np.nanmin(drawn), -0.2), max(np.nanmax(drawn), 0.05)
    return {
        "each": each,
        "summed": summed,
        "in_block": in_block,
        "cut": drawn,
        "exact": exact,
        "theta_range": np.array([low - 0.05, high + 0.05]),
        "sees": float(sees),
        "all": float(summed[-1]),
        "goes": "gone" if gone else whither(end),
        "end": 0.0 if gone else float(end),
        "side": "−2" if cut[np.isfinite(cut)][-1] < 0 else "2",
    }


def panes():
    """The effect by lag and in sum, and the path of the parameter."""
    lag = lines.curves(
        np.arange(1, LAGS + 1),
        {
            "of the last k steps": ("summed", "forward"),
            "mean in a block of k": ("in_block", "target", "dot"),
            "of one step": ("each", "muted", "dash"),
        },
        title="What the parameter does to the output",
        alt="The summed effect rises to 17 at 20 steps, falls through zero at 41 and stays at -6; "
        "the mean over a block of as many steps falls through zero at 110.",
        x_title="steps k",
        y_title="effect",
        range=[-8, 18],
    )
    theme.mark(lag, "k", label="the cut")
    walk = lines.curves(
        np.linspace(0, STEPS, SHOWN),
        {"this gradient": ("cut", "backward", "dash"), "exact gradient": ("exact", "forward")},
        title="Where descent takes it",
        alt="Two paths of the parameter from zero: one goes down to the best value, the other up.",
        x_title="steps of training",
        y_title="parameter",
        range=[-0.25, 2.05],
    )
    walk.add_trace(lines.reference([0, STEPS], [GOAL, GOAL], name="best value"))
    theme.fit(walk, "yaxis", "theta_range")
    return [lag, walk]


class WalksAway(Explorable):
    """Cut the gradient of a parameter that is good soon and bad later, and let it descend."""

    title = "The cut that walks away"
    caption = (
        "A row of 23 units hands on what it is given, and one parameter is pushed into all of "
        "them: with a plus near the exit, with a minus farther off. The output should be 1. For "
        "forty steps the parameter raises it, in the long run it lowers it, so the best value is "
        "negative. The exact gradient, too, has to see those forty steps before it turns."
    )
    alt = (
        "Left, the effect of the parameter on the output by steps and in sum, first positive and "
        "in the end negative; right, its path under gradient descent, with the cut gradient and "
        "with the exact one."
    )
    controls = (
        Choice("way", "Gradient", CUTS, "blocks", texts=("every loss, k back", "blocks of k",
               "random cuts, k apart")),
        Number("k", "Steps k", LENGTHS, 50),
        Number("rate", "Learning rate", RATES, 1e-4, texts=["0.00001", "0.00003", "0.0001"]),
    )  # fmt: skip
    lines = ("sees", "goes")
    compute, panes = compute, panes
    question = Question(
        "A parameter raises the output for forty steps and lowers it in the long run. It is "
        "trained in blocks of 50 steps, with the state carried on and the gradient not. Where "
        "does descent take it?",
        (
            "to the best value, only later",
            "to a value nearby",
            "away from it, farther and farther",
        ),
        2,
        {"way": "blocks", "k": 50, "rate": 1e-4},
        "Within a block most losses see the pluses and not yet the minuses, so the gradient has "
        "the wrong sign at every place where the parameter may be, and no learning rate helps.",
        hides=("goes", 1),
    )
    stories = (
        Story(
            "a cut of ten",
            {"way": "every loss", "k": 10, "rate": 1e-5},
            "Ten steps see ten pluses and nothing else. Drag the rate: a larger one only leaves "
            "sooner.",
            ("rate",),
        ),
        Story(
            "where the sign turns",
            {"way": "every loss", "k": 60, "rate": 1e-4},
            "Drag the cut in the left figure: up to 40 steps the parameter leaves, from 50 on it "
            "comes home.",
            ("k",),
        ),
        Story(
            "blocks need longer",
            {"way": "blocks", "k": 100, "rate": 1e-4},
            "In a block of a hundred the last loss sees everything, but the first ones see next to "
            "nothing, and the mean of what they see is still positive.",
        ),
        Story(
            "cut at random",
            {"way": "random", "k": 16, "rate": 3e-5},
            "Sixteen steps on average, where a fixed cut of sixteen walks away at once. The ends "
            "are drawn, and what gets through is made larger, so that the mean is right.",
        ),
    )
