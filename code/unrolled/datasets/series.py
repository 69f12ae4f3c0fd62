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
    place = files.path("sunspots.csv")
    years, sunspots = np.loadtxt(place, delimiter=",", skiprows=1, unpack=True)
    if not np.array_equal(years, np.arange(1700, 2009)):
        raise ValueError(f"{place} must hold the years 1700 to 2008, each once and in order")
    return years.astype(int), sunspots
