"""A function over a grid, packed for a page: 16-bit numbers, compressed; facts listed once."""

import base64
import gzip
import itertools
import json
from typing import NamedTuple

import numpy as np

LEVELS = 65534  # 0 .. 65534 are values, 65535 is NaN
NAN = 65535


class Table(NamedTuple):
    """Arrays and facts over a grid.

    sizes   how many values each control has
    arrays  key -> array with one leading axis per control, of length 1 where the control has no say
    facts   key -> array of objects (numbers, texts, bools), likewise
    bands   key of an array -> keys of a curve, of its lower and of its upper distance: where the
            array goes along the curve and back, it is not packed but drawn around the curve
    """

    sizes: list
    arrays: dict
    facts: dict
    bands: dict

    @classmethod
    def of(cls, answer, grid, bands=None):
        """Ask `answer` at every point of `grid`, a dict of control name -> values.

        `answer` returns arrays and facts, two dicts. Raises ValueError if a key, a shape or a kind
        changes over the grid, or a band does not lie around its curve.
        """
        points = list(itertools.product(*grid.values()))
        answers = [answer(**dict(zip(grid, point, strict=True))) for point in points]
        sizes = [len(values) for values in grid.values()]
        arrays, facts = {}, {}
        for part, found in enumerate((arrays, facts)):
            for key in answers[0][part]:
                column = [_entry(part, key, answers, i, point) for i, point in enumerate(points)]
                found[key] = _squeeze(_stacked(column, sizes, part), len(sizes))
        for (a, f), point in zip(answers, points, strict=True):
            if changed := sorted((a.keys() ^ arrays.keys()) | (f.keys() ^ facts.keys())):
                raise ValueError(f"{changed} is not there at every point; see {point}")
        for key, (curve, low, high) in (bands or {}).items():
            there, back = arrays[curve] + arrays[low], (arrays[curve] + arrays[high])[..., ::-1]
            if not np.allclose(arrays[key], np.concatenate([there, back], -1), equal_nan=True):
                raise ValueError(f"{key!r} does not go along {curve!r} and back")
        return cls(sizes, arrays, facts, bands or {})

    def packed(self):
        """A dict for JSON: little-endian uint16 and facts, both gzipped and in base64."""
        arrays, pieces, offset, dims = {}, [], 0, len(self.sizes)
        for key, array in self.arrays.items():
            if key in self.bands:
                continue
            low, step = _scale(array)
            codes = np.full(array.shape, NAN, "<u2")
            known = np.isfinite(array)
            codes[known] = np.round((array[known] - low) / step)
            arrays[key] = {
                "axes": array.shape[:dims],
                "shape": array.shape[dims:],
                "offset": offset,
                "low": low,
                "step": step,
            }
            pieces.append(codes.ravel())
            offset += codes.size
        for key, parts in self.bands.items():
            step = sum(arrays[part]["step"] for part in parts)
            arrays[key] = {"around": parts, "shape": self.arrays[key].shape[dims:], "step": step}
        facts = {key: _listed(array) for key, array in self.facts.items()}
        return {
            "arrays": arrays,
            "codes": _compressed(np.concatenate(pieces).tobytes() if pieces else b""),
            "facts": _compressed(json.dumps(facts).encode()),
        }


def _entry(part, key, answers, i, point):
    """One point's value for a key, checked against the value at the first point."""
    first, value = answers[0][part][key], answers[i][part].get(key)
    if value is None:
        raise ValueError(f"{key!r} is {first!r} at first but not there at {point}")
    if part == 0 and value.shape != first.shape:
        raise ValueError(f"{key!r} has shape {first.shape} at first, {value.shape} at {point}")
    if part == 1 and isinstance(value, str) != isinstance(first, str):
        raise ValueError(f"{key!r} is {first!r} at first but {value!r} at {point}")
    return value


def _stacked(column, sizes, part):
    if part == 0:
        return np.array(column).reshape(*sizes, *column[0].shape)
    stacked = np.empty(len(column), object)
    stacked[:] = column
    return stacked.reshape(sizes)


def _squeeze(array, dims):
    """Keep one slice along each control's axis on which nothing depends."""
    for axis in range(dims):
        first = array.take([0], axis)
        same = array == first if array.dtype == object else _equal(array, first)
        if same.all():
            array = first
    return array


def _equal(a, b):
    return (a == b) | (np.isnan(a) & np.isnan(b))


def _scale(array):
    known = array[np.isfinite(array)]
    if not known.size:
        return 0.0, 1.0
    low, high = float(known.min()), float(known.max())
    return low, (high - low) / LEVELS or 1.0


def _compressed(data):
    return base64.b64encode(gzip.compress(data, mtime=0)).decode()


def _listed(array):
    listed = list(dict.fromkeys(array.ravel().tolist()))
    places = {value: i for i, value in enumerate(listed)}
    return {
        "axes": array.shape,
        "listed": listed,
        "index": [places[value] for value in array.ravel().tolist()],
    }
