"""Files from the network, verified before they are opened. registry.py lists them."""

import contextlib
import hashlib
import os
import secrets
import sys
from pathlib import Path

from . import registry
from .receiving import DownloadError, receive

_LARGEST = 100_000_000  # bytes; every file of the registry is smaller


def fetch(name):
    """Path of a file of the registry, in the cache or downloaded into it.

    Parameters
    ----------
    name : str
        A key of registry.FILES.

    Returns
    -------
    Path
        A file with an accepted sha256. The cache folder is $UNROLLED_DATA, or else the one
        that the operating system has for caches; it may be read-only if the file is there.

    Raises
    ------
    ValueError
        If the registry has no such name.
    DownloadError
        If the file is neither there nor to be had. No part of it is left behind.
    """
    if name not in registry.FILES:
        raise ValueError(f"there is no file {name!r}, only {', '.join(registry.FILES)}")
    entry = registry.FILES[name]
    folder = cache_folder()
    place = folder / entry.path
    try:
        return _in_cache(entry, folder) or _download(entry, place)
    except DownloadError:
        raise
    except OSError as error:
        raise DownloadError(
            f"{place.name} ({entry.size:,} bytes) could not be kept in {place.parent}: "
            f"{error.strerror or error}; make room there or set UNROLLED_DATA to another folder"
        ) from error


def verified(name):
    """Path and bytes of a file of the registry. These very bytes have an accepted sha256.

    What is read after `fetch` may be another file by then; whoever takes bytes apart, and above
    all whoever unpickles them, takes them from here. Raises what `fetch` raises.
    """
    place, accepted = fetch(name), _checksums(registry.FILES[name])
    try:
        content = place.read_bytes() if place.stat().st_size < _LARGEST else b""
    except OSError as error:
        raise DownloadError(f"{place} was there and could not be read then: {error}") from error
    if hashlib.sha256(content).hexdigest() not in {sha256 for _, sha256 in accepted}:
        raise DownloadError(f"{place} was replaced while it was being read; try again")
    return place, content


def cache_folder():
    """Folder of downloaded files: $UNROLLED_DATA, or one chosen by the operating system.

    Raises DownloadError if $UNROLLED_DATA is the home of a user who does not exist.
    """
    if chosen := os.environ.get("UNROLLED_DATA"):
        try:
            return Path(chosen).expanduser()
        except RuntimeError as error:
            raise DownloadError(f"UNROLLED_DATA is {chosen!r}, no folder: {error}") from error
    import pooch

    return pooch.os_cache("unrolled")


def sha256_of(place):
    """Hexadecimal sha256 of a file."""
    with open(place, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def can_write(folder):
    """Whether a folder takes files. One without write permission is left alone by root too."""
    for place in (folder, *folder.parents):
        if place.exists():
            return os.access(place, os.W_OK) and bool(place.stat().st_mode & 0o222)
    return False


@contextlib.contextmanager
def atomically(place):
    """Give a path to write to that becomes `place` at the end, or nothing after an error."""
    part = place.with_name(f"{place.name}.{secrets.token_hex(4)}.part")
    try:
        yield part
        os.replace(part, place)
    finally:
        part.unlink(missing_ok=True)


def _checksums(entry):
    """(path, sha256) of every file that is accepted for an entry."""
    return ((entry.path, entry.sha256), *entry.also)


def _in_cache(entry, folder):
    """Path of an accepted file in the cache, or None."""
    accepted = {}
    for path, sha256 in _checksums(entry):
        accepted.setdefault(path, []).append(sha256)
    for path, checksums in accepted.items():
        place = folder / path
        if place.is_file():
            found = sha256_of(place)
            if found in checksums:
                return place
            _say(
                f"{place} is damaged: expected sha256 {' or '.join(checksums)}, found {found}; "
                "it is not opened but replaced by a new download.",
                sys.stderr,
            )
    return None


def _say(text, stream):
    """Print a line with a path, of which the stream may not know every letter."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding), file=stream)


def _download(entry, place):
    """Download a file, verify it, and only then put it in its place."""
    if not can_write(place.parent):
        raise DownloadError(
            f"{place.parent} has no {place.name} with sha256 {entry.sha256} and is read-only; "
            "put that file there or set UNROLLED_DATA to a folder that can be written"
        )
    place.parent.mkdir(parents=True, exist_ok=True)
    with atomically(place) as part:
        receive(entry, part, place)
        came = sha256_of(part)
        if came != entry.sha256:
            raise DownloadError(
                f"{entry.url} sent another {place.name}: expected {entry.size:,} bytes with "
                f"sha256 {entry.sha256}, got {part.stat().st_size:,} bytes with {came}; "
                f"nothing is kept, so try again later or put the expected file at {place}"
            )
    return place


def real_or_shipped(offline, real, shipped):
    """Call `real`, or `shipped` when offline is True or, with "auto", when `real` fails.

    Raises
    ------
    ValueError
        If offline is not "auto", True or False.
    DownloadError
        If offline is False and the real data cannot be had.
    """
    if offline != "auto" and not isinstance(offline, bool):
        raise ValueError(f'offline must be "auto", True or False; got {offline!r}')
    if offline is True:
        return shipped()
    try:
        return real()
    except DownloadError as error:
        if offline is False:
            raise
        _say(f"The small shipped data stands in: {error}.", sys.stdout)
        return shipped()
