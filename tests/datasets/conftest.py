import hashlib
import os
import socket
from pathlib import Path

import pytest
from unrolled.datasets import files, registry

CHECKOUT = Path(__file__).parents[2]
# Read before a test changes it: where the real data lie, if they lie anywhere.
REAL_DATA = Path(os.environ.get("UNROLLED_DATA") or CHECKOUT.parent / "shared" / "data")


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache folder, and no proxy between it and this machine."""
    monkeypatch.setenv("UNROLLED_DATA", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return tmp_path / "cache"


@pytest.fixture
def nobody():
    """An address at which nobody answers."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


@pytest.fixture
def no_network(cache, nobody, monkeypatch):
    """An empty cache, and every address of the registry out of reach."""
    for name, entry in registry.FILES.items():
        monkeypatch.setitem(registry.FILES, name, entry._replace(url=f"{nobody}/{name}"))


@pytest.fixture
def in_cache(cache, monkeypatch):
    """Put content into the cache in the place of a file of the registry, as if it were it."""

    def put(name, content):
        sha256 = hashlib.sha256(content).hexdigest()
        entry = registry.FILES[name]._replace(size=len(content), sha256=sha256)
        monkeypatch.setitem(registry.FILES, name, entry)
        place = cache / entry.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        return place

    return put


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """Put text in the place of a shipped file."""

    def put(name, text):
        (tmp_path / name).write_text(text, encoding="utf-8")
        monkeypatch.setattr(files, "_PLACES", (tmp_path,))

    return put


@pytest.fixture(scope="session")
def real_data():
    """The folder of the real data; a test that needs them is skipped without them."""
    if not (REAL_DATA / "imdb" / "imdb.npz").is_file():
        pytest.skip(f"the real data are not in {REAL_DATA}; UNROLLED_DATA can say where they are")
    return REAL_DATA


@pytest.fixture
def on_real_data(real_data, monkeypatch):
    monkeypatch.setenv("UNROLLED_DATA", str(real_data))
