import numpy as np
import pytest
from unrolled.engine import reservoir
from unrolled.exercises import check


def pairs(h, x, washout):
    return h[washout:-1], x[washout + 1 :]


def merged(params):
    W_xh = params["W_xh"]
    return params["W_hh"] + params["W_hy"] @ W_xh, params["b_h"] + params["b_y"] @ W_xh


def one_weight(h, targets, ridge):
    return np.mean(h * targets) / (np.mean(h**2) + ridge)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("reservoir-1", 34.5),
        ("reservoir-1", 35),
        ("reservoir-2", pairs),
        ("reservoir-3", merged),
        ("reservoir-4", one_weight),
    ],
)
def test_right_answers_are_right(name, answer):
    assert check(name, answer), check(name, answer)


def test_the_weight_is_the_one_that_is_fitted(rng):
    h, targets = rng.standard_normal((2, 30))
    h, targets = h - h.mean(), targets - targets.mean()
    fitted = reservoir.fit_readout(h[:, None], targets[:, None], ridge=0.2)
    assert fitted["W_hy"][0, 0] == pytest.approx(one_weight(h, targets, 0.2))


@pytest.mark.parametrize(
    ("name", "answer", "part"),
    [
        ("reservoir-1", 15.0, "natural"),
        ("reservoir-1", 2.5, "1/e"),
        ("reservoir-2", lambda h, x, washout: (h[washout:], x[washout:]), "just read"),
        ("reservoir-2", lambda h, x, washout: (h[:-1], x[1:]), "washout"),
        ("reservoir-2", lambda h, x, washout: (h[washout:], x[washout + 1 :]), "one target"),
        ("reservoir-2", lambda h, x, washout: (h[washout:-2], x[washout + 2 :]), "too far"),
        ("reservoir-2", lambda h, x, washout: (h[washout:], x[washout - 1 : -1]), "before"),
        ("reservoir-3", lambda p: (p["W_hy"] @ p["W_xh"], merged(p)[1]), "old connections"),
        ("reservoir-3", lambda p: (merged(p)[0], p["b_h"]), "bias"),
        ("reservoir-4", lambda h, y, r: (h @ y) / (h @ h + r), "mean"),
        ("reservoir-4", lambda h, y, r: (h @ y) / (h @ h) - r, "slope of the loss"),
        ("reservoir-4", lambda h, y, r: np.mean(h * y) / (np.mean(h**2) + r / 2), "slope of twice"),
    ],
)
def test_a_typical_mistake_gets_its_sentence(name, answer, part):
    verdict = check(name, answer)
    assert not verdict
    assert part in repr(verdict), verdict
