"""The rooms of the engine: every module is found with its room and without it."""

from importlib import import_module
from pathlib import Path

import pytest
import unrolled.engine
from unrolled import engine

FOLDER = Path(engine.__file__).parent
MODULES = [path for path in sorted(FOLDER.glob("*/*.py")) if path.stem != "__init__"]


def test_no_two_modules_share_a_name():
    names = [path.stem for path in [*MODULES, *FOLDER.glob("*.py")] if path.stem != "__init__"]
    rooms = [path.name for path in FOLDER.iterdir() if path.is_dir()]
    assert len({*names, *rooms}) == len(names) + len(rooms)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_module_is_found_without_its_room(path):
    module = import_module(f"unrolled.engine.{path.stem}")
    assert Path(module.__file__) == path
    assert module is getattr(unrolled.engine, path.stem)
    assert module is import_module(f"unrolled.engine.{path.parent.name}.{path.stem}")


def test_a_wrong_name_is_an_import_error():
    with pytest.raises(ModuleNotFoundError, match="rrn"):
        import_module("unrolled.engine.rrn")
