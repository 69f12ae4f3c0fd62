import re

import pytest
from unrolled.datasets import fetch, registry

ENTRIES = pytest.mark.parametrize(
    ("name", "entry"), registry.FILES.items(), ids=list(registry.FILES)
)


@ENTRIES
def test_every_entry_is_complete_and_encrypted_on_the_way(name, entry):
    assert entry.url.startswith("https://")
    assert entry.size > 100_000
    for path, sha256 in ((entry.path, entry.sha256), *entry.also):
        assert re.fullmatch(r"[a-z0-9-]+/[\w.-]+", path)
        assert re.fullmatch(r"[0-9a-f]{64}", sha256)
    assert entry.what
    assert entry.terms


def test_no_two_entries_share_a_place_or_a_checksum():
    for field in ("path", "sha256", "url"):
        assert len({getattr(entry, field) for entry in registry.FILES.values()}) == len(
            registry.FILES
        )


@ENTRIES
def test_every_real_file_is_accepted_without_a_network(on_real_data, capfd, name, entry):
    place = fetch(name)
    assert place.name.removesuffix(".gz") == entry.url.rpartition("/")[2]
    assert capfd.readouterr() == ("", "")
    if (entry.path, name) != ("imdb/imdb.npz", "imdb") and place.suffix != ".gz":
        assert place.stat().st_size == entry.size
