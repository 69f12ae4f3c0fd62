from pathlib import Path

import pytest
from booktools import content_security, markup

PAGE = """<script data-cfasync="false">
  let a = 1;
</script>
<script src="_static/x.js"></script>
<script type="application/json">{"a": 1}</script>
<script>let b = 2;</script>
<script type="text/x-thebe-config">
{ kernel: true }</script><script>kernelName = 'python3'</script>
<button onclick="window.print()" id="p">Print</button>"""


def without_inline(text, site):
    tree = markup.parsed(text)
    content_security.move_inline(tree, site)
    return markup.written(tree)


@pytest.fixture
def moved(tmp_path):
    """The page without what runs in it, and the texts of the files."""
    page = without_inline(PAGE, tmp_path)
    return page, {p.name: p.read_text() for p in (tmp_path / content_security.FOLDER).iterdir()}


def test_what_runs_moves_to_files_in_its_order(moved):
    page, files = moved
    assert sorted(files.values()) == ["let a = 1;\n", "let b = 2;\n"]
    names = {text.strip(): name for name, text in files.items()}
    first = f'<script data-cfasync="false" src="_static/inline/{names["let a = 1;"]}"></script>'
    second = f'<script src="_static/inline/{names["let b = 2;"]}"></script>'
    assert page.index(first) < page.index("x.js") < page.index(second)


def test_data_stay_and_thebe_goes(moved):
    page, _ = moved
    assert '<script type="application/json">{"a": 1}</script>' in page
    assert "thebe" not in page
    assert "kernelName" not in page


def test_a_handler_becomes_the_name_of_what_it_calls(moved):
    assert '<button id="p" data-call="window.print">' in moved[0]


def test_a_page_that_is_moved_already_stays_as_it_is(moved, tmp_path):
    again = without_inline(moved[0], tmp_path / "other")
    assert again.split() == moved[0].split()
    assert not (tmp_path / "other").exists()


def test_the_header_in_the_documents_is_the_one_that_is_tested():
    text = (Path(__file__).parents[1] / "README.md").read_text()
    assert f'add_header Content-Security-Policy "{content_security.HEADER}" always;' in text
