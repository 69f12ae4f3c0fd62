import json

import numpy as np
import pytest
from numpy.testing import assert_allclose
from unrolled.datasets import files, load_results
from unrolled.experiments import forecast, forecast_level, forecast_starts, forecast_unbounded
from unrolled.experiments.forecast_unbounded import KINDS

from .test_forecast import swing

STARTS = load_results("forecast-starts")
RIVALS = load_results("forecast-rivals")
LEVEL = load_results("forecast-level")


def arrays(name):
    with np.load(files.path(f"results/{name}.npz"), allow_pickle=False) as file:
        return {key: values.astype(float) for key, values in file.items()}


@pytest.fixture
def tiny(monkeypatch, folder):
    for name, value in {"H": 3, "EPOCHS": 2, "SERIES": {"swing": swing}}.items():
        monkeypatch.setattr(forecast, name, value)
    for name, value in {"WINDOW": 6, "STARTS": {"swing": 2}}.items():
        monkeypatch.setattr(forecast_starts, name, value)
    return folder


def test_every_start_is_recorded_and_goes_on_where_it_stopped(tiny):
    forecast_starts.main()
    first = (tiny / "forecast-starts.json").read_text()
    runs = json.loads(first)["results"]
    assert len(runs) == 3 + 2 * 3
    with np.load(tiny / "forecast-starts.npz", allow_pickle=False) as file:
        kept = dict(file)
    for run in runs:
        of = kept["{series}/{model}/{start}".format(**run)]
        assert np.sqrt(np.mean(np.square(run["rmse"]))) == pytest.approx(
            np.sqrt(np.mean(of.astype(float) ** 2)), rel=2e-3, abs=1e-3
        )
    forecast_starts.main()
    assert (tiny / "forecast-starts.json").read_text() == first


def test_the_record_agrees_with_the_one_of_all_windows():
    """The same starts of the same networks, and the same lines."""
    known = {
        (run["series"], run["model"]): run["mean of each seed"]
        for run in load_results("forecast")["results"]
        if run.get("window") == 24
    }
    compared = 0
    for run in STARTS["results"]:
        means = known.get((run["series"], run["model"]), [])
        if run["start"] < len(means):
            assert_allclose(run["mean"], means[run["start"]], rtol=2e-3)
            compared += 1
    assert compared >= 30


def test_errors_of_all_origins_are_kept_of_every_start_and_rival():
    kept, rivals = arrays("forecast-starts"), arrays("forecast-rivals")
    for run in STARTS["results"]:
        of = kept["{series}/{model}/{start}".format(**run)]
        assert len(of) == len(kept[f"{run['series']}/linear/0"])
    for run in RIVALS["results"]:
        line = next(v for k, v in kept.items() if k.startswith(run["series"]) and "linear" in k)
        assert len(rivals["{series}/{model}".format(**run)]) == len(line)


def test_the_form_of_a_rival_has_the_least_aic_of_those_tried():
    for run in RIVALS["results"]:
        assert run["aic"][run["chosen"]] == min(run["aic"].values())


def test_the_rivals_forecast_what_repeats_and_what_rises():
    pytest.importorskip("statsmodels")
    from unrolled.experiments import forecast_rivals

    t = np.arange(120.0)
    values = 0.1 * t + np.tile([3.0, 1.0, 4.0, 2.0], 30)
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    model = SARIMAX(values[:90], order=(0, 1, 1), seasonal_order=(0, 1, 1, 4))
    fitted = model.fit(disp=False, maxiter=50)
    origins = np.array([95, 100])
    made = forecast_rivals.ahead(fitted, values, origins, 6)
    assert_allclose(made, [values[o : o + 6] for o in origins], atol=0.05)


def of(windows, what):
    return np.array([run[what] for run in LEVEL["results"] if run["windows"] == windows])


def test_lifted_windows_take_away_what_the_ceiling_was_blamed_for():
    assert (of("lifted", "error") < 1.2).all()
    assert (of("as it is", "error") > 3).all()
    assert (of("as it is", "error") > of("lowered", "error")).all()


def test_no_start_says_all_that_its_readout_could():
    assert (of("as it is", "said at most") < of("as it is", "could say") - 3).all()


def test_a_window_like_those_learned_from_is_answered_at_its_level():
    levels = np.array(LEVEL["settings"]["levels"])
    told = of("as it is", "said minus right")
    inside = levels <= LEVEL["settings"]["highest training window"] - 5
    assert np.abs(told[:, inside]).max() < 1.5
    assert (told[:, levels >= 400] < -20).all()


def test_a_start_of_the_level_experiment_can_be_run_again(monkeypatch):
    monkeypatch.setattr(forecast_level, "EPOCHS", 1)
    found = forecast_level.one("lifted", 0)
    assert set(found) | {"windows", "start"} == set(LEVEL["results"][0])
    assert found == forecast_level.one("lifted", 0)


def test_units_without_an_end_stay_behind_less():
    runs = load_results("forecast-unbounded")["results"]
    errors = {kind: [run["error"] for run in runs if run["units"] == kind] for kind in KINDS}
    assert [len(found) for found in errors.values()] == [5, 5]
    assert max(errors["relu"]) < min(errors["tanh"])
    assert all(run["training error"] < 1.5 for run in runs)


def test_a_network_without_ends_is_run_again_alike(monkeypatch):
    monkeypatch.setattr(forecast_unbounded, "EPOCHS", 1)
    found = forecast_unbounded.one("relu", 0)
    assert len(found["said minus right"]) == len(LEVEL["settings"]["levels"])
    assert found == forecast_unbounded.one("relu", 0)
