import numpy as np
import pytest
from unrolled.engine.activations import sigmoid
from unrolled.explore import ForgetBias

w = ForgetBias()


@pytest.mark.parametrize(
    ("bias", "kept", "after_fifty"),
    [(0, 0.5, 8.9e-16), (1, 0.731, 1.6e-7), (3, 0.953, 0.0881), (5, 0.993, 0.715)],
)
def test_what_a_bias_keeps(bias, kept, after_fifty):
    facts = w.at(bias=bias, lag=50).facts
    assert facts["kept"] == pytest.approx(kept, abs=5e-4)
    assert 10 ** facts["share"] == pytest.approx(after_fifty, rel=0.03)


def test_the_axis_reaches_down_to_what_is_left_at_the_lag():
    for bias in w.bias.control.values:
        for lag in w.lag.control.values:
            answer = w.at(bias=bias, lag=lag)
            assert answer.arrays["decades"][0] < answer.arrays["left"][lag] <= 0


def test_the_lines_behind_are_those_of_the_biases_they_name():
    for trace in w.panes()[0].data[:-2]:
        left = w.at(bias=int(trace.name.removeprefix("b = "))).arrays["left"]
        np.testing.assert_allclose(trace.y, left)


def test_two_biases_that_look_alike_differ_by_a_factor_of_8_after_fifty_steps():
    three, five = (w.at(bias=bias, lag=50).facts for bias in (3, 5))
    assert five["kept"] - three["kept"] == pytest.approx(0.041, abs=5e-4)
    assert 10 ** (five["share"] - three["share"]) == pytest.approx(8, abs=0.2)


@pytest.mark.parametrize("lag", [2, 50, 200])
def test_the_wanted_bias_has_its_half_life_at_the_lag(lag):
    assert sigmoid(w.at(lag=lag).facts["wanted"]) ** lag == pytest.approx(0.5)
    assert w.at(bias=-1).facts["outlasts"] == "nothing"
