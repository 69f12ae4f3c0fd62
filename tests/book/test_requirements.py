import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]


def pins(name):
    """The lines of a file that name a package and one version of it, without their order."""
    lines = (ROOT / name).read_text().splitlines()
    return {str(Requirement(line)) for line in lines if re.match(r"[\w.-]+ ?==", line)}


def test_the_lock_holds_what_is_required_in_the_same_versions():
    locked = {Requirement(pin).name: pin for pin in pins("requirements.lock")}
    required = [Requirement(pin) for pin in pins("requirements.txt")]
    assert {r.name for r in required} <= set(locked)
    plain = {str(r) for r in required if not r.marker}
    assert plain <= pins("requirements.lock"), "run `make lock`"


@pytest.mark.parametrize("python", ["3.11", "3.14"])
def test_the_lock_has_one_version_for_a_machine(python):
    machine = {"python_version": python, "python_full_version": f"{python}.1"}
    found = [Requirement(pin) for pin in pins("requirements.lock")]
    found = [r.name for r in found if not r.marker or r.marker.evaluate(machine)]
    assert len(found) == len(set(found))
