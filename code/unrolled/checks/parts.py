"""Every weight and every state must matter. One that does not is wired to nothing."""

import sys

import numpy as np

from .adapter import as_function, library_of, plain
from .answer import all_numbers, as_array
from .kept import Unsteady, keeps
from .report import Report
from .scale import change


@keeps
def dead_parts(model, x, parts=None, *, seed=0):
    """Replace one part after the other by noise: the answer must change each time.

    The answer is all that the model returns, its states and further outputs, too.

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
        If there are no parts, a part holds no fractions, or the model is not the same function
        twice.
    """
    library, function = library_of(model), as_function(model, read=all_numbers)
    if library:
        weights = (_of_torch if library == "torch" else _of_keras)(plain(model))
        parts = {name: value for name, (value, _) in weights.items()}

        def run(name, noise):
            value, put = weights[name]
            put(noise)
            try:
                return function(x)
            finally:
                put(value)

    else:

        def run(name, noise):
            return function(x, parts | {name: noise})

    if not parts:
        raise ValueError(
            "there are no parts to test; give a dict of arrays, and call a Keras model once to "
            "build it"
        )
    x, parts = np.asarray(x), {name: np.array(value) for name, value in parts.items()}
    for name, value in parts.items():
        if not np.issubdtype(value.dtype, np.floating):
            raise ValueError(f"part {name} must hold fractions; got {value.dtype}")
    given = [] if library else [dict(parts)]
    before = function(x, *given)
    if not np.array_equal(before, function(x, *given), equal_nan=True):
        raise Unsteady(
            "the model answers differently when it is called again: switch off what is random in "
            "it, or reset its state"
        )
    rng, numbers = np.random.default_rng(seed), {}
    for name, value in parts.items():
        for size in (1, 3, 10):  # more, where a little changes nothing
            noise = rng.standard_normal(value.shape) * (value.std() or 1) * size
            numbers[name] = _moves(run, name, noise.astype(value.dtype), before)
            if numbers[name] > 0:
                break
    cancels = [n for n, v in parts.items() if v.size == 1 and "bias" in n and numbers[n] == 0]
    findings = [
        f"{name} is dead: noise in its place changes no answer"
        for name, change in numbers.items()
        if change == 0 and name not in cancels
    ]
    unsure = _unregistered(plain(model)) if library == "torch" else []
    unsure += [f"whether {n} is wired: one bias for all cancels in a softmax" for n in cancels]
    looked = f"noise in the place of {', '.join(parts)}: the answer changes each time"
    return Report("dead parts", tuple(findings), looked, numbers, tuple(unsure))


def _moves(run, name, noise, before):
    """The largest change; infinite if noise makes the answer NaN, of another length, or none."""
    try:
        after = run(name, noise)
    except ValueError:
        return np.inf
    if before.shape != after.shape or (np.isnan(before) != np.isnan(after)).any():
        return np.inf
    return float(np.nan_to_num(change(before, after)).max(initial=0))


def _of_torch(model):
    """Of each weight with fractions its value, and a function that puts another in its place."""
    torch = sys.modules["torch"]

    def setter(weight):
        def put(value):
            with torch.no_grad():
                weight.copy_(torch.as_tensor(value))

        return put

    weights = {name: p for name, p in model.named_parameters() if p.is_floating_point()}
    return {name: (as_array(weight).copy(), setter(weight)) for name, weight in weights.items()}


def _unregistered(model):
    """Layers in a list or dict of Python, which PyTorch does not see: no optimizer trains them."""
    torch, found = sys.modules["torch"], []
    registered = {id(module) for module in model.modules()}
    for module in [] if isinstance(model, torch.jit.ScriptModule) else model.modules():
        for name, value in vars(module).items():
            values = value.values() if isinstance(value, dict) else value
            if isinstance(value, list | tuple | dict) and any(
                isinstance(layer, torch.nn.Module) and id(layer) not in registered
                for layer in values
            ):
                found.append(f"what {name} holds: its layers are not registered (ModuleList)")
    return found


def _of_keras(model):
    weights = [weight for weight in model.weights if "float" in str(weight.dtype)]
    paths = [weight.path for weight in weights]
    alike = {path for path in paths if paths.count(path) > 1}
    names = [f"{p} ({i})" if p in alike else p for i, p in enumerate(paths)]
    pairs = zip(names, weights, strict=True)
    return {name: (as_array(weight.value), weight.assign) for name, weight in pairs}
