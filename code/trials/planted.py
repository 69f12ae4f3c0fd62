"""Plant faults in copies of the built book, one at a time, and see that a browser test notices.

    make book && PYTHONPATH=code python -m trials.planted

First the tests run on the book as it is, where they have to pass. Each fault then has to turn its
own test red; the table names that test and what it said.
"""

import argparse
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

from . import planted_front
from .planted_faults import FAULTS, PAGE

ROOT = Path(__file__).resolve().parents[2]
FAILED = re.compile(r"^FAILED \S*?::(\w+)\S*(?: - (.*))?", re.MULTILINE)
EVENTS = "1000"  # for the tests of random events, unless the environment says otherwise


def every_fault():
    """(test, name, (file, change)) of each fault."""
    for test, faults in (FAULTS | planted_front.FAULTS).items():
        for name, fault in faults.items():
            yield test, name, fault


def plant(path, change):
    """Write a fault into a file of a copy. Raises ValueError if that changes nothing."""
    text = path.read_text(encoding="utf-8")
    changed = change(text)
    if changed == text:
        raise ValueError(f"the fault finds no place in {path.name}")
    path.unlink()  # it shares its bytes with the book itself
    path.write_text(changed, encoding="utf-8")


def red(site, *tests):
    """The tests of a site that fail, with what they say. Raises RuntimeError if none could run."""
    chosen = f"{PAGE.removesuffix('.html')} or not html"  # of tests that run for every page, one
    command = [sys.executable, "-m", "pytest", "-q", "-rfE", "-k", chosen]
    targets = [f"tests/browser/{test}" for test in tests]
    environment = {"UNROLLED_EVENTS": EVENTS, **os.environ, "COLUMNS": "200"}
    environment["UNROLLED_SITE"] = str(site)
    done = subprocess.run(
        [*command, *targets], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    found = dict(FAILED.findall(done.stdout))
    if done.returncode > 1 or (not found and re.search(r"^ERROR", done.stdout, re.MULTILINE)):
        raise RuntimeError(f"pytest could not run {', '.join(tests)}:\n{done.stdout}{done.stderr}")
    return found


def notices(site, test, file, change):
    """What a test says of a copy of the site with a fault in it, None if it passes."""
    with TemporaryDirectory(dir=site.parent) as folder:
        copy = copytree(site, Path(folder) / "html", copy_function=os.link)
        plant(copy / file, change)
        return red(copy, test).get(test.partition("::")[2])


def main():
    """Plant every fault and print which test noticed it; fail if one went unnoticed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--site", type=Path, default=ROOT / "_build" / "html", help="built book")
    parser.add_argument("--only", default="", help="only faults with this in their names")
    options = parser.parse_args()
    chosen = {(test, name): fault for test, name, fault in every_fault() if options.only in name}
    site = options.site.resolve()
    before = red(site, *dict.fromkeys(test for test, _ in chosen))
    unnoticed = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # each waits for a process of its own
        results = pool.map(lambda one: notices(site, one[0][0], *one[1]), chosen.items())
        for (test, name), said in zip(chosen, results, strict=True):
            outcome = "UNNOTICED by" if said is None else "noticed by"
            if test.partition("::")[2] in before:  # red for another reason, which proves nothing
                said, outcome = None, "ALREADY RED without it:"
            unnoticed += said is None
            print(f"{name:34} {outcome} {test}")
            print(f"{'':34} {said or ''}", flush=True)
    print(f"{len(chosen)} faults planted, {len(chosen) - unnoticed} noticed by their tests.")
    return unnoticed > 0


if __name__ == "__main__":
    sys.exit(main())
