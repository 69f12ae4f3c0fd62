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
        From `unrolled.engine.optimizers`; its attributes are numbers, or dicts of arrays, and
        MEMORY names those that `load` shall restore.
    history : list of float
    """
    if not hasattr(optimizer, "MEMORY"):
        raise ValueError(f"an optimizer names its MEMORY; {type(optimizer).__name__} does not")
    path = Path(path)
    arrays = {f"params/{name}": value for name, value in params.items()}
    arrays["history"] = np.array(history, np.float64)
    for name, value in vars(optimizer).items():
        if isinstance(value, dict):
            arrays |= {f"optimizer/{name}/{key}": array for key, array in value.items()}
        elif np.isscalar(value) and np.asarray(value).dtype.kind in "biuf":
            arrays[f"optimizer/{name}"] = np.array(value)
        else:
            raise ValueError(f"an optimizer is numbers and dicts of arrays; {name} is {value!r}")
    handle, part = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with open(handle, "wb") as file:
            np.savez(file, **arrays)
            file.flush()
            os.fsync(handle)
        os.replace(part, path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise


def load(path, params, optimizer):
    """Read a checkpoint into `params` and `optimizer`, in place.

    The optimizer gets its MEMORY back. Its settings, such as the learning rate, stay those that it
    was made with.

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
        arrays = arrays_in(path)
        history = [float(value) for value in arrays["history"]]
    except FileNotFoundError:
        raise
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise ValueError(f"{path} is not a checkpoint: {_short(error)}") from None
    stored = _under(arrays, "params/")
    if _kinds(stored) != _kinds(params):
        found, expected = _short(_kinds(stored)), _kinds(params)
        raise ValueError(f"{path} holds the parameters {found}; expected {expected}")
    values = {name: {} for name, value in vars(optimizer).items() if isinstance(value, dict)}
    kept = _under(arrays, "optimizer/")
    try:
        for name, array in kept.items():
            attribute, *key = name.split("/", 1)
            if key:
                values[attribute][key[0]] = _like(params[key[0]], array)
            else:
                values[attribute] = _like(np.array(vars(optimizer)[attribute]), array).item()
        if values.keys() != vars(optimizer).keys():
            raise ValueError("others")
    except (LookupError, TypeError, ValueError):
        said = f"{path} holds {_short(sorted(kept))}, which is no {type(optimizer).__name__}"
        raise ValueError(f"{said} for these parameters") from None
    memory = {name: values[name] for name in optimizer.MEMORY}
    for name, array in stored.items():
        params[name][...] = array
    vars(optimizer).update(memory)
    return history


def arrays_in(path):
    """The arrays of an .npz file, by name.

    Raises
    ------
    OSError
        If the file cannot be read.
    ValueError
        If it is no such file, is damaged, holds a pickle, which is never opened, or is so
        compressed that it would take more memory than its own size. The message is without
        the path, which the caller knows.
    """
    try:
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as stored:
            unpacked = sum(member.file_size for member in stored.zip.infolist())
            if unpacked > os.fstat(file.fileno()).st_size:
                raise ValueError(f"it is compressed, to {unpacked:,} bytes")
            arrays = dict(stored)
        if not all(isinstance(array, np.ndarray) for array in arrays.values()):
            raise ValueError("it holds something other than arrays")
    except OSError:
        raise
    except Exception as error:  # zipfile, zlib and NumPy have many for a file that is damaged
        raise ValueError(str(error)) from None
    return arrays


def _short(found):
    """What a file holds, in so many letters; a damaged one can hold names of any length."""
    said = str(found)
    return said if len(said) < 1_000 else f"{said[:1_000]} ..."


def _under(arrays, start):
    return {name[len(start) :]: array for name, array in arrays.items() if name.startswith(start)}


def _like(expected, array):
    """The array. Raises ValueError if it has not the shape and the precision that are expected."""
    exact = array.dtype == expected.dtype or not expected.ndim
    numbers = all(kind in "biuf" for kind in (array.dtype.kind, expected.dtype.kind))
    if array.shape != expected.shape or not numbers or not exact:
        raise ValueError(f"{array.dtype} {array.shape}")
    return array


def _kinds(arrays):
    return {name: f"{array.dtype} {array.shape}" for name, array in arrays.items()}
