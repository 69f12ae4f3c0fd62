"""A long real series with several columns and with gaps: five years of air, hour by hour."""

import csv
import gzip
import io
import math
from typing import NamedTuple

import numpy as np

from . import files, series
from .download import real_or_shipped, verified

_NUMBERS = {
    "pm2.5": ("PM2.5", "µg/m³"),
    "DEWP": ("dew point", "°C"),
    "TEMP": ("temperature", "°C"),
    "PRES": ("pressure", "hPa"),
    "Iws": ("accumulated wind", "m/s"),
    "Is": ("accumulated snow", "h"),
    "Ir": ("accumulated rain", "h"),
}
_WINDS = ("NE", "NW", "SE", "cv")


class TimeSeries(NamedTuple):
    """Measurements in columns: values[t, d] is column d at time t, nan where it is missing."""

    name: str
    times: np.ndarray
    columns: tuple[str, ...]
    units: tuple[str, ...]
    values: np.ndarray


def load_air_quality(*, offline="auto"):
    """Air and weather in Beijing, 2010 to 2014, or the shipped CO2 series.

    Prints a line that says which of them and how much of it.

    Parameters
    ----------
    offline : "auto", True or False
        The real series from the cache or the network, and if it cannot be had the shipped
        one; the shipped one at once; the real one or an error.

    Returns
    -------
    TimeSeries
        times (datetime64, to the hour, local time), columns and units (tuples of D str) and
        values (float64). For Beijing values has shape (43824, 11): PM2.5, which is missing in
        2,067 hours, six columns of weather, and the direction of the wind as four columns of
        0 and 1 (cv: calm and variable). Wind (the speed added up while the direction lasts),
        snow and rain are accumulated, as published. For the CO2 series it has shape (526, 1),
        the first hour of each month, with 5 months missing.

    Raises
    ------
    ValueError
        If offline is something else.
    DownloadError
        If offline is False and the real series cannot be had.
    """
    data = real_or_shipped(offline, _beijing, _co2)
    T, D = data.values.shape
    print(
        f"{data.name}: {T:,} times from {data.times[0]} to {data.times[-1]}, "
        f"{D} column{'s' * (D > 1)}, {np.isnan(data.values).sum():,} values missing."
    )
    return data


def _beijing():
    """The real series, from the plain file or the one behind gzip."""
    place, content = verified("air_quality")
    if place.suffix == ".gz":
        with files.expecting("a file behind gzip", place), gzip.open(io.BytesIO(content)) as file:
            content = file.read(files.LARGEST + 1)
    with_header = io.StringIO(files.text(place, content))
    with files.expecting("hours, weather and PM2.5, a header first", place):
        return _measured(*csv.reader(with_header, strict=True))


def _measured(header, *rows):
    """The series that these cells hold."""
    cells = dict(zip(header, zip(*rows, strict=True), strict=True))
    when = zip(*(cells[part] for part in ("year", "month", "day", "hour")), strict=True)
    hours = [f"{y:04}-{m:02}-{d:02}T{h:02}" for y, m, d, h in (map(int, parts) for parts in when)]
    times = np.array(hours, "datetime64[h]")
    numbers = [
        [math.nan if cell == "NA" else files.finite(cell) for cell in cells[key]]
        for key in _NUMBERS
    ]
    wind = np.array(cells["cbwd"])
    values = np.column_stack([*numbers, *(wind == direction for direction in _WINDS)])
    names, units = zip(*_NUMBERS.values(), strict=True)
    columns = (*names, *(f"wind {direction}" for direction in _WINDS))
    return TimeSeries("Beijing air", times, columns, (*units, *["0 or 1"] * 4), values)


def _co2():
    """The shipped series in the form of the real one."""
    months, co2 = series.co2_as_measured()
    hours = months.astype("datetime64[h]")
    return TimeSeries("Shipped CO2", hours, ("CO2",), ("ppm",), co2[:, None])
