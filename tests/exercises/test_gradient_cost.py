import numpy as np
import pytest
from unrolled.engine import rtrl
from unrolled.exercises import check


def reach(slots, runs):
    if slots == 0 or runs == 0:
        return 1
    return reach(slots - 1, runs) + reach(slots, runs - 1)


def slope(w, x):
    h = e = 0.0
    for x_t in x:
        h, e = w * h + x_t, h + w * e
    return e


def late(w, x):
    h = e = 0.0
    for x_t in x:
        h = w * h + x_t
        e = h + w * e
    return e


def weight(lag, length):
    return (1 - 1 / length) ** -lag


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("gradient-cost-1", [19_900, 19_000]),
        ("gradient-cost-2", reach),
        ("gradient-cost-3", slope),
        ("gradient-cost-4", weight),
    ],
)
def test_right_answers_are_right(name, answer):
    assert check(name, answer), check(name, answer)


def test_the_slope_is_the_influence_of_the_package():
    from unrolled.engine import linear

    x = np.random.default_rng(3).standard_normal(6)
    params = {"W_xh": np.ones((1, 1)), "W_hh": np.full((1, 1), 0.7), "b_h": np.zeros(1)}
    state, influence = (np.zeros((1, 1)),), rtrl.start(params, 1, 1)
    for x_t in x:
        state, influence = rtrl.step(x_t[None, None], state, influence, params, cell=linear)
    assert slope(0.7, x) == pytest.approx(influence["W_hh"].item())


@pytest.mark.parametrize(
    ("name", "answer", "part"),
    [
        ("gradient-cost-1", [20_000, 19_000], "goes back at once"),
        ("gradient-cost-1", [19_900, 9000], "once more when it is reversed"),
        ("gradient-cost-1", 19_900, "a list of 2"),
        ("gradient-cost-2", lambda slots, runs: slots * (runs + 1), "can be split"),
        ("gradient-cost-2", lambda slots, runs: 2 ** (slots + runs), "equal length"),
        ("gradient-cost-2", lambda slots, runs: reach(slots, runs + 1), "no run yet"),
        ("gradient-cost-3", late, "the one before"),
        ("gradient-cost-3", lambda w, x: x[-1], "too"),
        ("gradient-cost-4", lambda lag, length: 1 / weight(lag, length), "survives"),
        ("gradient-cost-4", lambda lag, length: weight(lag + 1, length), "one place fewer"),
        ("gradient-cost-4", lambda lag, length: weight(1, length), "has its factor"),
    ],
)
def test_a_typical_mistake_gets_its_sentence(name, answer, part):
    verdict = check(name, answer)
    assert not verdict
    assert part in repr(verdict), verdict
