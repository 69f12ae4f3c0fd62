import random

import nbformat
import pytest
from booktools import approx
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from trials import digits

REAL = digits.ROOT / "book" / "02-one-step.ipynb"
IGNORED = "# No clock tells the same time twice.\nimport time\n\ntime.time()"


def result(text, count):
    return [new_output("execute_result", {"text/plain": text}, execution_count=count)]


def printed(text):
    return [new_output("stream", name="stdout", text=text)]


def cell(name, source, count, outputs=(), tags=()):
    return new_code_cell(
        source, id=name, execution_count=count, outputs=list(outputs), metadata={"tags": list(tags)}
    )


def html(count):
    source = "from IPython.display import HTML\nHTML('<b>7</b>')"
    data = {"text/html": "<b>7</b>", "text/plain": "<IPython.core.display.HTML object>"}
    outputs = [new_output("execute_result", data, execution_count=count)]
    return cell("html", source, count, outputs)


def write(folder):
    """A small chapter: what is noticed, what nbval does not compare, what was wrong before."""
    cells = [
        new_markdown_cell("# Title"),
        cell("setup", "x = 12", 1),
        cell("value", "x", 2, result("12", 2)),
        cell("print", "print(x, 'steps')", 3, printed("12 steps\n")),
        cell("near", "x / 5, 'of', 0.0", 10, result("(2.45, 'of', 0.0)", 10), ["approx:0.05"]),
        cell("word", "x > 3", 4, result("True", 4)),
        cell("clock", IGNORED, 5, tags=[digits.EXEMPT]),
        html(6),
        cell("skipped", "5", 7, result("5", 7), ["nbval-skip"]),
        cell("silent", "print(1)", 8),
        cell("fails", "1 / 0", 9, printed("8")),
    ]
    path = folder / "chapter.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    return path


@pytest.fixture(scope="module")
def findings(tmp_path_factory):
    """What comes of the small chapter, and of one of the book's."""
    small = write(tmp_path_factory.mktemp("book"))
    return digits.examine([small, REAL], seed=1)


def test_a_changed_digit_in_a_chapter_turns_its_cell_red(findings):
    found = findings[REAL.name]
    assert (found.unnoticed, found.red) == ({}, [])
    assert 10 < found.digits < len(found.changed)


def test_each_changed_character_is_noticed_unless_nbval_does_not_compare_it(findings):
    found = findings["chapter.ipynb"]
    assert list(found.changed) == ["value", "print", "near", "word", "html", "skipped", "fails"]
    assert found.digits == 6
    assert found.exempt == ["clock"]
    assert list(found.unnoticed) == ["html", "skipped", "fails"]
    assert found.unnoticed["html"] == "it passed"
    assert "Cell execution caused an exception" in found.unnoticed["fails"]
    assert found.red == ["silent"]


def test_a_conftest_that_leaves_out_too_much_is_found(tmp_path):
    wide = tmp_path / "wide.py"
    wide.write_text(digits.CONFTEST.read_text().replace('"text/html"', '"text/plain"'))
    found = digits.examine([write(tmp_path)], seed=1, conftest=wide)["chapter.ipynb"]
    assert list(found.unnoticed) == ["value", "near", "word", "skipped", "fails"]


def test_a_change_is_one_character_of_the_outputs():
    outputs = printed("a1 b22\n") + result("three", 1) + printed("4")
    for seed in range(30):
        changed = cell("c", "", 1, nbformat.from_dict(outputs))
        said = digits.change(changed, random.Random(seed))
        before, after = (
            "".join(held[key] for held, key, _ in approx.texts(each.outputs))
            for each in (cell("c", "", 1, outputs), changed)
        )
        ((old, new),) = [pair for pair in zip(before, after, strict=True) if len({*pair}) == 2]
        assert old.isdigit()
        assert new.isdigit()
        assert said.startswith(f"digit {old} to {new} at ")


def test_where_numbers_may_differ_a_leading_digit_changes_by_more_than_they_may():
    text = "loss 0.0503, -1,234.5 at 2024-05-01 of float64, 9e-07 and 0.00"
    for seed in range(60):
        changed = cell("c", "", 1, printed(text), ["approx:0.25"])
        digits.change(changed, random.Random(seed))
        before, after = (approx.parts(each)[1] for each in (text, changed.outputs[0].text))
        assert len(before) == len(after) == 4
        far = [not approx.agree(*pair, approx.LARGEST) for pair in zip(before, after, strict=True)]
        assert sum(far) == 1


def test_where_there_is_no_digit_a_letter_changes_and_where_no_letter_it_is_an_error():
    word = cell("c", "", 1, result("학교", 1))
    assert digits.change(word, random.Random(1)).startswith("letter ")
    assert word.outputs[0].data["text/plain"] != "학교"
    with pytest.raises(ValueError, match="no digit and no letter in what is stored of c"):
        digits.change(cell("c", "", 1, printed("...")), random.Random(1))


def test_without_a_verdict_there_is_an_error(tmp_path):
    path = write(tmp_path)
    broken = tmp_path / "broken.py"
    broken.write_text("1 / 0")
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        digits.examine([path], seed=1, conftest=broken)
