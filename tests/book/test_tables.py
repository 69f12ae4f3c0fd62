import json
import re

import pytest
from booktools import markup, tables

LARGE, SMALL = "A" * tables.LARGE, "B" * 100


def page(*codes):
    """A page with an explorable for each of the packed tables."""
    specs = [json.dumps({"panes": [], "codes": c}, separators=(",", ":")) for c in codes]
    start = '<figure class="unrolled-figure explorable"><p></p><script type="application/json">'
    return "".join(f"{start}{spec}</script></figure>" for spec in specs)


def without_tables(text, site):
    tree = markup.parsed(text)
    tables.move_tables(tree, site)
    return markup.written(tree)


@pytest.fixture
def moved(tmp_path):
    return without_tables(page(SMALL, LARGE), tmp_path), tmp_path / "_static/tables"


def test_a_large_table_moves_to_a_file_that_is_there_before_it_is_named(moved):
    text, folder = moved
    (file,) = folder.iterdir()
    assert file.read_text() == f'(window.UNROLLED_TABLES ??= {{}})["{file.stem}"] = "{LARGE}";\n'
    assert f'<script src="_static/tables/{file.name}"></script><figure ' in text
    specs = re.findall(r'json">(.*?)</script>', text)
    assert [json.loads(spec)["codes"] for spec in specs] == [SMALL, file.stem]


def test_a_page_of_which_the_tables_have_moved_stays_as_it_is(moved, tmp_path):
    text, _ = moved
    assert without_tables(text, tmp_path / "other") == text
    assert not (tmp_path / "other").exists()
