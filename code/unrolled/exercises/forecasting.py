"""Chapter 18: forecasting."""

import numpy as np

from unrolled.analysis.forecasting import seasonal_naive
from unrolled.datasets import windows

from .checking import Wrong
from .comparing import array, number, result_of, wholes


def forecasting_1(answer):
    """How many windows are learned from, tested with, and in neither part."""
    series, window, horizon, cut = np.zeros(309), 24, 12, 230
    past, future = (
        len(windows(series, window, horizon, part)[0]) for part in (slice(cut), slice(cut, None))
    )
    every = len(windows(series, window, horizon)[0])
    begins = "a window to test with may begin before the cut."
    wholes(
        answer,
        [past, future, every - past - future],
        what=["the number to learn from", "the number to test with", "the number in neither part"],
        mistakes=[
            {
                cut - window: "a row to learn from needs all its targets before the cut.",
                cut: "this counts years; a row needs a window and all its targets.",
            },
            {
                309 - cut - window - horizon: begins,
                309 - cut - window - horizon + 1: begins,
                309 - cut: "a row to test with needs all its targets inside the series.",
            },
            {
                0: "some rows have targets on both sides of the cut.",
                window + horizon - 1: "only the targets must lie on one side of the cut.",
            },
        ],
    )


def forecasting_2(answer):
    """A seasonal naive forecast that rises as the last year did."""
    rng = np.random.default_rng(18)
    for period, horizon in ((12, 12), (11, 5)):
        x = rng.standard_normal((7, 30, 1)).cumsum(axis=1)
        rise = x[:, -1] - x[:, -1 - period]
        still = seasonal_naive(x, horizon, period)
        mistakes = {
            "these are the values of a period ago; the rise is not yet added.": still,
            "the rise has the wrong sign.": still - rise,
            "the rise spans one step too few: count the steps of a period.": (
                still + x[:, -1] - x[:, -period]
            ),
            "the rise spans one step too many: count the steps of a period.": (
                still + x[:, -1] - x[:, -2 - period]
            ),
            "each row has a rise of its own; this is one number for all.": still + rise.mean(),
            "a value of a period ago lies a whole rise below, at every step of the horizon.": (
                still + rise * np.arange(1, horizon + 1) / period
            ),
        }
        found = result_of(answer, x, horizon, period)
        recognize(found, mistakes)
        array(found, still + rise, what=f"the forecast for a period of {period}")


def forecasting_3(answer):
    """The lowest and the highest forecast that any window can bring about."""
    rng = np.random.default_rng(19)
    params = {"W_hy": rng.standard_normal((6, 4)), "b_y": rng.standard_normal(4)}
    W_hy, b_y = params["W_hy"], params["b_y"]
    reach = np.abs(W_hy).sum(axis=0)
    mistakes = {
        "the bias is missing: it moves both ends.": (-reach, reach),
        "a negative weight lifts the forecast, too: with its unit at -1.": (
            b_y - W_hy.sum(axis=0),
            b_y + W_hy.sum(axis=0),
        ),
        "weights of both signs cancel here; the units need not all be alike.": (
            b_y - abs(W_hy.sum(axis=0)),
            b_y + abs(W_hy.sum(axis=0)),
        ),
        "the bias does not turn around with the state.": (-b_y - reach, b_y + reach),
        "these are the two ends in the other order; the lowest comes first.": (
            b_y + reach,
            b_y - reach,
        ),
    }
    found = result_of(answer, params)
    recognize(found, mistakes)
    array(found, [b_y - reach, b_y + reach], what="the array of the two ends")


def recognize(found, mistakes):
    """Raise Wrong with the sentence of the typical mistake, an array, that was found."""
    try:
        found = np.asarray(found, dtype=float)
    except (TypeError, ValueError):
        return
    for sentence, mistaken in mistakes.items():
        if found.shape == np.shape(mistaken) and np.allclose(found, mistaken):
            raise Wrong(sentence)


def forecasting_4(answer):
    """The error of a recursive forecast of a leaky series, so many steps ahead."""
    for a, sigma, k in ((0.9, 2.0, 6), (0.5, 1.0, 1), (-0.7, 3.0, 4)):
        squares = [a ** (2 * j) for j in range(k + 1)]
        variance = sigma**2 * sum(squares[:k])
        alone = "this is one shock alone; the shocks of the other steps are missing."
        mistakes = {
            variance: "that is the mean square; the answer is its root.",
            sigma * np.sqrt(k): "a shock fades by a factor a at every later step.",
            sigma * sum(a**j for j in range(k)): "independent shocks add in squares.",
            sigma * np.sqrt(sum(squares[1:])): "the last shock arrives whole: its power of a is 0.",
            sigma * np.sqrt(sum(squares)): "this is one shock too many.",
            sigma * np.sqrt(sum(squares[: k - 1])): "one shock is missing.",
            sigma * np.sqrt(sum(a**j for j in range(k))): (
                "a shock is squared together with its factor."
            ),
            sigma / np.sqrt(1 - a**2): "this is the error endlessly far ahead, not after k steps.",
            **dict.fromkeys([sigma, sigma * a ** (k - 1), sigma * a**k], alone),
        }
        found = result_of(answer, a, sigma, k)
        what = f"the error for a = {a}, sigma = {sigma}, k = {k}"
        number(found, np.sqrt(variance), what=what, mistakes=mistakes)
