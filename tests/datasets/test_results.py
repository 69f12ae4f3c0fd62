import json
import tomllib
from pathlib import Path

import pytest
from unrolled.datasets import files, load_results
from unrolled.datasets.results import read

CHECKOUT = Path(__file__).parents[2]
RECORDS = sorted((CHECKOUT / "data" / "results").glob("*.json"))
KEYS = {"experiment", "date", "device", "versions", "settings", "results"}


@pytest.fixture
def recorded(tmp_path, monkeypatch):
    """A record in the place of the shipped ones."""
    record = {
        "experiment": "tides",
        "date": "2026-01-31",
        "device": "a desk",
        "versions": {"python": "3.12.1", "numpy": "2.0.0"},
        "settings": {"seed": 7},
        "results": {"loss": [2.5, None]},
    }
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "tides.json").write_text(json.dumps(record))
    monkeypatch.setattr(files, "_PLACES", (tmp_path,))
    return record


def test_a_record_comes_back_and_says_when_where_and_with_what(recorded, capsys):
    assert load_results("tides") == recorded
    line = "tides: recorded 2026-01-31 on a desk, python 3.12.1, numpy 2.0.0\n"
    assert capsys.readouterr().out == line


def test_what_it_says_is_no_wider_than_a_page(recorded, capsys, tmp_path):
    long = recorded | {"device": "a processor with a long-winded name, 1 thread(s) in each process"}
    (tmp_path / "results" / "tides.json").write_text(json.dumps(long))
    load_results("tides")
    told = capsys.readouterr().out
    assert max(map(len, told.splitlines())) <= 88
    assert " ".join(told.split()).endswith(
        "long-winded name, 1 thread(s) in each process, python 3.12.1, numpy 2.0.0"
    )


def test_it_can_be_read_without_a_word(recorded, capsys):
    assert read("tides") == recorded
    assert capsys.readouterr().out == ""


def test_a_record_that_is_missing_is_named_with_the_place(recorded, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"'results/ebb\.json' in ") as caught:
        load_results("ebb")
    assert str(tmp_path) in str(caught.value)


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_every_shipped_record_is_small_complete_and_called_by_its_file(path, capsys):
    record = load_results(path.stem)
    assert record.keys() - {"data"} == KEYS
    assert record["experiment"] == path.stem
    assert capsys.readouterr().out.count("\n") <= 3
    assert path.stat().st_size < 100_000


def test_an_installed_package_has_every_shipped_file():
    settings = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["setuptools"]
    data = CHECKOUT / settings["package-dir"]["unrolled.data"]
    globs = settings["package-data"]["unrolled.data"]
    assert RECORDS
    assert {path for path in data.rglob("*") if path.is_file()} <= {
        path for glob in globs for path in data.glob(glob)
    }
