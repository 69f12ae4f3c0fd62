"""Three series, four window lengths, linear models and networks, twelve steps ahead.

OMP_NUM_THREADS=1 python -m unrolled.experiments forecast

Every network reads the window and answers all twelve steps at once (direct); "by steps" answers
one and reads its own answer for the next. Each is trained on the first part of the series, stopped
where the second part says so, and measured on the third. "CO2, from its last value" is the same
series with the last value of each window subtracted from the window and from its targets.
"""

from functools import partial
from typing import NamedTuple

import numpy as np

from unrolled.analysis.forecasting import (
    band,
    coverage,
    fit_linear,
    linear,
    naive,
    recursive,
    rmse,
    rmse_interval,
    seasonal_naive,
)
from unrolled.datasets import load_air_quality, load_co2, load_sunspots, time_split, windows
from unrolled.engine import dense, gru, losses, lstm, rnn
from unrolled.engine.final import Final
from unrolled.engine.optimizers import Adam
from unrolled.engine.training import predict, train_on_batches

from . import record

HORIZON, WINDOWS, SEEDS = 12, [6, 12, 24, 48], range(5)
H, LR, MAX_NORM, EPOCHS = 16, 0.01, 1.0, 200
LEVELS = {"interval": 0.9, "band": 0.8}
NETWORKS = {"RNN": rnn, "LSTM": lstm, "GRU": gru}
MODELS = ["linear", "linear by steps", *NETWORKS, "GRU by steps"]
SHOWN = 120  # origins whose errors are kept, from the first one on


class Series(NamedTuple):
    """A series, its three parts, and how it is read."""

    values: np.ndarray
    parts: list
    period: int
    unit: str
    step: str
    batch: int
    patience: int
    from_last: bool = False


def sunspots():
    """Yearly, with a period of about 11."""
    years, values = load_sunspots()
    return Series(values, time_split(years, 1890, 1930), 11, "sunspot number", "year", 32, 20)


def co2():
    """Monthly, with a trend."""
    months, values = load_co2()
    return Series(values, time_split(months, "1986-01", "1991-01"), 12, "ppm", "month", 32, 20)


def air():
    """Temperature in Beijing, means of two hours: twelve to a day."""
    data = load_air_quality(offline=False)
    values = data.values[:, data.columns.index("temperature")].reshape(-1, 2).mean(axis=1)
    parts = time_split(data.times[::2], "2013-01-01", "2014-01-01")
    return Series(values, parts, 12, "°C", "2 hours", 64, 4)


SERIES = {
    "sunspots": sunspots,
    "CO2": co2,
    "CO2, from its last value": lambda: co2()._replace(from_last=True),
    "Beijing temperature": air,
}


def scaled(series):
    """The series in standard units of its training part, and one such unit in its own."""
    train = series.values[series.parts[0]]
    return (series.values - train.mean()) / train.std(), train.std()


def network(cell, train, validation, *, seed, batch, patience):
    """Parameters with the least validation error, and how many epochs it took to get there."""
    rng, (x, targets), (x_val, targets_val) = np.random.default_rng(seed), train, validation
    params = cell.init_params(1, H, rng=rng, dtype=np.float32)
    params |= dense.init_params(H, targets.shape[1], rng=rng, dtype=np.float32)
    optimizer, best, least, used = Adam(LR), params, np.inf, 0
    for epoch in range(1, EPOCHS + 1):
        train_on_batches(
            x, targets[:, None], params, cell=Final(cell), loss=losses.mean_squared_error,
            optimizer=optimizer, batch=batch, rng=rng, max_norm=MAX_NORM,
        )  # fmt: skip
        error = float(np.mean((answers(x_val, params, cell) - targets_val) ** 2))
        if error < least:
            best, least, used = {k: v.copy() for k, v in params.items()}, error, epoch
        elif epoch - used >= patience:
            break
    return best, used


def answers(x, params, cell):
    """What a network forecasts, (N, horizon)."""
    return predict(x, params, cell=Final(cell))[0][:, 0]


def cut(series, window, horizon=HORIZON):
    """Windows and targets of the three parts, in float32, in the units the models see."""
    z, _ = scaled(series)
    parts = [windows(z.astype(np.float32), window, horizon, part) for part in series.parts]
    if series.from_last:
        spread = from_last_spread(z, window, series.parts[0])
        parts = [((x - x[:, -1:]) / spread, (targets - x[:, -1]) / spread) for x, targets in parts]
    return parts


def from_last_spread(z, window, part):
    """The standard deviation of a series within windows, seen from their last value."""
    x, _ = windows(z, window, HORIZON, part)
    return np.float32((x - x[:, -1:]).std())


def unit(series, window):
    """How much of the series' own unit a unit of `cut` is."""
    z, own = scaled(series)
    return float(own * from_last_spread(z, window, series.parts[0]) if series.from_last else own)


