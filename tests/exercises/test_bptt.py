import numpy as np
import pytest
from unrolled.engine import rnn
from unrolled.exercises import check

ROWS = ["x", "h_0", "W_xh", "W_hh", "b_h"]


def from_the_end(dh_last, tape, params):
    T, N, H = tape.h[1:].shape
    return rnn.backward(np.zeros((N, T, H)), tape, params, (dh_last,))[2]


def by_hand(dh_last, tape, params):
    """Step by step, without rnn.backward."""
    found = {name: np.zeros_like(value) for name, value in params.items()}
    dstate = (dh_last,)
    for t in reversed(range(len(tape.x))):
        _, dstate, grads = rnn.step_backward(dstate, tape.x[t], (tape.h[t],), params)
        found = {name: found[name] + grads[name] for name in found}
    return found


def through_dh(dh_last, tape, params):
    T, N, H = tape.h[1:].shape
    dh = np.zeros((N, T, H))
    dh[:, -1] = dh_last
    return rnn.backward(dh=dh, tape=tape, params=params)[2]


def through_both(dh_last, tape, params):
    through_dh(dh_last, tape, params)
    return from_the_end(dh_last, tape, params)


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
        ("bptt-4", by_hand),
        ("bptt-4", through_both),
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
        ("bptt-3", lambda a, T: T * a ** (T - 1), "the slope in a"),
        ("bptt-3", lambda a, T: abs(a) ** T, "wrong sign"),
        ("bptt-4", through_dh, "not as dstate"),
        ("bptt-4", as_a_tuple, "dictionary"),
        ("bptt-4", of_another_loss, "one factor"),
    ],
)
def test_wrong(name, answer, message):
    verdict = check(name, answer)
    assert not verdict
    assert message in verdict.problem


def test_the_engine_is_left_as_it_was():
    backward = rnn.backward
    check("bptt-4", lambda *given: 1 / 0)
    assert rnn.backward is backward
