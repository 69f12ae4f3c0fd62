"""The project of chapter 15: its parts, and all of it as a script that needs PyTorch alone."""

import ast
import math
import re
import shutil
import subprocess
import sys
from itertools import chain
from pathlib import Path

import nbformat
import pytest

torch = pytest.importorskip("torch")
from unrolled.examples import lines  # noqa: E402

ROOT = Path(__file__).parents[2]
NAMES = [f"{first}{last}" for first in ("an", "be", "el", "jo", "ma", "ti") for last in
         ("na", "ta", "ro", "sa", "li", "mo", "nka")]  # fmt: skip
LETTERS = sorted(set("".join(NAMES)))
exporting = pytest.mark.filterwarnings("ignore:The tensor attributes")


@pytest.fixture
def dataset():
    return lines.Lines([*NAMES, "a", "jomaelbenka" * 3], LETTERS)


def network():
    torch.manual_seed(0)
    return lines.Network(len(LETTERS) + 2, D=4, H=8)


def test_a_long_line_is_cut_up_and_every_line_is_in_one_part(tmp_path):
    place = tmp_path / "my.txt"
    place.write_text("\n\n".join([*NAMES, "x" * 25]) + "\n", encoding="utf-8")
    parts = lines.read_lines(place, longest=10)
    assert sorted(chain(*parts)) == sorted([*NAMES, "x" * 10, "x" * 10, "x" * 5])
    assert [len(part) for part in parts] == [37, 4, 4]


def test_letters_that_were_never_seen_are_unknown():
    (row,) = lines.Lines(["a?"], LETTERS)
    assert row.tolist() == [lines.EDGE, LETTERS.index("a") + 2, lines.UNKNOWN, lines.EDGE]


def test_buckets_hold_every_line_once_with_lines_of_its_length(dataset):
    batches = list(lines.Buckets(dataset, 8))
    assert len(batches) == len(lines.Buckets(dataset, 8))
    assert sorted(chain(*batches)) == list(range(len(dataset)))
    spans = [[len(dataset[i]) for i in batch] for batch in batches]
    assert sum(max(span) - min(span) for span in spans) <= 33
    assert batches != list(lines.Buckets(dataset, 8))


def test_the_network_reads_every_line_as_if_it_were_alone(dataset):
    model = network().eval()
    rows = [dataset[0], dataset[-1], dataset[-2]]
    x, targets = lines.pack(rows)
    alone = [torch.nn.functional.cross_entropy(
        model.read_on(row[None, :-1], *torch.zeros(2, 1, 1, 8))[0][0], row[1:], reduction="sum",
    ) for row in rows]  # fmt: skip
    count = sum(len(row) - 1 for row in rows)
    assert len(targets.data) == count
    assert lines.loss_of(model, x, targets).item() == pytest.approx(sum(alone).item() / count, 1e-5)


def test_what_counting_gives_to_all_letters_adds_up_to_one():
    V, seen = len(LETTERS) + 2, lines.Lines(NAMES, LETTERS)
    before = seen[3].tolist()[:-1]
    start = lines.counting(seen, [torch.tensor(before)], V) * (len(before) - 1)
    after = [lines.counting(seen, [torch.tensor([*before, i])], V) * len(before) for i in range(V)]
    assert sum(2 ** (start - bits) for bits in after) == pytest.approx(1)
    assert lines.counting(seen, seen, V, 0) < math.log2(V)


@exporting
def test_the_exported_file_computes_what_the_network_does(tmp_path):
    model = network()
    lines.export(model, LETTERS, tmp_path / "lines.pt2")
    step, letters, H = lines.load(tmp_path / "lines.pt2")
    own = lines.Stepper(model.eval())
    state = other = tuple(torch.zeros(2, 1, 1, 8))
    for letter in (0, 3, 5, 2):
        p, *state = step(torch.tensor([[letter]]), *state)
        q, *other = own(torch.tensor([[letter]]), *other)
        torch.testing.assert_close(p, q)
    assert ([*letters], H) == (LETTERS, 8)
    assert len(lines.write(step, letters, H, torch.Generator().manual_seed(1), longest=9)) <= 9


def test_the_file_runs_alone_in_an_empty_folder(tmp_path):
    """As a reader would: copy the file, put a text beside it, run it."""
    shutil.copy(lines.__file__, tmp_path)
    (tmp_path / "my.txt").write_text("\n".join(NAMES), encoding="utf-8")
    command = [sys.executable, "-I", "lines.py", "my.txt"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()
    assert said[0] == f"34 lines to learn from, {len(LETTERS)} different letters"
    assert said[1].startswith("epoch 1: ")
    (found,) = (line for line in said if line.startswith("test: network "))
    assert re.fullmatch(r"test: network \d\.\d\d, counting [2-8] letters \d\.\d\d", found)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "lines.py", "my.pt", "my.pt2", "my.txt",
    ]  # fmt: skip


def test_a_text_of_a_few_lines_is_refused_in_words(tmp_path):
    place = tmp_path / "my.txt"
    place.write_text("one\ntwo\n")
    with pytest.raises(SystemExit, match="has 2 lines; a few hundred are wanted"):
        lines.main(place)


def test_the_chapter_shows_all_of_it_but_the_call():
    cells = nbformat.read(ROOT / "book/15-pytorch.ipynb", as_version=4).cells
    shown = {
        tag.rpartition(".")[2]
        for cell in cells
        for tag in cell.metadata.get("tags", [])
        if tag.startswith("same-as:unrolled.examples.lines.")
    }
    tree = ast.parse(Path(lines.__file__).read_text(encoding="utf-8"))
    defined = {node.name for node in tree.body if hasattr(node, "name")}
    assert defined - shown == {"main"}
