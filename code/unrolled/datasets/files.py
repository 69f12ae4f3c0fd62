"""Where shipped files lie, and how any file is read that may hold anything."""

import contextlib
import csv
import gzip
import json
import math
import zlib
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_PLACES = (_PACKAGE / "data", _PACKAGE.parents[1] / "data")
LARGEST = 10_000_000  # bytes; every text of the book is smaller, and memory stays bounded
_DAMAGE = (
    ValueError, ArithmeticError, LookupError, TypeError, AttributeError, RecursionError,
    EOFError, csv.Error, gzip.BadGzipFile, zlib.error,
)  # fmt: skip


def path(name):
    """Path of a shipped file. Raises FileNotFoundError that says where it was looked for."""
    for folder in _PLACES:
        if (folder / name).is_file():
            return folder / name
    places = " or ".join(str(folder) for folder in _PLACES)
    raise FileNotFoundError(f"there is no shipped file {name!r} in {places}")


@contextlib.contextmanager
def expecting(what, place):
    """Make one ValueError, which says what the file must hold, of all that its damage causes."""
    try:
        yield
    except _DAMAGE as error:
        said = str(error) or type(error).__name__
        raise ValueError(f"{place} must hold {what}: {short(said)}") from error


def text(place, content=None):
    """The text of a file, or of its content if that was read already.

    Raises
    ------
    ValueError
        If it is not UTF-8 or has more than LARGEST bytes.
    """
    with expecting(f"text in UTF-8, {LARGEST:,} bytes at most", place):
        size = place.stat().st_size if content is None else len(content)
        if size > LARGEST:
            raise ValueError("there are more")
        content = place.read_bytes() if content is None else content
        return content.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")


def parsed(place, content=None):
    """The object, a dict, of a file of JSON. Raises ValueError if it holds something else."""
    found = text(place, content)
    with expecting("an object in JSON", place):
        found = json.loads(found)
        if not isinstance(found, dict):
            raise ValueError(f"got a {type(found).__name__}")
    return found


def finite(cell):
    """The number that a cell of a table holds. Raises ValueError if it holds none."""
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(f"could not convert {cell!r} to a number")
    return value


def short(said):
    """A message that repeats no more than a little of what a file holds."""
    return said if len(said) <= 300 else f"{said[:300]} ..."
