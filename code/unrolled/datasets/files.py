"""Where shipped files lie: inside an installed package, or at the top of a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_PLACES = (_PACKAGE / "data", _PACKAGE.parents[1] / "data")


def path(name):
    """Path of a shipped file. Raises FileNotFoundError that says where it was looked for."""
    for folder in _PLACES:
        if (folder / name).is_file():
            return folder / name
    places = " or ".join(str(folder) for folder in _PLACES)
    raise FileNotFoundError(f"there is no shipped file {name!r} in {places}")
