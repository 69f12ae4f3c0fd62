import numpy as np
import pytest
from unrolled.exercises import check


def read(x, w_hh):
    h, states = 0.0, []
    for x_t in x:
        h = np.tanh(x_t + w_hh * h)
        states.append(h)
    return np.array(states)


def apart(w_hh):
    same = [0.5, -0.5, -0.5, 0.5]
    return read([1.0, *same], w_hh) - read([-1.0, *same], w_hh)


def step(h, x_t, layer):
    return np.tanh(x_t @ layer["W_xh"] + h @ layer["W_hh"] + layer["b_h"])


def from_a_state(h, x, layers):
    for t, layer in enumerate(layers):
        h = step(h, x[:, t], layer)
    return h


def from_zero(h, x, layers):
    return from_a_state(np.zeros_like(h), x, layers)


def first_only(h, x, layers):
    return step(h, x[:, 0], layers[0])


def every_state(h, x, layers):
    return np.stack([from_a_state(h, x, layers[:n]) for n in range(1, len(layers) + 1)], axis=1)


def always_five(h, x, layers):
    for t in range(5):
        h = step(h, x[:, t], layers[t])
    return h


def weights(a, T):
    return a ** np.arange(T)[::-1]


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("sequences-1", 10),
        ("sequences-1", np.int64(10)),
        ("sequences-2", apart(-0.8)),
        ("sequences-2", apart(-0.8).round(3).tolist()),
        ("sequences-3", from_a_state),
        ("sequences-4", weights),
        ("sequences-4", lambda a, T: [a ** (T - t) for t in range(1, T + 1)]),
    ],
)
def test_right(name, answer):
    assert check(name, answer)


@pytest.mark.parametrize(
    ("name", "answer", "message"),
    [
        ("sequences-1", 9, "look alike"),
        ("sequences-1", 6, "longer words"),
        ("sequences-1", 11, "off by one"),
        ("sequences-1", 20, "too large"),
        ("sequences-2", apart(0.8), "+0.8"),
        ("sequences-2", np.abs(apart(-0.8)), "has a sign"),
        ("sequences-2", -apart(-0.8), "wrong sign"),
        ("sequences-2", read([1.0, 0.5, -0.5, -0.5, 0.5], -0.8), "one word"),
        ("sequences-2", read([-1.0, 0.5, -0.5, -0.5, 0.5], -0.8), "one word"),
        ("sequences-2", [0, *apart(-0.8)[:-1]], "before any letter"),
        ("sequences-2", [0, *apart(-0.8)], "before any letter"),
        ("sequences-2", read([1.0, 0, 0, 0, 0], -0.8), "wrong of 5 values"),
        ("sequences-2", [[1], [2, 3]], "shape (5,)"),
        ("sequences-2", apart(-0.8)[-1], "shape (5,)"),
        ("sequences-3", from_zero, "starts from zero"),
        ("sequences-3", first_only, "after the first step"),
        ("sequences-3", every_state, "shape (2, 4); got (2, 5, 4)"),
        ("sequences-3", lambda x, h, layers: from_a_state(h, x, layers), "h, x and layers, in"),
        ("sequences-3", always_five, "raises IndexError"),
        ("sequences-4", lambda a, T: weights(a, T)[::-1], "order"),
        ("sequences-4", lambda a, T: a * weights(a, T), "one step too many"),
        ("sequences-4", lambda a, T: a**T, "with shape (12,)"),
        ("sequences-4", lambda a, T: abs(a) ** np.arange(T)[::-1], "for a = -0.5"),
    ],
)
def test_wrong(name, answer, message):
    verdict = check(name, answer)
    assert not verdict
    assert message in verdict.problem
