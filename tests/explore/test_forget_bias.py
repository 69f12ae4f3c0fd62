import numpy as np
import pytest
from unrolled.explore import ForgetBias


@pytest.mark.parametrize(
    ("bias", "words"),
    [
        (0, "keeps 0.500 of the cell per step and 8.9e-16 after 50 steps"),
        (0.1, "keeps 0.525 of the cell per step"),
        (1, "keeps 0.731 of the cell per step and 1.6e-7 after 50 steps"),
        (3, "keeps 0.953 of the cell per step and 0.0881 after 50 steps"),
        (5, "keeps 0.993 of the cell per step and 0.715 after 50 steps"),
    ],
)
def test_what_a_bias_keeps_is_said_in_words(bias, words):
    assert words in ForgetBias(bias=bias).result["verdict"]


def test_the_mark_is_on_the_line_and_at_the_bottom_where_the_line_has_left():
    w = ForgetBias()
    for w.bias.value, w.lag.value in [(1, 50), (5, 200), (0, 20)]:
        assert w.result["lag_y"] == w.result["left"][w.lag.value]
    w.bias.value, w.lag.value = -1, 200
    assert w.result["lag_y"] == -16
    assert np.isnan(w.result["left"][200])


def test_the_lines_behind_are_those_of_the_biases_they_name():
    w = ForgetBias()
    pane = w.panes[0]
    names = [trace.name for trace in pane.data[:4]]
    for trace, name in zip(pane.data[:4], names, strict=True):
        w.bias.value = int(name.removeprefix("b = "))
        shown = np.isfinite(w.result["left"])
        np.testing.assert_allclose(trace.y[shown], w.result["left"][shown])
    assert [note.text for note in pane.layout.annotations] == names


def test_two_biases_that_look_alike_differ_by_a_factor_of_8_after_fifty_steps():
    three, five = ForgetBias(bias=3).result, ForgetBias(bias=5).result
    assert five["bias_y"] - three["bias_y"] == pytest.approx(0.041, abs=5e-4)
    assert 10 ** (five["lag_y"] - three["lag_y"]) == pytest.approx(8, abs=0.2)


def test_the_wanted_bias_has_its_half_life_at_the_lag():
    wanted = ForgetBias(lag=50).result["wanted"]
    assert "half of it after 50 takes a bias of 4.27." in wanted
    per_step = 1 / (1 + np.exp(-4.27))
    assert np.log(0.5) / np.log(per_step) == pytest.approx(50, abs=0.2)
    assert "bias of 0.00." in ForgetBias(lag=1).result["wanted"]
    assert "within the first step" in ForgetBias(bias=-1).result["wanted"]
