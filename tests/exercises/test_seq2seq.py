import numpy as np
import pytest
from unrolled.engine.gradcheck import numerical_gradient, relative_error
from unrolled.exercises import check


def per_answer(losses, counted):
    return ((losses * counted).sum(axis=1) / counted.sum(axis=1)).mean()


def over_places(losses, counted):
    return ((losses * counted).sum(axis=0) / counted.sum(axis=0)).mean()


def general_scores(s, h, W):
    return s @ W @ h.transpose(0, 2, 1)


def general_backward(dscores, s, h, W):
    dq = dscores @ h
    dW = np.einsum("nuh,nuk->hk", s, dq)
    return dq @ W.T, dscores.transpose(0, 2, 1) @ (s @ W), dW


def changed(part, how):
    """`general_backward` with one of its results changed."""

    def backward(dscores, s, h, W):
        found = list(general_backward(dscores, s, h, W))
        found[part] = how(found[part], dscores, s, h, W)
        return found

    return backward


def test_the_gradients_that_are_right_are_those_of_central_differences():
    rng = np.random.default_rng(0)
    arrays = [rng.standard_normal(shape) for shape in ((2, 3, 4), (2, 5, 4), (4, 4))]
    dscores = rng.standard_normal((2, 3, 5))
    found = general_backward(dscores, *arrays)
    for gradient, value in zip(found, arrays, strict=True):
        numerical = numerical_gradient(lambda: (general_scores(*arrays) * dscores).sum(), value)
        assert relative_error(gradient, numerical) < 1e-7


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("seq2seq-1", 3),
        ("seq2seq-1", np.int64(3)),
        ("seq2seq-2", per_answer),
        ("seq2seq-2", lambda a, c: np.mean([row[own].mean() for row, own in zip(a, c, strict=1)])),
        ("seq2seq-3", general_backward),
        ("seq2seq-4", np.sqrt),
        ("seq2seq-4", lambda H: round(H**0.5, 3)),
    ],
)
def test_right(name, answer):
    assert check(name, answer)


@pytest.mark.parametrize(
    ("name", "answer", "message"),
    [
        ("seq2seq-1", 1, "greedy"),
        ("seq2seq-1", 2, "first letters only"),
        ("seq2seq-1", 4, "find it, too"),
        ("seq2seq-1", 8, "find it, too"),
        ("seq2seq-1", 0, "too small"),
        ("seq2seq-1", 2.5, "whole number"),
        ("seq2seq-2", lambda a, c: a[c].mean(), "mean over letters"),
        ("seq2seq-2", lambda a, c: a.mean(), "padding"),
        ("seq2seq-2", lambda a, c: (a * c).mean(), "padding included"),
        ("seq2seq-2", lambda a, c: (a * c).sum(axis=1).mean(), "sums the letters"),
        ("seq2seq-2", lambda a, c: len(a) * per_answer(a, c), "not their mean"),
        ("seq2seq-2", lambda a, c: a, "one number"),
        ("seq2seq-2", over_places, "across answers"),
        ("seq2seq-2", 0.5, "expected a function"),
        ("seq2seq-3", lambda dscores, s, h, W: s, "three arrays"),
        ("seq2seq-3", changed(0, lambda ds, dscores, s, h, W: dscores @ h @ W), "way round"),
        (
            "seq2seq-3",
            changed(1, lambda dh, dscores, s, h, W: dscores.transpose(0, 2, 1) @ (s @ W.T)),
            "way round",
        ),
        ("seq2seq-3", changed(0, lambda ds, dscores, s, h, W: dscores @ h), "W lies between"),
        (
            "seq2seq-3",
            changed(1, lambda dh, dscores, s, h, W: dscores.transpose(0, 2, 1) @ s),
            "dh leaves out W",
        ),
        ("seq2seq-3", lambda *given: general_backward(*given)[:2], "as a tuple"),
        ("seq2seq-3", changed(2, lambda dW, *_: dW.T), "transposed"),
        (
            "seq2seq-3",
            changed(2, lambda dW, dscores, s, h, W: s.transpose(0, 2, 1) @ (dscores @ h)),
            "share one W",
        ),
        ("seq2seq-3", changed(2, lambda dW, *_: 2 * dW), "one factor"),
        ("seq2seq-4", lambda H: H, "variance"),
        ("seq2seq-4", lambda H: 1.0, "one product"),
        ("seq2seq-4", lambda H: H**-0.5, "multiply by"),
        ("seq2seq-4", lambda H: 2 * H**0.5, "too large"),
        ("seq2seq-4", lambda H: int(H**0.5), "for H = 10 is too small"),
    ],
)
def test_wrong(name, answer, message):
    verdict = check(name, answer)
    assert not verdict
    assert message in verdict.problem


def test_the_spread_of_scores_is_as_it_is_measured():
    rng = np.random.default_rng(0)
    s, h = rng.standard_normal((2, 4000, 64))
    spread = (s * h).sum(axis=1).std()
    assert check("seq2seq-4", np.sqrt)
    assert spread == pytest.approx(np.sqrt(64), rel=0.05)
