import numpy as np
import pytest
from unrolled.engine.losses import cross_entropy
from unrolled.exercises import check


def three_losses(logits, targets):
    return [cross_entropy(factor * logits, targets)[0] for factor in (0, 1, 10)]


def with_gradients(logits, targets):
    return [cross_entropy(factor * logits, targets) for factor in (0, 1, 10)]


def of_the_loss(logits, targets):
    return [factor * cross_entropy(logits, targets)[0] for factor in (0, 1, 10)]


def added_up(logits, targets):
    return targets.size * np.array(three_losses(logits, targets))


def perplexity(p):
    return np.exp(-np.mean(np.log(p)))


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("unrolling-1", np.log(50)),
        ("unrolling-1", 3.9),
        ("unrolling-1", 4),
        ("unrolling-2", three_losses),
        ("unrolling-2", lambda logits, targets: np.array(three_losses(logits, targets))),
        ("unrolling-3", lambda others: -np.sum(others)),
        ("unrolling-4", perplexity),
        ("unrolling-4", lambda p: np.prod(1 / p) ** (1 / len(p))),
    ],
)
def test_right(name, answer):
    assert check(name, answer)


@pytest.mark.parametrize(
    ("name", "answer", "message"),
    [
        ("unrolling-1", 50, "a logarithm"),
        ("unrolling-1", 0.02, "negative logarithm"),
        ("unrolling-1", np.log2(50), "in bits"),
        ("unrolling-1", np.log10(50), "base ten"),
        ("unrolling-1", 2.48, "twelve words"),
        ("unrolling-1", -np.log(50), "wrong sign"),
        ("unrolling-2", with_gradients, "a loss and its gradient"),
        ("unrolling-2", of_the_loss, "multiply the logits"),
        ("unrolling-2", added_up, "one factor everywhere"),
        ("unrolling-2", lambda logits, targets: three_losses(logits, targets)[2], "shape (3,)"),
        ("unrolling-2", lambda logits, targets: three_losses(logits, targets)[::-1], "2 wrong"),
        ("unrolling-3", lambda others: 1 - np.sum(others), "sum to 1"),
        ("unrolling-3", np.sum, "wrong sign"),
        ("unrolling-3", lambda others: others, "as one number"),
        ("unrolling-4", lambda p: -np.mean(np.log(p)), "that is the loss"),
        ("unrolling-4", lambda p: np.exp(np.mean(np.log(p))), "at least 1"),
        ("unrolling-4", lambda p: np.exp(-np.sum(np.log(p))), "their mean"),
        ("unrolling-4", lambda p: 1 / np.mean(p), "before the mean"),
        ("unrolling-4", lambda p: np.mean(1 / p), "before the mean"),
        ("unrolling-4", lambda p: 5.0, "too large"),
    ],
)
def test_wrong(name, answer, message):
    verdict = check(name, answer)
    assert not verdict
    assert message in verdict.problem
