import gzip
import hashlib
import os
import pty
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from unrolled.datasets import download, fetch, registry

CODE = Path(__file__).parents[2] / "code"


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "compressed on the way"])
def test_a_file_is_downloaded_once_and_quietly(server, place, capfd, packed, everything_in):
    if packed:
        server.answer = server.sending(gzip.compress(server.tale), Content_Encoding="gzip")
    assert [fetch("story"), fetch("story")] == [place, place]
    assert place.read_bytes() == server.tale
    assert server.requests == ["/story.txt"]
    assert everything_in(place.parent) == ["story.txt"]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "name", ["story.txt", "story.txt.gz"], ids=["other bytes", "other packaging"]
)
def test_another_accepted_file_in_the_cache_is_used(server, place, cached, monkeypatch, name):
    also = ((f"tales/{name}", hashlib.sha256(b"the same tale").hexdigest()),)
    monkeypatch.setitem(registry.FILES, "story", registry.FILES["story"]._replace(also=also))
    cached(b"the same tale", name)
    assert fetch("story") == place.with_name(name)
    assert server.requests == []


@pytest.mark.fault
def test_a_damaged_file_in_the_cache_is_reported_and_replaced(server, entry, cached, capsys):
    place = cached(server.tale[:-1])
    assert fetch("story").read_bytes() == server.tale
    expected, found = entry.sha256, hashlib.sha256(server.tale[:-1]).hexdigest()
    report = f"{place} is damaged: expected sha256 {expected}, found {found}; it is not opened but"
    assert capsys.readouterr().err.startswith(report)


def test_on_a_terminal_the_progress_is_shown(reader):
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    with reader(stderr=theirs) as process:
        assert process.communicate(timeout=30)[0] == "True\n"
    os.close(theirs)
    with open(ours, "rb", buffering=0) as terminal:
        shown = terminal.read(10_000).decode()
    assert "story.txt: 100%" in shown
    assert "216k/216k" in shown
    assert "B/s" in shown


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(ValueError, match=r"^there is no file 'mnist', only imdb, imdb_words, "):
        fetch("mnist")


def test_the_cache_folder_is_the_chosen_one_or_that_of_the_system(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("UNROLLED_DATA", "~/chosen")
    assert download.cache_folder() == tmp_path / "chosen"
    monkeypatch.setenv("UNROLLED_DATA", "")
    assert download.cache_folder().name == "unrolled"
    assert download.cache_folder().is_relative_to(tmp_path)


def test_the_loaders_are_imported_without_what_only_a_download_needs():
    program = "import sys, unrolled.datasets; print({'pooch', 'requests', 'tqdm'} & {*sys.modules})"
    environment = os.environ | {"PYTHONPATH": str(CODE)}
    run = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True)
    assert run.stdout == b"set()\n"


@pytest.mark.parametrize("offline", ["always", None, 1, "True"])
def test_a_choice_that_does_not_exist_is_refused(offline):
    with pytest.raises(ValueError, match=f'must be "auto", True or False; got {offline!r}'):
        download.real_or_shipped(offline, real=dict, shipped=list)


def test_a_mistake_of_ours_is_not_taken_for_a_missing_network():
    with pytest.raises(ZeroDivisionError):
        download.real_or_shipped("auto", real=lambda: 1 / 0, shipped=list)
