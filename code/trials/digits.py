"""Change one character of what each cell stores, in a copy, and see that nbval notices all of them.

PYTHONPATH=code python -m trials.digits --seed 0 book/[0-9]*.ipynb

A digit where a cell's outputs have one, else a letter; in a cell tagged `approx:0.05` the leading
digit of a number, by more than any such tag allows. nbval judges cell by cell, so one run tells
about all of them: each changed cell must fail since its outputs differ, each other one must pass.
Cells tagged nbval-ignore-output are left out, since nothing of theirs is kept.
"""

import argparse
import random
import re
import shutil
import string
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import nbformat
from booktools import approx

ROOT = Path(__file__).resolve().parents[2]
CONFTEST = ROOT / "book" / "conftest.py"
EXEMPT = "nbval-ignore-output"


class Finding(NamedTuple):
    """What came of one chapter, by the names of its cells.

    `changed` tells what was changed, `unnoticed` what nbval said instead of noticing it.
    """

    changed: dict[str, str]
    exempt: list[str]
    unnoticed: dict[str, str]
    red: list[str]

    @property
    def digits(self):
        """How many of the changes are digits; the others are letters."""
        return sum(change.startswith("digit") for change in self.changed.values())


def digits_of(text):
    """Where the digits of a text are."""
    return [i for i, character in enumerate(text) if character.isdigit()]


def letters_of(text):
    """Where the letters of a text are."""
    return [i for i, character in enumerate(text) if character.isalpha()]


def leading_digits_of(text):
    """Where the numbers of a text have their first digit that is not 0, or 0 if all are."""
    numbers = [found for found in approx.NUMBER.finditer(text) if found["number"]]
    digits = [re.search(r"[1-9]", n["number"]) or re.search("0", n["number"]) for n in numbers]
    return [n.start() + digit.start() for n, digit in zip(numbers, digits, strict=True)]


def others(character, alphabet, apart):
    """What may take the place of a character: digits are at least `apart` from it."""
    if character not in string.digits:
        return alphabet.replace(character, "")
    return [other for other in alphabet if abs(int(other) - int(character)) >= apart]


def change(cell, rng):
    """Change one digit of a cell's outputs, or one letter if there is none, and say which.

    Where numbers may differ, a leading digit becomes another at least 3 away: 30 % or more.
    """
    near = approx.tolerance(cell.metadata.get("tags", [])) > 0
    digits = leading_digits_of if near else digits_of
    kinds = (("digit", digits, string.digits), ("letter", letters_of, string.ascii_letters))
    for kind, places_in, alphabet in kinds:
        texts = approx.texts(cell.outputs)
        places = [(held, key, i) for held, key, _ in texts for i in places_in(held[key])]
        if places:
            held, key, i = rng.choice(places)
            old = held[key]
            new = rng.choice(others(old[i], alphabet, 3 if near else 1))
            held[key] = old[:i] + new + old[i + 1 :]
            return f"{kind} {old[i]} to {new} at {i} of {key}"
    raise ValueError(f"no digit and no letter in what is stored of {cell.id}")


def write_changed(path, target, rng):
    """Write a changed copy of a chapter; return its cells of code, the changes, the exempt."""
    notebook = nbformat.read(path, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    exempt = [cell.id for cell in cells if EXEMPT in cell.metadata.get("tags", [])]
    changed = {
        cell.id: change(cell, rng) for cell in cells if cell.outputs and cell.id not in exempt
    }
    nbformat.write(notebook, target)
    return [cell.id for cell in cells], changed, exempt


def verdicts(folder, workers):
    """What nbval says of the cells in a folder: by chapter and number, None or why it failed."""
    report = folder / "report.xml"
    options = ["--nbval", "--nbval-current-env", "--nbval-cell-timeout=300", "-q"]
    options += ["-c", ROOT / "pyproject.toml", "--rootdir", folder, "-p", "no:cacheprovider"]
    options += ["-n", str(workers), "--dist", "loadfile"] if workers else ["-p", "no:xdist"]
    options += [f"--junitxml={report}", "-o", "junit_family=xunit1"]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *options, folder], capture_output=True, text=True
    )
    if ran.returncode > 1:  # 0 and 1 are verdicts, the others tell that there is none
        raise RuntimeError(f"pytest ended with {ran.returncode}:\n{ran.stdout}{ran.stderr}")
    found = {}
    for case in ElementTree.parse(report).iter("testcase"):
        bad = [child.get("message", "") for child in case if child.tag in ("failure", "error")]
        number = int(case.get("name").removeprefix("Cell "))
        found.setdefault(Path(case.get("file")).name, {})[number] = bad[0] if bad else None
    return found


def examine(paths, *, seed, workers=0, conftest=CONFTEST):
    """Change what is stored in copies of chapters and run nbval on them once.

    Returns a dict from chapter to Finding; what is stored must be what the code computes, else the
    unchanged cells that fail are listed as red. Raises RuntimeError if pytest gives no verdict.
    """
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        shutil.copy(conftest, folder / "conftest.py")
        rng = random.Random(seed)
        written = {path.name: write_changed(path, folder / path.name, rng) for path in paths}
        said = verdicts(folder, workers)
    return {name: judge(*written[name], said.get(name, {})) for name in written}


def judge(cells, changed, exempt, said):
    """Compare what nbval said of one chapter's cells with what was done to them."""
    messages = {name: said.get(i, "it did not run") for i, name in enumerate(cells)}
    noticed = {name for name in cells if "Cell outputs differ" in (messages[name] or "")}
    return Finding(
        changed,
        exempt,
        unnoticed={name: messages[name] or "it passed" for name in changed if name not in noticed},
        red=[name for name in cells if name not in changed and messages[name] is not None],
    )


def main():
    """Print a line for each chapter, and exit with 1 if a change stays unnoticed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("chapters", nargs="+", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2, help="processes; 0 runs in one")
    options = parser.parse_args()
    findings = examine(sorted(options.chapters), seed=options.seed, workers=options.workers)
    print(f"{'chapter':38} changed (digits) noticed  exempt  red unchanged")
    for name, found in findings.items():
        many, missed = len(found.changed), len(found.unnoticed)
        print(
            f"{name:38} {many:7} {f'({found.digits})':>8} {many - missed:7} "
            f"{len(found.exempt):7} {len(found.red):14}"
        )
        for cell, said in found.unnoticed.items():
            print(f"    not noticed in {cell}: {found.changed[cell]} ({said[:100]!r})")
        for cell in found.red:
            print(f"    red without a change: {cell}")
    every = findings.values()
    changed = sum(len(found.changed) for found in every)
    missed = sum(len(found.unnoticed) for found in every)
    print(f"seed {options.seed}: {changed} cells changed, {changed - missed} noticed")
    return int(any(found.unnoticed or found.red for found in every))


if __name__ == "__main__":
    sys.exit(main())
