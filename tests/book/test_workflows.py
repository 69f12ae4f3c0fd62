"""The workflows run, in parts beside each other, what `make test` and `make weekly` run."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
TARGETS = dict(re.findall(r"^([a-z]+):([^#\n]*)", (ROOT / "Makefile").read_text(), re.MULTILINE))


def parts(name):
    """The targets that the jobs of a workflow make, and what has to be made before them."""
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / f"{name}.yml").read_text())
    (job,) = workflow["jobs"].values()
    assert job["steps"][-1]["run"] == "make ${{ matrix.part }}"
    made = " ".join(job["strategy"]["matrix"]["part"]).split()
    return {needed for target in made for needed in [target, *TARGETS[target].split()]}


def test_every_change_is_tested_in_parts_as_by_make_test():
    assert set(TARGETS["test"].split()) == parts("test") & TARGETS.keys()


def test_once_a_week_the_long_ones_run_and_make_test():
    assert {*TARGETS["weekly"].split(), "test"} <= parts("weekly")
