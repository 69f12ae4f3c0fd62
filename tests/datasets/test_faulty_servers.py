"""What a server, or the way to it, can do to a download. Nothing of it may stay or be lost."""

import gzip
import hashlib
import re
import threading

import pytest
from unrolled.datasets import DownloadError, fetch, receiving, registry

pytestmark = pytest.mark.fault


def refused(status):
    return lambda server: lambda handler: handler.send_error(status)


def sent(change, **headers):
    """The server sends what `change` makes of the tale."""
    return lambda server: server.sending(change(server.tale), **headers)


def redirected(where):
    def answer(handler):
        handler.send_response(302)
        handler.send_header("Location", where)
        handler.end_headers()

    return lambda server: answer


def endless(server):
    """Without a length, and without an end."""

    def answer(handler):
        handler.send_response(200)
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(server.tale)
        except OSError:
            return

    return answer


def gossip(server):
    return lambda handler: handler.wfile.write(b"220 mail server ready\r\n" * 9)


NO_ANSWER = r"but no answer came \("
MORE = r"but the server sent more; "
WRONG = r"sent another story\.txt: expected 216,000 bytes with sha256 [0-9a-f]{64}, got "
FAULTS = {
    "refused": (refused(404), r"expected 216,000 .* but the server answered 404 Not Found"),
    "broken": (refused(503), r"but the server answered 503 Service Unavailable"),
    "cut": (
        sent(lambda tale: tale[:70_000], Content_Length="216000"),
        r"but the connection ended after 65,536 bytes",
    ),
    "cut at once": (sent(lambda tale: b"", Content_Length="216000"), NO_ANSWER),
    "short": (sent(lambda tale: tale[:-1]), WRONG + "215,999 bytes with "),
    "one byte more": (sent(lambda tale: tale + b"x"), MORE),
    "long": (sent(lambda tale: tale + tale), MORE),
    "endless": (endless, MORE),
    "one bit": (sent(lambda tale: b"o" + tale[1:]), WRONG + "216,000 bytes with "),
    "login page": (sent(lambda tale: b"<html>Welcome"), WRONG + "13 bytes with "),
    "nothing": (sent(lambda tale: b""), WRONG + "0 bytes with "),
    "cut behind gzip": (
        sent(lambda tale: gzip.compress(tale)[:-20], Content_Encoding="gzip"),
        r"story\.txt",
    ),
    "no gzip": (sent(lambda tale: tale, Content_Encoding="gzip"), NO_ANSWER),
    "too much behind gzip": (
        sent(lambda tale: gzip.compress(bytes(100_000_000)), Content_Encoding="gzip"),
        MORE,
    ),
    "senseless length": (sent(lambda tale: tale, Content_Length="much"), NO_ANSWER),
    "redirected nowhere": (redirected("http://[nowhere"), NO_ANSWER),
    "redirected to a file": (redirected("file:///etc/hostname"), NO_ANSWER),
    "redirected in circles": (redirected("/story.txt"), r"but the server answered 302 Found"),
    "another protocol": (gossip, NO_ANSWER),
}


@pytest.mark.parametrize("before", [None, b"damaged"], ids=["empty cache", "damaged file"])
@pytest.mark.parametrize(("fault", "said"), FAULTS.values(), ids=FAULTS)
def test_it_is_explained_nothing_stays_and_the_next_call_succeeds(
    server, place, cached, fault, said, before, everything_in
):
    if before:
        cached(before)
    good, server.answer = server.answer, fault(server)
    with pytest.raises(DownloadError, match=said) as caught:
        fetch("story")
    assert re.match(r"story\.txt could not be|http://127\.0\.0\.1:\d+/st", str(caught.value))
    assert str(caught.value).endswith(f"file at {place}")
    assert everything_in(place.parent) == ["story.txt"] * bool(before)
    server.answer = good
    assert fetch("story").read_bytes() == server.tale


def test_the_message_has_both_checksums(server, place):
    server.answer = server.sending(b"<html>")
    with pytest.raises(DownloadError) as caught:
        fetch("story")
    for content in (server.tale, b"<html>"):
        assert hashlib.sha256(content).hexdigest() in str(caught.value)
    assert "; nothing is kept, so try again later or put the expected" in str(caught.value)


def test_without_a_network_the_error_says_what_to_do(
    entry, place, nobody, monkeypatch, everything_in
):
    monkeypatch.setitem(registry.FILES, "story", entry._replace(url=f"{nobody}/story.txt"))
    with pytest.raises(DownloadError) as caught:
        fetch("story")
    assert str(caught.value) == (
        f"story.txt could not be downloaded: expected 216,000 bytes from {nobody}/story.txt, but "
        "no answer came (ConnectionError); nothing is kept, so try again with a working network "
        f"or put the file at {place}"
    )
    assert everything_in(place.parent) == []


def test_without_the_certificates_the_disk_is_not_blamed(
    entry, place, nobody, monkeypatch, everything_in
):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/certificates.pem")
    url = nobody.replace("http", "https") + "/story.txt"
    monkeypatch.setitem(registry.FILES, "story", entry._replace(url=url))
    with pytest.raises(DownloadError, match=r"could not be downloaded: .* no answer came \(OSErr"):
        fetch("story")
    assert everything_in(place.parent) == []


def test_a_server_that_falls_silent_is_not_waited_for_forever(server, place, monkeypatch):
    patience = threading.Event()
    server.answer = lambda handler: patience.wait(10)
    monkeypatch.setattr(receiving, "_PATIENCE", (1, 0.1))
    with pytest.raises(DownloadError, match=r"but no answer came \(ReadTimeout\)"):
        fetch("story")
    patience.set()
