import numpy as np
import pytest
from numpy.testing import assert_allclose
from unrolled.datasets import load_co2, load_sunspots, time_split
from unrolled.explore import Forecasts
from unrolled.explore.forecasts import (
    AHEAD,
    DRAWN,
    HALF_PIXEL,
    MODELS,
    READ,
    SERIES,
    WINDOWS,
    recorded,
)

SETTINGS, FOUND, ARRAYS = recorded()
FROM_LAST = SERIES[2]
GATED = ("LSTM", "GRU")


@pytest.fixture(scope="module")
def lab():
    return Forecasts()


def error(series, window, model):
    """RMSE at each horizon."""
    return np.array(FOUND[series, window, model]["rmse"])


def test_everything_was_recorded_for_every_setting():
    assert (tuple(SETTINGS["series"]), tuple(SETTINGS["windows"])) == (SERIES, WINDOWS)
    assert SETTINGS["horizon"] == AHEAD
    assert SETTINGS["levels"]["band"] == 0.8
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
        truth = lab.at(series=series, model="linear", window=6, horizon=1).arrays["truth"]
        n = min(len(truth), test.stop - test.start)
        assert_allclose(truth[:n], values[test][:n], rtol=1e-6)
        assert SETTINGS["series"][series]["parts"][2] == [test.start, test.stop]


@pytest.mark.parametrize("horizon", [1, 6, 12])
def test_a_forecast_stands_at_the_time_it_is_for(lab, horizon):
    for series in SERIES:
        result = lab.at(series=series, model="LSTM", window=12, horizon=horizon).arrays
        errors = ARRAYS[f"{series}/12/LSTM/errors"][:DRAWN, horizon - 1]
        for n in (0, 30, len(errors) - 1):
            assert result["made"][n] == result["times"][n + horizon - 1]
            error = result["truth"][n + horizon - 1] - result["forecast"][n]
            assert error == pytest.approx(errors[n], abs=0.51 * HALF_PIXEL[series])


def test_the_mark_is_forecast_from_the_window_that_is_drawn(lab):
    for window in WINDOWS:
        result = lab.at(series="CO2", model="GRU", window=window, horizon=3).arrays
        step = result["times"][1] - result["times"][0]
        assert result["now_x"][0] == pytest.approx(result["read_x"][-1] + 3 * step)
        assert result["now_x"][0] == pytest.approx(result["read_x"][0] + (window + 2) * step)
        assert result["read_y"][-1] == result["truth"][READ - 1]


def test_lines_and_facts_agree(lab):
    starts = FOUND["sunspots", 24, "RNN"]["mean of each seed"]
    for horizon in (1, 3):
        arrays, facts, _ = lab.at(series="sunspots", model="RNN", window=24, horizon=horizon)
        low, high = arrays["interval"][:12], arrays["interval"][::-1][:12]
        assert ((low <= arrays["model_errors"]) & (arrays["model_errors"] <= high)).all()
        assert facts["wrong"] == arrays["model_errors"][horizon - 1]
        assert facts["line_wrong"] == arrays["linear"][horizon - 1]
        assert (facts["best_start"], facts["worst_start"]) == (min(starts), max(starts))
        place = {"best": 0, "between": 2, "worst": 4}[facts["drawn"]]
        rank = sorted(starts).index(starts[FOUND["sunspots", 24, "RNN"]["shown"]])
        assert place == (rank if rank in (0, 4) else 2)


def test_a_network_is_compared_with_the_line_on_the_same_test_times(lab):
    """Of 24 years of sunspots neither network with gates is told from the line, the RNN hardly."""
    for model, low, high in (("RNN", 0.99, 1.28), ("LSTM", 0.86, 1.15), ("GRU", 0.96, 1.19)):
        facts = lab.at(series="sunspots", model=model, window=24, horizon=6).facts
        assert facts["paired"]
        assert [facts["ratio_low"], facts["ratio_high"]] == pytest.approx([low, high], abs=0.02)
    assert not lab.at(series="Beijing temperature").facts["paired"]
    assert not lab.at(model="linear").facts["paired"]


def test_a_network_asked_for_heights_does_not_follow_the_rise_and_the_line_does():
    for window in WINDOWS:
        seasonal = error("CO2", None, "seasonal naive")
        assert error("CO2", window, "linear").mean() < seasonal.mean()
        for model in MODELS[1:]:
            assert (error("CO2", window, model) > 2 * seasonal).all()
            a_year = window >= 12 or not model.endswith("by steps")
            assert (error(FROM_LAST, window, model) < seasonal).all() == a_year


