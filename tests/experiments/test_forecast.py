import json

import numpy as np
import pytest
from numpy.testing import assert_allclose
from unrolled.analysis.forecasting import fit_linear, linear, rmse
from unrolled.datasets import time_split, windows
from unrolled.engine import dense, rnn
from unrolled.experiments import forecast


def swing(T=160, from_last=False):
    """A rising sine with a period of 5, in three parts."""
    t = np.arange(T)
    values = 20 + 0.02 * t + 3 * np.sin(2 * np.pi * t / 5)
    parts = time_split(t, 90, 120)
    return forecast.Series(values, parts, 5, "cm", "day", 16, 2, from_last)


@pytest.fixture
def tiny(monkeypatch, folder):
    """Few short runs on the two small series, and the folder that they are written to."""
    for name, value in {"WINDOWS": [6], "SEEDS": range(2), "H": 3, "EPOCHS": 2, "SHOWN": 7}.items():
        monkeypatch.setattr(forecast, name, value)
    monkeypatch.setattr(
        forecast, "SERIES", {"swing": swing, "swing, moved": lambda: swing(from_last=True)}
    )
    given = forecast.record.Runs
    monkeypatch.setattr(
        forecast.record, "Runs", lambda name, settings, data: given(name, settings=settings)
    )
    return folder


def test_a_run_records_every_model_and_the_errors_of_the_one_shown(tiny):
    forecast.main()
    record = json.loads((tiny / "forecast.json").read_text())
    runs = {(r["series"], r.get("window"), r["model"]): r for r in record["results"]}
    assert len(runs) == len(record["results"]) == 2 * (2 + len(forecast.MODELS))
    with np.load(tiny / "forecast.npz", allow_pickle=False) as arrays:
        for series in ("swing", "swing, moved"):
            assert_allclose(arrays[f"{series}/truth"], swing().values[120:138], rtol=1e-6)
            for model in forecast.MODELS:
                assert arrays[f"{series}/6/{model}/errors"].shape == (7, 12)
                assert arrays[f"{series}/6/{model}/band"].shape == (2, 12)
    for run in runs.values():
        assert np.shape(run["rmse"]) == (12,)
        assert (np.array(run["interval"][0]) <= run["rmse"]).all()
        assert (run["rmse"] <= np.array(run["interval"][1])).all()
    assert len(runs["swing", 6, "GRU"]["mean of each seed"]) == 2
    assert runs["swing", 6, "linear"]["rmse"][11] < 0.01 < runs["swing", 6, "GRU"]["rmse"][11]
    assert runs["swing", None, "seasonal naive"]["rmse"][4] == pytest.approx(0.1)
    assert runs["swing", None, "naive"]["rmse"][1] > 1


def test_what_is_recorded_is_not_run_again_and_keeps_its_arrays(tiny, monkeypatch):
    forecast.main()
    before = {name: (tiny / name).read_bytes() for name in ("forecast.json", "forecast.npz")}
    with np.load(tiny / "forecast.npz", allow_pickle=False) as arrays:
        shown = {name: arrays[name] for name in arrays}
    monkeypatch.setattr(forecast, "compare", None)
    forecast.main()
    assert (tiny / "forecast.json").read_bytes() == before["forecast.json"]
    with np.load(tiny / "forecast.npz", allow_pickle=False) as arrays:
        assert {name: arrays[name].tobytes() for name in arrays} == {
            name: array.tobytes() for name, array in shown.items()
        }


def test_the_scale_is_that_of_the_training_part():
    series = swing()
    values = series.values.copy()
    values[90:] = 1000
    z, unit = forecast.scaled(series._replace(values=values))
    assert unit == values[:90].std()
    assert z[:90].mean() == pytest.approx(0, abs=1e-12)
    assert z[:90].std() == pytest.approx(1)


@pytest.mark.parametrize("from_last", [False, True])
def test_errors_come_back_in_the_unit_of_the_series(from_last):
    """A line fitted by hand, in the series' own unit, makes the same errors."""
    series = swing(from_last=from_last)._replace(
        values=swing().values + np.random.default_rng(0).standard_normal(160)
    )
    found, errors, _ = forecast.compare("linear", series, 8)
    (x, targets), _, (x_test, targets_test) = (
        windows(series.values, 8, 12, part) for part in series.parts
    )
    if from_last:
        x, targets = x - x[:, -1:], targets - x[:, -1]
        x_test, targets_test = x_test - x_test[:, -1:], targets_test - x_test[:, -1]
    by_hand = targets_test - linear(x_test, fit_linear(x, targets))
    assert_allclose(errors, by_hand, atol=0.01)
    assert_allclose(found["rmse"], rmse(by_hand), rtol=2e-3)


def test_by_steps_reads_its_own_answers_from_the_last_value(monkeypatch):
    """With either view a line of a noiseless series is right, and its steps go on from there."""
    for from_last in (False, True):
        series = swing(from_last=from_last)
        found, _, _ = forecast.compare("linear by steps", series, 8)
        assert max(found["rmse"]) < 0.02


def test_training_stops_where_the_validation_part_says_and_keeps_the_best(monkeypatch):
    """After the third epoch it only gets worse; two more are waited for."""
    trained, said = [], iter([5.0, 4.0, 1.0, 2.0, 3.0])

    def train(x, targets, params, **how):
        trained.append(params["b_y"].copy())
        params["b_y"] += 1

    def answers(x, params, cell):
        return np.full((4, 2), np.sqrt(next(said)))

    monkeypatch.setattr(forecast, "train_on_batches", train)
    monkeypatch.setattr(forecast, "answers", answers)
    zeros = np.zeros((4, 5, 1)), np.zeros((4, 2))
    params, used = forecast.network(rnn, zeros, zeros, seed=0, batch=2, patience=2)
    assert (used, len(trained)) == (3, 5)
    assert_allclose(params["b_y"], [3, 3])


def test_answers_are_the_readout_of_the_last_state(rng):
    params = rnn.init_params(1, 3, rng=rng) | dense.init_params(3, 2, rng=rng)
    x = rng.standard_normal((4, 5, 1))
    h, _ = rnn.forward(x, params)
    assert_allclose(forecast.answers(x, params, rnn), dense.forward(h[:, -1], params))


def test_numbers_are_kept_with_four_digits():
    assert forecast.rounded(np.array([[1.23456, 0.000123456], [12345.6, 0]])) == [
        [1.235, 0.0001235],
        [12350.0, 0.0],
    ]
    assert forecast.rounded(np.float64(0.123456)) == 0.1235
