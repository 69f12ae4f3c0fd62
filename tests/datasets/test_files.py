import hashlib
import importlib
import re
from importlib.util import find_spec
from pathlib import Path

import pytest
from unrolled.datasets import files
from unrolled.experiments.__main__ import parser

DATA = Path(__file__).parents[2] / "data"
COLUMNS = ["file", "what", "units", "source", "license", "sha256", "loader"]


SHIPPED, RECORDED = (DATA / "README.md").read_text().split("## Recorded experiments")


def rows():
    """The first table in data/README.md, a dict for each row."""
    lines = [line for line in SHIPPED.splitlines() if line[:1] == "|"]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert cells[0] == COLUMNS
    return [dict(zip(COLUMNS, row, strict=True)) for row in cells[2:]]


ROWS = pytest.mark.parametrize("row", rows(), ids=lambda row: row["file"])


def test_every_file_has_one_row_and_every_row_a_file():
    shipped = [path for path in DATA.rglob("*") if path.is_file() and path.name != "README.md"]
    names = sorted(path.relative_to(DATA).as_posix() for path in shipped)
    assert sorted(row["file"] for row in rows()) == [n for n in names if n[:8] != "results/"]


def test_every_record_is_named_with_the_command_that_wrote_it():
    named = re.findall(r"^\| ([\w-]+)\.json(, \.npz)? \| .+ \| `([^`]+)` \|$", RECORDED, re.M)
    files_named = {f"{name}.json" for name, _, _ in named} | {
        f"{n}.npz" for n, more, _ in named if more
    }
    assert files_named == {path.name for path in (DATA / "results").iterdir()}
    for _, _, command in named:
        if command.endswith(".py"):
            assert (DATA.parent / command.split()[-1]).is_file(), command
        elif command.startswith("."):
            assert find_spec(f"unrolled.experiments{command.split()[0]}"), command
        else:
            parser().parse_args(command.split())


@ROWS
def test_every_row_is_complete(row):
    assert all(row.values()), row


@ROWS
def test_every_file_has_the_checksum_of_its_row(row):
    assert hashlib.sha256((DATA / row["file"]).read_bytes()).hexdigest() == row["sha256"]


@ROWS
def test_every_file_is_small_and_plain_text(row):
    content = (DATA / row["file"]).read_bytes()
    assert len(content) < 1_000_000
    assert b"\r" not in content
    content.decode("utf-8")


@ROWS
def test_every_loader_that_a_row_names_can_be_imported_and_called(row):
    module, _, name = re.fullmatch(r"`(.+)`", row["loader"]).group(1).rpartition(".")
    assert getattr(importlib.import_module(module), name)() is not None


def test_a_shipped_file_is_found_in_the_checkout():
    assert files.path("sunspots.csv").samefile(DATA / "sunspots.csv")


def test_inside_the_installed_package_it_is_found_first(tmp_path, monkeypatch):
    package, checkout = tmp_path / "package", tmp_path / "checkout"
    for folder in (package, checkout):
        folder.mkdir()
        (folder / "both.csv").write_text("")
    (checkout / "one.csv").write_text("")
    monkeypatch.setattr(files, "_PLACES", (package, checkout))
    assert files.path("both.csv") == package / "both.csv"
    assert files.path("one.csv") == checkout / "one.csv"


@pytest.mark.parametrize("name", ["moonspots.csv", "results", ""])
def test_what_is_missing_is_named_with_the_places_where_it_was_looked_for(name):
    with pytest.raises(FileNotFoundError) as caught:
        files.path(name)
    assert f"there is no shipped file {name!r} in " in str(caught.value)
    assert str(DATA) in str(caught.value)
