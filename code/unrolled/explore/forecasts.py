"""Chapter 18: forecasts of real series by networks and straight lines, twelve steps ahead.

Nothing is trained here: unrolled.experiments.forecast recorded it in data/results.
"""

from functools import cache

import numpy as np

from unrolled.datasets import files, results
from unrolled.figures import forecasts, lines, states, theme

from .explorable import Explorable, Slider

MODELS = ("linear", "RNN", "LSTM", "GRU", "GRU by steps")
HORIZONS = [1, 3, 6, 9, 12]
DRAWN = 96  # origins, from the first of the test part on; the errors are those of all
READ = 50  # the origin whose window is drawn
FROM_LAST = "CO2, from its last value"
# When the test part of each series starts, and how long a step is, on the axis.
CLOCK = {
    "sunspots": (1930, 1),
    "CO2": (1991, 1 / 12),
    FROM_LAST: (1991, 1 / 12),
    "Beijing temperature": (0, 1 / 12),
}


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
    truth = arrays[f"{series}/truth"][: DRAWN + settings["horizon"] - 1]
    key = f"{series}/{window}/{model}"
    errors, (low, high) = arrays[f"{key}/errors"][:DRAWN, horizon - 1], arrays[f"{key}/band"]
    start, step = CLOCK[series]
    times = start + step * np.arange(len(truth))
    target = slice(horizon - 1, horizon - 1 + len(errors))
    made, forecast = padded(times[target], DRAWN), padded(truth[target] - errors, DRAWN)
    seen = slice(READ - window, READ)
    rival, own = found[series, window, "linear"], found[series, window, model]
    return {
        "times": padded(times, DRAWN + settings["horizon"] - 1),
        "truth": padded(truth, DRAWN + settings["horizon"] - 1),
        "made": made,
        "forecast": forecast,
        "band_x": forecasts.around(made, made),
        "band_y": forecasts.around(forecast + low[horizon - 1], forecast + high[horizon - 1]),
        "read_x": padded(times[seen], max(settings["windows"])),
        "read_y": padded(truth[seen], max(settings["windows"])),
        "now_x": made[[READ]],
        "now_y": forecast[[READ]],
        "naive": np.array(found[series, None, "naive"]["rmse"]),
        "seasonal": np.array(found[series, None, "seasonal naive"]["rmse"]),
        "linear": np.array(rival["rmse"]),
        "model": np.array(own["rmse"]),
        "interval": forecasts.around(*map(np.array, own["interval"])),
        "at_x": np.array([float(horizon)]),
        "at_y": np.array([own["rmse"][horizon - 1]]),
        "setting": setting(settings, series, model, window, horizon),
        "verdict": verdict(settings, found, series, model, window, horizon),
    }


def padded(values, n):
    """Values (n,), the last one repeated: where nothing is left, a line stays where it is."""
    return np.pad(values, (0, n - len(values)), mode="edge")


def setting(settings, series, model, window, horizon):
    """What is read and what is asked, in words."""
    of = settings["series"][series]
    ask = f"{counted(horizon, of['step'])} ahead"
    way = " by its own forecasts" if model.endswith("by steps") and horizon > 1 else ""
    return (
        f"{the(model)} reads {counted(window, of['step'])} of {name(series)} and says what comes "
        f"{ask}{way}; errors are in units of the series ({of['unit']})."
    )


def counted(n, step):
    """So many steps of a series, in words."""
    if step == "2 hours":
        return f"{2 * n} hours"
    return f"{n} {step}{'s' * (n > 1)}"


def name(series):
    """A series in the middle of a sentence."""
    return {"CO2": "the CO2 series", FROM_LAST: "the CO2 series, seen from the last of them,"}.get(
        series, series
    )


def the(model):
    """A model at the start of a sentence."""
    return f"The {model.replace('linear', 'linear model')}"


