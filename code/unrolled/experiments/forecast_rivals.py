"""What statisticians would try first: ARIMA and exponential smoothing, on the series of `forecast`.

OMP_NUM_THREADS=1 python -m unrolled.experiments forecast-rivals

It needs statsmodels, which the book does not (`pip install statsmodels`). The parameters are fitted
on the first part of a series and the form is chosen there, by AIC; after that nothing is fitted
again. From each origin of the third part the next twelve values are forecast from all the
past, which is more than the window that a network reads. The temperature of Beijing is left out:
to fit a season to thirteen thousand values takes longer than all the rest.
"""

import numpy as np

from unrolled.analysis.forecasting import band, coverage, over_steps, rmse
from unrolled.datasets import windows

from . import forecast, record

# The orders of ARIMA, and of its seasonal part (the period is added).
ARIMA = {
    "sunspots": [((2, 0, 0), (0, 0, 0)), ((9, 0, 0), (0, 0, 0)), ((2, 0, 1), (0, 0, 0)),
                 ((3, 0, 2), (0, 0, 0))],
    "CO2": [((0, 1, 1), (0, 1, 1)), ((1, 1, 1), (0, 1, 1)), ((2, 1, 1), (0, 1, 1))],
}  # fmt: skip
# Exponential smoothing: (trend, damped, seasonal).
ETS = {
    "sunspots": [(False, False, False), (True, True, False), (False, False, True)],
    "CO2": [(True, False, True), (True, True, True)],
}


def candidates(kind, name, series, values):
    """(a description, an unfitted model of these values)."""
    from statsmodels.tsa.statespace.exponential_smoothing import ExponentialSmoothing
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    if kind == "ARIMA":
        for order, (P, D, Q) in ARIMA[name]:
            season = (P, D, Q, series.period if P + D + Q else 0)
            trend = "c" if order[1] + D == 0 else None
            yield f"{order} {(P, D, Q)}", SARIMAX(values, order=order, seasonal_order=season,
                                                  trend=trend)  # fmt: skip
    else:
        for trend, damped, seasonal in ETS[name]:
            yield (
                f"{'trend ' * trend}{'damped ' * damped}{'season' * seasonal}".strip() or "level",
                ExponentialSmoothing(
                    values, trend=trend, damped_trend=damped,
                    seasonal=series.period if seasonal else None,
                ),
            )  # fmt: skip


def ahead(fitted, values, origins, horizon):
    """Forecasts (N, horizon) made after each origin, the parameters kept as they are fitted."""
    found = fitted.apply(values, refit=False)
    system = found.filter_results
    Z, T = system.design[:, :, 0], system.transition[:, :, 0]
    shift, level = system.state_intercept[:, 0], float(system.obs_intercept[0, 0])
    state, made = system.predicted_state[:, origins], []
    for _ in range(horizon):
        made.append((Z @ state)[0] + level)
        state = T @ state + shift[:, None]
    return np.stack(made, axis=1)


def one(kind, name, series, arrays):
    """What is recorded of the best of a kind, by AIC on the first part."""
    train = series.values[series.parts[0]]
    fits = []
    for said, model in candidates(kind, name, series, train):
        fitted = model.fit(disp=False, maxiter=200)
        fits.append((float(fitted.aic), said, fitted))
    _, said, fitted = min(fits, key=lambda fit: fit[0])
    errors = {}
    for part in (1, 2):
        _, targets = windows(series.values, 1, forecast.HORIZON, series.parts[part])
        origins = series.parts[part].start + np.arange(len(targets))
        errors[part] = targets - ahead(fitted, series.values, origins, forecast.HORIZON)
    arrays[f"{name}/{kind}"] = over_steps(errors[2])[:, 0].astype(np.float16)
    record.write_weights("forecast-rivals", arrays)
    offsets = band(errors[1], forecast.LEVELS["band"])
    return {
        "chosen": said,
        "aic": {form: forecast.rounded(value) for value, form, _ in fits},
        "rmse": forecast.rounded(rmse(errors[2])),
        "mean": forecast.rounded(rmse(errors[2]).mean()),
        "coverage": forecast.rounded(coverage(errors[2], offsets).mean()),
    }


def main():
    """Run what is not yet recorded; write forecast-rivals.json and forecast-rivals.npz."""
    forms = {
        kind: {name: [repr(form) for form in of] for name, of in given.items()}
        for kind, given in {"ARIMA": ARIMA, "ETS": ETS}.items()
    }
    settings = {"horizon": forecast.HORIZON, "chosen by": "AIC on the first part", "forms": forms}
    runs = record.Runs("forecast-rivals", settings=settings, packages=("numpy", "statsmodels"))
    place = record.folder() / "forecast-rivals.npz"
    arrays = {}
    if runs.done and place.exists():
        with np.load(place, allow_pickle=False) as file:
            arrays = dict(file)
    for name in ARIMA:
        for kind in ("ETS", "ARIMA"):

            def run(kind=kind, name=name):
                return one(kind, name, forecast.SERIES[name](), arrays)

            runs.once(run, series=name, model=kind)
