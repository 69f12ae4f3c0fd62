import numpy as np
import pytest
from unrolled.explore import StepSize


@pytest.mark.parametrize("T", [1, 5, 20, 50])
def test_float64_passes_a_check_and_float32_still_shows_a_wrong_gradient(T):
    w = StepSize(T=T)
    at = {p: w.at(precision=p).facts for p in ("float64", "float32")}
    assert at["float64"]["best_step"] in ("1e-6", "1e-5")
    assert at["float64"]["best_error"] < -9
    assert at["float32"]["best_step"] in ("1e-3", "1e-2")
    assert -5 < at["float32"]["best_error"] < -3
    assert w.arrays["float64"][[0, -1]].min() > at["float64"]["best_error"] + 2


def test_what_a_step_is_good_for():
    w = StepSize()
    assert w.facts["use"] == "check"
    assert w.at(precision="float32", exponent=-3).facts["use"] == "coarse"
    assert w.at(precision="float32", exponent=-6).facts["use"] == "none"
    assert w.at(precision="float32", exponent=-12).facts["error"] == pytest.approx(0)


def test_in_float32_a_nudge_below_half_a_gap_is_rounded_away():
    weight = np.float32(0.5)
    assert weight + np.float32(1e-8) == weight
    assert np.nextafter(weight, np.float32(1)) - weight == pytest.approx(6e-8, rel=0.01)
