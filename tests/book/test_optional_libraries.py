"""A chapter runs up to the first cell that needs a library which is not installed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[2]
CONFTEST = ROOT / "book/conftest.py"
# None in sys.modules is what makes a library seem not to be installed.
RUN = """
import sys, pytest
sys.modules |= dict.fromkeys(["torch", "keras"])
sys.exit(pytest.main(["--nbval-lax", "--nbval-current-env", "-rs", "-p", "no:cacheprovider"]))
"""
CHAPTERS = {
    "four": ["1 + 1", "import torch", "2 + 2"],
    "thirteen": ['keras = need("keras")'],
    "fifteen": ["import numpy\nfrom torch.nn.utils import rnn"],
}


def test_what_follows_is_skipped_with_the_reason(tmp_path):
    for name, sources in CHAPTERS.items():
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / f"{name}.ipynb")
    shutil.copy(CONFTEST, tmp_path)
    command = [sys.executable, "-c", RUN]
    here = os.environ | {"PYTHONPATH": str(ROOT / "code")}
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=here)
    assert "1 passed, 4 skipped" in done.stdout, done.stdout
    for reason in ("four needs torch", "thirteen needs keras", "fifteen needs torch"):
        assert reason in done.stdout