def forecaster(model, series, window, seed):
    """(a function from windows to forecasts of all steps, what training said)."""
    steps = model.endswith("by steps")
    train, validation, _ = cut(series, window, 1 if steps else HORIZON)
    if model.startswith("linear"):
        weights, said = fit_linear(*train), {}
        one = partial(linear, weights=weights)
    else:
        cell = NETWORKS[model.split()[0]]
        how = {"seed": seed, "batch": series.batch, "patience": series.patience}
        params, used = network(cell, train, validation, **how)
        one, said = partial(answers, params=params, cell=cell), {"epochs": used}
    if not steps:
        return one, said
    if series.from_last:
        return partial(recursive, partial(from_last, one), horizon=HORIZON), said
    return partial(recursive, one, horizon=HORIZON), said


def from_last(one_step, x):
    """What a model of differences from the last value forecasts for windows with any last value."""
    return x[:, -1] + one_step(x - x[:, -1:])


def compare(model, series, window):
    """One model at one window: a record of all its seeds, and errors and band of the one shown."""
    _, validation, test = cut(series, window)
    seeds = [0] if model.startswith("linear") else SEEDS
    runs, to_own = [], unit(series, window)
    for seed in seeds:
        forecast, said = forecaster(model, series, window, seed)
        errors = [to_own * (targets - forecast(x)) for x, targets in (validation, test)]
        runs.append((*errors, said))
    # The run shown has the median error on the validation part: the test part chooses nothing.
    order = np.argsort([np.mean(rmse(on_validation)) for on_validation, _, _ in runs])
    shown = int(order[len(runs) // 2])
    on_validation, on_test, _ = runs[shown]
    offsets, of_all = band(on_validation, LEVELS["band"]), np.array([run[1] for run in runs])
    typical = np.sqrt(np.mean(of_all**2, axis=0))  # over the seeds, at each origin
    found = {
        "rmse": rounded(rmse(typical)),
        "interval": rounded(interval(typical, series)),
        "mean of each seed": rounded([rmse(errors).mean() for errors in of_all]),
        "shown": shown,
        "coverage": rounded(coverage(on_test, offsets).mean()),
    }
    if not model.startswith("linear"):
        found["epochs"] = [said["epochs"] for _, _, said in runs]
    return found, on_test[:SHOWN].astype(np.float16), offsets.astype(np.float32)


def interval(errors, series):
    """The interval of the RMSE, from blocks of two periods."""
    rng = np.random.default_rng(0)
    return rmse_interval(errors, block=2 * series.period, rng=rng, level=LEVELS["interval"])


def baselines(series):
    """RMSE and intervals of the two naive forecasts; they need one period and no window."""
    x, targets = windows(series.values, series.period, HORIZON, series.parts[2])
    forecasts = {
        "naive": naive(x, HORIZON),
        "seasonal naive": seasonal_naive(x, HORIZON, series.period),
    }
    errors = {name: targets - forecast for name, forecast in forecasts.items()}
    return {
        name: {"rmse": rounded(rmse(e)), "interval": rounded(interval(e, series))}
        for name, e in errors.items()
    }


def rounded(values):
    """Numbers or lists of numbers with four digits."""
    return [rounded(v) for v in values] if np.ndim(values) else float(f"{values:.4g}")


def main():
    """Run what is not yet recorded; write data/results/forecast.json and forecast.npz."""
    series = {name: load() for name, load in SERIES.items()}
    settings = {
        "windows": WINDOWS, "horizon": HORIZON, "seeds": list(SEEDS), "H": H, "Adam lr": LR,
        "max_norm": MAX_NORM, "epochs at most": EPOCHS, "dtype": "float32", "levels": LEVELS,
        "block": "two periods", "origins kept": SHOWN,
        "series": {
            name: {
                "parts": [[part.start, part.stop] for part in s.parts], "period": s.period,
                "unit": s.unit, "step": s.step, "batch": s.batch, "patience": s.patience,
                "from last value": s.from_last, "training std": float(f"{scaled(s)[1]:.4g}"),
            }
            for name, s in series.items()
        },
    }  # fmt: skip
    runs = record.Runs("forecast", settings=settings, data=("air_quality",))
    place = record.folder() / "forecast.npz"
    arrays = {}
    if runs.done and place.exists():
        with np.load(place, allow_pickle=False) as file:
            arrays = dict(file)
    for name, s in series.items():
        start = s.parts[2].start
        arrays[f"{name}/truth"] = s.values[start : start + SHOWN + HORIZON - 1].astype(np.float32)
        for baseline, found in baselines(s).items():
            runs.once(lambda found=found: found, series=name, model=baseline)
        for window in WINDOWS:
            for model in MODELS:

                def run(model=model, s=s, window=window, name=name):
                    found, *of_shown = compare(model, s, window)
                    for kind, array in zip(("errors", "band"), of_shown, strict=True):
                        arrays[f"{name}/{window}/{model}/{kind}"] = array
                    record.write_weights("forecast", arrays)
                    return found

                runs.once(run, series=name, window=window, model=model)
    record.write_weights("forecast", arrays)
