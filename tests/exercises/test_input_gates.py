import numpy as np
import pytest
from unrolled.exercises import check


def weights(W_xz=40.0, b_z=0.0, W_xn=0.0, b_n=3.0):
    return {
        "W_xz": np.array([[W_xz]]), "b_z": np.array([b_z]), "W_xn": np.array([[W_xn]]),
        "b_n": np.array([b_n]),
    }  # fmt: skip


def two_as_one(z_1, n_1, z_2, n_2):
    z = z_1 * z_2
    return z, (z_2 * (1 - z_1) * n_1 + (1 - z_2) * n_2) / (1 - z)


def root(k):
    return np.exp(2j * np.pi / k)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("input-gates-1", 228),
        ("input-gates-1", next(n for n in range(1, 999) if 0.98**n < 0.01)),
        ("input-gates-2", weights()),
        ("input-gates-2", weights(W_xz=30.0, b_z=2.0)),
        ("input-gates-2", weights(W_xn=-1.0, b_n=2.0)),
        ("input-gates-3", two_as_one),
        ("input-gates-3", lambda *steps: list(two_as_one(*steps))),
        ("input-gates-4", root),
        ("input-gates-4", lambda k: np.conj(root(k))),
        ("input-gates-4", lambda k: complex(root(k))),
    ],
)
def test_right(name, answer):
    assert check(name, answer)


@pytest.mark.parametrize(
    ("name", "answer", "message"),
    [
        ("input-gates-1", 50, "not a fixed amount"),
        ("input-gates-1", 227, "a little more"),
        ("input-gates-1", 456, "every bit counts"),
        ("input-gates-1", 300, "too large"),
        ("input-gates-2", weights(W_xz=-40.0), "does not leave"),
        ("input-gates-2", weights(W_xz=0.0, b_z=40.0), "does not turn"),
        ("input-gates-2", weights(b_n=1.0), "over to 1"),
        ("input-gates-2", weights(W_xz=4.0), "what fades"),
        ("input-gates-2", {"W_xz": 1}, "expected a dictionary"),
        ("input-gates-3", lambda z_1, n_1, z_2, n_2: (z_2, n_2), "through both gates"),
        ("input-gates-3", lambda z_1, n_1, z_2, n_2: (z_1 * z_2, n_2), "still in the state"),
        (
            "input-gates-3",
            lambda a, b, c, d: (a * c, c * (1 - a) * b + (1 - c) * d),
            "what the two steps add",
        ),
        ("input-gates-3", lambda *steps: 1.0, "the pair"),
        ("input-gates-4", lambda k: -1, "after 2 already"),
        ("input-gates-4", lambda k: 0.9 * root(k), "fade or grow"),
        ("input-gates-4", lambda k: root(2 * k), "not back where it was"),
        ("input-gates-4", lambda k: root(k) ** 2, "after 1 already"),
        ("input-gates-4", lambda k: [root(k)], "one number"),
    ],
)
def test_wrong(name, answer, message):
    verdict = check(name, answer)
    assert not verdict
    assert message in verdict.problem
