"""What the text refers to without a link exists: chapters, exercises, modules, files."""

import ast
import re
from functools import cache
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
NUMBERS = r"[Cc]hapters? (\d+(?:(?:, | and |, and | to )\d+)*)"
BOOK = {int(path.name[:2]): path for path in sorted(ROOT.glob("book/[0-9]*.ipynb"))}
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "tests" / "README.md",
    ROOT / "data" / "README.md",
]
NAMED = re.compile(r"`((?:book|code|data|tests|benchmarks|tests)/[^`\s*]*|[A-Za-z_]+\.(?:md|yml))`")
SAID = re.compile(
    rf"(?:Built up in|See|Used in) {NUMBERS}|^{NUMBERS}[:.]| {NUMBERS}\.$", re.MULTILINE
)


def chapters(text):
    """The numbers of the chapters that a text names."""
    found = set()
    for named in re.findall(NUMBERS, text):
        numbers = [int(number) for number in re.findall(r"\d+", named)]
        found.update(range(numbers[0], numbers[-1] + 1) if " to " in named else numbers)
    return found


@cache
def code_of(number):
    """All code of a chapter and of its explorables."""
    cells = nbformat.read(BOOK[number], as_version=4).cells
    modules = (path.read_text() for path in ROOT.glob("code/unrolled/explore/*.py"))
    own = [text for text in modules if text.startswith(f'"""Chapter {number}:')]
    return "\n".join([cell.source for cell in cells if cell.cell_type == "code"] + own)


def test_numbers_of_chapters_are_read_from_prose():
    assert chapters("In chapter 4, chapters 7, 9 and 10, and chapters 13 to 15.") == {
        4, 7, 9, 10, 13, 14, 15
    }  # fmt: skip


def test_a_chapter_names_chapters_that_exist_and_calls_itself_this_one(chapter):
    own = int(chapter.path.name[:2])
    for cell in chapter.cells:
        for number in chapters(cell.source):
            assert number in BOOK, cell.id
            assert number != own, cell.id


def test_an_exercise_that_the_text_names_is_there(chapter):
    ids = {cell.id for cell in chapter.cells}
    for cell in chapter.prose:
        for number in re.findall(r"[Ee]xercise (\d)", cell.source):
            assert f"ex-{number}" in ids, cell.id


MODULES = [
    pytest.param(path, number, id=f"{path.stem}-{number}")
    for path in sorted(ROOT.glob("code/unrolled/**/*.py"))
    for said in SAID.findall((ast.get_docstring(ast.parse(path.read_text())) or "")[:400])
    for number in sorted(chapters(" ".join(f"chapters {part}" for part in said if part)))
]


@pytest.mark.parametrize(("path", "number"), MODULES)
def test_a_module_is_used_in_the_chapter_that_it_names(path, number):
    tree = ast.parse(path.read_text()).body
    names = [node.name for node in tree if isinstance(node, ast.ClassDef | ast.FunctionDef)]
    module = path.parent.name if path.stem == "__init__" else path.stem
    names += [module, module.replace("_", "-")]
    assert any(re.search(rf"\b{name}\b", code_of(number)) for name in names)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_names_and_links_files_that_exist(page):
    text = page.read_text()
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", text):
        assert (page.parent / target).is_file(), target
    for name in NAMED.findall(text):
        assert any((folder / name).exists() for folder in (ROOT, page.parent)), name
    for file in re.findall(r"^\| ([\w-]+\.\w+)", text, re.MULTILINE):
        assert any((page.parent / folder / file).is_file() for folder in ("", "results")), file
