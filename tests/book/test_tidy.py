from pathlib import Path

import nbformat
import pytest
from booktools.tidy import KERNEL, has_text, joined, metadata, setup_source, text_of, tidy, titled
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

FIGURE = """\
from unrolled.figures import lines
about = {"title": "Finding", "alt": "A line.", "x_title": "x", "y_title": "y"}
lines.curves(np.arange(3), {"a": (np.arange(3), "forward")}, **about)"""
NOISE = "import sys\nsys.stderr.write('a warning')\nprint('one')\nprint('two')"
CLOCK = "# No clock tells the same time twice.\nimport time\n\ntime.time()"
TABLE = (
    "import pandas as pd\n\nwords = ['rather long words in a row'] * 2\n"
    "pd.DataFrame({'loss': [2 / 3, 1e3], **{letter: words for letter in 'abcde'}})"
)
SOLUTION = "# @title Solution\nprint('the answer')"
EXPLORABLE = "from unrolled.explore import StepSize\ndisplay(StepSize())"


def write(path, *sources):
    """A notebook as an editor may leave it: counts out of order, timestamps, foreign metadata."""
    messy = {"execution": {"iopub.execute_input": "2026-01-01"}, "collapsed": True}
    stale = [new_output("stream", name="stdout", text="from another time")]
    cells = [
        new_code_cell(source, id=f"cell-{n}", execution_count=99 - n, metadata=messy, outputs=stale)
        for n, source in enumerate(sources)
    ]
    cells.insert(0, new_markdown_cell("# Title", id="title", metadata={"tags": [], "x": 1}))
    cells[-1].metadata["tags"] = ["hide-cell"]
    for cell in cells[1:]:
        if "clock" in cell.source:
            cell.metadata["tags"] = ["nbval-ignore-output"]
    foreign = {"widgets": {"state": 1}, "kernelspec": {"name": "mine", "display_name": "Mine"}}
    notebook = new_notebook(cells=cells, metadata=foreign)
    nbformat.write(notebook, path)
    return path


@pytest.fixture(scope="module")
def tidied(tmp_path_factory):
    """A small chapter after one run of tidy, and its bytes after one and after two."""
    path = tmp_path_factory.mktemp("book") / "chapter.ipynb"
    write(path, "# an old setup", FIGURE, EXPLORABLE, NOISE, CLOCK, TABLE, SOLUTION)
    tidy(path)
    once = path.read_bytes()
    notebook = nbformat.read(path, as_version=4)
    tidy(path)
    return notebook, once, path.read_bytes()


def test_tidy_twice_gives_the_same_bytes(tidied):
    _, once, twice = tidied
    assert once == twice
    assert len(once) < 6000


def test_the_result_is_a_valid_notebook_with_counts_in_order(tidied):
    notebook, _, _ = tidied
    nbformat.validate(notebook)
    assert [cell.execution_count for cell in notebook.cells[1:]] == [1, 2, 3, 4, 5, 6, 7]
    assert [cell.id for cell in notebook.cells] == ["title", *(f"cell-{n}" for n in range(7))]


def test_what_nobody_can_compare_is_not_kept(tidied):
    notebook, _, _ = tidied
    (clock,) = (cell for cell in notebook.cells if "clock" in cell.source)
    assert clock.execution_count == 5
    assert not clock.outputs
    solution = notebook.cells[-1]
    assert solution.execution_count == 7
    assert not solution.outputs


def test_a_table_is_whole_lines_of_text(tidied):
    header, *rows = tidied[0].cells[-2].outputs[0].data["text/plain"].splitlines()
    assert header.split() == ["loss", *"abcde"]
    assert [row.split()[0] for row in rows] == ["0.6667", "1000.0000"]
    assert len(header) == len(rows[0]) > 100


def test_the_setup_is_written_by_tidy_with_the_address_in_the_configuration(tidied):
    notebook, _, _ = tidied
    assert notebook.cells[1].source == setup_source()
    assert "git+https://" in setup_source()
    assert "{url}" not in setup_source()


def test_figures_warnings_and_widgets_leave_and_text_stays(tidied):
    _, setup, figure, explorable, noise, _, table, _ = tidied[0].cells
    assert setup.outputs == []
    assert not any("data" in output for output in figure.outputs)
    (display,) = explorable.outputs
    assert display.data == {"text/plain": "StepSize(exponent=1e-6, T=5, precision=float64)"}
    (stream,) = noise.outputs
    assert (stream.name, stream.text) == ("stdout", "one\ntwo\n")
    assert set(table.outputs[0].data) == {"text/plain"}


def test_metadata_is_the_kernel_and_the_tags_and_what_folds_a_solution(tidied):
    notebook, once, _ = tidied
    assert notebook.metadata == KERNEL
    assert b"2026-01-01" not in once
    tags = [{}] * 5 + [{"tags": ["nbval-ignore-output"]}, {}]
    assert [cell.metadata for cell in notebook.cells[:-1]] == tags
    folded = {"tags": ["hide-cell"], "jupyter": {"source_hidden": True}, "cellView": "form"}
    assert notebook.cells[-1].metadata == folded
    drawing = new_code_cell("1", metadata={"tags": ["hide-input"]})
    assert metadata(drawing) == folded | {"tags": ["hide-input"]}


def test_a_cell_that_fails_leaves_the_file_untouched(tmp_path):
    path = write(tmp_path / "chapter.ipynb", "", "1 / 0", "print('never')")
    before = path.read_bytes()
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        tidy(path)
    assert path.read_bytes() == before


def test_of_an_output_only_its_text_is_kept():
    both = new_output("display_data", {"text/plain": "w", "text/html": "<b>"}, metadata={"a": 1})
    assert has_text(both)
    assert text_of(both).data == {"text/plain": "w"}
    assert both.metadata == {}
    picture = new_output("display_data", {"text/plain": "<Figure>", "image/png": "..."})
    assert not has_text(picture)
    assert not has_text(new_output("display_data", {"text/html": "<b>"}))
    assert not has_text(new_output("stream", name="stderr", text="a warning"))


def test_a_cell_keeps_its_tags_in_their_order():
    cell = new_code_cell("1", metadata={"tags": ["b", "a"], "scrolled": True})
    assert metadata(cell) == {"tags": ["b", "a"]}
    assert metadata(new_code_cell("1")) == {}


def test_neighboring_prints_are_one_however_the_kernel_cut_them():
    shown = new_output("display_data", {"text/plain": "a figure"})
    parts = [
        new_output("stream", name="stdout", text=text) for text in ("one\n", "two\n", "three\n")
    ]
    found = joined([parts[0], parts[1], shown, parts[2]])
    assert [o.get("text", "figure") for o in found] == ["one\ntwo\n", "figure", "three\n"]


@pytest.mark.parametrize(
    ("name", "title"), [("04-back", "# 4. Back"), ("20-bugs", "# 20. Back"), ("make", "# Back")]
)
def test_a_title_gets_the_number_of_its_file_once(name, title):
    path = Path(f"{name}.ipynb")
    source = "# Back\n\n*A promise: # 3.*"
    assert titled(source, path) == source.replace("# Back", title)
    assert titled(titled(source, path), path) == titled(source, path)
