"""Real time series, each with its units. data/README.md has their sources and licenses."""

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
    place = files.path("co2.csv")
    months = np.arange("1958-03", "2002-01", dtype="datetime64[M]")
    rows = np.loadtxt(place, delimiter=",", skiprows=1, usecols=(0, 1), dtype=str, ndmin=2)
    if not np.array_equal(rows[:, 0], months.astype(str)):
        raise ValueError(f"{place} must hold 1958-03 to 2001-12, each month once and in order")
    return months, np.where(rows[:, 1] == "", "nan", rows[:, 1]).astype(float)


def _yearly(name, first, last):
    """Years and values of a shipped file that has one row for each year."""
    place = files.path(name)
    years, values = np.loadtxt(place, delimiter=",", skiprows=1, unpack=True)
    if not np.array_equal(years, np.arange(first, last + 1)):
        raise ValueError(f"{place} must hold the years {first} to {last}, each once and in order")
    return years.astype(int), values
