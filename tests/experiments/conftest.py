"""A folder for records, a few reviews in the place of IMDB's 50,000, and small networks."""

import hashlib
import io
import json

import numpy as np
import pytest
from unrolled.datasets import registry
from unrolled.experiments import record

RANKS = 20  # words of the reviews: those of low rank speak for the film, those of high rank against


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder in the place of data/results."""
    place = tmp_path / "results"
    place.mkdir()
    monkeypatch.setattr(record, "FOLDER", place)
    return place


def reviews(rng, count):
    """Lists of ranks of 3 to 12 words, and targets; every second review likes the film."""
    texts, targets = np.empty(count, object), np.arange(count) % 2
    for n, target in enumerate(targets):
        low = 1 if target else RANKS // 2
        texts[n] = rng.integers(low, low + RANKS // 2 + 1, rng.integers(3, 13)).tolist()
    return texts, targets


@pytest.fixture
def few_reviews(tmp_path, monkeypatch):
    """A function (train, test, seed) that puts so many reviews where IMDB's are read from."""
    cache = tmp_path / "cache"
    monkeypatch.setenv("UNROLLED_DATA", str(cache))

    def put(train=30, test=20, seed=7):
        rng, file = np.random.default_rng(seed), io.BytesIO()
        (x, y), (x_test, y_test) = reviews(rng, train), reviews(rng, test)
        np.savez(file, x_train=x, y_train=y, x_test=x_test, y_test=y_test)
        words = json.dumps({f"word{rank}": rank for rank in range(1, RANKS + 1)})
        for name, content in (("imdb", file.getvalue()), ("imdb_words", words.encode())):
            sha256 = hashlib.sha256(content).hexdigest()
            entry = registry.FILES[name]._replace(size=len(content), sha256=sha256)
            monkeypatch.setitem(registry.FILES, name, entry)
            place = cache / entry.path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)

    return put


@pytest.fixture
def small(monkeypatch):
    """Small networks in the place of those of `imdb`."""
    from unrolled.experiments import imdb

    for name, value in {"V": 24, "T": 6, "D": 5, "H": 4, "BATCH": 8}.items():
        monkeypatch.setattr(imdb, name, value)


@pytest.fixture
def small_imdb(small, few_reviews, folder):
    """Small networks, few reviews, and an empty folder for what is found, which it returns."""
    few_reviews(train=30, test=20)
    return folder


@pytest.fixture
def small_improved(monkeypatch):
    """Small networks and few epochs in the place of those of `imdb_improved`."""
    pytest.importorskip("torch")
    pytest.importorskip("sklearn")
    from unrolled.experiments import imdb_improved

    sizes = {"V": 24, "D": 5, "H": 4, "BATCH": 4, "EPOCHS": 6, "VALIDATION": 10, "POOL": 2}
    for name, value in sizes.items():
        monkeypatch.setattr(imdb_improved, name, value)


@pytest.fixture
def few_improved(small_improved, few_reviews):
    """As `load_imdb` gives them: 40 reviews to train on and 20 to test on."""
    from unrolled.datasets import load_imdb

    few_reviews(train=40, test=20)
    return load_imdb(num_words=24, offline=False)
