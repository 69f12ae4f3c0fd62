import json
import re
from pathlib import Path

import nbformat
from booktools import approx, tidy

ROOT = Path(__file__).parents[2]
NBVAL_TAGS = {"nbval-ignore-output", "nbval-skip", "raises-exception", "nbval-raises-exception"}
TABS = {"tab-numpy", "tab-keras", "tab-torch"}
TAGS = {"hide-input", "hide-cell", "remove-cell", "remove-input"} | TABS | NBVAL_TAGS
MACHINE = [str(ROOT.parent), str(Path.home()), "/tmp/", "/home/", "/Users/", "C:\\Users"]


def text_of(output):
    """What a reader reads of an output."""
    return output.get("text", "") or "".join(output.get("data", {}).values())


def lines_of(cell):
    """The lines of a code cell that are not blank."""
    return [line for line in cell.source.splitlines() if line.strip()]


def test_the_notebook_is_valid(page):
    nbformat.validate(json.loads(page.path.read_text()))
    assert (page.notebook.nbformat, page.notebook.nbformat_minor) == (4, 5)


def test_every_cell_has_run_once_in_order(page):
    counts = [cell.execution_count for cell in page.code]
    assert counts == list(range(1, len(counts) + 1))
    for cell in page.code:
        for output in cell.outputs:
            assert output.get("execution_count", cell.execution_count) == cell.execution_count


def test_outputs_are_text_only(page):
    for cell in page.code:
        for output in cell.outputs:
            assert output.output_type in ("stream", "execute_result", "display_data"), cell.id
            assert output.get("name", "stdout") == "stdout", cell.id
            assert set(output.get("data", {})) <= tidy.TEXT, cell.id
            assert not output.get("metadata"), cell.id


def test_metadata_is_what_tidy_leaves(page):
    assert page.notebook.metadata == tidy.KERNEL
    for cell in page.cells:
        assert cell.metadata == tidy.metadata(cell), cell.id
        assert "attachments" not in cell, cell.id


def test_the_file_is_written_as_tidy_writes_it(page):
    assert page.path.read_text() == nbformat.writes(page.notebook) + "\n"
    for cell in page.code:
        written = [tidy.text_of(output) for output in tidy.kept(cell) if tidy.has_text(output)]
        assert cell.outputs == written, cell.id


def test_the_first_cell_of_code_is_the_setup(page):
    first = page.code[0]
    assert first.source == tidy.setup_source()
    aside = ["remove-cell"] * (page.path.stem in ("index", "playground"))  # nobody looks for it
    assert first.metadata.get("tags") == ["hide-input", *aside]
    assert not first.outputs


def test_nothing_tells_on_which_machine_it_ran(page):
    for cell in page.cells:
        texts = [cell.source, *map(text_of, cell.get("outputs", []))]
        for place in MACHINE:
            assert not any(place in text for text in texts), f"{place} in {cell.id}"
        assert not any(re.search(r"\b0x[0-9a-f]{6,}\b", text) for text in texts), cell.id


def test_every_cell_has_a_readable_name_of_its_own(page):
    ids = [cell.id for cell in page.cells]
    assert len(set(ids)) == len(ids)
    for name in ids:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name), name
        assert re.search(r"[a-z]", name), name
        assert not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){0,3}(-[0-9a-f]{12})?", name), name


def test_cells_of_code_are_short(page):
    sizes = {cell.id: len(lines_of(cell)) for cell in page.code[1:]}
    assert max(sizes.values()) <= 30, max(sizes, key=sizes.get)
    open_ = [cell.id for cell in page.code if "hide-input" not in cell.metadata.get("tags", [])]
    long = [name for name in open_ if sizes[name] > 8]
    assert len(long) <= 0.2 * len(sizes), long


def test_no_cell_is_empty(page):
    assert all(cell.source.strip() == cell.source for cell in page.cells)
    assert all(cell.source for cell in page.cells)


def test_tags_are_the_agreed_ones_and_an_exception_from_nbval_has_its_reason(page):
    for cell in page.cells:
        for tag in cell.metadata.get("tags", []):
            known = tag in TAGS or tag.startswith("same-as:") or approx.tolerance([tag])
            assert known, f"{tag} in {cell.id}"
            if tag in NBVAL_TAGS:
                assert cell.source.startswith("# "), f"{cell.id} does not say why it has {tag}"
        assert "nbval" not in cell.source.lower(), cell.id


def test_widgets_are_displayed_and_never_a_bare_last_expression(page):
    """Google Colab finds the widget manager only through `display`."""
    for cell in page.code:
        for output in cell.outputs:
            if re.match(r"[A-Z][A-Za-z]+\([a-z_0-9A-Z]+=", text_of(output)):
                assert output.output_type == "display_data", cell.id
        assert not re.search(r"\binteract\(|\bOutput\(|\.show\(\)", cell.source), cell.id
