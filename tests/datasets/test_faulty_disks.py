"""What a disk can do to the cache. Nothing good may be lost."""

import os

import pytest
from unrolled.datasets import DownloadError, fetch

pytestmark = pytest.mark.fault

LIMIT = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (70_000, 70_000))"
# The disk fails at a step of the download, which Python announces to its audit hooks.
FAILING = """
import errno, os, sys
def fail(event, args, step={step!r}, code=errno.{code}):
    if event == step and any(str(arg).endswith(".part") for arg in args):
        raise OSError(code, os.strerror(code))
sys.addaudithook(fail)
"""


def test_a_full_disk_is_explained_and_nothing_stays(reader, place, everything_in):
    said, complaints = reader(first=LIMIT).communicate(timeout=30)
    assert said == (
        f"story.txt (216,000 bytes) could not be kept in {place.parent}: File too large; "
        "make room there or set UNROLLED_DATA to another folder\n"
    )
    assert complaints == ""
    assert everything_in(place.parent) == []


@pytest.mark.parametrize("step", ["open", "os.rename"])
@pytest.mark.parametrize("code", ["ENOSPC", "EIO", "EROFS"])
def test_a_disk_that_fails_at_a_step_is_explained_and_nothing_stays(
    reader, cached, step, code, everything_in
):
    place = cached(b"damaged")
    started = reader(first=FAILING.format(step=step, code=code))
    said, complaints = started.communicate(timeout=30)
    assert said.startswith(f"story.txt (216,000 bytes) could not be kept in {place.parent}: ")
    assert complaints.startswith(f"{place} is damaged")
    assert "Traceback" not in complaints
    assert everything_in(place.parent) == ["story.txt"]
    assert fetch("story").stat().st_size == 216_000


def test_a_read_only_folder_is_read_but_not_written_to(server, cached, everything_in):
    place = cached(server.tale)
    place.parent.chmod(0o555)
    try:
        assert fetch("story") == place
        place.write_bytes(b"damaged")
        with pytest.raises(DownloadError, match=r"has no story\.txt with sha256 \w{64} and is rea"):
            fetch("story")
        assert everything_in(place.parent) == ["story.txt"]
    finally:
        place.parent.chmod(0o755)
    assert server.requests == []


def test_a_folder_without_permission_is_named(server, place):
    assert fetch("story") == place  # and what a download needs is imported
    place.parent.chmod(0)
    before = os.geteuid()
    try:
        if before == 0:  # root may enter every folder
            os.seteuid(65534)
        with pytest.raises(DownloadError, match=f"kept in {place.parent}: Permission denied"):
            fetch("story")
    finally:
        os.seteuid(before)
        place.parent.chmod(0o755)
    assert place.read_bytes() == server.tale
