import numpy as np
import pytest
from unrolled.engine.gradcheck import numerical_gradient, relative_error
from unrolled.exercises import check


def best(log_p, lengths, alpha):
    return int((log_p / ((5 + lengths) / 6) ** alpha).argmax())


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
        ("attention-1", 3),
        ("attention-1", np.int64(3)),
        ("attention-2", best),
        ("attention-2", lambda p, n, a: np.argmax(p * (5 + n) ** -a)),
        ("attention-3", general_backward),
        ("attention-4", np.sqrt),
        ("attention-4", lambda H: round(H**0.5, 3)),
    ],
)
def test_right(name, answer):
    assert check(name, answer)


@pytest.mark.parametrize(
    ("name", "answer", "message"),
    [
        ("attention-1", 1, "greedy"),
        ("attention-1", 2, "first letters only"),
        ("attention-1", 4, "find it, too"),
        ("attention-1", 8, "find it, too"),
        ("attention-1", 0, "too small"),
        ("attention-1", 2.5, "whole number"),
        ("attention-2", lambda p, n, a: (p / n**a).argmax(), "length itself"),
        ("attention-2", lambda p, n, a: p.argmax(), "as if alpha were 0"),
        ("attention-2", lambda p, n, a: (p * ((5 + n) / 6) ** a).argmax(), "multiplies"),
        ("attention-2", lambda p, n, a: (p / ((5 + n) / 6) ** a).argmin(), "lowest score"),
        ("attention-2", lambda p, n, a: np.argsort(p)[-2], "higher score"),
        ("attention-2", lambda p, n, a: (p / ((5 + n) / 6) ** a).max(), "whole number"),
        ("attention-2", 3, "expected a function"),
        ("attention-3", lambda dscores, s, h, W: s, "three arrays"),
        ("attention-3", changed(0, lambda ds, dscores, s, h, W: dscores @ h @ W), "way round"),
        (
            "attention-3",
            changed(1, lambda dh, dscores, s, h, W: dscores.transpose(0, 2, 1) @ (s @ W.T)),
            "way round",
        ),
        ("attention-3", changed(0, lambda ds, dscores, s, h, W: dscores @ h), "W lies between"),
        (
            "attention-3",
            changed(1, lambda dh, dscores, s, h, W: dscores.transpose(0, 2, 1) @ s),
            "dh leaves out W",
        ),
        ("attention-3", lambda *given: general_backward(*given)[:2], "as a tuple"),
        ("attention-3", changed(2, lambda dW, *_: dW.T), "transposed"),
        (
            "attention-3",
            changed(2, lambda dW, dscores, s, h, W: s.transpose(0, 2, 1) @ (dscores @ h)),
            "share one W",
        ),
        ("attention-3", changed(2, lambda dW, *_: 2 * dW), "one factor"),
        ("attention-4", lambda H: H, "variance"),
        ("attention-4", lambda H: 1.0, "one product"),
        ("attention-4", lambda H: H**-0.5, "multiply by"),
        ("attention-4", lambda H: 2 * H**0.5, "too large"),
        ("attention-4", lambda H: int(H**0.5), "for H = 10 is too small"),
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
    assert check("attention-4", np.sqrt)
    assert spread == pytest.approx(np.sqrt(64), rel=0.05)
