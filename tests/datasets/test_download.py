import gzip
import hashlib
import http.server
import json
import os
import pty
import signal
import subprocess
import sys
import termios
import threading
from pathlib import Path

import pytest
from unrolled.datasets import DownloadError, download, fetch, registry

CODE = Path(__file__).parents[2] / "code"
STORY = b"Once upon a time. " * 12_000
SHA256 = hashlib.sha256(STORY).hexdigest()
# A reader's process: fetch the entry that stands in the first argument.
READER = """
import json, sys
from unrolled.datasets import DownloadError, fetch, registry
registry.FILES["story"] = registry.RemoteFile(**json.loads(sys.argv[1]))
try:
    print(fetch("story").read_bytes() == b"Once upon a time. " * 12_000)
except DownloadError as error:
    print(error)
"""
LIMIT = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (70_000, 70_000))"


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers as the test wants it."""

    def do_GET(self):
        self.server.requests.append(self.path)
        self.server.answer(self)

    def log_message(self, *args):
        pass


def answer(content, *, promised=None, encoding="identity"):
    """An answer with this content, of which another length can be promised."""

    def send(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(promised or len(content)))
        handler.send_header("Content-Encoding", encoding)
        handler.end_headers()
        handler.wfile.write(content)

    return send


def refuse(handler):
    handler.send_error(404)


@pytest.fixture
def server():
    """An HTTP server on this machine; a test sets its `answer` and reads its `requests`."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.answer, server.requests = answer(STORY), []
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def entry(server, cache, monkeypatch):
    """A file that the server has, registered as "story"."""
    url = f"http://127.0.0.1:{server.server_port}/story.txt"
    entry = registry.RemoteFile("tales/story.txt", url, len(STORY), SHA256, "a tale", "none")
    monkeypatch.setitem(registry.FILES, "story", entry)
    return entry


@pytest.fixture
def place(entry, cache):
    """Where the file belongs."""
    return cache / entry.path


@pytest.fixture
def cached(place):
    """Put content there beforehand."""

    def put(content, name=place.name):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.with_name(name).write_bytes(content)

    return put


def everything_in(folder):
    return sorted(file.name for file in folder.rglob("*") if file.is_file())


def reader(entry, *, first="", **more):
    """Start a reader's process, in which warnings are errors."""
    command = [sys.executable, "-W", "error", "-c", first + READER, json.dumps(entry._asdict())]
    environment = os.environ | {"PYTHONPATH": str(CODE)}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | more
    return subprocess.Popen(command, env=environment, text=True, **pipes)


@pytest.mark.parametrize(
    "sent",
    [answer(STORY), answer(gzip.compress(STORY), encoding="gzip")],
    ids=["plain", "compressed on the way"],
)
def test_a_file_is_downloaded_once_and_quietly(server, place, capfd, sent):
    server.answer = sent
    assert [fetch("story"), fetch("story")] == [place, place]
    assert place.read_bytes() == STORY
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


def test_a_damaged_file_in_the_cache_is_reported_and_replaced(place, cached, capsys):
    cached(STORY[:-1])
    assert fetch("story").read_bytes() == STORY
    found = hashlib.sha256(STORY[:-1]).hexdigest()
    report = f"{place} is damaged: expected sha256 {SHA256}, found {found}; it is not opened but"
    assert capsys.readouterr().err.startswith(report)


def wrong(content):
    return (
        rf"^http://127\.0\.0\.1:\d+/story\.txt sent another story\.txt: expected 216,000 bytes "
        rf"with sha256 {SHA256}, got {len(content):,} bytes with "
        rf"{hashlib.sha256(content).hexdigest()}; nothing is kept, so try again later or "
    )


FAILURES = {
    "refused": (
        refuse,
        "expected 216,000 bytes from http.*, but the server answered 404 Not Found",
    ),
    "cut": (answer(STORY[:70_000], promised=len(STORY)), "the connection ended after 65,536 bytes"),
    "cut at once": (answer(b"", promised=len(STORY)), "but no answer came"),
    "short": (answer(STORY[:-1]), wrong(STORY[:-1])),
    "long": (answer(STORY + STORY), wrong(STORY + STORY)),
    "login page": (answer(b"<html>Welcome"), wrong(b"<html>Welcome")),
}


