import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from booktools import execution
from jupyter_cache import get_cache

CONFTEST = Path(__file__).parents[2] / "book" / "conftest.py"
WRONG = "raise ValueError('a cell that fails')"


@pytest.fixture
def build(tmp_path):
    """A function that executes notebooks of one cell each before a build reads them."""
    config = {"nb_execution_cache_path": str(tmp_path / "cache"), "nb_execution_timeout": 60}
    app = SimpleNamespace(config=SimpleNamespace(**config))
    env = SimpleNamespace(doc2path=lambda name: str(tmp_path / name))

    def filled(**sources):
        for name, source in sources.items():
            cells = [nbformat.v4.new_code_cell(source)]
            notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL})
            nbformat.write(notebook, tmp_path / f"{name}.ipynb")
        names = [f"{name}.ipynb" for name in sources]
        execution.fill_cache(app, env, [*names, "index.md"])
        return {
            name: outputs(get_cache(config["nb_execution_cache_path"]), tmp_path / name)
            for name in names
        }

    return filled


KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def outputs(cache, place):
    """What the cell of a notebook printed, from the cache; None if that has none of it."""
    notebook = nbformat.read(place, as_version=4)
    try:
        _, known = cache.merge_match_into_notebook(notebook)
    except KeyError:
        return None
    return [output["text"] for output in known.cells[0].outputs]


def test_what_will_be_read_is_executed_in_its_folder_and_kept_but_what_fails(build, tmp_path):
    here = "import os; print(os.getcwd())"
    found = build(a=here, b="print(1 + 1)", c=WRONG)
    assert found == {"a.ipynb": [f"{tmp_path}\n"], "b.ipynb": ["2\n"], "c.ipynb": None}


def test_what_is_kept_is_not_executed_again(build, tmp_path):
    counted = f"file = open({str(tmp_path / 'count')!r}, 'a'); file.write('once '); file.close()"
    for _ in range(2):
        build(a=counted)
    assert (tmp_path / "count").read_text() == "once "
    build(a=counted + "  # changed")
    assert (tmp_path / "count").read_text() == "once once "


@pytest.mark.parametrize(
    ("audience", "processes", "kept"), [("page", "2", ["3\n"]), ("text", "0", None)]
)
def test_what_was_tested_for_pages_is_not_executed_again_but_what_fails(
    tmp_path, audience, processes, kept
):
    book = tmp_path / "book"
    book.mkdir()
    shutil.copy(CONFTEST, book)
    for name, source in {"a": "print(3)", "b": WRONG}.items():  # one for each process
        cells = [nbformat.v4.new_code_cell(source)]
        notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL})
        nbformat.write(notebook, book / f"{name}.ipynb")
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-n", processes]
    code = str(CONFTEST.parents[1] / "code")
    there = os.environ | {"UNROLLED_AUDIENCE": audience, "PYTHONPATH": code}
    subprocess.run([*command, "--dist", "loadfile", book], cwd=book, env=there, check=False)
    cache = execution.cache_below(tmp_path / "_build")
    assert [outputs(cache, book / f"{name}.ipynb") for name in "ab"] == [kept, None]
