"""What a folder or another process can do to the cache. Nothing good may be lost."""

import os
import signal
import threading
import time

import pytest
from unrolled.datasets import DownloadError, download, fetch, load_ptb

pytestmark = pytest.mark.fault


def a_file(folder):
    folder.write_bytes(b"mine")


def a_link_to_itself(folder):
    folder.symlink_to(folder)


def a_link_to_nothing(folder):
    folder.symlink_to(folder.with_name("nothing"))


@pytest.mark.parametrize("plant", [a_file, a_link_to_itself, a_link_to_nothing])
def test_a_cache_folder_that_is_none_is_named(entry, tmp_path, monkeypatch, plant, good):
    chosen = tmp_path / "chosen"
    plant(chosen)
    good(chosen)
    monkeypatch.setenv("UNROLLED_DATA", str(chosen))
    with pytest.raises(DownloadError, match=f"could not be kept in {chosen}/tales: .*; make room"):
        fetch("story")
    assert chosen.is_symlink() or chosen.read_bytes() == b"mine"


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ("~nobody-of-this-name/data", "UNROLLED_DATA is '~nobody-of.*no folder"),
        ("/" + "x" * 300, "long"),
    ],
    ids=["home of nobody", "too long"],
)
def test_a_folder_that_cannot_be_is_named(entry, monkeypatch, chosen, said):
    monkeypatch.setenv("UNROLLED_DATA", chosen)
    with pytest.raises(DownloadError, match=said):
        fetch("story")


def test_a_folder_with_a_name_in_no_encoding_does_not_stop_the_shipped_data(
    entry, no_network, tmp_path, monkeypatch, capsys
):
    chosen = os.fsdecode(os.fsencode(tmp_path) + b"/\xff")
    monkeypatch.setenv("UNROLLED_DATA", chosen)
    assert load_ptb().name == "Shipped prose"
    assert "could not be downloaded" in capsys.readouterr().out


def a_folder(place):
    (place / "mine").mkdir(parents=True)
    (place / "mine" / "note.txt").write_bytes(b"mine")


def a_pipe(place):
    os.mkfifo(place)


@pytest.mark.parametrize("plant", [a_folder, a_link_to_itself, a_link_to_nothing, a_pipe])
def test_what_is_no_file_in_its_place_is_replaced_or_named(
    server, place, plant, good, everything_in
):
    place.parent.mkdir()
    plant(place)
    if place.is_dir():
        good(place)
        with pytest.raises(DownloadError, match=r"could not be kept in .*: Is a directory"):
            fetch("story")
        assert (place / "mine" / "note.txt").read_bytes() == b"mine"
    else:
        assert fetch("story").read_bytes() == server.tale
        assert everything_in(place.parent) == ["story.txt"]


def test_a_link_to_a_good_file_elsewhere_is_read_through(server, place, tmp_path, good):
    (tmp_path / "elsewhere.txt").write_bytes(server.tale)
    good(tmp_path / "elsewhere.txt")
    place.parent.mkdir()
    place.symlink_to(tmp_path / "elsewhere.txt")
    assert fetch("story") == place
    assert server.requests == []


def test_a_link_to_a_damaged_file_is_replaced_and_the_file_stays(server, place, tmp_path, good):
    (tmp_path / "elsewhere.txt").write_bytes(b"another tale")
    good(tmp_path / "elsewhere.txt")
    place.parent.mkdir()
    place.symlink_to(tmp_path / "elsewhere.txt")
    assert fetch("story").read_bytes() == server.tale


@pytest.mark.parametrize("when", [0, time.time() + 1e9], ids=["1970", "2050s"])
def test_a_wrong_clock_changes_nothing(server, cached, when):
    place = cached(server.tale)
    os.utime(place, (when, when))
    assert fetch("story") == place
    assert server.requests == []


def test_a_cache_folder_that_is_deleted_meanwhile_is_named(server, place):
    whole = server.answer

    def answer(handler):
        for file in place.parent.iterdir():
            file.unlink()
        place.parent.rmdir()
        whole(handler)

    server.answer = answer
    with pytest.raises(DownloadError, match=r"could not be kept in .*/tales: No such file"):
        fetch("story")
    server.answer = whole
    assert fetch("story").read_bytes() == server.tale


@pytest.mark.parametrize("after", [b"another tale", None], ids=["replaced", "deleted"])
def test_what_changes_between_the_check_and_the_reading_is_not_read(
    server, place, monkeypatch, after
):
    def fetch_and_change(name):
        fetch(name).unlink()
        if after:
            place.write_bytes(after)
        return place

    assert download.verified("story") == (place, server.tale)
    monkeypatch.setattr(download, "fetch", fetch_and_change)
    with pytest.raises(DownloadError, match=rf"{place} was (replaced while|there and could not)"):
        download.verified("story")


def test_two_processes_at_once_both_succeed(server, reader, place, everything_in):
    both, whole = threading.Barrier(2, timeout=30), server.answer
    server.answer = lambda handler: both.wait() in (0, 1) and whole(handler)
    processes = [reader(), reader()]
    assert [process.communicate(timeout=30) for process in processes] == [("True\n", "")] * 2
    assert server.requests == ["/story.txt"] * 2
    assert everything_in(place.parent) == ["story.txt"]


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=str)
def test_a_process_that_is_stopped_does_not_disturb_the_next(
    server, reader, place, sign, everything_in
):
    started, stopped, whole = threading.Event(), threading.Event(), server.answer
    half = server.sending(server.tale[:70_000], Content_Length="216000")

    def answer(handler):
        half(handler)
        started.set()
        stopped.wait(30)

    server.answer = answer
    # A shell has its jobs in the background ignore Ctrl-C.
    heed = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    with reader(first=heed) as process:
        assert started.wait(30)
        process.send_signal(sign)
        assert process.wait(30) == -sign
    stopped.set()
    assert everything_in(place.parent) == [] or sign != signal.SIGINT
    assert not place.exists()
    server.answer = whole
    assert fetch("story").read_bytes() == server.tale
