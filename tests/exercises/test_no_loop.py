import numpy as np
import pytest
from unrolled.analysis import memory
from unrolled.engine import scan
from unrolled.exercises import check


def joined(first, second):
    (a_1, u_1), (a_2, u_2) = first, second
    return a_2 * a_1, a_2 * (a_1 * u_1 + u_2)


def gradient(dh, decay):
    g = dh.copy()
    for t in reversed(range(len(dh) - 1)):
        g[t] += decay[t + 1] * g[t + 1]
    return g


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("no-loop-1", 14),
        ("no-loop-2", joined),
        ("no-loop-3", gradient),
        ("no-loop-4", (50, 0.9772)),
        ("no-loop-4", [50, 0.01 ** (1 / 200)]),
    ],
)
def test_right_answers_are_right(name, answer):
    assert check(name, answer), check(name, answer)


def test_the_right_answers_are_those_of_the_package():
    assert len(scan.levels(10_000, "doubling")) == 14
    h = 1.7
    for decay, drive in ((0.5, 2.0), (0.9, 1.0)):
        h = decay * (h + drive)
    decay, drive = joined((0.5, 2.0), (0.9, 1.0))
    assert decay * 1.7 + drive == pytest.approx(h)
    circle = np.full(50, 0.01 ** (1 / 200)), np.pi * (np.arange(50) + 0.5) / 50
    assert np.allclose(memory.recall(*circle, range(100), noise=0), 0.99)


@pytest.mark.parametrize(
    ("name", "answer", "part"),
    [
        ("no-loop-1", 13, "8,192 steps"),
        ("no-loop-1", 9_999, "the loop takes"),
        ("no-loop-1", 12.5, "a whole number"),
        ("no-loop-2", lambda a, b: joined(b, a), "followed by the first"),
        ("no-loop-2", lambda a, b: (a[0] * b[0], b[0] * a[1] + b[1]), "first decay and then add"),
        ("no-loop-2", lambda a, b: (a[0] * b[0], a[0] * a[1] + b[0] * b[1]), "once more"),
        ("no-loop-2", lambda a, b: (a[0] + b[0], 0.0), "the decay is too large"),
        ("no-loop-2", lambda a, b: 3.0, "shape (2,)"),
        ("no-loop-3", lambda dh, a: scan.linear(a[::-1], dh[::-1])[:0:-1], "none other"),
        ("no-loop-3", lambda dh, a: scan.linear(a, dh)[1:], "as the states do"),
        ("no-loop-3", lambda dh, a: dh, "T = 2"),
        ("no-loop-4", (100, 0.977), "two units"),
        ("no-loop-4", (50, 0.99), "0.87"),
        ("no-loop-4", (50, 0.01 ** (1 / 100)), "square"),
        ("no-loop-4", 50, "two numbers"),
    ],
)
def test_a_typical_mistake_gets_its_sentence(name, answer, part):
    verdict = check(name, answer)
    assert not verdict
    assert part in repr(verdict), verdict
