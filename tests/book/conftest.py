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


@pytest.fixture(params=sorted(BOOK.glob("*.ipynb")), ids=lambda path: path.stem)
def chapter(request):
    return Chapter(request.param, nbformat.read(request.param, as_version=4))
