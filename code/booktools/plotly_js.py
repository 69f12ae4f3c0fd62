"""plotly.js for the pages: the part that the book needs if npm can fetch it, else the whole.

The part weighs a third of the whole. npm checks what it fetches against the checksum of its
registry; the version is that of the installed plotly package, which brings the whole.
"""

import shutil
import subprocess
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

import plotly
from plotly.offline import get_plotlyjs_version

WHOLE = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
PART = "plotly.js-cartesian-dist-min"
MEMBER = "package/plotly-cartesian.min.js"
SECONDS = 60


def place(folder, *, npm=None):
    """The script to copy into the pages.

    Parameters
    ----------
    folder : Path
        Where a fetched part is kept for the next build.
    npm : str, optional
        The command; looked for on the PATH if not given. Without it the whole is used.
    """
    kept = folder / f"{PART}-{get_plotlyjs_version()}.js"
    npm = npm or shutil.which("npm")
    if not kept.is_file() and npm:
        fetch(npm, kept)
    return kept if kept.is_file() else WHOLE


def fetch(npm, target):
    """Let npm fetch the part and put it at `target`; leave nothing there if it cannot."""
    package = f"{PART}@{get_plotlyjs_version()}"
    with TemporaryDirectory() as scratch:
        command = [npm, "pack", package, "--silent", "--fetch-retries=0", "--pack-destination", "."]
        try:
            subprocess.run(command, cwd=scratch, check=True, capture_output=True, timeout=SECONDS)
            (archive,) = Path(scratch).glob("*.tgz")
            with tarfile.open(archive) as packed:
                script = packed.extractfile(MEMBER).read()
        except (OSError, subprocess.SubprocessError, tarfile.TarError, KeyError, ValueError):
            return
        written = Path(scratch) / "script.js"
        written.write_bytes(script)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(written, target)
