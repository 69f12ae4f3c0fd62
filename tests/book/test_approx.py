import nbformat
import pytest
from booktools import approx, tidy
from nbformat.v4 import new_code_cell, new_notebook, new_output
from trials import digits

SAME = [
    ("0.50", "0.52"),
    ("-0.50", "-0.48"),
    ("−0.50", "-0.51"),
    ("1,234 times", "1,190 times"),
    ("999 times", "1,001 times"),
    ("4.5e-05", "4.4e-05"),
    ("0.0001", "9.9e-05"),
    ("45%", "46%"),
    ("loss: .98.", "loss: .99."),
    ("[0.9 3. ]", "[0.94 3.1 ]"),
    ("[ 0.5 -0.3]", "[ 0.5  -0.31]"),
    ("[ 0. 1.]", "[-0. 1.]"),
    ("error 0.0", "error 3e-17"),
    ("error 0.00e+00", "error 2.2e-16"),
    ("nan of 7", "nan of 7"),
    ("       k   loss\n2  9.99  1.000", "        k  loss\n2  10.01  1.01"),
    ("array([0.1,\n       0.2])", "array([0.1, 0.2])"),
    ("2024-05-28 at 12:30: 20", "2024-05-28 at 12:30: 21"),
]
OTHER = [
    ("0.50", "0.53"),
    ("0.50", "-0.50"),
    ("1,234 times", "1,234 items"),
    ("1,234", "1234 5"),
    ("4.5e-05", "4.5e-06"),
    ("0.0001", "5e-05"),
    ("0.0000", "0.0001"),
    ("0.", "0.4"),
    ("0.0", "0.06"),
    ("[ 0. 1.]", "[ 1. 0.]"),
    ("1 2 3", "1 2"),
    ("1 2", "12"),
    ("0.5", "nan"),
    ("nan", "inf"),
    ("float64", "float32"),
    ("W_1 = 5", "W_2 = 5"),
    ("master 0.98", "faster 0.98"),
    ("a 0.98", "0.98 a"),
    ("ab 1", "a b 1"),
    ("45%", "45 per cent"),
    ("2024-05-28", "2024-05-29"),
    ("12:30", "12:31"),
    ("3-5", "3--5"),
]
CASES = {
    "near": ("print('loss', 0.52)", ["approx:0.05"], [("stream", "loss 0.50\n")], None),
    "table": ("x = 10.2\n'k', x", ["approx:0.05"], [("result", "('k', 9.9)")], None),
    "far": ("print('loss', 0.54)", ["approx:0.05"], [("stream", "loss 0.50\n")], "differ"),
    "word": ("print('cost', 0.5)", ["approx:0.05"], [("stream", "loss 0.5\n")], "differ"),
    "missing": ("print(1)", ["approx:0.05"], [], "differ"),
    "more": ("1", ["approx:0.05"], [("result", "1"), ("stream", "1")], "differ"),
    "untagged": ("print('loss', 0.52)", [], [("stream", "loss 0.50\n")], "differ"),
    "no-number": (
        "print(1)",
        ["approx:abc"],
        [("stream", "1\n")],
        "cell no-number: tag approx:abc",
    ),
    "too-large": ("print(1)", ["approx:2"], [("stream", "1\n")], "cell too-large: tag approx:2"),
    "right": ('print(3)\ncheck("a-1", True)', ["hide-cell"], [], None),
    "wrong": ('print(3)\ncheck("a-1", False)', ["hide-cell"], [], "differ"),
    "stored": ('check("a-1", True)', ["hide-cell"], [("stream", "3\n")], "differ"),
    "unchecked": ("print('is right.')", ["hide-cell"], [], "differ"),
}
CHECK = "def check(name, good):\n    print(f'{name} is right.' if good else 'no')"


@pytest.mark.parametrize(("stored", "fresh"), SAME)
def test_numbers_that_differ_little_agree_and_the_stored_text_takes_their_place(stored, fresh):
    assert approx.settled(stored, fresh, 0.05) == stored


@pytest.mark.parametrize(("stored", "fresh"), OTHER)
def test_words_order_count_and_numbers_that_differ_more_do_not_agree(stored, fresh):
    assert approx.settled(stored, fresh, 0.05) != stored


@pytest.mark.parametrize("stored", [stored for stored, _ in SAME + OTHER])
def test_what_is_the_same_agrees_and_nothing_is_lost_of_it(stored):
    assert approx.settled(stored, stored, 0.01) == stored
    words, numbers = approx.parts(stored)
    assert len(words) == len(numbers) + 1
    assert "".join(w + n for w, n in zip(words, [*numbers, ""], strict=True)) == stored


def test_only_numbers_that_agree_are_replaced_so_that_the_others_are_shown():
    assert approx.settled("a 1.00 b 2.00", "a 1.01 b 3.00", 0.05) == "a 1.00 b 3.00"


def test_a_tag_says_how_far_and_others_say_nothing():
    assert approx.tolerance(["hide-input", "approx:0.05"]) == 0.05
    assert approx.tolerance(["hide-input"]) == 0
    for tag in ("approx:abc", "approx:2", "approx:0", "approx:-0.1", "approx:nan", "approx:"):
        with pytest.raises(ValueError, match=f"tag {tag}: approx:R wants a number R"):
            approx.tolerance([tag])


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What nbval says of each case, in the book's way to compare."""
    folder = tmp_path_factory.mktemp("book")
    (folder / "conftest.py").write_bytes(digits.CONFTEST.read_bytes())
    cells = [new_code_cell(CHECK, id="check", execution_count=1)]
    for name, (source, tags, outputs, _) in CASES.items():
        stored = [output(*each) for each in outputs]
        found = {"execution_count": 1, "metadata": {"tags": tags}, "outputs": stored}
        cells.append(new_code_cell(source, id=name, **found))
    nbformat.write(new_notebook(cells=cells, metadata=tidy.KERNEL), folder / "a.ipynb")
    found = digits.verdicts(folder, 0)["a.ipynb"]
    return {cell.id: found[number] for number, cell in enumerate(cells)}


def output(kind, text):
    if kind == "stream":
        return new_output("stream", name="stdout", text=text)
    return new_output("execute_result", {"text/plain": text}, execution_count=1)


@pytest.mark.parametrize("name", CASES)
def test_nbval_compares_numbers_as_tagged_and_holds_solutions_to_their_check(said, name):
    expected = CASES[name][-1]
    if expected is None:
        assert said[name] is None
    else:
        assert expected in (said[name] or "it passed")
