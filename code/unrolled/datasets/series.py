"""Real time series, each with its units. data/README.md has their sources and licenses."""

import csv
import io
import math

import numpy as np

from . import files


def load_sunspots():
    """Yearly mean sunspot numbers.

    Returns
    -------
    years : ndarray of int, shape (309,)
        1700 to 2008.
    sunspots : ndarray of float, shape (309,)
        Wolf number, version 1.

    Raises
    ------
    FileNotFoundError
        If the file is not where the package was installed.
    ValueError
        If the file does not hold these years, each once and in order.
    """
    return _yearly("sunspots.csv", 1700, 2008)


def load_nile():
    """Yearly flow of the Nile at Aswan, with a drop near 1898.

    Returns
    -------
    years : ndarray of int, shape (100,)
        1871 to 1970.
    flow : ndarray of float, shape (100,)
        10^8 cubic meters a year.

    Raises
    ------
    FileNotFoundError
        If the file is not where the package was installed.
    ValueError
        If the file does not hold these years, each once and in order.
    """
    return _yearly("nile.csv", 1871, 1970)


def load_co2():
    """Monthly means of atmospheric CO2 at Mauna Loa, with five gaps filled.

    Returns
    -------
    months : ndarray of datetime64[M], shape (526,)
        March 1958 to December 2001.
    co2 : ndarray of float, shape (526,)
        Parts per million. June and October 1958 and February to April 1964 have no
        measurement; they are interpolated linearly between their neighbors.

    Raises
    ------
    FileNotFoundError
        If the file is not where the package was installed.
    ValueError
        If the file does not hold these months, each once and in order.
    """
    months, co2 = co2_as_measured()
    t, known = np.arange(len(co2)), ~np.isnan(co2)
    return months, np.interp(t, t[known], co2[known])


def co2_as_measured():
    """What load_co2 returns and raises, with nan for the months without a measurement."""
    months = np.arange("1958-03", "2002-01", dtype="datetime64[M]")
    return months, _values("co2.csv", months, "1958-03 to 2001-12, each month once", gaps=True)


def _yearly(name, first, last):
    """Years and values of a shipped file that has one row for each year."""
    years = np.arange(first, last + 1)
    return years, _values(name, years, f"the years {first} to {last}, each once", gaps=False)


def _values(name, times, what, *, gaps):
    """The second column of a shipped file whose first one is `times`, nan where it has a gap."""
    place = files.path(name)
    rows = csv.reader(io.StringIO(files.text(place)), strict=True)
    written, values = [], []
    with files.expecting(f"{what} and in order", place):
        next(rows, None)
        for row in rows:
            if len(row) < 2:
                raise ValueError(f"line {rows.line_num} needs two columns; got {row}")
            written.append(row[0])
            values.append(math.nan if gaps and not row[1] else files.finite(row[1]))
        if written != times.astype(str).tolist():
            raise ValueError(f"got {len(written)} rows, or others")
    return np.array(values)
