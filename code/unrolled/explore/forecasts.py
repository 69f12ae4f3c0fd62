"""Chapter 18: forecasts of real series by networks and straight lines, twelve steps ahead.

Nothing is trained here: unrolled.experiments.forecast recorded it in data/results.
"""

from functools import cache

import numpy as np
import plotly.graph_objects as go

from unrolled.analysis.forecasting import ratio_interval
from unrolled.datasets import files, results
from unrolled.figures import forecasts, lines, theme

from .controls import Choice, Number, Question, Story
from .explorable import Explorable

SERIES = ("sunspots", "CO2", "CO2, from its last value", "Beijing temperature")
MODELS = ("linear", "RNN", "LSTM", "GRU", "GRU by steps")
WINDOWS, HORIZONS, AHEAD = (6, 12, 24, 48), (1, 3, 6, 12), 12
DRAWN = 96  # origins, from the first of the test part on; the errors are those of all
READ = 50  # the origin whose window is drawn
# Forecasts are drawn to half a pixel of a pane, since more digits only make the page heavier.
HALF_PIXEL = dict(zip(SERIES, (0.5, 0.1, 0.1, 0.07), strict=True))
# When the test part of each series starts, and how long a step is, on the axis.
CLOCK = dict(zip(SERIES, ((1930, 1), (1991, 1 / 12), (1991, 1 / 12), (0, 1 / 12)), strict=True))


@cache
def recorded():
    """Settings, {(series, window, model): result} with None as a baseline's window, and arrays."""
    record = results.read("forecast")
    found = {(r["series"], r.get("window"), r["model"]): r for r in record["results"]}
    with np.load(files.path("results/forecast.npz"), allow_pickle=False) as arrays:
        return record["settings"], found, {k: a.astype(float) for k, a in arrays.items()}


def compute(series, model, window, horizon):
    """What both panes show at one setting."""
    settings, found, arrays = recorded()
    truth = arrays[f"{series}/truth"][: DRAWN + AHEAD - 1]
    key = f"{series}/{window}/{model}"
    errors, (low, high) = arrays[f"{key}/errors"][:DRAWN, horizon - 1], arrays[f"{key}/band"]
    start, step = CLOCK[series]
    times = start + step * np.arange(len(truth))
    target = slice(horizon - 1, horizon - 1 + len(errors))
    made, forecast = padded(times[target], DRAWN), padded(truth[target] - errors, DRAWN)
    forecast = HALF_PIXEL[series] * np.round(forecast / HALF_PIXEL[series])
    low, high = low[horizon - 1 : horizon], high[horizon - 1 : horizon]
    seen = slice(READ - window, READ)
    own = found[series, window, model]
    return {
        "times": padded(times, DRAWN + AHEAD - 1),
        "truth": padded(truth, DRAWN + AHEAD - 1),
        "made": made,
        "forecast": forecast,
        "band_x": forecasts.around(made, made),
        "low": low,
        "high": high,
        "band_y": forecasts.around(forecast + low, forecast + high),
        "read_x": padded(times[seen], max(WINDOWS)),
        "read_y": padded(truth[seen], max(WINDOWS)),
        "now_x": made[[READ]],
        "now_y": forecast[[READ]],
        "naive": np.array(found[series, None, "naive"]["rmse"]),
        "seasonal": np.array(found[series, None, "seasonal naive"]["rmse"]),
        "linear": np.array(found[series, window, "linear"]["rmse"]),
        "model_errors": np.array(own["rmse"]),
        "interval": forecasts.around(*map(np.array, own["interval"])),
        **errors_of(found, series, window, model, horizon - 1),
        **asked(settings["series"][series], model, window, horizon),
        **against_the_line(series, window, model, horizon - 1),
    }


def padded(values, n):
    """Values (n,), the last one repeated: where nothing is left, a line stays where it is."""
    return np.pad(values, (0, n - len(values)), mode="edge")


def asked(series, model, window, horizon):
    """How far the model reads and looks, in the words of the clock."""
    hours = series["step"] == "2 hours"
    return {
        "reads": 2 * window if hours else window,
        "ahead": 2 * horizon if hours else horizon,
        "clock": "hour" if hours else series["step"],
        "unit": series["unit"],
        "recursive": model.endswith("by steps") and horizon > 1,
    }


def errors_of(found, series, window, model, at):
    """Root mean square errors at one horizon, and over all of them where starts are compared."""
    own, line = found[series, window, model], found[series, window, "linear"]
    starts = own["mean of each seed"]
    return {
        "wrong": own["rmse"][at],
        "naive_wrong": found[series, None, "naive"]["rmse"][at],
        "seasonal_wrong": found[series, None, "seasonal naive"]["rmse"][at],
        "line_wrong": line["rmse"][at],
        "best_start": min(starts),
        "worst_start": max(starts),
        "drawn": {min(starts): "best", max(starts): "worst"}.get(starts[own["shown"]], "between"),
        "coverage": own["coverage"],
        "kind": "line" if model == "linear" else "network",
    }


