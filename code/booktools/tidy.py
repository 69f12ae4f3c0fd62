"""Run chapters top to bottom and write them back in canonical form: prose, code, text outputs.

python code/booktools/tidy.py book/*.ipynb

Twice in a row gives the same bytes. Two things are written here: the chapter's number in its title,
from the name of its file, and the first code cell, the same in every chapter, from the repository's
address in _config.yml.
"""

import os
import re
import sys
from pathlib import Path

import nbformat
import yaml
from nbclient import NotebookClient

os.environ["UNROLLED_AUDIENCE"] = "text"  # nothing is drawn for nobody

ROOT = Path(__file__).resolve().parents[2]
KERNEL = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
TEXT = {"text/plain", "text/latex", "text/markdown"}
SOLUTION = "hide-cell"
FOLDED = {"hide-input", SOLUTION}
UNSTORED = {"nbval-ignore-output", SOLUTION}
SETUP = """\
# @title Setup: in Google Colab, installs the book's code; elsewhere, does nothing
import importlib.util

if importlib.util.find_spec("unrolled") is None:
    %pip install -q git+{url}
    importlib.invalidate_caches()
    if importlib.util.find_spec("unrolled") is None:
        raise ImportError(
            "The book's code was not installed; pip says why. It needs a network, git "
            "and Python 3.11 or newer: see to these, then run this cell again."
        )

import numpy as np
from unrolled.figures import theme

theme.use()
np.set_printoptions(precision=4, suppress=True)
rng = np.random.default_rng(7)"""


def setup_source():
    """The first code cell of every chapter."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text())
    return SETUP.format(url=config["repository"]["url"])


def tidy(path):
    """Execute one notebook in a fresh kernel and rewrite it in canonical form.

    Raises nbclient's CellExecutionError if a cell fails; the file is then left as it was.
    """
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source = titled(notebook.cells[0].source, path)
    first = next(cell for cell in notebook.cells if cell.cell_type == "code")
    first.source = setup_source()
    NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        record_timing=False,
        store_widget_state=False,
    ).execute()
    notebook.metadata = KERNEL
    for cell in notebook.cells:
        cell.metadata = metadata(cell)
        if cell.cell_type == "code":
            cell.outputs = joined(text_of(output) for output in kept(cell) if has_text(output))
    nbformat.write(notebook, path)


def titled(source, path):
    """The first cell of a chapter, with the number of its file in its title."""
    number = re.match(r"\d\d", path.stem)
    return re.sub(r"^# (?:\d+\. )?", f"# {int(number[0])}. ", source) if number else source


def metadata(cell):
    """A cell's metadata: its tags, and what folds its source in JupyterLab and Colab."""
    tags = cell.metadata.get("tags", [])
    found = {"tags": tags} if tags else {}
    if FOLDED & set(tags):
        found |= {"jupyter": {"source_hidden": True}, "cellView": "form"}
    return found


def kept(cell):
    """The outputs of a cell: none of a solution, none if every machine answers otherwise."""
    return [] if UNSTORED & set(cell.metadata.get("tags", [])) else cell.outputs


def joined(outputs):
    """The outputs with neighboring prints as one: where they are cut depends on the clock."""
    found = []
    for output in outputs:
        if found and output.output_type == found[-1].output_type == "stream":
            found[-1].text += output.text
        else:
            found.append(output)
    return found


def has_text(output):
    """Whether an output has something for nbval to compare: no figure, no widget, no warning."""
    if "data" in output:
        return bool(TEXT & set(output["data"])) and "image/png" not in output["data"]
    return output.get("name") != "stderr"


def text_of(output):
    """The textual part of an output."""
    if "data" in output:
        output["data"] = {mime: text for mime, text in output["data"].items() if mime in TEXT}
        output["metadata"] = {}
    return output


if __name__ == "__main__":
    for name in sys.argv[1:]:
        tidy(Path(name))
        print(name)
