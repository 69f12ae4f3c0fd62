"""Change the package in small ways, one at a time, and see whether its tests notice (mutmut).

python code/trials/mutants.py engine --each 15 --seed 0

It works on a copy of the tree, where `code` is called `src`: mutmut knows that name. Of every
module `--each` mutants are drawn; 0 takes all. It prints the share that the tests of the package
kill, with a 95 % interval for it, and the difference that each survivor makes.
"""

import argparse
import contextlib
import io
import json
import math
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STAGE = ROOT / "_build" / "mutants"
# Exit codes of pytest, and of mutmut where a test ran out of time.
KILLED = {1, 3, -24, 24, 36, 152, 255}


def stage(package, folder):
    """Copy what the tests of one package need to an empty folder, and aim mutmut at it."""
    shutil.rmtree(folder, ignore_errors=True)
    ignored = shutil.ignore_patterns("__pycache__")
    for source, target in [("code", "src"), ("tests", "tests"), ("data", "data")]:
        shutil.copytree(ROOT / source, folder / target, ignore=ignored)
    settings = (ROOT / "pyproject.toml").read_text("utf-8")
    (folder / "pyproject.toml").write_text(settings.replace("PACKAGE", package), "utf-8")


def generate():
    """Write all mutants of the staged package into the working directory, which is the stage."""
    from mutmut import __main__ as mutmut

    Path("mutants").mkdir()
    mutmut.copy_src_dir()
    mutmut.copy_also_copy_files()
    with contextlib.redirect_stdout(io.StringIO()):  # a line for every file
        mutmut.create_mutants(1)


def verdicts(package, folder):
    """A dict of modules, and in it one of mutants: their exit codes, None before the run."""
    found = {}
    for path in sorted((folder / "mutants/src/unrolled" / package).rglob("*.py.meta")):
        codes = json.loads(path.read_text("utf-8"))["exit_code_by_key"]
        if codes:
            found[path.name.removesuffix(".py.meta")] = codes
    return found


def draw(found, module, each, seed):
    """Names of the mutants to run: of one module, or of all if it is empty."""
    rng, names = random.Random(seed), []
    for name, codes in found.items():
        some = each and each < len(codes)
        chosen = rng.sample(sorted(codes), each) if some else sorted(codes)
        names += chosen if module in ("", name) else []
    return names


def interval(killed, total):
    """Wilson's 95 % interval of a share of `total`, as two numbers between 0 and 1."""
    share, z = killed / total, 1.96
    middle = share + z * z / (2 * total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return (middle - half) / (1 + z * z / total), (middle + half) / (1 + z * z / total)


def report(names, package, folder, show):
    """Print a line per module, the total, and what the command `show` says of every survivor."""
    total, survivors = 0, []
    for module, codes in verdicts(package, folder).items():
        run = [name for name in names if name in codes]
        alive = [name for name in run if codes[name] not in KILLED]
        survivors += alive
        total += len(run)
        if run:
            print(f"{package}.{module:20} {len(run) - len(alive):5} of {len(run):5} killed")
    killed = total - len(survivors)
    low, high = interval(killed, total)
    print(f"{package}: {killed} of {total} killed, {killed / total:.1%} [{low:.1%}, {high:.1%}]\n")
    for name in survivors:
        sys.stdout.flush()
        subprocess.run([*show, name], cwd=folder)


def main():
    """Read the arguments, then stage, draw, run and report."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("module", help="a package or one module of it: engine, analysis.gates")
    parser.add_argument("--each", type=int, default=15, help="mutants of each module; 0 takes all")
    parser.add_argument("--seed", type=int, default=0, help="which of them")
    options = parser.parse_args()
    package, _, module = options.module.partition(".")
    folder = STAGE / options.module
    stage(package, folder)
    os.chdir(folder)
    # Processes that a test starts must import the mutants as well.
    paths = [str(folder / "mutants/src"), os.environ.get("PYTHONPATH")]
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # they take longer than most tests
    os.environ["PYTEST_PLUGINS"] = "torch"  # imported once, and not after every fork
    generate()
    names = draw(verdicts(package, folder), module, options.each, options.seed)
    if not names:
        parser.error(f"nothing to change in {options.module}")
    mutmut = Path(sys.executable).parent / "mutmut"
    subprocess.run([mutmut, "run", "--max-children", "1", *names], check=True)
    report(names, package, folder, [mutmut, "show"])


if __name__ == "__main__":
    main()
