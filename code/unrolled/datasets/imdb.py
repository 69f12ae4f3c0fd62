"""The IMDB file of Keras as plain arrays. Its pickles are read once, and only if verified."""

import io
from hashlib import sha256
from itertools import chain

import numpy as np

from unrolled.engine.checkpoint import arrays_in

from . import files
from .download import atomically, can_write, verified

FIRST_WORDS = ("<pad>", "<start>", "<unk>", "<unused>")
_SPLITS = ("train", "test")
_NAMES = [f"{what}_{split}" for split in _SPLITS for what in ("ids", "offsets", "targets")]


def load_arrays():
    """The reviews in the order of the file: one array of ids, cut by offsets.

    Returns
    -------
    dict of ndarray
        For train and for test: `ids_...` int32, all reviews in a row, each with its start
        id; `offsets_...` int64, shape (25001,), so that review i is
        ids[offsets[i]:offsets[i + 1]]; `targets_...` int64, shape (25000,).

    Raises
    ------
    DownloadError
        If the file is neither in the cache nor to be had.
    """
    place, content = verified("imdb")
    source = sha256(content).hexdigest()
    plain = place.with_name("imdb-without-pickles.npz")
    arrays = _stored(plain, source)
    if arrays is None:
        with np.load(io.BytesIO(content), allow_pickle=True) as npz:
            arrays = {}
            for split in _SPLITS:
                ids, offsets = joined(npz[f"x_{split}"])
                targets = npz[f"y_{split}"].astype(np.int64)
                arrays |= {f"ids_{split}": ids, f"offsets_{split}": offsets}
                arrays |= {f"targets_{split}": targets}
        _store(plain, source, arrays)
    return arrays


def load_words():
    """The word of every id, a list of 88,588 str, the first four of them no words.

    Raises
    ------
    DownloadError
        If the file is neither in the cache nor to be had.
    """
    place, content = verified("imdb_words")
    ranks = files.parsed(place, content)
    with files.expecting("the rank of each word", place):
        if {*map(type, ranks.values())} - {int}:
            raise ValueError("a rank is a whole number")
    return [*FIRST_WORDS, *sorted(ranks, key=ranks.get)]


def joined(reviews):
    """Put lists of ranks (1 = the most frequent word, -1 = unknown) in a row, as Keras's ids.

    Returns
    -------
    ids : ndarray of int32
        Each review is a 1 for its start and then rank + 3 for every word.
    offsets : ndarray of int64, shape (number of reviews + 1,)
    """
    lengths = np.fromiter((len(review) + 1 for review in reviews), np.int64, len(reviews))
    offsets = np.concatenate([[0], lengths.cumsum()])
    ids = np.ones(offsets[-1], dtype=np.int32)
    inside = np.ones(len(ids), dtype=bool)
    inside[offsets[:-1]] = False
    ids[inside] = np.fromiter(chain.from_iterable(reviews), np.int32, inside.sum()) + 3
    return ids, offsets


def _stored(plain, source):
    """The arrays that were stored for this source, or None."""
    try:
        found = arrays_in(plain)
        arrays = {name: found[name] for name in _NAMES}
        if found["source"] == source and all(_fit(arrays, split) for split in _SPLITS):
            return arrays
    except (OSError, ValueError, LookupError):
        pass
    # Whatever is wrong with it, it can be built again.
    return None


def _fit(arrays, split):
    """Whether stored arrays are what `joined` makes of some reviews."""
    ids, offsets, targets = (arrays[f"{name}_{split}"] for name in ("ids", "offsets", "targets"))
    kinds = (ids.dtype, offsets.dtype, targets.dtype) == (np.int32, np.int64, np.int64)
    rows = ids.ndim == offsets.ndim == targets.ndim == 1 and len(offsets) == len(targets) + 1
    return (
        kinds
        and rows
        and offsets[0] == 0
        and offsets[-1] == len(ids)
        and bool((offsets[1:] > offsets[:-1]).all() and (ids >= 0).all())
    )


def _store(plain, source, arrays):
    """Keep the arrays beside the file, unless the folder is read-only or full."""
    if can_write(plain.parent):
        try:
            with atomically(plain) as part, open(part, "wb") as file:
                np.savez(file, source=source, **arrays)
        except OSError:
            # It would only have saved time.
            return
