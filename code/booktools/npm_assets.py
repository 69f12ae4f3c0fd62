"""Lighter and quicker scripts for the pages, where npm is there to make them.

They are the parts of plotly.js that the book uses, and KaTeX for the formulas. Without npm the
pages get the whole plotly.js and MathJax from Python packages: heavier, and the same to look at.
npm checks what it fetches against the checksums of its registry.
"""

import hashlib
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

SOURCES = sorted(Path(__file__).with_name("npm").iterdir())
INSTALL = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"]
BUNDLE = ["--bundle", "--minify", "--format=iife", "--global-name=Plotly", "--target=es2016"]
DEFINE = ["--define:global=window", "--define:define.amd=false", "--log-level=error"]
KATEX = ("katex.min.js", "katex.min.css", "fonts/*.woff2")
SECONDS = 300


def place(kept, *, npm=None):
    """The folder with `plotly.min.js` and `katex/`, or None if it cannot be made.

    Parameters
    ----------
    kept : Path
        Where what was made is kept for the next build.
    npm : str, optional
        The command; looked for on the PATH if not given.
    """
    digest = hashlib.sha256(b"".join(source.read_bytes() for source in SOURCES))
    made = kept.resolve() / digest.hexdigest()[:16]
    npm = npm or shutil.which("npm")
    if not made.is_dir() and npm:
        make(npm, made)
    return made if made.is_dir() else None


def make(npm, target):
    """Install the packages, make the scripts, put them at `target`; nothing if that fails."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=target.parent) as scratch:
        scratch = Path(scratch)
        for source in SOURCES:
            shutil.copy2(source, scratch)
        made = scratch / "made"
        esbuild = scratch / "node_modules" / ".bin" / "esbuild"
        try:
            _run([npm, *INSTALL, "--fetch-retries=0"], scratch)
            _run(
                [esbuild, "plotly.js", *BUNDLE, *DEFINE, f"--outfile={made}/plotly.min.js"], scratch
            )
            for pattern in KATEX:
                _copy(scratch / "node_modules" / "katex" / "dist", pattern, made / "katex")
            made.rename(target)
        except (OSError, subprocess.SubprocessError):
            return


def _run(command, folder):
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=SECONDS)


def _copy(source, pattern, target):
    for path in source.glob(pattern):
        place = target / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, place)
