"""Clear errors at the place where a reader calls in. A step inside a loop never checks."""

import operator

import numpy as np


def check_rng(rng):
    """Raise ValueError unless `rng` is a generator of NumPy."""
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng must be a Generator, as np.random.default_rng(7) is; got {rng!r}")


def as_integer(name, value):
    """The value as an int. Raises ValueError if it is another kind of number."""
    try:
        return operator.index(value)
    except TypeError:
        raise ValueError(f"{name} must be an integer; got {value!r}") from None


def look_up(params, name):
    """A parameter. Raises ValueError if there is none of that name."""
    if name not in params:
        raise ValueError(f"params has no {name}; it has {sorted(params)}")
    return params[name]


def check_parts(name, state, count, names=""):
    """Raise ValueError unless `state` is None or a tuple of `count` arrays."""
    if state is not None and not (isinstance(state, tuple) and len(state) == count):
        got = len(state) if isinstance(state, tuple) else repr(state)
        raise ValueError(f"{name} must be a tuple of {count} array(s){names}; got {got}")


def check_inputs(x, params, *, weight, recurrent, state=None, widths=(1,)):
    """Raise ValueError unless `x` (N, T, D) and the state's arrays fit the parameters.

    `weight` and `recurrent` name the input weights (D, H) and an array whose first axis is H in
    `params`; `widths` says how many numbers per unit each array of a state has, 1 for (N, H).
    """
    W, U = look_up(params, weight), look_up(params, recurrent)
    x = np.asarray(x)
    if x.ndim != 3:
        raise ValueError(
            f"x must have three axes, (N sequences, T steps, D inputs); got shape {x.shape}"
        )
    if 0 in x.shape:
        axis = x.shape.index(0)
        raise ValueError(
            f"x is empty along axis {axis} ({('N', 'T', 'D')[axis]}); got shape {x.shape}"
        )
    if x.shape[2] != W.shape[0]:
        raise ValueError(
            f"x has {x.shape[2]} inputs per time step but {weight} expects {W.shape[0]}; "
            f"x.shape={x.shape}, {weight}.shape={W.shape}"
        )
    for name, array in {"x": x, **params}.items():
        check_dtype(name, array, W, weight)
    check_parts("the initial state", state, len(widths))
    for array, width in zip(state or (), widths, strict=False):
        shape, H = (len(x), width * len(U)), "H" if width == 1 else f"{width} H"
        if array.shape != shape:
            raise ValueError(
                f"the initial state must have shape (N, {H}) = {shape}; got {array.shape}"
            )
        check_dtype("the initial state", array, W, weight)


def check_dtype(name, array, parameter, parameter_name):
    """Raise ValueError if an array would have to be cast to meet its parameter."""
    if array.dtype != parameter.dtype:
        raise ValueError(
            f"{name} is {array.dtype} but {parameter_name} is {parameter.dtype}; "
            f"convert one of them, for example with .astype(np.{parameter.dtype})"
        )


def check_gradient(dh, h_shape, state, dstate=None):
    """Raise ValueError unless `dh` and `dstate` fit the outputs and the final state of a cell."""
    if dh.shape != h_shape:
        raise ValueError(f"dh must have the shape of h, (N, T, H) = {h_shape}; got {dh.shape}")
    dtype = state[0].dtype
    if dh.dtype != dtype:
        raise ValueError(f"dh is {dh.dtype} but the hidden states are {dtype}")
    check_parts("dstate", dstate, len(state))
    for array, part in zip(dstate or (), state, strict=False):
        if array.shape != part.shape or array.dtype != dtype:
            raise ValueError(
                f"dstate must have the final state's shape {part.shape} and dtype {dtype}; "
                f"got {array.shape} and {array.dtype}"
            )


def explain_nan(x, params, state):
    """Raise ValueError that names the first NaN or infinity in x, the parameters or the state.

    Called only when a final state is NaN: a NaN anywhere before it always arrives there, so that
    one look at (N, H) numbers stands for a look at every input.
    """
    parts = {f"part {i} of the initial state": part for i, part in enumerate(state)}
    check_finite(**{"x": x, **params, **parts})
    raise ValueError("the hidden state is NaN although inputs and parameters are finite: overflow")


def check_finite(**arrays):
    """Raise ValueError that names the first NaN or infinity in arrays of numbers."""
    for name, value in arrays.items():
        if not np.issubdtype(value.dtype, np.inexact):
            continue
        bad = np.argwhere(~np.isfinite(value))
        if len(bad):
            where = ", ".join(str(int(i)) for i in bad[0])
            raise ValueError(
                f"{name} holds {value[tuple(bad[0])]} at [{where}]; shape {value.shape}"
            )
