import numpy as np
import pytest
from unrolled.engine import rnn
from unrolled.exercises import check

ROWS = ["x", "h_0", "W_xh", "W_hh", "b_h"]


def from_the_end(dh_last, tape, params):
    T, N, H = tape.h[1:].shape
    return rnn.backward(np.zeros((N, T, H)), tape, params, (dh_last,))[2]


def as_a_tuple(dh_last, tape, params):
    return tuple(from_the_end(dh_last, tape, params).values())


def of_another_loss(dh_last, tape, params):
    return from_the_end(2 * dh_last, tape, params)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("bptt-1", ROWS),
        ("bptt-2", 1e-4),
        ("bptt-3", lambda a, T: a**T),
        ("bptt-4", from_the_end),
    ],
)
def test_right(name, answer):
    assert check(name, answer)


@pytest.mark.parametrize(
    ("name", "answer", "message"),
    [
        ("bptt-1", ["W_hh"], "misses 4"),
        ("bptt-1", ["W_why"], "not among"),
        ("bptt-2", 1e-6, "too small"),
        ("bptt-2", 0.1, "too large"),
        ("bptt-2", -4, "too small"),
        ("bptt-3", lambda a, T: a * T, "multiplies"),
        ("bptt-3", lambda a, T: a ** (T - 1), "step is missing"),
        ("bptt-3", lambda a, T: abs(a) ** T, "wrong sign"),
        ("bptt-4", as_a_tuple, "dictionary"),
        ("bptt-4", of_another_loss, "one factor"),
    ],
)
def test_wrong(name, answer, message):
    verdict = check(name, answer)
    assert not verdict
    assert message in verdict.problem
