"""A function over a grid, packed for a page: 16-bit numbers, compressed; texts listed once."""

import base64
import gzip
import itertools
import json
from typing import NamedTuple

import numpy as np

LEVELS = 65534  # 0 .. 65534 are values, 65535 is NaN
NAN = 65535


class Table(NamedTuple):
    """Arrays and texts over a grid.

    sizes   how many values each slider has
    arrays  key -> array with one leading axis per slider, of length 1 where the slider has no say
    texts   key -> array of strings, likewise
    """

    sizes: list
    arrays: dict
    texts: dict

    @classmethod
    def of(cls, compute, grid):
        """Evaluate `compute` at every point of `grid`, a dict of slider name -> values.

        Raises ValueError if a key, a shape or a kind changes over the grid, or a value is infinite.
        """
        points = list(itertools.product(*grid.values()))
        results = [compute(**dict(zip(grid, point, strict=True))) for point in points]
        sizes = [len(values) for values in grid.values()]
        arrays, texts = {}, {}
        for result, point in zip(results, points, strict=True):
            if result.keys() != results[0].keys():
                changed = sorted(result.keys() ^ results[0].keys())
                raise ValueError(f"{changed} is not there at every point; see {point}")
        for key, first in results[0].items():
            column = [_entry(key, first, r, p) for r, p in zip(results, points, strict=True)]
            stacked = np.array(column).reshape(*sizes, *np.shape(column[0]))
            (texts if isinstance(first, str) else arrays)[key] = _squeeze(stacked, len(sizes))
        return cls(sizes, arrays, texts)

    def packed(self):
        """A dict for JSON: little-endian uint16 and texts, both gzipped and in base64."""
        arrays, pieces, offset = {}, [], 0
        for key, array in self.arrays.items():
            low, step = _scale(array)
            codes = np.full(array.shape, NAN, "<u2")
            known = np.isfinite(array)
            codes[known] = np.round((array[known] - low) / step)
            dims = len(self.sizes)
            arrays[key] = {
                "axes": array.shape[:dims],
                "shape": array.shape[dims:],
                "offset": offset,
                "low": low,
                "step": step,
            }
            pieces.append(codes.ravel())
            offset += codes.size
        texts = {key: _listed(array) for key, array in self.texts.items()}
        return {
            "arrays": arrays,
            "codes": _compressed(np.concatenate(pieces).tobytes() if pieces else b""),
            "texts": _compressed(json.dumps(texts).encode()),
        }


def _entry(key, first, result, point):
    """One point's value for a key, checked against the value at the first point."""
    value = result[key]
    if isinstance(first, str) != isinstance(value, str) or value is None:
        raise ValueError(f"{key!r} is {first!r} at first but {value!r} at {point}")
    if isinstance(first, str):
        return value
    value = np.asarray(value, float)
    if value.shape != np.shape(first):
        raise ValueError(f"{key!r} has shape {np.shape(first)} at first, {value.shape} at {point}")
    if np.isinf(value).any():
        raise ValueError(f"{key!r} is infinite at {point}; use NaN for what is not drawn")
    return value


def _squeeze(array, dims):
    """Keep one slice along each slider axis on which nothing depends."""
    for axis in range(dims):
        first = array.take([0], axis)
        same = array == first if array.dtype.kind == "U" else _equal(array, first)
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
    strings, index = np.unique(array.ravel(), return_inverse=True)
    return {"axes": array.shape, "strings": strings.tolist(), "index": index.ravel().tolist()}