def test_the_forecast_sinks_while_the_air_rises(lab):
    result = lab.arrays
    assert result["truth"][DRAWN // 2 :].mean() > result["truth"][: DRAWN // 2].mean() + 4
    assert result["forecast"][-20:].mean() < result["forecast"][:20].mean()
    assert 16 < lab.facts["wrong"] < 18
    assert lab.facts["drawn"] == "worst"


def test_the_mean_of_the_last_training_year_is_hardly_worse_than_the_gru_on_heights(lab):
    _, co2 = load_co2()
    last_year, first = co2[322:334].mean(), SETTINGS["series"]["CO2"]["parts"][2][0]
    constant = np.sqrt(np.mean((co2[first + 5 : len(co2) - 6] - last_year) ** 2))
    assert constant == pytest.approx(17.7, abs=0.05)
    assert lab.facts["wrong"] < constant < 1.03 * lab.facts["wrong"]


def test_a_longer_window_spoils_the_line_on_sunspots_and_not_the_gru():
    assert (error("sunspots", 48, "linear") > error("sunspots", 12, "linear")).all()
    assert error("sunspots", 12, "linear").mean() == min(
        error("sunspots", w, m).mean() for w in WINDOWS for m in MODELS
    )
    assert (error("sunspots", 48, "GRU") < error("sunspots", 48, "linear"))[2:].all()


def test_on_sunspots_only_the_line_beats_the_cycle_before_and_only_from_short_windows():
    cycle = error("sunspots", None, "seasonal naive").mean()
    better = {(m, w) for m in MODELS for w in WINDOWS if error("sunspots", w, m).mean() < cycle}
    assert better == {("linear", 6), ("linear", 12)}


def test_what_sees_a_whole_day_of_temperatures_beats_both_naive_forecasts():
    naive = [error("Beijing temperature", None, name) for name in ("naive", "seasonal naive")]
    for model in MODELS:
        for window in WINDOWS[1:]:
            assert (error("Beijing temperature", window, model) < np.min(naive, axis=0)).all()


def test_on_the_temperature_all_five_starts_of_the_gated_networks_err_less_than_the_line():
    for window in (6, 12, 24, 48):
        line = error("Beijing temperature", window, "linear").mean()
        for model in GATED:
            starts = FOUND["Beijing temperature", window, model]["mean of each seed"]
            assert max(starts) < line
            assert min(starts) > 0.93 * line


def test_it_knows_what_is_read_and_how_far_it_looks(lab):
    def asked(**values):
        facts = lab.at(**values).facts
        return [facts[key] for key in ("reads", "ahead", "clock", "recursive")]

    assert asked(series="Beijing temperature", window=12, horizon=1) == [24, 2, "hour", False]
    assert asked(series="sunspots", model="GRU by steps", horizon=1) == [24, 1, "year", False]
    assert asked(series="CO2", model="GRU by steps", horizon=3) == [24, 3, "month", True]


def test_asked_for_the_change_networks_beat_the_line_of_half_a_year_and_none_of_two():
    for window in WINDOWS:
        line = error(FROM_LAST, window, "linear").mean()
        better = {m for m in MODELS[1:] if error(FROM_LAST, window, m).mean() < line}
        assert better == {6: {"RNN", "LSTM", "GRU"}, 24: set(), 48: set()}.get(window, better)


def test_only_single_starts_by_steps_beat_the_cycle_before():
    cycle = error("sunspots", None, "seasonal naive").mean()
    starts = {
        (model, window)
        for model in MODELS[1:]
        for window in WINDOWS
        for start in FOUND["sunspots", window, model]["mean of each seed"]
        if start < cycle
    }
    assert starts == {("GRU by steps", 6), ("GRU by steps", 24)}


def test_in_every_stretch_of_eleven_too_few_sunspots_lie_in_the_band_of_the_gru():
    errors, (low, high) = (ARRAYS[f"sunspots/24/GRU/{part}"] for part in ("errors", "band"))
    inside = ((low <= errors) & (errors <= high)).mean(axis=1)
    assert len(inside) == 68
    assert FOUND["sunspots", 24, "GRU"]["coverage"] == pytest.approx(inside.mean(), abs=1e-3)
    assert max(inside[first : first + 11].mean() for first in range(0, 68, 11)) < 0.7
