"""What goes into and comes out of each layer."""

import sys

import numpy as np

from .adapter import as_tensor, library_of, mode, plain
from .answer import named_parts
from .kept import keeps
from .report import Report


@keeps
def shape_report(model, x, params=None):
    """A table of shapes: of the input, of each layer or parameter and state, and of the answer.

    Parameters
    ----------
    model : PyTorch module, Keras model, cell of our engine, or function
        A cell needs `params`. Of a function only x and the answer can be seen.
    x : ndarray, shape (N, T, D), or (N, T) ids

    Returns
    -------
    Report
        `numbers` maps each row's name to its shapes. It is not ok if the answer has another number
        of rows than x.

    Raises
    ------
    ValueError
        If the model is none of these.
    """
    x, library, model = np.asarray(x), library_of(model), plain(model)
    if library:
        rows, answer = (_of_torch if library == "torch" else _of_keras)(model, x)
    elif hasattr(model, "forward") and params is not None:
        rows, answer = _of_cell(model, x, params)
    elif callable(model):
        rows, answer = {}, model(x.copy())
    else:
        raise ValueError(f"a cell of the engine needs its params; got {model!r} without")
    last, findings = shapes_of(answer), ()
    rows = {"x": shapes_of(x), **rows, "hidden states" if params is not None else "answer": last}
    sizes = [shape[0] for shape in _shapes(answer) if shape]
    if not sizes:
        findings = (f"x has {len(x)} sequences, but the answer has no axis for them: {last}",)
    elif sizes[0] != len(x):
        findings = (f"x has {len(x)} sequences, but the answer starts with {sizes[0]}: {last}",)
    width = max(map(len, rows)) + 2
    table = "\n  ".join(f"{name:<{width}}{shapes}" for name, shapes in rows.items())
    findings = (*findings, table) if findings else ()
    return Report("shapes", findings, table, rows)


def shapes_of(value):
    """The shapes in an answer: "(2, 5, 4)", "(2, 5, 4), (1, 2, 4)" for a tuple, "logits (2, 5)"."""
    if fields := named_parts(value):
        return ", ".join(f"{name} {shapes_of(part)}" for name, part in fields.items())
    if isinstance(value, tuple | list):
        parts = [shapes_of(part) for part in value]
        if len(parts) > 3 and len(set(parts)) == 1:
            return f"{len(parts)} of {parts[0]}"
        return ", ".join(parts)
    shape = getattr(value, "shape", None)
    return str(tuple(int(n) for n in (np.shape(value) if shape is None else shape)))


def _shapes(value):
    """The shapes of all arrays in an answer, in order."""
    value = tuple(named_parts(value).values()) or value
    if isinstance(value, tuple | list):
        return [shape for part in value for shape in _shapes(part)]
    return [tuple(value.shape)] if hasattr(value, "shape") else [()]


def _of_cell(cell, x, params):
    h, tape = cell.forward(x, params)
    rows = {name: shapes_of(value) for name, value in params.items()}
    states = zip(cell.STATE, tape.state, strict=True)
    return rows | {f"final {name}": shapes_of(part) for name, part in states}, h


def _of_torch(model, x):
    rows = {}

    def note(name):
        def hook(module, inputs, output):
            rows[name] = f"{shapes_of(inputs)} -> {shapes_of(output)}"

        return hook

    scripted = sys.modules["torch"].jit.ScriptModule  # takes no hook
    inner = [
        (f"{name} {type(module).__name__}", module)
        for name, module in model.named_modules()
        if name and not isinstance(module, scripted)
    ]
    hooks = [module.register_forward_hook(note(name)) for name, module in inner]
    try:
        with mode(model, training=False):
            answer = model(as_tensor(x, model))
    finally:
        for hook in hooks:
            hook.remove()
    return rows, answer


def _of_keras(model, x):
    rows, inner = {}, [layer for layer in model._flatten_layers() if layer is not model]
    patched = {id(layer): vars(layer)["call"] for layer in inner if "call" in vars(layer)}

    def noting(layer, call):
        def noted(*inputs, **how):
            output = call(*inputs, **how)
            rows[f"{layer.name}"] = f"{shapes_of(inputs[0])} -> {shapes_of(output)}"
            return output

        return noted

    for layer in inner:
        object.__setattr__(layer, "call", noting(layer, layer.call))
    try:
        answer = model(x)
    finally:
        for layer in inner:
            object.__delattr__(layer, "call")
            if id(layer) in patched:
                object.__setattr__(layer, "call", patched[id(layer)])
    return rows, answer
