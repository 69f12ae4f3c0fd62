"""Serve the built book on this machine, on the first free port from one on, and open it.

PYTHONPATH=code python -m booktools.serve 8000
"""

import argparse
import functools
import threading
import webbrowser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SITE = Path(__file__).resolve().parents[2] / "_build" / "html"
TRIED = 100  # ports


def server(folder, port):
    """A server of a folder at localhost, on `port` or the next one that is free.

    Raises OSError if none of a hundred is free, FileNotFoundError if there is no index.html.
    """
    if not (folder / "index.html").exists():
        raise FileNotFoundError(f"there is no book in {folder}; build it with: make book")
    handler = functools.partial(SimpleHTTPRequestHandler, directory=folder)
    for number in range(port, port + TRIED):
        try:
            return Exclusive(("localhost", number), handler)
        except (OSError, OverflowError):
            continue
    raise OSError(f"no port from {port} to {port + TRIED - 1} is free; choose one with PORT=")


class Exclusive(ThreadingHTTPServer):
    """A server that does not share its port, which Windows would let it do."""

    allow_reuse_address = False


def main():
    """Serve until the reader presses Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("port", type=int, nargs="?", default=8000)
    with server(SITE, parser.parse_args().port) as serving:
        address = f"http://localhost:{serving.server_port}/"
        print(f"The book is at {address} until you press Ctrl-C.")
        threading.Timer(0.5, webbrowser.open, [address]).start()
        try:
            serving.serve_forever()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main()
