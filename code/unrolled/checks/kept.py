"""Whatever a check does to a model, its owner gets it back bit for bit."""

import functools
import inspect
import random
import sys
from contextlib import contextmanager, suppress

import numpy as np

from .adapter import library_of, plain
from .report import Report
from .states import PLAIN, KerasState, TorchState

MOST = 2000  # objects that are looked into for arrays and modules


class Unsteady(ValueError):
    """A model answers differently when it is called again."""


@contextmanager
def kept(model):
    """Keep weights, buffers, states, modes and hooks of a model, and all global random states.

    They are put back at the end, also after an exception. A function's model is looked for among
    the names that it uses; arrays and generators of NumPy that these hold are kept, too.
    """
    found = Kept(model)
    try:
        yield found
    finally:
        found.restore()


def keeps(check):
    """A check that leaves its model as it was. That a forward pass changes it is a finding."""

    @functools.wraps(check)
    def careful(model, *given, **how):
        with kept(model) as own:
            try:
                report = check(model, *given, **how)
            except Unsteady as error:
                if not own.changed():
                    raise
                name = check.__name__.replace("_", " ")
                report = Report(name, (str(error).partition(":")[0],), "")
            findings = [
                f"a forward pass changes {name}, and for good" for name in own.changed()[:3]
            ]
        return report._replace(findings=(*report.findings, *findings))

    return careful


class Kept:
    """The state of a model and of the random generators at one moment."""

    def __init__(self, model):
        self.arrays, self.models, self.generators = {}, [], []
        self.randomness = _randomness()
        for name, part in _parts_of(model).items():
            library = library_of(part)
            if library == "torch":
                self.models.append(TorchState(plain(part)))
            elif library == "keras":
                self.models.append(KerasState(part))
            elif isinstance(part, np.ndarray) and part.dtype != object:
                self.arrays[name] = (part, part.copy())
            elif isinstance(part, np.random.Generator):
                self.generators.append((part, part.bit_generator.state))

    def changed(self, *, buffers=True):
        """Names of parameters that are another now, and of buffers with fractions."""
        return [name for part in self.models for name in part.changed(buffers)]

    def restore(self, *, buffers=False):
        """Put everything back, or only what counts or averages from call to call, the buffers."""
        for part in self.models:
            part.restore(buffers)
        if buffers:
            return
        for array, before in self.arrays.values():
            if array.tobytes() != before.tobytes():
                array[...] = before
        for generator, state in self.generators:
            generator.bit_generator.state = state
        for put_back, state in self.randomness:
            put_back(state)


def _parts_of(model):
    """A model by name; of a function what it uses, of an object what it holds."""
    parts, seen, queue = {}, {}, [("model", model, 0)]
    while queue and len(seen) < MOST:
        name, value, depth = queue.pop(0)
        if id(value) in seen or isinstance(value, PLAIN):
            continue
        seen[id(value)] = value  # which also keeps it alive, and its id its own
        if library_of(value) or isinstance(value, np.ndarray | np.random.Generator):
            parts[f"{name} {len(parts)}"] = value
        elif depth < 4:
            queue += [(str(k), v, depth + 1) for k, v in _held(value).items()]
    return parts


def _held(value):
    if isinstance(value, dict):
        return value
    if isinstance(value, list | tuple) and len(value) < 100:
        return dict(enumerate(value))
    if isinstance(value, functools.partial):
        return {"func": value.func, "args": value.args, **value.keywords}
    if inspect.ismethod(value):
        return {"self": value.__self__}
    if inspect.isfunction(value):
        with suppress(ValueError, TypeError):
            used = inspect.getclosurevars(value)
            return {**used.globals, **used.nonlocals, "defaults": value.__defaults__ or ()} | (
                value.__kwdefaults__ or {}
            )
        return {}
    if inspect.ismodule(value) or inspect.isclass(value):
        return {}
    return dict(getattr(value, "__dict__", {}))


def _randomness():
    """Pairs of a function and a state that it puts back, for each global random generator."""
    states = [
        (random.setstate, random.getstate()),
        (np.random.set_state, np.random.get_state()),  # noqa: NPY002
    ]
    torch = sys.modules.get("torch")
    if hasattr(torch, "set_rng_state"):
        states.append((torch.set_rng_state, torch.get_rng_state()))
        if torch.cuda.is_initialized():
            states.append((torch.cuda.set_rng_state_all, torch.cuda.get_rng_state_all()))
    with suppress(AttributeError, KeyError):
        eager = sys.modules["tensorflow.python.eager.context"].context()._rng
        states.append((eager.setstate, eager.getstate()))
    with suppress(AttributeError, KeyError):
        shared = sys.modules["keras.src.backend.common.global_state"]
        seed = shared.get_global_attribute("global_seed_generator").state
        states.append((seed.assign, seed.numpy().copy()))
    return states
