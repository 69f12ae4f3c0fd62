import numpy as np
import pytest
from unrolled.exercises import check

ONE = 100 * 650 + 650**2 + 650


def moved(params, share=0.5):
    return params | {"b_n": params["b_n"] + share * params["b_hn"]}


def moved_in_place(params):
    params["b_n"] += 0.5 * params["b_hn"]
    return params


def bound(h_0, z, T):
    return z**T * h_0 + 1 - z**T


def turned(params, names=("W_xz", "W_hz", "b_z")):
    return params | {name: -params[name] for name in names}


def turned_in_place(params):
    for name in ("W_xz", "W_hz", "b_z"):
        params[name] *= -1
    return params


def as_lists(params):
    return {name: value.tolist() for name, value in turned(params).items()}


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("gru-1", [3 * ONE + 650, 4 * ONE]),
        ("gru-1", np.array([1465100, 1952600])),
        ("gru-2", moved),
        ("gru-2", moved_in_place),
        ("gru-2", lambda params: moved(params) | {"b_hn": 0 * params["b_hn"]}),
        ("gru-3", bound),
        ("gru-3", lambda h_0, z, T: 1 - z**T * (1 - h_0)),
        ("gru-4", turned),
        ("gru-4", turned_in_place),
        ("gru-4", as_lists),
    ],
)
def test_right(name, answer):
    assert check(name, answer)


@pytest.mark.parametrize(
    ("name", "answer", "message"),
    [
        ("gru-1", [3 * ONE, 4 * ONE], "inside the bracket"),
        ("gru-1", [3 * ONE + 3 * 650, 4 * ONE], "two biases"),
        ("gru-1", [4 * ONE, 3 * ONE + 650], "GRU comes first"),
        ("gru-1", [3 * ONE + 650, 4 * ONE + 4 * 650], "two biases"),
        ("gru-1", [3 * ONE + 650, 3 * ONE], "too small"),
        ("gru-1", 3 * ONE + 650, "list of 2"),
        ("gru-2", lambda params: params, "no place"),
        ("gru-2", lambda params: moved(params, 1.0), "multiplies the bracket"),
        ("gru-2", lambda params: moved(params, -0.5), "wrong of"),
        ("gru-2", lambda params: params["b_n"], "dictionary"),
        ("gru-3", lambda h_0, z, T: 1, "too wide"),
        ("gru-3", lambda h_0, z, T: max(1, h_0), "too wide"),
        ("gru-3", lambda h_0, z, T: bound(h_0, 1 - z, T), "old state that stays"),
        ("gru-3", lambda h_0, z, T: h_0 + 1 - z**T, "loses weight too"),
        ("gru-3", lambda h_0, z, T: bound(h_0, z, T) if h_0 < 3 else z**T * h_0, "candidate adds"),
        ("gru-3", lambda h_0, z, T: 0.9, "the bound for h_0 = 0.0, z = 0.7, T = 3 is"),
        ("gru-4", lambda params: turned(params, ["b_z"]), "W_hz and W_xz are as before, and they"),
        ("gru-4", lambda params: params, "nothing is changed"),
        ("gru-4", lambda params: turned(params, ["W_xz", "W_hz"]), "b_z is as before"),
        ("gru-4", lambda params: turned(params, params), "only z changes its meaning"),
        (
            "gru-4",
            lambda params: params | {n: 1 - params[n] for n in ("W_xz", "W_hz", "b_z")},
            "enters",
        ),
        ("gru-4", lambda params: ["W_xz", "W_hz", "b_z"], "dictionary"),
        ("gru-2", lambda params: {name: 1e308 * params[name] for name in params}, "wrong of"),
        ("gru-4", lambda params: {name: 1e308 * params[name] for name in params}, "can stay"),
        ("gru-4", lambda params: {**params, 1: 2}, "keys"),
    ],
)
def test_wrong(name, answer, message):
    verdict = check(name, answer)
    assert not verdict
    assert message in verdict.problem
