"""What an address sends, written to a file that cannot grow beyond what was agreed on."""

import io
from contextlib import ExitStack

_PATIENCE = (10, 60)  # seconds to connect, and between two parts of an answer


class DownloadError(OSError):
    """A file is not in the cache and could not be put there; the message says what to do."""


class _TooMuchError(ValueError):
    """A server sent more bytes than the file has."""


class _Part(io.BufferedWriter):
    """A new file that refuses to grow beyond a size: a server may go on sending forever."""

    def __init__(self, place, size):
        super().__init__(io.FileIO(place, "w"))
        self._left = size

    def write(self, chunk):
        """Write bytes. Raises _TooMuchError before a byte too many is written."""
        self._left -= len(chunk)
        if self._left < 0:
            raise _TooMuchError
        return super().write(chunk)


def receive(entry, part, place):
    """Write what the address of an entry sends to `part`, with a progress bar on a terminal.

    Raises DownloadError that names `place`, where the file belongs, and OSError of the disk.
    """
    import pooch
    from tqdm import tqdm

    try:
        bar = tqdm(total=entry.size, desc=place.name, unit="B", unit_scale=True, disable=None)
        with bar, ExitStack() as connections, _Part(part, entry.size) as file:

            def close_at_the_end(response, **_):
                connections.callback(response.close)

            hooks = {"response": close_at_the_end}
            settings = {"chunk_size": 2**16, "timeout": _PATIENCE, "hooks": hooks}
            pooch.HTTPDownloader(progressbar=bar, **settings)(entry.url, file, None)
    except (OSError, ValueError) as error:
        # An error with a number is one of the disk; requests and urllib3 give theirs none.
        if getattr(error, "errno", None) is not None:
            raise
        raise DownloadError(
            f"{place.name} could not be downloaded: expected {entry.size:,} bytes from "
            f"{entry.url}, but {_why(error, part)}; nothing is kept, so try again with a working "
            f"network or put the file at {place}"
        ) from error


def _why(error, part):
    """What went wrong on the way."""
    response = getattr(error, "response", None)
    if response is not None:
        return f"the server answered {response.status_code} {response.reason}"
    if isinstance(error, _TooMuchError):
        return "the server sent more"
    if part.exists() and (got := part.stat().st_size):
        return f"the connection ended after {got:,} bytes"
    return f"no answer came ({type(error).__name__})"
