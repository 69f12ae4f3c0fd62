import numpy as np
import pytest
from unrolled.analysis.gradient_flow import log10
from unrolled.explore import (
    ConfidentMistake,
    GradientFlow,
    HiddenStates,
    StepSize,
    TruncationLab,
    TwoPasts,
)


def apart(w):
    """log10 of the difference between the two states of TwoPasts, at every step."""
    return w.result["gap"]


def test_two_pasts_come_together_with_a_weight_below_one_and_stay_apart_with_two():
    assert (np.diff(apart(TwoPasts(w_hh=0.8))) < 0).all()
    assert apart(TwoPasts(w_hh=0.5))[10] < -3 < apart(TwoPasts(w_hh=0.8))[10]
    assert apart(TwoPasts(w_hh=2.0))[-1] > 0
    assert (apart(TwoPasts(w_hh=0.0))[1:] == -9).all()


def test_two_pasts_says_in_words_what_it_shows():
    assert "still knows" in TwoPasts(wait=0).result["verdict"]
    assert "forgotten" in TwoPasts(w_hh=0.0, wait=1).result["verdict"]


def test_after_an_impulse_the_state_returns_at_once_slowly_or_never():
    lengths = {
        gain: np.linalg.norm(HiddenStates(recurrent_gain=gain).result["states"], axis=0)
        for gain in (0.0, 0.9, 2.0)
    }
    assert (lengths[0.0][1:] == 0).all()
    assert 0.1 < lengths[0.9][5] / lengths[0.9][0] < 1
    assert lengths[0.9][-1] < 0.2 * lengths[0.9][0]
    assert lengths[2.0][-1] > 0.8 * lengths[2.0][0]


@pytest.mark.parametrize(("gain", "distance"), [(0.0, "0.000"), (2.0, "1.")])
def test_a_large_recurrent_gain_tells_faster_from_master_at_their_last_letter(gain, distance):
    w = HiddenStates(recurrent_gain=gain, pattern="faster", t=5)
    assert f"lie {distance}" in w.result["verdict"]


def test_squared_error_leaves_a_confident_mistake_alone():
    w = ConfidentMistake(margin=-10.0)
    assert w.result["bars_cross_entropy"][0] > 0.99
    assert w.result["bars_squared"][0] < 1e-3
    pull = w.result["squared"]
    assert len(pull) // 3 < pull.argmax() < 2 * len(pull) // 3
    assert (np.diff(w.result["cross_entropy"]) < 0).all()
    for bars in ("bars_cross_entropy", "bars_squared"):
        assert w.result[bars].sum() == pytest.approx(0, abs=1e-12)


def test_in_float64_some_step_is_good_enough_for_a_check_and_in_float32_none():
    w = StepSize()
    for T in (1, 5, 20, 50):
        w.T.value = T
        assert w.result["float64"].min() < -7
        assert w.result["float32"].min() > -6
        assert w.result["float64"][[0, -1]].min() > w.result["float64"].min() + 2
    assert StepSize(exponent=-5).result["now_y"] < -8


def test_below_a_gain_of_one_the_gradient_falls_along_a_straight_line():
    norms = GradientFlow(T=100, input_scale=0.0, kind="orthogonal", gain=0.9).result["norms"]
    assert np.diff(norms) == pytest.approx(-log10(np.array(0.9)))
    assert "vanished" in GradientFlow(gain=0.5, T=100).result["verdict"]


@pytest.mark.parametrize("kind", ["Gaussian", "orthogonal", "identity"])
def test_above_a_gain_of_one_it_explodes_only_while_the_units_are_not_saturated(kind):
    free = GradientFlow(gain=1.4, T=100, input_scale=0.0, kind=kind).result
    driven = GradientFlow(gain=1.4, T=100, input_scale=2.0, kind=kind).result
    assert "exploded" in free["verdict"]
    assert np.nanmax(driven["norms"]) < np.nanmax(free["norms"]) - 5


def test_a_short_sequence_leaves_the_far_past_empty():
    norms = GradientFlow(T=10).result["norms"]
    assert np.isnan(norms[:90]).all()
    assert norms[-1] == pytest.approx(0, abs=1e-12)


def test_a_truncated_gradient_can_point_the_same_way_and_hold_nothing_of_the_answer():
    result = TruncationLab().result
    for bars in ("each_bars", "block_bars"):
        cosine, error = result[bars]
        assert cosine > 0.99
        assert error < 0.1
    assert "carries nothing about the answer" in result["verdict"]
    np.testing.assert_allclose(result["each"][:19], result["full"][:19], atol=0.01)
    assert np.isnan(result["each"][20:]).all()


def test_reaching_over_the_whole_sequence_is_full_bptt():
    result = TruncationLab(T=20, k2=20).result
    np.testing.assert_allclose(result["each_bars"], [1, 0], atol=1e-12)
    np.testing.assert_allclose(result["block_bars"], [1, 0], atol=1e-12)
    assert "before the sequence" in TruncationLab(T=20, lag=20).result["verdict"]
