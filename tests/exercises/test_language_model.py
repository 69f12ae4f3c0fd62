import numpy as np
import pytest
from unrolled.engine.language_model import next_word
from unrolled.exercises import check


def gradient(logits, target, tau):
    return (next_word(logits, tau) - np.eye(len(logits))[target]) / tau


def without_tau(logits, target, tau):
    return tau * gradient(logits, target, tau)


def times_tau(logits, target, tau):
    return tau**2 * gradient(logits, target, tau)


def at_temperature_1(logits, target, tau):
    return gradient(logits, target, 1.0) / tau


def limit(logits):
    first = logits == logits.max()
    return first / first.sum()


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("language-model-1", 4),
        ("language-model-1", np.float32(4)),
        ("language-model-2", 14.8),
        ("language-model-2", 15.6),
        ("language-model-3", gradient),
        ("language-model-3", lambda *given: gradient(*given).tolist()),
        ("language-model-4", limit),
        ("language-model-4", lambda logits: next_word(logits, 1e-4)),
    ],
)
def test_right(name, answer):
    assert check(name, answer)


@pytest.mark.parametrize(
    ("name", "answer", "message"),
    [
        ("language-model-1", np.log(4), "in nats"),
        ("language-model-1", 2, "in bits"),
        ("language-model-1", 3.2, "averages probabilities"),
        ("language-model-1", 5, "averages perplexities"),
        ("language-model-2", 30, "blind guessing"),
        ("language-model-2", 5.2, "in order"),
        ("language-model-2", 6.2, "in order"),
        ("language-model-2", 3, "too small"),
        ("language-model-2", 17, "too large"),
        ("language-model-3", without_tau, "after the division"),
        ("language-model-3", times_tau, "is not tau"),
        ("language-model-3", at_temperature_1, "temperature 1"),
        ("language-model-3", lambda *given: -gradient(*given), "wrong sign"),
        ("language-model-4", lambda z: np.eye(len(z))[z.argmax()], "gets nothing"),
        ("language-model-4", lambda z: 1.0 * (z == z.max()), "add up to 2"),
        ("language-model-4", lambda z: int(z.argmax()), "every word"),
        ("language-model-4", next_word, "wrong of 6"),
        ("language-model-3", lambda *given: [[1], [2, 3]], "shape (5,)"),
        ("language-model-4", lambda z: "first", "shape (6,); got 'first'"),
        ("language-model-4", lambda z: [[1], [2, 3]], "shape (6,)"),
    ],
)
def test_wrong(name, answer, message):
    verdict = check(name, answer)
    assert not verdict
    assert message in verdict.problem
