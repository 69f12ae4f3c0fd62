"""Files from the network, verified before they are opened. registry.py lists them."""

import contextlib
import hashlib
import os
import secrets
import sys
from pathlib import Path

from . import registry

_PATIENCE = (10, 60)  # seconds to connect, and between two parts of an answer


class DownloadError(OSError):
    """A file is not in the cache and could not be put there; the message says what to do."""


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


def cache_folder():
    """Folder of downloaded files: $UNROLLED_DATA, or one chosen by the operating system."""
    if chosen := os.environ.get("UNROLLED_DATA"):
        return Path(chosen).expanduser()
    import pooch

    return pooch.os_cache("unrolled")


def sha256_of(place):
    """Hexadecimal sha256 of a file."""
    with open(place, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def can_write(folder):
    """Whether a folder takes files. One without write permission is left alone by root too."""
    while not folder.exists():
        folder = folder.parent
    return os.access(folder, os.W_OK) and bool(folder.stat().st_mode & 0o222)


@contextlib.contextmanager
def atomically(place):
    """Give a path to write to that becomes `place` at the end, or nothing after an error."""
    part = place.with_name(f"{place.name}.{secrets.token_hex(4)}.part")
    try:
        yield part
        os.replace(part, place)
    finally:
        part.unlink(missing_ok=True)


def _in_cache(entry, folder):
    """Path of an accepted file in the cache, or None."""
    accepted = {}
    for path, sha256 in ((entry.path, entry.sha256), *entry.also):
        accepted.setdefault(path, []).append(sha256)
    for path, checksums in accepted.items():
        place = folder / path
        if place.is_file():
            found = sha256_of(place)
            if found in checksums:
                return place
            print(
                f"{place} is damaged: expected sha256 {' or '.join(checksums)}, found {found}; "
                "it is not opened but replaced by a new download.",
                file=sys.stderr,
            )
    return None


def _download(entry, place):
    """Download a file, verify it, and only then put it in its place."""
    if not can_write(place.parent):
        raise DownloadError(
            f"{place.parent} has no {place.name} with sha256 {entry.sha256} and is read-only; "
            "put that file there or set UNROLLED_DATA to a folder that can be written"
        )
    place.parent.mkdir(parents=True, exist_ok=True)
    with atomically(place) as part:
        _receive(entry, part, place)
        came = sha256_of(part)
        if came != entry.sha256:
            raise DownloadError(
                f"{entry.url} sent another {place.name}: expected {entry.size:,} bytes with "
                f"sha256 {entry.sha256}, got {part.stat().st_size:,} bytes with {came}; "
                f"nothing is kept, so try again later or put the expected file at {place}"
            )
    return place


def _receive(entry, part, place):
    """Write what the address sends to `part`, with a progress bar on a terminal."""
    import pooch
    import requests
    from tqdm import tqdm

    try:
        bar = tqdm(total=entry.size, desc=place.name, unit="B", unit_scale=True, disable=None)
        with bar:
            receive = pooch.HTTPDownloader(progressbar=bar, chunk_size=2**16, timeout=_PATIENCE)
            receive(entry.url, str(part), None)
    except requests.RequestException as error:
        got = part.stat().st_size if part.exists() else 0
        if error.response is not None:
            error.response.close()
            why = f"the server answered {error.response.status_code} {error.response.reason}"
        elif got:
            why = f"the connection ended after {got:,} bytes"
        else:
            why = f"no answer came ({type(error).__name__})"
        raise DownloadError(
            f"{place.name} could not be downloaded: expected {entry.size:,} bytes from "
            f"{entry.url}, but {why}; nothing is kept, so try again with a working network "
            f"or put the file at {place}"
        ) from error


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
        print(f"The small shipped data stands in: {error}.")
        return shipped()
