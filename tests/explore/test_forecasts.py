import numpy as np
import pytest
from numpy.testing import assert_allclose
from unrolled.datasets import load_co2, load_sunspots, time_split
from unrolled.explore.forecasts import DRAWN, FROM_LAST, MODELS, READ, Forecasts, recorded

SETTINGS, FOUND, ARRAYS = recorded()
SERIES, WINDOWS = list(SETTINGS["series"]), SETTINGS["windows"]
GATED = ("LSTM", "GRU")


@pytest.fixture(scope="module")
def lab():
    return Forecasts()


def error(series, window, model):
    """RMSE at each horizon."""
    return np.array(FOUND[series, window, model]["rmse"])


def test_everything_was_recorded_for_every_setting():
    assert len(WINDOWS) == len(SERIES) == 4
    for series in SERIES:
        for window in WINDOWS:
            for model in (*MODELS, "linear by steps"):
                found = FOUND[series, window, model]
                low, high = np.array(found["interval"])
                assert ((low > 0) & (low < high)).all()
                assert 0 <= found["coverage"] <= 1
                seeds = 1 if model.startswith("linear") else len(SETTINGS["seeds"])
                assert len(found["mean of each seed"]) == seeds
                assert np.isfinite(ARRAYS[f"{series}/{window}/{model}/errors"]).all()


def test_the_truth_is_that_of_the_shipped_series(lab):
    years, sunspots = load_sunspots()
    months, co2 = load_co2()
    for series, times, values, cut in (
        ("sunspots", years, sunspots, 1930),
        ("CO2", months, co2, "1991-01"),
        (FROM_LAST, months, co2, "1991-01"),
    ):
        _, test = time_split(times, cut)
        truth = lab.compute(series=series, model="linear", window=6, horizon=1)["truth"]
        n = min(len(truth), test.stop - test.start)
        assert_allclose(truth[:n], values[test][:n], rtol=1e-6)
        assert SETTINGS["series"][series]["parts"][2] == [test.start, test.stop]


@pytest.mark.parametrize("horizon", [1, 6, 12])
def test_a_forecast_stands_at_the_time_it_is_for(lab, horizon):
    for series in SERIES:
        result = lab.compute(series=series, model="LSTM", window=12, horizon=horizon)
        errors = ARRAYS[f"{series}/12/LSTM/errors"][:DRAWN, horizon - 1]
        for n in (0, 30, len(errors) - 1):
            assert result["made"][n] == result["times"][n + horizon - 1]
            assert_allclose(result["truth"][n + horizon - 1] - result["forecast"][n], errors[n])


def test_the_mark_is_forecast_from_the_window_that_is_drawn(lab):
    for window in WINDOWS:
        result = lab.compute(series="CO2", model="GRU", window=window, horizon=3)
        step = result["times"][1] - result["times"][0]
        assert result["now_x"][0] == pytest.approx(result["read_x"][-1] + 3 * step)
        assert result["now_x"][0] == pytest.approx(result["read_x"][0] + (window + 2) * step)
        assert result["read_y"][-1] == result["truth"][READ - 1]


def test_lines_numbers_and_words_agree(lab):
    for horizon in (1, 9):
        result = lab.compute(series="sunspots", model="RNN", window=24, horizon=horizon)
        low, high = result["interval"][:12], result["interval"][::-1][:12]
        assert ((low <= result["model"]) & (result["model"] <= high)).all()
        assert (result["at_x"][0], result["at_y"][0]) == (horizon, result["model"][horizon - 1])
        assert f"It is wrong by {result['at_y'][0]:.3g} " in result["verdict"]
        assert f"linear model by {result['linear'][horizon - 1]:.3g}." in result["verdict"]


def test_a_network_asked_for_heights_does_not_follow_the_rise_and_the_line_does():
    for window in WINDOWS:
        seasonal = error("CO2", None, "seasonal naive")
        assert error("CO2", window, "linear").mean() < seasonal.mean()
        for model in ("RNN", *GATED):
            assert (error("CO2", window, model) > 2 * seasonal).all()
            assert (error(FROM_LAST, window, model) < seasonal).all()


def test_the_forecast_sinks_while_the_air_rises(lab):
    result = lab.result
    assert result["truth"][DRAWN // 2 :].mean() > result["truth"][: DRAWN // 2].mean() + 4
    assert result["forecast"][-20:].mean() < result["forecast"][:20].mean()
    assert 16 < result["at_y"][0] < 18


def test_a_longer_window_spoils_the_line_on_sunspots_and_not_the_gru():
    assert (error("sunspots", 48, "linear") > error("sunspots", 12, "linear")).all()
    assert error("sunspots", 12, "linear").mean() == min(
        error("sunspots", w, m).mean() for w in WINDOWS for m in MODELS
    )
    assert (error("sunspots", 48, "GRU") < error("sunspots", 48, "linear"))[2:].all()


def test_on_the_temperature_all_starts_of_the_gated_networks_are_ahead():
    for window in (6, 12, 24, 48):
        line = error("Beijing temperature", window, "linear").mean()
        for model in GATED:
            starts = FOUND["Beijing temperature", window, model]["mean of each seed"]
            assert max(starts) < line
            assert min(starts) > 0.93 * line


def test_it_says_in_words_what_is_read_and_how_far_it_looks():
    said = Forecasts(series="Beijing temperature", window=12, horizon=1).result["setting"]
    assert "reads 24 hours of Beijing temperature and says what comes 2 hours ahead" in said
    said = Forecasts(series="sunspots", model="GRU by steps", horizon=1).result["setting"]
    assert "24 years of sunspots and says what comes 1 year ahead;" in said
    said = Forecasts(series="CO2", model="GRU by steps", horizon=3).result["setting"]
    assert "3 months ahead by its own forecasts" in said
    verdict = Forecasts(series="CO2", model="linear").result["verdict"]
    assert verdict.count("linear") == 0
    assert "and the seasonal naive one by" in verdict
