"""What a model returns, as arrays of NumPy."""

import numpy as np

NAMES = ("logits", "prediction", "predictions", "output", "outputs", "last_hidden_state", "answer")


def as_array(value, x=None):
    """The answer of a model as an array of numbers.

    A list with an array for every step of `x` is one array (N, T, ...). Of other lists and tuples
    the first is the answer; of a dict or namedtuple the only array, or one that is called "logits",
    "prediction" or "output". Raises ValueError if there is none, or if it holds NaN.
    """
    if hasattr(value, "batch_sizes"):
        raise ValueError("the model returns a packed sequence; unpack it with pad_packed_sequence")
    if fields := named_parts(value):
        return as_array(_chosen(fields), x)
    if isinstance(value, tuple | list) and len(value) and _holds_arrays(value):
        parts = _steps(value, x)
        return as_array(value[0], x) if parts is None else np.stack(parts, axis=1)
    array = to_numpy(value)
    if np.isnan(array).any():
        raise ValueError(f"the model returns NaN; its answer has shape {array.shape}")
    return array


def all_numbers(value, x=None):
    """Every number of an answer in one row, also those that are no part of `as_array`."""
    if fields := named_parts(value):
        return _joined(fields.values())
    if isinstance(value, tuple | list) and any(map(_is_part, value)):
        return _joined(value)
    return to_numpy(value).astype(float).ravel()


def named_parts(value):
    """The parts of a dict, a namedtuple or an output object of a library by name, else {}."""
    if hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, dict):
        return value
    if not hasattr(value, "shape") and hasattr(value, "__dict__") and hasattr(value, "logits"):
        return vars(value)
    return {}


def described(value):
    """A value in a few words for a message."""
    if hasattr(value, "shape"):
        return f"{type(value).__name__} of shape {tuple(value.shape)}"
    if isinstance(value, str | int | float | None):
        return repr(value)[:40]
    if isinstance(value, list | tuple) and value:
        return f"a {type(value).__name__} of {len(value)}, the first a {type(value[0]).__name__}"
    return f"a {type(value).__name__}"


def _chosen(fields):
    arrays = {name: part for name, part in fields.items() if _is_part(part)}
    names = [name for name in NAMES if name in arrays] or list(arrays)
    if len(names) == 1 or names[:1] == ["logits"]:
        return arrays[names[0]]
    raise ValueError(
        f"the model returns several things, {', '.join(map(str, fields))}; choose one: "
        f"lambda x: model(x)[{next(iter(arrays or fields))!r}]"
    )


def _is_part(value):
    return hasattr(value, "shape") or isinstance(value, tuple | list | dict)


def _holds_arrays(value):
    return hasattr(value[0], "shape") or (_is_part(value[0]) and any(map(_is_part, value[1:])))


def _steps(value, x):
    """Arrays of equal shapes, one for each step of x, or None if the value is something else.

    Three or fewer may be an output and the states of a layer: they are never taken for steps.
    """
    T = np.shape(x)[1] if np.ndim(x) > 1 else 0
    if len(value) != T or T < 4 or len({tuple(getattr(v, "shape", ())) for v in value}) > 1:
        return None
    return [as_array(step) for step in value]


def _joined(parts):
    arrays = [all_numbers(part) for part in parts if _is_part(part)]
    return np.concatenate([np.zeros(0), *arrays])


def to_numpy(value):
    """A number, array or tensor as an array. Raises ValueError if it holds no numbers."""
    if hasattr(value, "detach"):
        value = value.detach().cpu()
        if str(value.dtype) == "torch.bfloat16":
            value = value.float()
    try:
        array = np.asarray(value)
        if str(array.dtype) == "bfloat16":
            array = array.astype(np.float32)
        np.isnan(array)
    except Exception:  # whatever a foreign __array__ raises
        array = None
    if array is None:
        raise ValueError(
            f"the model must return an array of numbers; got {described(value)}; wrap it: "
            "lambda x: what is to be looked at in model(x)"
        )
    return array
