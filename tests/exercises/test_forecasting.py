import numpy as np
import pytest
from unrolled.analysis.forecasting import seasonal_naive
from unrolled.exercises import check


def rising(x, horizon, period, sign=1, span=None):
    rise = x[:, -1] - x[:, -1 - (period if span is None else span)]
    return seasonal_naive(x, horizon, period) + sign * rise


def by_the_mean(x, horizon, period):
    return seasonal_naive(x, horizon, period) + (x[:, -1] - x[:, -1 - period]).mean()


def little_by_little(x, horizon, period):
    shares = np.arange(1, horizon + 1) / period
    return seasonal_naive(x, horizon, period) + shares * (x[:, -1] - x[:, -1 - period])


def ends(params):
    reach = np.abs(params["W_hy"]).sum(axis=0)
    return params["b_y"] - reach, params["b_y"] + reach


def in_place(params):
    reach = np.abs(params["W_hy"]).sum(axis=0)
    params["b_y"] -= reach
    return params["b_y"], params["b_y"] + 2 * reach


def without_sizes(params):
    reach = np.abs(params["W_hy"].sum(axis=0))
    return params["b_y"] - reach, params["b_y"] + reach


def with_the_bias_turned(params):
    low, high = ends(params)
    return low - 2 * params["b_y"], high


def far(a, sigma, k):
    return sigma * np.sqrt((1 - a ** (2 * k)) / (1 - a**2))


RIGHT = {
    "forecasting-1": [195, 68, 11],
    "forecasting-2": rising,
    "forecasting-3": ends,
    "forecasting-4": far,
}


@pytest.mark.parametrize("name", RIGHT)
def test_right(name):
    assert check(name, RIGHT[name])


def test_right_in_other_forms():
    assert check("forecasting-1", np.array([195.0, 68, 11]))
    assert check("forecasting-3", lambda params: np.stack(ends(params)))
    assert check("forecasting-4", lambda a, sigma, k: round(far(a, sigma, k), 3))


@pytest.mark.parametrize(
    ("name", "answer", "message"),
    [
        ("forecasting-1", [206, 68, 0], "needs all its targets before the cut"),
        ("forecasting-1", [230, 79, 0], "counts years"),
        ("forecasting-1", [195, 43, 11], "may begin before the cut"),
        ("forecasting-1", [195, 44, 11], "may begin before the cut"),
        ("forecasting-1", [195, 79, 0], "inside the series"),
        ("forecasting-1", [195, 68, 0], "on both sides"),
        ("forecasting-1", [195, 68, 35], "only the targets"),
        ("forecasting-1", [194, 68, 11], "number to learn from is off by one"),
        ("forecasting-1", 274, "list of 3 whole numbers"),
        ("forecasting-2", seasonal_naive, "the rise is not yet added"),
        ("forecasting-2", lambda x, h, p: rising(x, h, p, sign=-1), "wrong sign"),
        ("forecasting-2", lambda x, h, p: rising(x, h, p, span=p - 1), "one step too few"),
        ("forecasting-2", lambda x, h, p: rising(x, h, p, span=p + 1), "one step too many"),
        ("forecasting-2", by_the_mean, "a rise of its own"),
        ("forecasting-2", little_by_little, "whole rise"),
        ("forecasting-2", lambda x, h, p: rising(x, h, 12), "for a period of 11 has"),
        ("forecasting-2", lambda x, h, p: rising(x, h, p)[:, :1], "with shape (7, 12)"),
        ("forecasting-3", lambda params: ends(params)[1], "with shape (2, 4)"),
        ("forecasting-3", lambda params: ends(params)[::-1], "the other order"),
        ("forecasting-3", lambda params: ends(params) - params["b_y"], "the bias is missing"),
        (
            "forecasting-3",
            lambda p: (p["b_y"] - p["W_hy"].sum(axis=0), p["b_y"] + p["W_hy"].sum(axis=0)),
            "negative weight",
        ),
        ("forecasting-3", in_place, "changes the dictionary"),
        ("forecasting-3", without_sizes, "cancel"),
        ("forecasting-3", with_the_bias_turned, "does not turn around"),
        ("forecasting-3", lambda params: np.stack(ends(params)) + 1, "array of the two ends has 8"),
        ("forecasting-4", lambda a, sigma, k: sigma / np.sqrt(1 - a**2), "endlessly far"),
        ("forecasting-4", lambda a, sigma, k: sigma, "one shock alone"),
        ("forecasting-4", lambda a, sigma, k: sigma * a**k, "one shock alone"),
        ("forecasting-4", lambda a, sigma, k: sigma * a ** (k - 1), "one shock alone"),
        ("forecasting-4", lambda a, sigma, k: far(a, sigma, k + 1), "one shock too many"),
        ("forecasting-4", lambda a, sigma, k: far(a, sigma, k - 1), "one shock is missing"),
        ("forecasting-4", lambda a, s, k: far(abs(a) ** 0.5, s, k), "together with its factor"),
        ("forecasting-4", lambda a, sigma, k: far(a, sigma, k) ** 2, "is its root"),
        ("forecasting-4", lambda a, sigma, k: sigma * np.sqrt(k), "fades"),
        ("forecasting-4", lambda a, sigma, k: sigma * (1 - a**k) / (1 - a), "add in squares"),
        ("forecasting-4", lambda a, sigma, k: abs(a) * far(a, sigma, k), "arrives whole"),
        ("forecasting-4", 3.0, "expected a function"),
    ],
)
def test_wrong(name, answer, message):
    verdict = check(name, answer)
    assert not verdict
    assert message in verdict.problem
