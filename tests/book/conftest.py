from pathlib import Path
from typing import NamedTuple

import nbformat
import pytest

BOOK = Path(__file__).parents[2] / "book"


class Chapter(NamedTuple):
    """One notebook of the book."""

    path: Path
    notebook: nbformat.NotebookNode

    @property
    def cells(self):
        return self.notebook.cells

    @property
    def code(self):
        return [cell for cell in self.cells if cell.cell_type == "code"]

    @property
    def prose(self):
        return [cell for cell in self.cells if cell.cell_type == "markdown"]


def notebooks(pattern):
    """A fixture with each notebook whose name fits, one after the other."""

    @pytest.fixture(params=sorted(BOOK.glob(pattern)), ids=lambda path: path.stem)
    def notebook(request):
        return Chapter(request.param, nbformat.read(request.param, as_version=4))

    return notebook


chapter = notebooks("[0-9]*.ipynb")
page = notebooks("*.ipynb")  # the appendix, too
