"""`make serve` finds a port, and says what is missing."""

import threading
from urllib.request import urlopen

import pytest
from booktools.serve import TRIED, server


@pytest.fixture
def site(tmp_path):
    (tmp_path / "index.html").write_text("a page")
    return tmp_path


def test_a_port_that_is_taken_is_passed_over(site):
    with server(site, 8000) as first, server(site, first.server_port) as second:
        assert first.server_port < second.server_port < first.server_port + TRIED
        threading.Thread(target=second.serve_forever, daemon=True).start()
        page = urlopen(f"http://localhost:{second.server_port}/")
        assert page.read() == b"a page"
        second.shutdown()


def test_a_port_that_cannot_be_is_no_traceback_of_sockets(site):
    with pytest.raises(OSError, match="PORT="):
        server(site, 70_000)


def test_without_a_book_it_says_how_to_build_one(tmp_path):
    with pytest.raises(FileNotFoundError, match="make book"):
        server(tmp_path, 8000)
