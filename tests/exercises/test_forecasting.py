import numpy as np
import pytest
from unrolled.analysis.forecasting import seasonal_naive
from unrolled.exercises import check


def rising(x, horizon, period, sign=1, span=None):
    rise = x[:, -1] - x[:, -1 - (period if span is None else span)]
    return seasonal_naive(x, horizon, period) + sign * rise


def ends(params):
    reach = np.abs(params["W_hy"]).sum(axis=0)
    return params["b_y"] - reach, params["b_y"] + reach


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
        ("forecasting-1", [195, 44, 11], "may begin before the cut"),
        ("forecasting-1", [195, 79, 0], "inside the series"),
        ("forecasting-1", [195, 68, 0], "on both sides"),
        ("forecasting-1", [195, 68, 35], "only the targets"),
        ("forecasting-1", [194, 68, 11], "number to learn from is off by one"),
        ("forecasting-1", 274, "list of 3 whole numbers"),
        ("forecasting-2", seasonal_naive, "the rise is not yet added"),
        ("forecasting-2", lambda x, h, p: rising(x, h, p, sign=-1), "wrong sign"),
        ("forecasting-2", lambda x, h, p: rising(x, h, p, span=p - 1), "one step too few"),
        ("forecasting-2", lambda x, h, p: rising(x, h, p)[:, :1], "with shape (7, 12)"),
        ("forecasting-3", lambda params: ends(params)[1], "with shape (2, 4)"),
        ("forecasting-3", lambda params: ends(params)[::-1], "the other order"),
        ("forecasting-3", lambda params: ends(params) - params["b_y"], "the bias is missing"),
        (
            "forecasting-3",
            lambda p: (p["b_y"] - p["W_hy"].sum(axis=0), p["b_y"] + p["W_hy"].sum(axis=0)),
            "negative weight",
        ),
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
