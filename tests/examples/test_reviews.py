"""The project of chapter 14: one truth with the chapter, and it runs in an empty folder."""

import ast
import random
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "code" / "unrolled" / "examples" / "reviews.py"
GOOD, BAD = "lovely warm funny clever", "dull cold silly empty"


def statements(tree):
    """What is done, without imports and printing."""
    kept = [node for node in tree if not isinstance(node, ast.Import | ast.ImportFrom)]
    return [text for node in kept if not (text := ast.unparse(node)).startswith("print(")]


def test_the_chapter_does_what_the_file_does_line_by_line():
    chapter = nbformat.read(ROOT / "book" / "14-keras-and-imdb.ipynb", as_version=4)
    code = "\n".join(
        cell.source
        for cell in chapter.cells
        if cell.cell_type == "code" and cell.id.startswith("project-")
    )
    main = next(
        node for node in ast.parse(SCRIPT.read_text()).body if isinstance(node, ast.FunctionDef)
    )
    assert statements(ast.parse(code).body) == statements(main.body[1:])


@pytest.mark.slow
def test_it_runs_on_a_table_of_ones_own_in_an_empty_folder(tmp_path):
    pytest.importorskip("tensorflow")
    shutil.copy(SCRIPT, tmp_path)
    draw = random.Random(0)
    rows = ["text,target"]
    for n in range(120):
        said = draw.choice((BAD, GOOD)[n % 2].split())
        rows.append(f'"A {said} film, number {draw.choice("abcdef")}.",{n % 2}')
    (tmp_path / "my.csv").write_text("\n".join(rows))
    command = [sys.executable, "-I", "reviews.py", "my.csv"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "{'train': 80, 'valid': 20, 'test': 20}" in done.stdout
    assert ", bag 1.00" in done.stdout
    assert "only network" in done.stdout
    assert {"reviews.keras", "served"} <= {path.name for path in tmp_path.iterdir()}