@pytest.mark.parametrize("before", [None, b"damaged"], ids=["empty cache", "damaged file"])
@pytest.mark.parametrize(("sent", "said"), FAILURES.values(), ids=FAILURES)
def test_a_failure_is_explained_and_the_next_call_succeeds(
    server, place, cached, sent, said, before
):
    if before:
        cached(before)
    server.answer = sent
    with pytest.raises(DownloadError, match=said) as caught:
        fetch("story")
    assert str(caught.value).endswith(f"file at {place}")
    assert everything_in(place.parent) == ["story.txt"] * bool(before)
    server.answer = answer(STORY)
    assert fetch("story").read_bytes() == STORY


def test_without_a_network_the_error_says_what_to_do(entry, place, nobody, monkeypatch):
    monkeypatch.setitem(registry.FILES, "story", entry._replace(url=f"{nobody}/story.txt"))
    with pytest.raises(DownloadError) as caught:
        fetch("story")
    assert str(caught.value) == (
        f"story.txt could not be downloaded: expected 216,000 bytes from {nobody}/story.txt, but "
        "no answer came (ConnectionError); nothing is kept, so try again with a working network "
        f"or put the file at {place}"
    )
    assert everything_in(place.parent) == []


def test_a_server_that_falls_silent_is_not_waited_for_forever(server, place, monkeypatch):
    patience = threading.Event()
    server.answer = lambda handler: patience.wait(10)
    monkeypatch.setattr(download, "_PATIENCE", (1, 0.1))
    with pytest.raises(DownloadError, match=r"but no answer came \(ReadTimeout\)"):
        fetch("story")
    patience.set()


def test_a_full_disk_is_explained_and_nothing_stays(entry, place):
    said, complaints = reader(entry, first=LIMIT).communicate(timeout=30)
    assert said == (
        f"story.txt (216,000 bytes) could not be kept in {place.parent}: File too large; "
        "make room there or set UNROLLED_DATA to another folder\n"
    )
    assert complaints == ""
    assert everything_in(place.parent) == []


def test_a_read_only_folder_is_read_but_not_written_to(server, place, cached):
    cached(STORY)
    place.parent.chmod(0o555)
    try:
        assert fetch("story") == place
        place.write_bytes(b"damaged")
        with pytest.raises(
            DownloadError, match=rf"has no story\.txt with sha256 {SHA256} and is rea"
        ):
            fetch("story")
        assert everything_in(place.parent) == ["story.txt"]
    finally:
        place.parent.chmod(0o755)
    assert server.requests == []


def test_a_cache_folder_that_is_a_file_is_named(place, cache):
    cache.write_bytes(b"")
    with pytest.raises(DownloadError, match=f"could not be kept in {place.parent}: .*; make room"):
        fetch("story")


def test_two_processes_at_once_both_succeed(server, entry, place):
    both = threading.Barrier(2, timeout=30)
    server.answer = lambda handler: both.wait() in (0, 1) and answer(STORY)(handler)
    processes = [reader(entry), reader(entry)]
    assert [process.communicate(timeout=30) for process in processes] == [("True\n", "")] * 2
    assert server.requests == ["/story.txt"] * 2
    assert everything_in(place.parent) == ["story.txt"]


def test_a_process_that_is_killed_does_not_disturb_the_next(server, entry, place):
    started, killed = threading.Event(), threading.Event()

    def half(handler):
        answer(STORY[:70_000], promised=len(STORY))(handler)
        started.set()
        killed.wait(30)

    server.answer = half
    with reader(entry) as process:
        assert started.wait(30)
        process.send_signal(signal.SIGKILL)
    killed.set()
    assert not place.exists()
    server.answer = answer(STORY)
    assert fetch("story").read_bytes() == STORY


def test_on_a_terminal_the_progress_is_shown(entry):
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    with reader(entry, stderr=theirs) as process:
        assert process.communicate(timeout=30)[0] == "True\n"
    os.close(theirs)
    with open(ours, "rb", buffering=0) as terminal:
        shown = terminal.read(10_000).decode()
    assert "story.txt: 100%" in shown
    assert "216k/216k" in shown


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
