"""The IMDB file: pickles are opened only if verified, and only once."""

import io
import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from unrolled.datasets import DownloadError, imdb, load_imdb, registry

CODE = Path(__file__).parents[2] / "code"
PLAIN = "imdb-without-pickles.npz"
RANKS = {"train": [[1, 2], [3, 1, 1, 2], [2]], "test": [[3], [1, 3]]}
TARGETS = {"train": [1, 0, 1], "test": [0, 1]}


def keras_file():
    """A small file with the layout of Keras's imdb.npz: lists in arrays of objects."""
    arrays = {}
    for split, reviews in RANKS.items():
        arrays[f"x_{split}"] = np.empty(len(reviews), dtype=object)
        arrays[f"x_{split}"][:] = reviews
        arrays[f"y_{split}"] = np.array(TARGETS[split])
    with io.BytesIO() as file:
        np.savez(file, **arrays)
        return file.getvalue()


@pytest.fixture
def place(in_cache):
    in_cache("imdb_words", json.dumps({"the": 1, "film": 3, "a": 2}).encode())
    return in_cache("imdb", keras_file())


def check(arrays):
    assert arrays["ids_train"].tolist() == [1, 4, 5, 1, 6, 4, 4, 5, 1, 5]
    assert arrays["offsets_train"].tolist() == [0, 3, 8, 10]
    assert arrays["ids_test"].tolist() == [1, 6, 1, 4, 6]
    assert arrays["offsets_test"].tolist() == [0, 2, 5]
    assert arrays["targets_train"].tolist() == TARGETS["train"]
    assert arrays["targets_test"].tolist() == TARGETS["test"]
    assert arrays["ids_train"].dtype == np.int32
    assert arrays["targets_test"].dtype == np.int64


def test_reviews_get_a_start_and_ranks_become_ids(place):
    check(imdb.load_arrays())


def test_words_are_listed_by_id(place):
    assert imdb.load_words() == ["<pad>", "<start>", "<unk>", "<unused>", "the", "a", "film"]


def test_a_second_call_reads_no_pickles(place, monkeypatch):
    imdb.load_arrays()
    assert sorted(file.name for file in place.parent.glob("imdb*.npz")) == [PLAIN, "imdb.npz"]
    with np.load(place.with_name(PLAIN), allow_pickle=False) as npz:
        assert all(npz[name].dtype != object for name in npz)
    monkeypatch.setattr(imdb, "joined", None)
    check(imdb.load_arrays())


@pytest.mark.fault
@pytest.mark.parametrize("kept", [0, 100, -50], ids=["empty", "beginning", "almost all"])
def test_a_damaged_second_file_is_built_again(place, kept):
    imdb.load_arrays()
    plain = place.with_name(PLAIN)
    whole = plain.read_bytes()
    plain.write_bytes(whole[:kept])
    check(imdb.load_arrays())
    assert plain.read_bytes() == whole


@pytest.mark.fault
def test_one_flipped_bit_in_the_second_file_is_noticed(place):
    imdb.load_arrays()
    plain = place.with_name(PLAIN)
    content = bytearray(plain.read_bytes())
    ids = np.array([1, 4, 5, 1, 6, 4, 4, 5, 1, 5], dtype=np.int32).tobytes()
    content[content.index(ids)] ^= 4
    plain.write_bytes(content)
    check(imdb.load_arrays())


@pytest.mark.fault
def test_a_second_file_that_belongs_to_another_source_is_not_used(place):
    np.savez(place.with_name(PLAIN), source="0" * 64, **{name: [7] for name in imdb._NAMES})
    check(imdb.load_arrays())


@pytest.mark.fault
def test_in_a_read_only_folder_nothing_is_stored(place):
    place.parent.chmod(0o555)
    try:
        check(imdb.load_arrays())
        assert not place.with_name(PLAIN).exists()
    finally:
        place.parent.chmod(0o755)


@pytest.mark.fault
def test_on_a_full_disk_the_arrays_are_used_unstored(place):
    program = (
        "import resource, sys; from unrolled.datasets import imdb, registry;"
        "registry.FILES['imdb'] = registry.FILES['imdb']._replace(sha256=sys.argv[1]);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500));"
        "print(imdb.load_arrays()['ids_test'])"
    )
    command = [sys.executable, "-W", "error", "-c", program, registry.FILES["imdb"].sha256]
    environment = os.environ | {"PYTHONPATH": str(CODE)}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30)
    assert run.stdout == "[1 6 1 4 6]\n"
    # NumPy 2.0 leaves its archive to the garbage collector, which complains.
    assert run.stderr == "" or run.stderr.startswith("Exception ignored in: <function ZipFile")
    assert sorted(file.name for file in place.parent.glob("imdb*npz*")) == ["imdb.npz"]


class Bomb:
    """A pickle that leaves a trace when it is opened."""

    def __init__(self, trace):
        self.trace = trace

    def __reduce__(self):
        return os.mkdir, (self.trace,)


def test_an_unverified_pickle_is_never_opened(no_network, cache, tmp_path, capsys):
    trace = tmp_path / "opened"
    (cache / "imdb").mkdir(parents=True)
    np.savez(cache / "imdb/imdb.npz", x_train=np.array([Bomb(str(trace))], dtype=object))
    np.savez(cache / "imdb" / PLAIN, source=np.array([Bomb(str(trace))], dtype=object))
    with pytest.raises(DownloadError, match=r"imdb\.npz could not be downloaded"):
        load_imdb(offline=False)
    assert "imdb.npz is damaged" in capsys.readouterr().err
    assert not trace.exists()
    pickle.loads(pickle.dumps(Bomb(str(trace))))
    assert trace.exists()


@pytest.mark.fault
def test_a_pickle_in_the_second_file_is_never_opened(place, tmp_path):
    trace = tmp_path / "opened"
    np.savez(place.with_name(PLAIN), source=np.array([Bomb(str(trace))], dtype=object))
    check(imdb.load_arrays())
    assert not trace.exists()


def test_the_real_file_holds_what_is_published_about_it(on_real_data):
    arrays = imdb.load_arrays()
    lengths = {split: np.diff(arrays[f"offsets_{split}"]) for split in ("train", "test")}
    every = np.concatenate([*lengths.values()])
    assert (lengths["train"].min(), lengths["train"].max()) == (11, 2494)
    assert (lengths["test"].min(), lengths["test"].max()) == (7, 2315)
    assert every.mean() == pytest.approx(234.7589, abs=5e-5)
    assert every.std() == pytest.approx(172.911495, abs=5e-7)
    for split in ("train", "test"):
        assert_array_equal(np.bincount(arrays[f"targets_{split}"]), [12_500, 12_500])
    seen = np.union1d(arrays["ids_train"], arrays["ids_test"])
    assert_array_equal(seen, [1, *range(4, 88_588)])
