import ast
import importlib
import inspect
import textwrap
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]


def shown():
    """(source, dotted name) of every cell that claims to be what the package holds."""
    for path in sorted((ROOT / "book").glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            for tag in cell.metadata.get("tags", []):
                if tag.startswith("same-as:"):
                    name = tag.removeprefix("same-as:")
                    yield pytest.param(cell.source, name, id=f"{path.stem}:{name}")


SHOWN = list(shown())


def code_only(source):
    """The code in `source` without docstrings, comments or layout."""
    tree = ast.parse(textwrap.dedent(source))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:]
    return ast.unparse(tree)


@pytest.mark.parametrize(("source", "name"), SHOWN)
def test_a_chapter_shows_the_code_that_the_package_holds(source, name):
    module, _, attribute = name.rpartition(".")
    module = importlib.import_module(module)
    remedy = (
        f"The cell tagged same-as:{name} and {Path(module.__file__).relative_to(ROOT)} differ. "
        "Change one of them until they are the same code, then run `make tidy`."
    )
    assert code_only(source) == code_only(inspect.getsource(getattr(module, attribute))), remedy


@pytest.mark.parametrize(("source", "name"), SHOWN)
def test_a_chapter_shows_it_without_its_docstring(source, name):
    assert ast.get_docstring(ast.parse(source).body[0]) is None


def test_every_function_is_shown_once():
    names = [parameters.values[1] for parameters in SHOWN]
    assert len(set(names)) == len(names)


def test_comparing_ignores_words_and_sees_code():
    same = 'def f(x):\n    """Doc."""\n    # why\n    return x+1\n'
    assert code_only(same) == code_only("def f(x):\n    return x + 1")
    assert code_only(same) != code_only("def f(x):\n    return x - 1")


def test_the_module_says_in_which_chapter_it_is_built_up():
    for module in {parameters.values[1].rpartition(".")[0] for parameters in SHOWN}:
        assert "Built up in chapter" in importlib.import_module(module).__doc__


def test_the_folder_code_does_not_hide_the_standard_library():
    """With an __init__.py in it, `import code`, which pdb needs, would find this folder."""
    assert not (ROOT / "code" / "__init__.py").exists()


def test_assets_are_staged_when_the_book_is_built_and_not_kept_among_the_chapters():
    assert not (ROOT / "book" / "_static").exists()
    assert not (ROOT / "book" / "_build").exists()
