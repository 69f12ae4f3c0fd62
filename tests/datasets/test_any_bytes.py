"""Any bytes in the place of a file: its loader gives a valid result or names the file.

`trials.fuzz_targets` has the loaders and what a valid result is; `make fuzz` searches longer.
"""

import gzip
import json
import tracemalloc
import zlib

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from trials.fuzz_seeds import AIR, BETWEEN, RECORD
from trials.fuzz_targets import TARGETS, sandbox

EACH = pytest.mark.parametrize("name", TARGETS)
PIECES = [b"", b"\0", b"\xff", b"\n", b",", b'"', b"nan", b"-1e999", b"[", b"{}", b"NA", BETWEEN]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("any")
    with sandbox(folder):
        yield folder


@st.composite
def damaged(draw, seeds):
    """A good file in which some stretches were replaced."""
    content = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(content)))
        stop = start + draw(st.sampled_from([0, 1, 2, 8, len(content)]))
        piece = draw(st.sampled_from(PIECES) | st.binary(max_size=4))
        content = content[:start] + piece + content[stop:]
    return content


@EACH
def test_a_file_that_is_good_is_loaded(folder, name):
    for seed in TARGETS[name].seeds:
        assert TARGETS[name].feed(seed, folder)


@EACH
def test_any_bytes_are_loaded_or_refused_by_name(folder, name):
    target = TARGETS[name]

    @settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
    @given(damaged(target.seeds) | st.binary(max_size=200))
    def feed(content):
        target.feed(content, folder)

    feed()


DEEP = b"[" * 200_000
RECORDS = [b"", b"[]", b"null", DEEP, b'{"versions": 1}', b"\xff", b'{"a": ' + b"9" * 5000 + b"}"]
HALF = json.dumps(RECORD | {"device": "\ud800"}).encode()
PACKED = gzip.compress(AIR, mtime=0)  # with the time, a test would have another name every second
STOPPED = [PACKED[:-9], PACKED[:30], b"\x1f\x8b", AIR, gzip.compress(b"", mtime=0)]
FOUND = {
    "sunspots": [b"", b"year,sunspots\n", b"\xff\xfe", b"a,b\n1700,5\n", b"\0" * 9],
    "nile": [b"", b"a\n1871,nan\n", b'a\n"', b"a\n1871\n"],
    "co2": [b"", b"\x8a", b"month,co2\n1958-03," + b"1" * 200_000],
    "prose": [b"", b"\xb3a", b".", b"'", b"caf\xc3\xa9"],
    "reviews": [b"", b"\xff", b'text,target,split\n"', b"text,target,split\n" + b"a" * 200_000],
    "results": [*RECORDS, HALF, json.dumps(RECORD | {"versions": []}).encode()],
    "runs": [*RECORDS, HALF],
    "words": [
        b"",
        b"[]",
        b"null",
        DEEP,
        b"\xff",
        b'{"a": "b"}',
        b'{"a": 1, "b": null}',
        b'{"a": [1]}',
        b'{"a": true}',
    ],
    "ptb": [b"", b"\xff", b" \n "],
    "air": [
        b"",
        b"No\n",
        AIR[:70],
        AIR.replace(b"NA", b"inf"),
        AIR.replace(b"2010,1", b"x,1"),
        AIR.replace(b",23,", b",23\0,"),
    ],
    "air-gzip": [b"", *STOPPED, PACKED[:-4] + b"oops"],
}


@pytest.mark.parametrize(
    ("name", "content"),
    [(name, content) for name, contents in FOUND.items() for content in contents],
    ids=lambda given: given if isinstance(given, str) else f"{zlib.crc32(given):x}",
)
def test_what_once_broke_a_loader_is_refused_by_name(folder, name, content):
    assert not TARGETS[name].feed(content, folder)


def test_one_long_cell_does_not_take_memory_for_every_row(folder):
    rows = TARGETS["co2"].seeds[0].decode().splitlines()
    rows[9] = "1958-11," + "1" * 100_000
    tracemalloc.start()
    assert not TARGETS["co2"].feed("\n".join(rows).encode(), folder)
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


def test_a_small_file_does_not_unpack_to_a_large_one(folder):
    small = gzip.compress(bytes(100_000_000), 1)
    tracemalloc.start()
    assert not TARGETS["air-gzip"].feed(small, folder)
    assert tracemalloc.get_traced_memory()[1] < 50_000_000
    tracemalloc.stop()


@pytest.mark.parametrize("name", ["results", "words", "ptb", "sunspots"])
def test_a_file_of_endless_size_is_not_read(folder, name):
    assert not TARGETS[name].feed(bytes(10_000_001), folder)


def test_stored_arrays_that_do_not_fit_are_built_again(folder):
    target = TARGETS["stored-members"]
    parts = target.seeds[0].split(BETWEEN)
    for n in range(1, len(parts), 2):
        changed = [*parts]
        changed[n] = parts[n].replace(b"(3,)", b"(1,)").replace(b"'<i", b"'<u")
        assert target.feed(BETWEEN.join(changed), folder)
        assert np.load(folder / target.place, allow_pickle=False)["ids_train"].tolist() == [
            1, 4, 5, 1, 5,
        ]  # fmt: skip
