import hashlib
import http.server
import json
import os
import socket
import subprocess
import sys
import threading
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
def everything_in():
    """A function: the names of all files in a folder and below."""
    return lambda folder: sorted(file.name for file in folder.rglob("*") if file.is_file())


@pytest.fixture
def nobody():
    """An address at which nobody answers."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers as the test wants it."""

    def do_GET(self):
        self.server.requests.append(self.path)
        self.server.answer(self)

    def log_message(self, *args):
        pass


class Server(http.server.ThreadingHTTPServer):
    """An HTTP server on this machine that has a tale; a test says how it answers."""

    tale = b"Once upon a time. " * 12_000
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests, self.answer = [], self.sending(self.tale)

    def sending(self, content, **headers):
        """An answer with this content; headers replace what HTTP says of it."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}

        def answer(handler):
            handler.send_response(200)
            for name, value in ({"Content-Length": str(len(content))} | named).items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(content)

        return answer


@pytest.fixture
def server():
    """A server; a test sets its `answer` and reads its `requests`."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def entry(server, cache, monkeypatch):
    """The tale, registered as "story", in a cache where another good file lies."""
    url = f"http://127.0.0.1:{server.server_port}/story.txt"
    sha256 = hashlib.sha256(server.tale).hexdigest()
    entry = registry.RemoteFile("tales/story.txt", url, len(server.tale), sha256, "a tale", "none")
    monkeypatch.setitem(registry.FILES, "story", entry)
    (cache / "imdb").mkdir(parents=True)
    (cache / "imdb" / "imdb.npz").write_bytes(b"reviews" * 10_000)
    return entry


@pytest.fixture
def place(entry, cache):
    """Where the tale belongs."""
    return cache / entry.path


@pytest.fixture
def cached(place):
    """Put content there beforehand."""

    def put(content, name=place.name):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.with_name(name).write_bytes(content)
        return place

    return put


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


@pytest.fixture
def reader(entry):
    """A function that starts a reader's process, in which warnings are errors."""

    def start(*, first="", **more):
        command = [sys.executable, "-W", "error", "-c", first + READER, json.dumps(entry._asdict())]
        environment = os.environ | {"PYTHONPATH": str(CHECKOUT / "code")}
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | more
        return subprocess.Popen(command, env=environment, text=True, **pipes)

    return start


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