def verdict(settings, found, series, model, window, horizon):
    """How wrong it is, beside the others, and whether its band holds."""
    at, own = horizon - 1, found[series, window, model]
    low, high = (end[at] for end in own["interval"])
    rivals = {
        "the naive forecast": found[series, None, "naive"],
        "the seasonal naive one": found[series, None, "seasonal naive"],
        "the linear model": found[series, window, "linear"],
    }
    if model == "linear":
        del rivals["the linear model"]
    others = [f"{who} by {of['rmse'][at]:.3g}" for who, of in rivals.items()]
    return (
        f"It is wrong by {own['rmse'][at]:.3g} (root mean square; other test times would give "
        f"{low:.3g} to {high:.3g}), {', '.join(others[:-1])} and {others[-1]}. Its band should "
        f"hold {settings['levels']['band']:.0%} of what comes, and over all steps ahead it holds "
        f"{own['coverage']:.0%}."
    )


class Forecasts(Explorable):
    """Forecast four real series from windows of four lengths, near and far ahead."""

    def __init__(self, *, series="CO2", model="GRU", window=24, horizon=6):
        settings, _, _ = recorded()
        steps = settings["horizon"]
        blank, errors = states.no_data(DRAWN), states.no_data(steps)
        left = forecasts.ahead(
            states.no_data(DRAWN + steps - 1),
            states.no_data(DRAWN + steps - 1),
            blank,
            blank,
            (0, 0),
            title="Forecasts made so many steps before",
            alt="A series over the test time, the forecasts for it, and a band around them.",
            x_title="year; for Beijing, day of 2014",
            y_title="in the series' unit",
            names=("measured", "forecast", "band"),
        )
        for trace, (x, y) in zip(
            left.data,
            (("band_x", "band_y"), ("times", "truth"), ("made", "forecast")),
            strict=True,
        ):
            trace.meta = {"x": x, "y": y}
        left.add_scatter(
            x=blank,
            y=blank,
            name="read for the mark",
            mode="lines",
            line=theme.line("target", width=5),
            meta={"x": "read_x", "y": "read_y"},
        )
        band, truth, forecast, read = left.data
        left.data = band, read, truth, forecast  # what was measured stays in sight
        left.add_trace(
            lines.marker([0], [0], name="now", showlegend=False, meta={"x": "now_x", "y": "now_y"})
        )
        right = forecasts.by_horizon(
            {
                "naive": (errors, "muted", "dot"),
                "seasonal": (errors, "highlight", "dashdot"),
                "linear": (errors, "ink", "dash"),
                "model": (errors, "forward"),
            },
            (errors, errors),
            of="model",
            title="How wrong, against how far ahead",
            alt="Lines of the error against the horizon for the model and three rivals.",
            y_title="root mean square error",
        )
        for trace, key in zip(
            right.data, ("naive", "seasonal", "linear", "model", "interval"), strict=True
        ):
            trace.meta = {"y": key}
        right.add_trace(
            lines.marker([0], [0], name="now", showlegend=False, meta={"x": "at_x", "y": "at_y"})
        )
        names = settings["series"]
        super().__init__(
            compute,
            [
                Slider("series", "Series", list(names), series, list(names)),
                Slider("model", "Model", list(MODELS), model, list(MODELS)),
                Slider("window", "Window", settings["windows"], window),
                Slider("horizon", "Steps ahead", HORIZONS, horizon),
            ],
            [left, right],
            title="Forecasts",
            caption=(
                "A network that has learned CO2 up to 1985 does not follow its rise after 1991, "
                "and a straight line does; seen from the last value of its window, the same "
                "network keeps up. With few years of sunspots the line is best if it reads 12 of "
                "them, and has too many weights if it reads 48. On three years of temperature "
                "the gated networks are ahead of it by a few percent. The thick line is the "
                "window read for the marked forecast, the shaded regions are the band of the "
                "forecasts and the interval of their error."
            ),
            alt=(
                "Left, CO2 rises from 1991 to 2001 and the forecasts of the GRU stay below it. "
                "Right, its error is far above those of the naive, seasonal and linear forecasts "
                "at every horizon."
            ),
            texts=("setting", "verdict"),
        )
