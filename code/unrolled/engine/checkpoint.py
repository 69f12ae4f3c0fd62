"""Training that can be taken up again: parameters, optimizer and history, in one file."""

import os
import tempfile
from pathlib import Path

import numpy as np


def save(path, params, optimizer, history):
    """Write a checkpoint. The file appears whole or not at all; an older one stays until then.

    Parameters
    ----------
    path : str or Path
        Usually ends with .npz.
    params : dict
    optimizer : object
        From `unrolled.engine.optimizers`; its attributes are numbers, or dicts of arrays.
    history : list of float
    """
    path = Path(path)
    arrays = {f"params/{name}": value for name, value in params.items()}
    arrays["history"] = np.array(history, np.float64)
    for name, value in vars(optimizer).items():
        if isinstance(value, dict):
            arrays |= {f"optimizer/{name}/{key}": array for key, array in value.items()}
        else:
            arrays[f"optimizer/{name}"] = np.array(value)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
        try:
            np.savez(file, **arrays)
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            os.unlink(file.name)
            raise
    os.replace(file.name, path)


def load(path, params, optimizer):
    """Read a checkpoint into `params` and `optimizer`, in place.

    Returns
    -------
    list of float
        The history.

    Raises
    ------
    ValueError
        If the file is no checkpoint, or was written for other parameters or another optimizer;
        nothing is changed then.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = dict(file)
        history = arrays.pop("history").tolist()
    except (OSError, EOFError, KeyError, ValueError) as error:
        if isinstance(error, FileNotFoundError):
            raise
        raise ValueError(f"{path} is not a checkpoint: {error}") from None
    stored = {name: array.shape for name, array in arrays.items() if name.startswith("params/")}
    expected = {f"params/{name}": value.shape for name, value in params.items()}
    if stored != expected:
        raise ValueError(f"{path} holds the parameters {stored}; expected {expected}")
    own = {f"optimizer/{name}" for name in vars(optimizer)}
    kept = {"/".join(name.split("/")[:2]) for name in arrays if name.startswith("optimizer/")}
    if not kept <= own:
        raise ValueError(f"{path} holds {sorted(kept)}, which is not a {type(optimizer).__name__}")
    for name, array in arrays.items():
        kind, attribute, *key = name.split("/", 2)
        if kind == "params":
            params[attribute][...] = array
        elif key:
            getattr(optimizer, attribute)[key[0]] = array
        else:
            setattr(optimizer, attribute, array.item())
    return history
