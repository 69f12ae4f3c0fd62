"""Our scripts as one: every module becomes a function that returns what it exports.

Pages opened from a folder take no modules, a notebook takes a single one, and a kernel in Colab has
no npm. So the modules are joined here, and their import and export lines, which must each fit on
one line, become plain JavaScript.
"""

import re
from pathlib import Path

WEB = Path(__file__).parent
IMPORT = re.compile(r'^import (?:\{ (.+) \}|\* as (\w+)) from "(\./.+|\.\./.+)";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:const|function|class) (\w+))", re.MULTILINE)


def bundle(entry):
    """One script that defines and runs `entry`, a path below this folder, and returns its exports.

    Raises ValueError at an import or export that it cannot read.
    """
    order = []
    _visit(WEB / entry, order)
    modules = "\n".join(_wrapped(path) for path in order)
    return f"(() => {{\n{modules}\nreturn {_name(order[-1])};\n}})()"


def worker(entry):
    """The script of a worker. On a page it does nothing but stay there as `UNROLLED_WORKER`.

    A page opened from a folder may run a script but not read it, nor start a worker from its file;
    the text of a function is what it can start one from.
    """
    return f"(globalThis.UNROLLED_WORKER = () => {bundle(entry)})();\n"


def _visit(path, order):
    """Put the modules that one needs, and then itself, into `order`."""
    if path in order:
        return
    for _, _, other in IMPORT.findall(path.read_text(encoding="utf-8")):
        _visit((path.parent / other).resolve(), order)
    order.append(path)


def _wrapped(path):
    def imported(match):
        names, whole, other = match.groups()
        module = _name((path.parent / other).resolve())
        return (
            f"const {whole} = {module};" if whole else f"const {{ {_renamed(names)} }} = {module};"
        )

    text = path.read_text(encoding="utf-8")
    exported = EXPORT.findall(text)
    plain = EXPORT.sub("", IMPORT.sub(imported, text))
    if left := re.search(r"^(?:import|export) .*$", plain, re.MULTILINE):
        raise ValueError(f"{path.name}: cannot bundle {left[0]!r}")
    return f"const {_name(path)} = (() => {{\n{plain}\nreturn {{ {', '.join(exported)} }};\n}})();"


def _renamed(names):
    return re.sub(r"(\w+) as (\w+)", r"\1: \2", names)


def _name(path):
    return "$" + re.sub(r"\W", "_", str(path.relative_to(WEB).with_suffix("")))
