"""What `make quick` runs for what has changed."""

from pathlib import Path

import pytest
from booktools.quick import chapters_of, suites_of

CASES = {
    "code/unrolled/engine/cells/rnn.py": ["tests/engine/cells/test_rnn.py"],
    "code/unrolled/engine/learning/progress.py": ["tests/engine/learning"],
    "code/unrolled/engine/checks.py": ["tests/engine"],
    "code/unrolled/web/engine/rnn.js": ["tests/web"],
    "code/booktools/tidy.py": ["tests/book/test_tidy.py"],
    "tests/engine/cells/test_gru.py": ["tests/engine/cells/test_gru.py"],
    "tests/browser/test_view.py": [],
    "README.md": [],
}


@pytest.mark.parametrize("path", CASES)
def test_a_changed_file_has_its_tests(path):
    assert suites_of([Path(path)]) == [Path(each) for each in CASES[path]]


def test_a_folder_of_tests_stands_for_its_files():
    paths = [Path("code/unrolled/engine/checks.py"), Path("tests/engine/cells/test_gru.py")]
    assert suites_of(paths) == [Path("tests/engine")]


def test_only_chapters_are_executed():
    paths = [Path("book/02-one-step.ipynb"), Path("book/notation.md"), Path("README.md")]
    assert chapters_of(paths) == paths[:1]
