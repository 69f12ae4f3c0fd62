"""What goes into and comes out of each layer."""

import numpy as np

from .adapter import as_tensor, library_of, mode
from .report import Report


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
    x, library = np.asarray(x), library_of(model)
    if library:
        rows = (_of_torch if library == "torch" else _of_keras)(model, x)
    elif hasattr(model, "forward") and params is not None:
        rows = _of_cell(model, x, params)
    elif callable(model):
        rows = {"answer": shapes_of(model(x))}
    else:
        raise ValueError(f"a cell of the engine needs its params; got {model!r} without")
    answer = next(reversed(rows.values()))
    first = answer.split("(")[1].split(",")[0]
    findings = ()
    if first != str(len(x)):
        findings = (f"x has {len(x)} sequences, but the answer starts with {first}: {answer}",)
    rows = {"x": shapes_of(x), **rows}
    width = max(map(len, rows)) + 2
    table = "\n  ".join(f"{name:<{width}}{shapes}" for name, shapes in rows.items())
    findings = (*findings, table) if findings else ()
    return Report("shapes", findings, table, rows)


def shapes_of(value):
    """The shapes in an answer: "(2, 5, 4)", or "(2, 5, 4), (1, 2, 4)" for a tuple."""
    if isinstance(value, tuple | list):
        return ", ".join(shapes_of(part) for part in value)
    return str(tuple(int(n) for n in np.shape(value)))


def _of_cell(cell, x, params):
    h, tape = cell.forward(x, params)
    rows = {name: shapes_of(value) for name, value in params.items()}
    states = zip(cell.STATE, tape.state, strict=True)
    rows |= {f"final {name}": shapes_of(part) for name, part in states}
    return rows | {"hidden states": shapes_of(h)}


def _of_torch(model, x):
    rows = {}

    def note(name):
        def hook(module, inputs, output):
            rows[name] = f"{shapes_of(inputs)} -> {shapes_of(output)}"

        return hook

    inner = [(f"{n} {type(m).__name__}", m) for n, m in model.named_modules() if n]
    hooks = [module.register_forward_hook(note(name)) for name, module in inner]
    try:
        with mode(model, training=False):
            answer = model(as_tensor(x, model))
    finally:
        for hook in hooks:
            hook.remove()
    return rows | {"answer": shapes_of(answer)}


def _of_keras(model, x):
    rows, inner = {}, [layer for layer in model._flatten_layers() if layer is not model]

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
    return rows | {"answer": shapes_of(answer)}
