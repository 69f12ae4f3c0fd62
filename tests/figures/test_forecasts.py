import numpy as np
from numpy.testing import assert_array_equal
from unrolled.figures import forecasts, theme

ABOUT = {"title": "Finding", "alt": "Lines."}


def test_what_lies_between_two_curves_is_outlined_once_around():
    x, low, high = np.arange(3), np.array([1, 2, 3]), np.array([4, 5, 6])
    trace = forecasts.between(x, low, high, name="band")
    assert_array_equal(trace.x, [0, 1, 2, 2, 1, 0])
    assert_array_equal(trace.y, [1, 2, 3, 6, 5, 4])
    assert trace.fill == "toself"
    assert trace.line.color == theme.FORWARD


def test_a_forecast_is_drawn_over_its_band_at_its_own_times():
    truth, forecast = np.arange(5.0), np.array([2.0, 3.0])
    figure = forecasts.ahead(
        np.arange(5), truth, np.array([3, 4]), forecast, (-1, 2),
        **ABOUT, x_title="year", y_title="ppm", names=("measured", "said", "band"),
    )  # fmt: skip
    band, measured, said = figure.data
    assert [trace.name for trace in figure.data] == ["band", "measured", "said"]
    assert_array_equal(band.y, [1, 2, 5, 4])
    assert_array_equal(measured.y, truth)
    assert_array_equal(said.x, [3, 4])
    assert measured.line.dash != said.line.dash
    assert (figure.layout.xaxis.title.text, figure.layout.yaxis.title.text) == ("year", "ppm")
    assert figure.layout.meta["alt"] == "Lines."


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