@cache
def ratios(series, window, model):
    """The interval of the errors of the start that is drawn over those of the line."""
    settings, _, arrays = recorded()
    errors, line = (arrays[f"{series}/{window}/{m}/errors"] for m in (model, "linear"))
    block = 2 * settings["series"][series]["period"]
    return ratio_interval(errors, line, block=block, rng=np.random.default_rng(0))


def against_the_line(series, window, model, at):
    """The paired comparison, where the record holds the errors of all test times."""
    paired = model != "linear" and series != "Beijing temperature"
    low, high = ratios(series, window, model)[:, at] if paired else (0.0, 0.0)
    return {"paired": paired, "ratio_low": round(low, 3), "ratio_high": round(high, 3)}


def path(x, y, name, style):
    """A line between points that are arrays of the answer."""
    return go.Scatter(**theme.bound(x=x, y=y), mode="lines", name=name, line=style)


def panes():
    """The series with its forecasts, and the errors against the horizon."""
    left = go.Figure(
        [
            forecasts.shade("band_x", "band_y", name="band").update(showlegend=False),
            path("read_x", "read_y", "read", theme.line("target", width=5)),
            path("times", "truth", "measured", theme.line("ink", width=1.8)),
            path("made", "forecast", "forecast", theme.line("forward", "dash")),
            lines.marker("now_x", "now_y", name="the mark", showlegend=False),
        ]
    )
    left.update_layout(xaxis_title="year (Beijing: day of 2014)", yaxis_title="value")
    theme.describe(
        left,
        title="The series and its forecasts",
        alt="A series over the test time, the forecasts for it, and a band around them.",
    )
    right = forecasts.by_horizon(
        {
            "naive": ("naive", "muted", "dot"),
            "seasonal": ("seasonal", "highlight", "dashdot"),
            "linear": ("linear", "ink", "dash"),
            "model": ("model_errors", "forward"),
        },
        (AHEAD, "interval"),
        of="model",
        title="How wrong, against how far ahead",
        alt="Lines of the error against the horizon for the model and three rivals.",
        y_title="root mean square error",
        height=320,
    )
    right.data[-1].showlegend = False  # the caption says what is shaded
    theme.mark(right, "horizon", label="now")
    return [left, right]


class Forecasts(Explorable):
    """Forecast four real series from windows of four lengths, near and far ahead."""

    title = "Forecasts"
    caption = (
        "{claim} The thick line was read for the marked forecast. Shaded are the 80% band of the "
        "forecasts and the 90% interval of the error over test times. The errors are those of all "
        "five starts, the forecasts those of the one whose validation error is the median."
    )
    alt = (
        "Left, a measured series over the test time, the model's forecasts of it with a band, and "
        "the window that one of them was made from. Right, root mean square errors against the "
        "steps ahead: of the model, of the linear model, of the naive and the seasonal naive "
        "forecast."
    )
    controls = (
        Choice("series", "Series", SERIES, "CO2", ("sunspots", "CO2", "CO2 change", "Beijing")),
        Choice("model", "Model", MODELS, "GRU", (*MODELS[:-1], "by steps")),
        Number("window", "Window", WINDOWS, 24),
        Number("horizon", "Steps ahead", HORIZONS, 6),
    )
    lines = ("setting", "verdict", "starts")
    compute, panes, bands = compute, panes, {"band_y": ("forecast", "low", "high")}
    question = Question(
        "This GRU is wrong by 17 ppm. Subtract each window’s last value, from its target too, and "
        "train again: how wrong is it?",
        ("by about 10", "by about 2", "by less than 1"),
        2,
        {"series": "CO2, from its last value", "model": "GRU", "window": 24, "horizon": 6},
        "By 0.7. Seen from their last values a window of the sixties and one of the nineties look "
        "much the same, so that the coming years bring nothing new.",
    )
    stories = (
        Story(
            "the height",
            {"series": "CO2", "model": "GRU", "window": 24, "horizon": 6},
            "The CO2 rises and the forecast of the GRU sinks, away from its window. The mean of "
            "1985, said again and again, would hardly be worse: its error is 17.7.",
        ),
        Story(
            "the line, too",
            {"series": "CO2, from its last value", "model": "linear", "window": 24, "horizon": 6},
            "A straight line that is asked for the change is wrong by 0.6, where the GRU has 0.7, "
            "and all its training is one fit by least squares.",
        ),
        Story(
            "a long window",
            {"series": "sunspots", "model": "GRU", "window": 48, "horizon": 6},
            "To read 48 years in place of 12 the line needs 49 weights for each step ahead, with "
            "131 rows to learn them from, and its error grows from 35.8 to 49.8. The GRU needs no "
            "more weights than before and stays near 45. Repeating the value from eleven years "
            "ago beats both.",
        ),
        Story(
            "half a day ahead",
            {"series": "Beijing temperature", "model": "GRU", "window": 24, "horizon": 6},
            "Day has become night, and the naive forecast is at its worst, while the others have "
            "nearly reached their level.",
        ),
    )
