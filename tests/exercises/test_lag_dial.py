import numpy as np
import pytest
from unrolled.engine import rnn
from unrolled.engine.bptt import truncated_backward
from unrolled.exercises import check


def bias(lag, share):
    f = share ** (1 / lag)
    return -np.log(1 / f - 1)


def parabola(total):
    return 1 - total**2 / 2


def lookup(totals):
    return [{-2: -1, 0: 1, 2: -1}[total] for total in totals]


def of_one_number(total):
    if total == 0:
        return 1
    return -1


def drifting(totals):
    return parabola(totals) if len(totals) == 3 else -parabola(totals)


def faded(totals):
    return parabola(totals) * (1 - 1e-2)


def shares_reached(k, lag, T=40):
    """How many of the answers after the first block reach their bit, by the engine."""
    rng = np.random.default_rng(0)
    params = rnn.init_params(1, 4, rng=rng)
    h, tape = rnn.forward(rng.standard_normal((1, T, 1)), params)
    reached = []
    for t in range(k, T):
        dh = np.zeros_like(h)
        dh[:, t] = 1
        dx = truncated_backward(dh, tape, params, cell=rnn, k1=k, k2=k)[0]
        reached.append(dx[0, t - lag, 0] != 0)
    return np.mean(reached)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("lag-dial-1", shares_reached(10, 4)),
        ("lag-dial-1", 6 / 10),
        ("lag-dial-2", 8),
        ("lag-dial-2", np.int64(8)),
        ("lag-dial-3", bias),
        ("lag-dial-3", lambda lag, share: round(bias(lag, share), 2)),
        ("lag-dial-4", parabola),
        ("lag-dial-4", lookup),
        ("lag-dial-4", of_one_number),
        ("lag-dial-4", lambda total: np.where(abs(total) < 1, 1, -1)),
        ("lag-dial-4", lambda total: np.cos(np.pi * total / 2)),
    ],
)
def test_right(name, answer):
    assert check(name, answer)


@pytest.mark.parametrize(
    ("name", "answer", "message"),
    [
        ("lag-dial-1", 1, "near the start of its block"),
        ("lag-dial-1", 0.4, "does not reach"),
        ("lag-dial-1", 0.5, "one place is missing"),
        ("lag-dial-1", 60, "between 0 and 1"),
        ("lag-dial-2", 4, "nothing disturbs it"),
        ("lag-dial-2", 16, "too large"),
        ("lag-dial-3", lambda lag, share: share ** (1 / lag), "this is the gate"),
        ("lag-dial-3", lambda lag, share: np.log(share / (1 - share)), "at every step"),
        ("lag-dial-3", lambda lag, share: -bias(lag, share), "wrong sign"),
        ("lag-dial-4", np.tanh, "only rises"),
        (
            "lag-dial-4",
            np.negative,
            "for a sum of -2 the activation returns 2; states are -1 and 1",
        ),
        ("lag-dial-4", np.sin, "for a sum of -2 the activation returns -0.909"),
        (
            "lag-dial-4",
            lambda total: np.cos(total),
            "for a sum of -2 the activation returns -0.416",
        ),
        ("lag-dial-4", faded, "returns -0.99; states are -1 and 1"),
        ("lag-dial-4", lambda total: 1 - 2 * (total < 0), "a bit of 1 does not turn a state of 1"),
        ("lag-dial-4", lambda total: 2 * (total > 0) - 1, "does not turn a state of -1 around"),
        ("lag-dial-4", lambda total: -parabola(total), "does not turn a state of -1 around"),
        ("lag-dial-4", lambda total: 2 * (total < 1) - 1, "does not leave a state of -1 as it is"),
        ("lag-dial-4", lambda total: parabola(total).sum(), "shape (3,); got ()"),
        ("lag-dial-4", lambda total: ["x"] * len(total), "2 as an array of shape (3,)"),
        ("lag-dial-4", lambda total: 1 if total == 0 else None, "returns nothing"),
        ("lag-dial-4", drifting, "after 1 step has the wrong sign"),
        ("lag-dial-4", lambda total, bit: bit, "raises TypeError"),
        ("lag-dial-4", 1.0, "expected a function"),
    ],
)
def test_wrong(name, answer, message):
    verdict = check(name, answer)
    assert not verdict
    assert message in verdict.problem
