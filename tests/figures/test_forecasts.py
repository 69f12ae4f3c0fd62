import numpy as np
from numpy.testing import assert_array_equal
from unrolled.figures import forecasts, theme

ABOUT = {"title": "Finding", "alt": "Lines."}


def test_what_lies_between_two_curves_is_outlined_once_around():
    assert_array_equal(forecasts.around(np.arange(3), np.array([4, 5, 6])), [0, 1, 2, 6, 5, 4])
    trace = forecasts.shade([0, 1, 1], [1, 1, 2], name="band")
    assert trace.fill == "toself"
    assert trace.line.color == theme.FORWARD


def test_errors_start_one_step_ahead_and_at_zero():
    error = np.array([1.0, 2.0, 3.0])
    figure = forecasts.by_horizon(
        {"naive": (error, "muted", "dot"), "line": (error / 2, "forward")},
        (error / 4, error), of="the line", **ABOUT, y_title="error",
    )  # fmt: skip
    assert [trace.name for trace in figure.data] == ["naive", "line", "interval of the line"]
    for trace in figure.data[:2]:
        assert_array_equal(trace.x, [1, 2, 3])
    assert_array_equal(figure.data[2].y, [*error / 4, 3, 2, 1])
    assert figure.layout.yaxis.rangemode == "tozero"
    assert figure.layout.xaxis.title.text == "steps ahead"
    assert figure.data[1].line.color == theme.FORWARD


def test_an_explorable_names_the_outline_of_the_interval():
    figure = forecasts.by_horizon(
        {"model": ("errors", "forward")}, (12, "interval"), of="model", **ABOUT, y_title="error"
    )
    curve, interval = figure.data
    assert (curve.meta, interval.meta) == ({"y": "errors"}, {"y": "interval"})
    assert_array_equal(interval.x, [*range(1, 13), *range(12, 0, -1)])


def test_every_start_is_a_dot_with_its_interval_beside_one():
    ratio, interval = np.array([1.1, 0.9]), np.array([[1.0, 0.7], [1.3, 1.2]])
    figure = forecasts.ratios(
        {"A": (ratio, interval, "forward"), "B": (ratio, interval, "muted")}, **ABOUT
    )
    first, second, one = figure.data
    assert_array_equal(first.y, [0.9, 1.1])
    np.testing.assert_allclose(first.y + first.error_y.array, [1.2, 1.3])
    np.testing.assert_allclose(first.y - first.error_y.arrayminus, [0.7, 1.0])
    assert second.x[0] > first.x[-1] + 1
    assert set(one.y) == {1}
    assert list(figure.layout.xaxis.ticktext) == ["A", "B"]
