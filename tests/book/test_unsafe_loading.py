"""No code of the project runs what a file holds: no pickles but verified ones, no eval, no exec."""

import ast
import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("code", "book", "tests", "benchmarks", "data")
# Libraries whose files are programs, and the calls that run them.
PROGRAMS = {"pickle", "_pickle", "cPickle", "cloudpickle", "dill", "joblib", "marshal", "shelve"}
RUNNING = {"load", "loads", "Unpickler", "open", "load_all", "read_pickle", "load_pickle"}
# What a call must say, or must not say, to be safe.
MUST = {
    "numpy.load": ("allow_pickle", False),
    "torch.load": ("weights_only", True),
    "yaml.load": ("Loader", "SafeLoader"),
    "yaml.load_all": ("Loader", "SafeLoader"),
    "keras.models.load_model": ("safe_mode", True),
    "keras.saving.load_model": ("safe_mode", True),
}
NEVER = {
    "eval", "exec", "pandas.read_pickle", "torch.hub.load", "numpy.lib.npyio.NpzFile",
    "yaml.unsafe_load", "yaml.full_load", "yaml.unsafe_load_all", "yaml.full_load_all",
    "keras.config.enable_unsafe_deserialization",
}  # fmt: skip
# Where it is right, how often, and why.
ALLOWED = {
    ("code/unrolled/datasets/imdb.py", "numpy.load"): 1,  # bytes whose sha256 was compared
    ("book/15-pytorch.ipynb", "torch.load"): 1,  # shows what a poisoned file does
    ("tests/datasets/test_imdb.py", "pickle.loads"): 1,  # shows that the trap would spring
    # Our own source, with a mistake.
    ("tests/engine/through_time/test_planted_mistakes.py", "exec"): 1,
    ("tests/playground/test_program.py", "exec"): 1,  # what the page shows, run as a reader would
    ("tests/museum/test_exhibits.py", "exec"): 2,  # our own source, mended
    ("tests/explore/test_shape_debugger.py", "eval"): 1,  # our own line of code
}


def sources():
    """Path and Python code of every module and every chapter."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path, path.read_text(encoding="utf-8")
        for path in sorted((ROOT / folder).glob("*.ipynb")):
            cells = nbformat.read(path, as_version=4).cells
            code = [cell.source for cell in cells if cell.cell_type == "code"]
            yield path, re.sub(r"^( *)[%!].*", r"\1pass", "\n".join(code), flags=re.M)


def names_in(tree):
    """{name here: full name} of everything that is imported, anywhere in the code."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                full = alias.name if alias.asname else alias.name.partition(".")[0]
                names[alias.asname or full] = full
        elif isinstance(node, ast.ImportFrom) and not node.level:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def full_name(function, names):
    """The name of what is called, such as numpy.load, or ""."""
    if isinstance(function, ast.Name):
        return names.get(function.id, function.id)
    if isinstance(function, ast.Attribute):
        owner = full_name(function.value, names)
        return f"{owner}.{function.attr}" if owner else ""
    return ""


def is_safe(call, name):
    """Whether a call runs nothing of what a file holds."""
    owner, _, last = name.rpartition(".")
    if name in NEVER or (owner.partition(".")[0] in PROGRAMS and last in RUNNING):
        return False
    name = name.removeprefix("tensorflow.")
    if name not in MUST:
        return True
    keyword, value = MUST[name]
    given = [word.value for word in call.keywords if word.arg == keyword]
    return bool(given) and ast.unparse(given[0]).rpartition(".")[2] == str(value)


def unsafe_calls(code):
    """The names of calls that may run what a file holds, in order."""
    tree = ast.parse(code)
    names = names_in(tree)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    named = [(call, full_name(call.func, names)) for call in calls]
    return [name for call, name in named if not is_safe(call, name)]


def test_nothing_is_run_that_a_file_holds_but_where_it_is_right():
    found = {}
    for path, code in sources():
        for name in unsafe_calls(code):
            key = (path.relative_to(ROOT).as_posix(), name)
            found[key] = found.get(key, 0) + 1
    assert found == ALLOWED


@pytest.mark.parametrize(
    "code",
    [
        "import numpy as np\nnp.load('a.npz')",
        "import numpy\nnumpy.load('a.npz', allow_pickle=True)",
        "import numpy as np\nnp.load('a.npz', allow_pickle=allowed)",
        "from numpy import load as read\nread('a.npz')",
        "import torch\ntorch.load('a.pt')",
        "import torch\ntorch.load('a.pt', weights_only=False)",
        "import pickle\npickle.load(file)",
        "import pickle as p\np.Unpickler(file).load()",
        "from pickle import loads\nloads(b'')",
        "import joblib\njoblib.load('a')",
        "import shelve\nshelve.open('a')",
        "import pandas as pd\npd.read_pickle('a')",
        "import yaml\nyaml.load(text)",
        "import yaml\nyaml.load(text, Loader=yaml.Loader)",
        "import yaml\nyaml.unsafe_load(text)",
        "import keras\nkeras.models.load_model('a.keras', safe_mode=False)",
        "import tensorflow as tf\ntf.keras.models.load_model('a.keras')",
        "def f():\n    import numpy as np\n    return np.load('a')",
        "eval('1')",
        "exec('1')",
    ],
)
def test_what_is_unsafe_is_found(code):
    assert len(unsafe_calls(code)) == 1


@pytest.mark.parametrize(
    "code",
    [
        "import numpy as np\nnp.load('a.npz', allow_pickle=False)",
        "import torch\ntorch.load('a.pt', weights_only=True)",
        "import yaml\nyaml.load(text, Loader=yaml.SafeLoader)",
        "import yaml\nyaml.safe_load(text)",
        "import json\njson.load(file)",
        "model.eval()",
        "import pickle\npickle.dumps(1)",
        "checkpoint.load(path, params, optimizer)",
    ],
)
def test_what_is_safe_is_not(code):
    assert unsafe_calls(code) == []
