"""DataFrames in a page and in a notebook."""

import re

import numpy as np
import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell
from unrolled.figures import tables

COLUMNS = {"k": [1, 24], "loss": [2 / 3, 1.5], "share": ["45 %", "3 %"], "cell": ["rnn", "a & b"]}


@pytest.fixture
def frame():
    with np.printoptions(precision=4):
        yield pd.DataFrame(COLUMNS)


def rows(html):
    """Every row as its cells: (element, side to which it is set, text)."""
    cell = re.compile(
        r'<(t[hd])(?: scope="\w+" style="text-align: (\w+)"| style="text-align: (\w+)")?>(.*?)</'
    )
    found = re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL)
    return [[(kind, a or b, text) for kind, a, b, text in cell.findall(row)] for row in found]


def test_rows_that_are_only_counted_have_no_numbers(frame):
    assert tables.text(frame).splitlines() == [
        " k   loss share  cell",
        " 1 0.6667  45 %   rnn",
        "24 1.5000   3 % a & b",
    ]
    assert [[text for _, _, text in row] for row in rows(tables.html(frame))] == [
        ["k", "loss", "share", "cell"],
        ["1", "0.6667", "45 %", "rnn"],
        ["24", "1.5000", "3 %", "a &amp; b"],
    ]


def test_an_index_with_a_name_has_it_in_the_header(frame):
    header, first, _ = rows(tables.html(frame.set_index("cell")))
    right = [("k", "1"), ("loss", "0.6667"), ("share", "45 %")]
    assert header == [("th", "left", "cell"), *[("th", "right", name) for name, _ in right]]
    assert first == [("th", "left", "rnn"), *[("td", "right", value) for _, value in right]]
    said = tables.text(frame.set_index("cell")).splitlines()
    assert said[0].split() == ["cell", "k", "loss", "share"]
    assert len(said) == 3


def test_an_index_that_counts_but_has_a_name_is_kept():
    frame = pd.DataFrame({"a": [5, 6]}, index=pd.RangeIndex(2, name="step"))
    assert tables.text(frame).split() == ["step", "a", "0", "5", "1", "6"]
    assert [text for row in rows(tables.html(frame)) for _, _, text in row] == tables.text(
        frame
    ).split()


def test_an_index_without_a_name_leaves_no_empty_header(frame):
    frame.index = ["first", "second"]
    assert rows(tables.html(frame))[0][0] == ("td", "", "")
    assert rows(tables.html(frame))[1][0] == ("th", "left", "first")


def test_words_go_to_the_left_and_what_begins_with_a_number_to_the_right():
    frame = pd.DataFrame(
        {"a": ["-3 %", "1,200"], "b": ["3", "none"], "c": [True, False], "d": [1, 2.5]}
    )
    assert [tables.numeric(frame[name]) for name in frame] == [True, False, False, True]


def test_long_tables_are_cut_and_long_lines_are_not():
    frame = pd.DataFrame({"n": np.arange(50), "words": "so many words that a row is long " * 4})
    said = tables.text(frame).splitlines()
    assert len(said) == 1 + tables.ROWS + 1
    assert len(said[1]) > 120
    assert tables.html(frame).count("<tr") == 1 + tables.ROWS + 1


def test_tables_of_several_levels_are_left_to_pandas(frame):
    deep = frame.set_index(["cell", "k"])
    assert tables.html(deep).count("<th>") > 4
    assert "a & b 24" in tables.text(deep)


def test_ipython_shows_every_frame_so(frame, monkeypatch):
    shell = InteractiveShell()
    monkeypatch.setattr(tables, "get_ipython", lambda: shell)
    tables.use()
    shown, _ = shell.display_formatter.format(frame)
    assert shown == {"text/plain": tables.text(frame), "text/html": tables.html(frame)}
    monkeypatch.setattr(tables, "get_ipython", lambda: None)
    tables.use()


def test_no_header_is_empty_where_rows_have_two_names(frame):
    html = tables.html(frame.set_index(["k", "cell"]).rename_axis([None, None]))
    assert "<th></th>" not in html
    assert html.count("<td></td>") == 2
