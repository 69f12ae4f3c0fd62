"""Every weight and every state must matter. One that does not is wired to nothing."""

import sys

import numpy as np

from .adapter import as_array, as_function, library_of
from .report import Report


def dead_parts(model, x, parts=None, *, seed=0):
    """Replace one part after the other by noise: the answer must change each time.

    Parameters
    ----------
    model : function, PyTorch module or Keras model
        A function is called as model(x, parts) with a dict like `parts`.
    x : ndarray
        As the model takes it.
    parts : dict of str -> ndarray of fractions
        Weights, initial states, whatever ought to have a say. Of a module or a built model of
        Keras all weights are taken, and put back.

    Returns
    -------
    Report
        `numbers` maps each part to the largest change of the answer.

    Raises
    ------
    ValueError
        If there are no parts, or a part holds no fractions.
    """
    library = library_of(model)
    if library:
        run, parts = (_of_torch if library == "torch" else _of_keras)(model)
    else:

        def run(x, parts):
            return as_array(model(x, parts))

    if not parts:
        raise ValueError(
            "there are no parts to test; give a dict of arrays, and call a Keras model once to "
            "build it"
        )
    parts = {name: np.array(value) for name, value in parts.items()}
    for name, value in parts.items():
        if not np.issubdtype(value.dtype, np.floating):
            raise ValueError(f"part {name} must hold fractions; got {value.dtype}")
    rng, before, numbers = np.random.default_rng(seed), run(x, dict(parts)), {}
    try:
        for name, value in parts.items():
            noise = (rng.standard_normal(value.shape) * (value.std() or 1)).astype(value.dtype)
            numbers[name] = float(np.abs(run(x, parts | {name: noise}) - before).max())
    finally:
        if library:
            run(x, parts)  # put the weights back
    findings = [
        f"{name} is dead: noise in its place changes no answer"
        for name, change in numbers.items()
        if change == 0
    ]
    looked = f"noise in the place of {', '.join(parts)}: the answer changes each time"
    return Report("dead parts", tuple(findings), looked, numbers)


def _of_torch(model):
    torch, function = sys.modules["torch"], as_function(model)
    weights = {name: p for name, p in model.named_parameters() if p.is_floating_point()}

    def run(x, parts):
        with torch.no_grad():
            for name, value in parts.items():
                weights[name].copy_(torch.tensor(value))
        return function(x)

    return run, {name: as_array(p) for name, p in weights.items()}


def _of_keras(model):
    function = as_function(model)
    weights = [weight for weight in model.weights if "float" in str(weight.dtype)]
    paths = [weight.path for weight in weights]
    alike = {path for path in paths if paths.count(path) > 1}
    names = [f"{p} ({i})" if p in alike else p for i, p in enumerate(paths)]
    weights = dict(zip(names, weights, strict=True))

    def run(x, parts):
        for name, value in parts.items():
            weights[name].assign(value)
        return function(x)

    return run, {name: as_array(w.value) for name, w in weights.items()}
