"""A chapter shows results as numbers, prints True for identities alone, and folds its plumbing."""

import re
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_output

BOOK = Path(__file__).parents[2] / "book"

# Cells that say True or False and test no identity: (chapter, cell) and why it has to be.
ALLOWED = {
    ("13-three-engines", "reset-after"): "the default of an argument that is a switch",
}
IDENTITY = re.compile(r"\b(?:allclose|array_equal|array_equiv|check|check_gradients)\(")
FIGURES = re.compile(r"^from unrolled\.figures import \(?([\w, \n]+)", re.MULTILINE)
PLUMBING = re.compile(r"\b(?:title|alt|[xy]_title)[\"']?\s*[=:]")
LINES = 3


def verdicts(cell):
    """How often the outputs of a cell say True or False."""
    texts = [o.get("text", "") or o.get("data", {}).get("text/plain", "") for o in cell.outputs]
    return len(re.findall(r"\b(?:True|False)_?\b", "\n".join(texts)))


def unexplained(cell):
    """Whether a cell says True or False of something that is no identity.

    In a loop one line of code may say it often.
    """
    identities = len(IDENTITY.findall(cell.source))
    repeated = identities and re.search(r"\bfor\b", cell.source)
    return verdicts(cell) > identities and not repeated


def plumbing(cells):
    """The cells that draw and show more than the call, and are not folded."""
    imports = [names for cell in cells for names in FIGURES.findall(cell.source)]
    modules = set(re.findall(r"\w+", " ".join(imports))) - {"theme"}
    calls = re.compile(rf"\b(?:{'|'.join(modules)})\.\w+\(") if modules else None
    return [
        cell.id
        for cell in cells
        if calls
        and calls.search(cell.source)
        and not {"hide-input", "hide-cell"} & set(cell.metadata.get("tags", []))
        and (long(cell) or PLUMBING.search(cell.source))
    ]


def long(cell):
    lines = [line for line in cell.source.splitlines() if line.strip()]
    return len([line for line in lines if not re.match(r"from |import ", line)]) > LINES


def test_true_is_printed_for_identities_only(chapter):
    found = [cell.id for cell in chapter.code if unexplained(cell)]
    allowed = [cell for stem, cell in ALLOWED if stem == chapter.path.stem]
    assert sorted(found) == sorted(allowed)


def test_a_cell_that_draws_is_short_or_folded(chapter):
    assert plumbing(chapter.code) == []


def test_what_is_allowed_has_a_reason():
    stems = {path.stem for path in BOOK.glob("[0-9]*.ipynb")}
    assert {stem for stem, _ in ALLOWED} <= stems
    assert all(len(reason.split()) > 3 for reason in ALLOWED.values())


@pytest.mark.parametrize(
    ("source", "said", "found"),
    [
        ("np.allclose(a, b)", "True", False),
        ("print(np.allclose(a, b), loss < 0.1)", "True True", True),
        ("for a in b:\n    print(np.allclose(a, b))", "True\nTrue", False),
        ("for a in b:\n    print(a > 3)", "[True, False]", True),
        ("loss < 0.1", "np.True_", True),
        ("loss < 0.1", "True", True),
        ("print(loss)", "Truely 0.1", False),
    ],
)
def test_a_result_that_says_true_is_found(source, said, found):
    assert unexplained(new_code_cell(source, outputs=[new_output("stream", text=said)])) == found


def test_a_drawing_with_its_plumbing_is_found():
    sources = {
        "imports": "from unrolled.figures import lines, theme",
        "short": "curves = x, y\nlines.curves(*curves)",
        "words": "lines.curves(x, y, title='Finding.')",
        "long": "a = 1\nb = 2\nc = 3\nlines.curves(a, b, c)",
        "other": "a = 1\nb = 2\nc = 3\nfile.lines(title=a)",
        "folded": "title = 'Finding.'\nlines.curves(x, y, title=title)",
    }
    cells = [new_code_cell(source, id=name) for name, source in sources.items()]
    cells[-1].metadata["tags"] = ["hide-input"]
    assert plumbing(cells) == ["words", "long"]
