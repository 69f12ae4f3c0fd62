"""What the first explorables claim is true."""

import numpy as np
import pytest
from unrolled.explore import GradientFlow, TruncationLab, TwoPasts


def test_two_pasts_come_together_with_a_weight_below_one_and_stay_apart_with_two():
    two = TwoPasts()
    assert (np.diff(two.at(w_hh=0.8).arrays["gap"]) < 0).all()
    assert two.at(w_hh=0.5, wait=10).facts["left"] < 1e-3 < two.at(wait=10).facts["left"]
    assert two.at(w_hh=2.0, wait=29).facts["left"] > 1
    gap = two.at(w_hh=0.0).arrays["gap"]
    assert gap[1] == -9  # it leaves the picture, and ends there
    assert np.isnan(gap[2:]).all()


def test_between_forgetting_and_deafness_a_unit_knows_and_hears():
    two = TwoPasts()
    both, deaf, fades = (two.at(w_hh=w_hh, wait=29) for w_hh in (1.2, 2.0, 1.0))
    swing = [np.ptp(each.arrays["after_plus"][10:]) for each in (both, deaf)]
    assert fades.facts["left"] < 0.1 < 0.9 < both.facts["left"]
    assert swing[1] < 0.2 < 0.5 < swing[0]


def test_without_inputs_an_orthogonal_gradient_changes_by_the_gain_at_every_step():
    norms = GradientFlow(T=100, input_scale=0.0, kind="orthogonal", gain=0.9).arrays["norms"]
    assert np.diff(norms) == pytest.approx(-np.log10(0.9))


@pytest.mark.parametrize("kind", ["Gaussian", "orthogonal", "identity"])
def test_above_a_gain_of_one_it_explodes_only_while_the_units_are_not_saturated(kind):
    flow = GradientFlow(gain=1.4, T=100, kind=kind)
    assert flow.at(input_scale=0.0).facts["fate"] == "exploded"
    free, driven = (flow.at(input_scale=scale).facts["left"] for scale in (0.0, 2.0))
    assert driven < free - 5


def test_a_short_sequence_leaves_the_far_past_empty():
    norms = GradientFlow(T=10).arrays["norms"]
    assert np.isnan(norms[:90]).all()
    assert norms[-1] == pytest.approx(0, abs=1e-12)


def test_a_truncated_gradient_can_point_the_same_way_and_hold_nothing_of_the_answer():
    lab = TruncationLab(T=60, k2=20, lag=59)
    assert lab.facts["answer_is"] == "cut off"
    assert min(lab.facts["cosine"], lab.facts["cosine_block"]) > 0.999
    assert lab.facts["error"] < 2e-6
    full, each = (lab.arrays[name] for name in ("full", "each"))
    np.testing.assert_allclose(each[:19], full[:19], atol=0.01)
    assert np.isnan(each[20:]).all()


def test_reaching_over_the_whole_sequence_is_full_bptt():
    lab = TruncationLab(T=20, k2=20)
    for bars in ("each_bars", "block_bars"):
        np.testing.assert_allclose(lab.arrays[bars], [1, 0], atol=1e-12)
    assert lab.at(lag=20).facts["answer_is"] == "before"
    assert lab.at(k2=19).arrays["cut"][-19] == 1
