"""A chapter as Google Colab runs it: in a bare environment, alone in a folder, without a checkout.

The address of the public repository is redirected, for one process, to a snapshot of this checkout.
It must not be redirected to the checkout itself: pip clones with a filter, and from a shallow clone
over file:// git would then call itself without end.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml

ROOT = Path(__file__).parents[2]
CHAPTER = ROOT / "book" / "02-one-step.ipynb"  # needs NumPy and the package, not PyTorch
URL = yaml.safe_load((ROOT / "_config.yml").read_text())["repository"]["url"]
FOREIGN = re.compile(r"GIT_|PYTHON|JUPYTER|IPYTHON|VIRTUAL_ENV$|UNROLLED_")


def run(*command, cwd, **more):
    """Run a command in an environment that knows nothing of this checkout."""
    clean = {name: value for name, value in os.environ.items() if not FOREIGN.match(name)}
    environment = clean | {"PYTHONNOUSERSITE": "1", "GIT_TERMINAL_PROMPT": "0"} | more
    command = [str(part) for part in command]
    return subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=600
    )


def succeed(*command, cwd):
    done = run(*command, cwd=cwd)
    assert done.returncode == 0, f"{command[:4]}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def text_outputs(path):
    """(cell, what a reader reads below it) for all cells of code but the first, which installs.

    A solution stores none, and numbers that another processor changes are left to nbval.
    """
    cells = [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]
    left_out = re.compile(r"hide-cell$|approx:")
    cells = [c for c in cells if not any(map(left_out.match, c.metadata.get("tags", [])))]
    return [
        (
            cell.id,
            "".join(o.text for o in cell.outputs if o.get("name") == "stdout"),
            [o.data["text/plain"] for o in cell.outputs if "text/plain" in o.get("data", {})],
        )
        for cell in cells[1:]
    ]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    """A repository of one commit that holds every file of the checkout that git does not ignore."""
    folder = tmp_path_factory.mktemp("snapshot")
    listed = succeed("git", "ls-files", "-z", "-co", "--exclude-standard", cwd=ROOT)
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    succeed("git", "init", "-q", cwd=folder)
    succeed("git", "config", "uploadpack.allowFilter", "true", cwd=folder)
    succeed("git", "add", "-A", "-f", cwd=folder)
    author = ("-c", "user.name=reader", "-c", "user.email=reader@example.org")
    succeed("git", *author, "-c", "commit.gpgsign=false", "commit", "-qm", "Snapshot", cwd=folder)
    return folder


@pytest.fixture(scope="module")
def bare_python(tmp_path_factory):
    """The Python of a fresh environment that can run notebooks and has nothing else."""
    folder = tmp_path_factory.mktemp("colab")
    succeed(sys.executable, "-m", "venv", "venv", cwd=folder)
    python = folder / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    needed = ("ipykernel", "nbclient", "nbconvert")
    succeed(python, "-m", "pip", "install", "-q", *needed, cwd=folder)
    return python


@pytest.fixture
def run_chapter(bare_python, tmp_path):
    """Run the chapter in a folder of its own with its repository's address redirected."""

    def run_redirected(place):
        shutil.copy(CHAPTER, tmp_path)
        redirect = {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"url.{place.as_uri()}.insteadOf",
            "GIT_CONFIG_VALUE_0": URL,
        }
        convert = ("nbconvert", "--to", "notebook", "--execute", "--inplace", CHAPTER.name)
        return run(bare_python, "-m", *convert, cwd=tmp_path, **redirect)

    return run_redirected


def test_a_chapter_installs_the_package_by_itself_and_prints_what_is_stored(
    run_chapter, bare_python, snapshot, tmp_path
):
    look = (bare_python, "-c", "import unrolled")
    assert run(*look, cwd=tmp_path).returncode, "the package must not be there before"
    nowhere = run_chapter(tmp_path / "nowhere")
    assert nowhere.returncode, "without the repository the chapter cannot run"
    assert "run this cell again." in nowhere.stderr.strip().splitlines()[-1]

    installed = run_chapter(snapshot)
    assert installed.returncode == 0, installed.stderr
    assert text_outputs(tmp_path / CHAPTER.name) == text_outputs(CHAPTER)
    assert any(texts or stream for _, stream, texts in text_outputs(CHAPTER))
    where = succeed(
        bare_python, "-c", "import unrolled; print(unrolled.__file__)", cwd=tmp_path
    ).strip()
    assert Path(where).is_relative_to(bare_python.parents[1])
