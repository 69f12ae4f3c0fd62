import numpy as np
import pytest
from unrolled.engine import losses
from unrolled.explore import ConfidentMistake
from unrolled.explore.confident_mistake import gradients


def test_the_slope_of_the_squared_error_is_that_of_central_differences(rng):
    z, true, eps = rng.standard_normal(5), np.eye(5)[2], 1e-6

    def loss(z):
        return ((losses.softmax(z) - true) ** 2).sum()

    expected = [(loss(z + eps * e) - loss(z - eps * e)) / (2 * eps) for e in np.eye(5)]
    np.testing.assert_allclose(gradients(z, 2)[1], expected, atol=1e-8)


def test_squared_error_leaves_a_confident_mistake_alone():
    w = ConfidentMistake(margin=-10.0)
    assert w.facts["cross_pull"] > 0.99
    assert w.facts["squared_pull"] < 1e-3
    assert (np.diff(w.arrays["cross_entropy"]) < 0).all()
    for bars in ("bars_cross_entropy", "bars_squared"):
        assert w.arrays[bars].sum() == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("rivals", [1, 2, 3, 4])
def test_squared_error_pulls_hardest_at_a_third_and_no_harder_than_cross_entropy(rivals):
    w = ConfidentMistake(rivals=rivals)
    (hump,) = w.arrays["hump_x"]
    assert w.facts["hump_pull"] == pytest.approx(2 * (1 + 1 / rivals) * 4 / 27, rel=1e-6)
    for margin in w.margin.control.values:
        answer = w.at(margin=margin)
        assert answer.facts["squared_pull"] <= w.facts["hump_pull"]
        assert answer.facts["ratio"] > 1 - 1e-9
        side = "on" if margin == hump else "below" if margin < hump else "above"
        assert answer.facts["side"] == ("right" if answer.facts["p"] >= 0.9 else side)


def test_as_a_mean_it_pulls_a_fifth():
    total, mean = (ConfidentMistake(measure=m).facts["squared_pull"] for m in ("sum", "mean"))
    assert total == pytest.approx(5 * mean)
