"""Whoever has neither PyTorch nor Keras can import everything and is told what to install."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import unrolled

PARTS = ("engine", "analysis", "figures", "explore", "datasets", "bridges")
# None in sys.modules is what makes an import fail.
BLOCK = "import sys; sys.modules |= dict.fromkeys(['torch', 'keras', 'tensorflow'])\n"


def run(code):
    """Run Python without these libraries; what it prints."""
    path = os.environ | {"PYTHONPATH": str(Path(unrolled.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", code], env=path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def modules(part):
    folder = Path(unrolled.__file__).parent / part
    names = [path.stem for path in sorted(folder.glob("*.py")) if path.stem != "__init__"]
    assert names
    return [f"unrolled.{part}", *(f"unrolled.{part}.{name}" for name in names)]


def test_every_module_can_be_imported():
    names = ["unrolled", *(name for part in PARTS for name in modules(part))]
    assert {"unrolled.bridges.torch", "unrolled.bridges.keras"} <= set(names)
    found = run(BLOCK + "import importlib\n" + "".join(
        f"importlib.import_module({name!r}); print({name!r})\n" for name in names
    ))  # fmt: skip
    assert found.split() == names


CALL = """
import numpy as np
from unrolled.bridges import {library}
from unrolled.engine import gru
params = gru.init_params(3, 4, rng=np.random.default_rng(7))
try:
    {library}.{call}
except ImportError as error:
    print(error)
"""


KERAS = "pip install keras tensorflow"


@pytest.mark.parametrize(
    ("library", "call"),
    [
        ("torch", "to_torch(gru, params)"),
        ("torch", "to_torch_state(gru, (np.zeros((2, 4)),))"),
        ("torch", "from_torch(None)"),
        ("keras", "to_keras(gru, params)"),
        ("keras", "from_keras(None)"),
    ],
)
def test_calling_a_bridge_says_what_to_install(library, call):
    said = run(BLOCK + CALL.format(library=library, call=call))
    assert said.startswith(f"this needs {library} (")
    assert said.strip().endswith({"torch": "pip install torch", "keras": KERAS}[library])


def test_keras_without_a_backend_says_what_is_missing():
    pytest.importorskip("keras")
    block = "import os, sys; sys.modules['tensorflow'] = None\n"
    block += "os.environ['KERAS_BACKEND'] = 'tensorflow'\n"
    said = run(block + CALL.format(library="keras", call="to_keras(gru, params)"))
    assert said.startswith("this needs keras (")
    assert "tensorflow" in said
    assert said.strip().endswith(KERAS)


def test_the_extras_that_are_named_exist():
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    extras = project["project"]["optional-dependencies"]
    for library in ("torch", "keras"):
        assert any(need.startswith(library) for need in extras[library])
    assert "unrolled.bridges" in project["tool"]["setuptools"]["packages"]


def test_triton_comes_before_tensorflow_where_it_is_installed(tmp_path):
    pytest.importorskip("tensorflow")
    (tmp_path / "triton.py").write_text("import sys\nprint('tensorflow' in sys.modules)")
    need = "from unrolled.bridges import need\nneed('keras'), need('tensorflow')\n"
    path = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
    assert run(path + need + "print('tensorflow' in sys.modules)").split() == ["False", "True"]
