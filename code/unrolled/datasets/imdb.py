"""The IMDB file of Keras as plain arrays. Its pickles are read once, and only if verified."""

import io
import json
from hashlib import sha256
from itertools import chain

import numpy as np

from .download import atomically, can_write, fetch

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
    place = fetch("imdb")
    content = place.read_bytes()
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
    ranks = json.loads(fetch("imdb_words").read_text(encoding="utf-8"))
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
        with open(plain, "rb") as file, np.load(file, allow_pickle=False) as npz:
            return {name: npz[name] for name in _NAMES} if npz["source"] == source else None
    except Exception:
        # Whatever is wrong with it, it can be built again.
        return None


def _store(plain, source, arrays):
    """Keep the arrays beside the file, unless the folder is read-only or full."""
    if can_write(plain.parent):
        try:
            with atomically(plain) as part, open(part, "wb") as file:
                np.savez(file, source=source, **arrays)
        except OSError:
            # It would only have saved time.
            return
