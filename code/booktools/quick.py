"""The tests of what has changed since a commit, in about a minute.

    PYTHONPATH=code python -m booktools.quick HEAD

Changed chapters are executed and compared, and a test file that changed, or the tests of a folder
of the package that changed, are run. The whole is `make test`.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def changed(since):
    """Paths below the root that differ from a commit or are new to git, without those deleted."""
    listings = (
        ["git", "diff", "--name-only", "--diff-filter=d", since],
        ["git", "ls-files", "--others", "--exclude-standard"],
    )
    outputs = [subprocess.check_output(each, cwd=ROOT, text=True) for each in listings]
    return sorted(Path(line) for text in outputs for line in text.splitlines())


def chapters_of(paths):
    """The chapters among them."""
    return [path for path in paths if path.parts[0] == "book" and path.suffix == ".ipynb"]


def suites_of(paths):
    """Test files among them, and those that test the other changed Python and JavaScript files.

    code/unrolled/datasets/ptb.py is tested by tests/datasets/test_ptb.py if there is one, else by
    all of tests/datasets. The browser's tests need the built book and are left out.
    """
    found = set()
    for path in paths:
        if path.parts[0] == "tests" and path.name.startswith("test_") and path.suffix == ".py":
            found.add(path)
        elif path.parts[:2] == ("code", "unrolled") and len(path.parts) > 3:
            folder = Path("tests", *path.parts[2:-1])
            own = folder / f"test_{path.stem}.py"
            found.add(next(each for each in (own, *own.parents) if (ROOT / each).exists()))
        elif path.parts[:2] == ("code", "booktools"):
            own = Path(f"tests/book/test_{path.stem}.py")
            found.add(own)
    kept = [path for path in found if (ROOT / path).exists() and path.parts[1] != "browser"]
    return sorted(path for path in kept if not set(path.parents) & set(kept))


def main():
    """Run both; the exit status says whether all passed."""
    paths = changed(sys.argv[1] if len(sys.argv) > 1 else "HEAD")
    runs = [
        (["--nbval", "--nbval-current-env", "--nbval-cell-timeout=300"], chapters_of(paths)),
        ([], suites_of(paths)),
    ]
    failed = 0
    for options, targets in runs:
        if targets:
            print(*targets)
            command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile"]
            failed |= subprocess.run([*command, *options, *map(str, targets)], cwd=ROOT).returncode
    sys.exit(failed)


if __name__ == "__main__":
    main()
