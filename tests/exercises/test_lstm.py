import numpy as np
import pytest
from unrolled.exercises import check


def standing(params, b_i=-30.0, b_f=30.0):
    biases = {"b_i": np.full_like(params["b_i"], b_i), "b_f": np.full_like(params["b_f"], b_f)}
    return params | biases


def without_candidate(params):
    nothing = {name: 0 * params[name] for name in ("W_xg", "W_hg", "b_g")}
    return standing(params, 0.0) | nothing


def bound(f, T):
    return sum(f**k for k in range(T))


def count(D, H):
    return 4 * (D * H + H * H + H)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("lstm-1", 6.58),
        ("lstm-1", np.log(1 / (2 ** (1 / 500) - 1))),
        ("lstm-2", standing),
        ("lstm-2", without_candidate),
        ("lstm-3", bound),
        ("lstm-3", lambda f, T: T if f == 1 else (1 - f**T) / (1 - f)),
        ("lstm-4", count),
        ("lstm-4", lambda D, H: np.float64(count(D, H))),
    ],
)
def test_right(name, answer):
    assert check(name, answer)


@pytest.mark.parametrize(
    ("name", "answer", "message"),
    [
        ("lstm-1", 0.5 ** (1 / 500), "is the gate"),
        ("lstm-1", np.log(0.5) / 500, "not an exponential"),
        ("lstm-1", 5.66, "200 steps"),
        ("lstm-1", -6.58, "wrong sign"),
        ("lstm-1", 3, "too small"),
        ("lstm-2", lambda params: standing(params, 30.0, -30.0), "forget gate is not open"),
        ("lstm-2", lambda params: standing(params, 0.0), "input gate lets"),
        ("lstm-2", lambda params: standing(params, -30.0, 8.0), "adds up"),
        ("lstm-2", lambda params: standing(params, -30.0, np.inf), "not finite"),
        ("lstm-2", lambda params: {"b_i": params["b_i"]}, "keys"),
        ("lstm-2", lambda params: params | {"b_f": 30.0}, "b_f with shape (5,); got 30"),
        ("lstm-3", lambda f, T: T, "below 1"),
        ("lstm-3", lambda f, T: f**T, "every later step"),
        ("lstm-3", lambda f, T: bound(f, T - 1), "step is missing"),
        ("lstm-3", lambda f, T: bound(f, T + 1), "one step too many"),
        ("lstm-3", lambda f, T: f * T, "too large"),
        ("lstm-3", lambda f, T: f * bound(f, T), "last step writes"),
        ("lstm-3", lambda f, T: 1 / (1 - f), "very many steps"),
        ("lstm-3", lambda f, T: (1 - f**T) / (1 - f), "ZeroDivisionError"),
        ("lstm-4", lambda D, H: count(D, H) // 4, "one gate"),
        ("lstm-4", lambda D, H: count(D, H) * 3 // 4, "three gates"),
        ("lstm-4", lambda D, H: count(D, H) + 4 * H, "too many"),
        ("lstm-4", lambda D, H: count(D, H) - 4 * H, "biases are missing"),
        ("lstm-4", lambda D, H: 4 * (D * H + H), "too small"),
        ("lstm-2", lambda params: {name: 1e308 * params[name] for name in params}, "overflow"),
    ],
)
def test_wrong(name, answer, message):
    verdict = check(name, answer)
    assert not verdict
    assert message in verdict.problem
