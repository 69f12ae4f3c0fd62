"""Dates as people write them, and the same dates as ISO 8601 wants them. Built up in chapter 19.

Every spelling can be read in one way only: the sign between the numbers says which comes first.
"""

import datetime
import string

from .pairs import Alphabet

FIRST, LAST = datetime.date(1950, 1, 1), datetime.date(2049, 12, 31)
HELD_OUT = 10  # one day of so many is kept for testing, in all its spellings
SPLITS = ("train", "test")

DATES = Alphabet(string.ascii_lowercase + string.digits + " ,./-")

MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


def _ordinal(n):
    ending = {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{'th' if 11 <= n <= 13 else ending}"


SPELLINGS = {
    "march 5, 1998": lambda d, month: f"{month} {d.day}, {d.year}",
    "5 march 1998": lambda d, month: f"{d.day} {month} {d.year}",
    "the 5th of march 1998": lambda d, month: f"the {_ordinal(d.day)} of {month} {d.year}",
    "mar 5 1998": lambda d, month: f"{month[:3]} {d.day} {d.year}",
    "3/5/1998": lambda d, month: f"{d.month}/{d.day}/{d.year}",
    "5.3.1998": lambda d, month: f"{d.day}.{d.month}.{d.year}",
    "thursday, march 5, 1998": lambda d, month: (
        f"{WEEKDAYS[d.weekday()]}, {month} {d.day}, {d.year}"
    ),
}


def spell_date(date, spelling):
    """One date in one of the SPELLINGS, each named by how it writes March 5, 1998.

    Raises ValueError for another spelling.
    """
    if spelling not in SPELLINGS:
        raise ValueError(f"spelling must be one of {list(SPELLINGS)}; got {spelling!r}")
    return SPELLINGS[spelling](date, MONTHS[date.month - 1])


def days(split):
    """The days of "train" or of "test", from 1950 to 2049, in order."""
    if split not in SPLITS:
        raise ValueError(f"split must be one of {SPLITS}; got {split!r}")
    every = range(FIRST.toordinal(), LAST.toordinal() + 1)
    return [datetime.date.fromordinal(n) for n in every if (n % HELD_OUT == 0) == (split == "test")]


def date_pairs(N, *, rng, split="train", spellings=tuple(SPELLINGS)):
    """Draw dates, each in a spelling that is drawn too.

    Parameters
    ----------
    N : int
    rng : numpy.random.Generator
    split : "train" or "test"
        No day of the one is a day of the other.
    spellings : sequence of str
        Some of SPELLINGS.

    Returns
    -------
    sources, answers : lists of str, N of each
        Such as "the 5th of march 1998" and "1998-03-05".

    Raises
    ------
    ValueError
        If N is less than 1, or the split or a spelling is unknown.
    """
    if N < 1:
        raise ValueError(f"N must be at least 1; got {N}")
    possible = days(split)
    drawn = [possible[i] for i in rng.integers(0, len(possible), N)]
    how = rng.integers(0, len(spellings), N)
    sources = [spell_date(day, spellings[k]) for day, k in zip(drawn, how, strict=True)]
    return sources, [day.isoformat() for day in drawn]
