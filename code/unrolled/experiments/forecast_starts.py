"""The networks of `forecast` at one window, each start by itself, for the comparison with the line.

OMP_NUM_THREADS=1 python -m unrolled.experiments forecast-starts

`forecast` keeps the errors of the one start that its explorable draws. Here the root mean square
over the twelve steps ahead is kept at every origin and of every start, so that starts and test
times can both be drawn again. One learning rate, the same for all; none was tuned.
"""

import numpy as np

from unrolled.analysis.forecasting import (
    fit_linear,
    linear,
    naive,
    over_steps,
    rmse,
    seasonal_naive,
)
from unrolled.datasets import windows

from . import forecast, record

WINDOW = 24
SLOW = ("Beijing temperature",)  # of which the GRU alone is run
LONGER = (48, 96, 168)  # windows for the line on it, which costs the line next to nothing
STARTS = {"sunspots": 10, "CO2, from its last value": 5, "Beijing temperature": 5}


def errors_of_a_start(model, series, seed):
    """The errors on the test part (N, horizon), in the series' own unit, and the epochs used."""
    if "naive" in model:
        x, targets = windows(series.values, series.period, forecast.HORIZON, series.parts[2])
        if model == "naive":
            return targets - naive(x, forecast.HORIZON), 0
        return targets - seasonal_naive(x, forecast.HORIZON, series.period), 0
    if model.startswith("linear"):
        window = int(model.split()[1]) if " " in model else WINDOW
        train, _, (x, targets) = forecast.cut(series, window)
        return forecast.unit(series, window) * (targets - linear(x, fit_linear(*train))), 0
    train, validation, (x, targets) = forecast.cut(series, WINDOW)
    cell = forecast.NETWORKS[model]
    how = {"seed": seed, "batch": series.batch, "patience": series.patience}
    params, used = forecast.network(cell, train, validation, **how)
    return forecast.unit(series, WINDOW) * (targets - forecast.answers(x, params, cell)), used


def plan():
    """(series, model, start), the cheap ones first."""
    for name, starts in STARTS.items():
        for model in ("naive", "seasonal naive", "linear"):
            yield name, model, 0
        if name in SLOW:
            for window in LONGER:
                yield name, f"linear {window}", 0
        for start in range(starts):
            for model in ("GRU",) if name in SLOW else ("GRU", "LSTM", "RNN"):
                yield name, model, start


def main():
    """Run what is not yet recorded; write forecast-starts.json and forecast-starts.npz."""
    settings = {
        "window": WINDOW, "horizon": forecast.HORIZON, "starts": STARTS, "H": forecast.H,
        "Adam lr": forecast.LR, "max_norm": forecast.MAX_NORM, "epochs at most": forecast.EPOCHS,
    }  # fmt: skip
    runs = record.Runs("forecast-starts", settings=settings)
    place = record.folder() / "forecast-starts.npz"
    arrays = {}
    if runs.done and place.exists():
        with np.load(place, allow_pickle=False) as file:
            arrays = dict(file)
    loaded = {}
    for name, model, start in plan():

        def run(name=name, model=model, start=start):
            series = loaded.setdefault(name, forecast.SERIES[name]())
            errors, used = errors_of_a_start(model, series, start)
            arrays[f"{name}/{model}/{start}"] = over_steps(errors)[:, 0].astype(np.float16)
            record.write_weights("forecast-starts", arrays)
            return {
                "epochs": used,
                "rmse": forecast.rounded(rmse(errors)),
                "mean": forecast.rounded(rmse(errors).mean()),
            }

        runs.once(run, series=name, model=model, start=start)
