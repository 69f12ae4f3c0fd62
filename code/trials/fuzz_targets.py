"""What `fuzz` feeds: every loader of text, CSV, JSON and arrays, with files to start from."""

import contextlib
import gzip
import hashlib
import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from unrolled import datasets
from unrolled.datasets import files, imdb, registry
from unrolled.engine import checkpoint
from unrolled.engine.optimizers import Adam
from unrolled.experiments import record

from trials import fuzz_seeds as seeds


class Target(NamedTuple):
    """A loader, the place of its file, and files that it takes."""

    place: str
    load: Callable[[Path], None]
    seeds: list[bytes]
    entry: str = ""  # of the registry, where the file counts as verified
    archive: bool = False  # seeds are members, to be put into an archive

    def feed(self, content, folder):
        """Whether the content is loaded. Raises whatever a loader must not raise."""
        place = folder / self.place
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(seeds.archive(content) if self.archive else content)
        if self.entry:
            _register(self.entry, self.place, content)
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                self.load(place)
        except ValueError as error:
            if type(error) is not ValueError or place.name not in str(error):
                raise AssertionError(f"{type(error)} without the name of the file") from error
            if len(str(error)) > 2_000:
                raise AssertionError("the message repeats what the file holds") from error
            return False
        return True


@contextlib.contextmanager
def sandbox(folder):
    """Meanwhile every loader reads from this folder, and nothing is downloaded."""
    before = files._PLACES, record.FOLDER, registry.FILES.copy(), os.environ.get("UNROLLED_DATA")
    files._PLACES, record.FOLDER = (folder,), folder / "results"
    os.environ["UNROLLED_DATA"] = str(folder / "cache")
    others = {"imdb": seeds.reviews(), "ptb_valid": b"a b\n", "ptb_test": b"a\n"}
    for name, content in others.items():
        place = folder / "cache" / registry.FILES[name].path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        _register(name, f"cache/{registry.FILES[name].path}", content)
    try:
        yield
    finally:
        files._PLACES, record.FOLDER = before[:2]
        registry.FILES.update(before[2])
        os.environ.pop("UNROLLED_DATA")
        if before[3] is not None:
            os.environ["UNROLLED_DATA"] = before[3]


def _register(name, place, content):
    sha256, path = hashlib.sha256(content).hexdigest(), place.removeprefix("cache/")
    new = {"path": path, "size": len(content), "sha256": sha256, "also": ()}
    registry.FILES[name] = registry.FILES[name]._replace(**new)


def _values(load, T):
    """A loader of times and numbers, T of each."""

    def check(place):
        times, values = load()
        assert times.shape == values.shape == (T,)
        assert np.isfinite(values).all()

    return check


def _corpus(offline):
    def check(place):
        corpus = datasets.load_ptb(offline=offline)
        for ids in corpus[1:4]:
            assert ids.size == 0 or 0 <= ids.min() <= ids.max() < len(corpus.words)
        assert corpus.train.size

    return check


def _imdb(place):
    reviews = datasets.load_imdb(offline=True)
    assert all(
        reviews.words[i] for part in (reviews.x_train, reviews.x_test) for x in part for i in x
    )


def _words(place):
    assert all(isinstance(word, str) for word in imdb.load_words())


def _air(place):
    data = datasets.load_air_quality(offline=False)
    assert data.values.shape == (len(data.times), 11)
    assert np.isfinite(data.values[:, 1:]).all()


def _stored(place):
    arrays = imdb.load_arrays()
    for split in ("train", "test"):
        ids, offsets = arrays[f"ids_{split}"], arrays[f"offsets_{split}"]
        assert ids.dtype == np.int32
        assert len(np.split(ids, offsets[1:-1])) == len(arrays[f"targets_{split}"])


def _checkpoint(place):
    params, optimizer = {name: np.zeros(shape) for name, shape in seeds.SHAPES.items()}, Adam(0.1)
    assert all(isinstance(loss, float) for loss in checkpoint.load(place, params, optimizer))
    for memory in (optimizer.mean, optimizer.square):
        assert {name: value.shape for name, value in memory.items()}.items() <= seeds.SHAPES.items()


def _runs(place):
    runs = record.Runs("tides", settings={"seed": 7})
    runs.once(lambda: {"loss": 1.0}, seed=1)


_PTB, _UCI = "cache/ptb/ptb.train.txt", "cache/beijing-pm25/air.csv"
_PLAIN = "cache/imdb/imdb-without-pickles.npz"
_JSON = [json.dumps(seeds.RECORD).encode()]
TARGETS = {
    "sunspots": Target(
        "sunspots.csv", _values(datasets.load_sunspots, 309), seeds.shipped("sunspots.csv")
    ),
    "nile": Target("nile.csv", _values(datasets.load_nile, 100), seeds.shipped("nile.csv")),
    "co2": Target("co2.csv", _values(datasets.load_co2, 526), seeds.shipped("co2.csv")),
    "prose": Target("prose.txt", _corpus(True), [seeds.PROSE]),
    "reviews": Target("reviews.csv", _imdb, [seeds.REVIEWS]),
    "results": Target("results/tides.json", lambda place: datasets.load_results("tides"), _JSON),
    "runs": Target("results/tides.json", _runs, _JSON),
    "words": Target("cache/imdb/words.json", _words, [b'{"the": 1, "film": 2}'], "imdb_words"),
    "ptb": Target(_PTB, _corpus(False), [b"a <unk> b \n b N \n"], "ptb_train"),
    "air": Target(_UCI, _air, [seeds.AIR], "air_quality"),
    "air-gzip": Target(_UCI + ".gz", _air, [gzip.compress(seeds.AIR)], "air_quality"),
    "stored": Target(_PLAIN, _stored, [seeds.npz(seeds.plain())]),
    "stored-members": Target(_PLAIN, _stored, [seeds.members(seeds.plain())], archive=True),
    "checkpoint": Target("run.npz", _checkpoint, [seeds.npz(seeds.saved())]),
    "checkpoint-members": Target(
        "run.npz", _checkpoint, [seeds.members(seeds.saved())], archive=True
    ),
}
