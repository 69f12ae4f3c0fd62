"""Clear errors at the place where a reader calls in. A step inside a loop never checks."""

import numpy as np


def check_inputs(x, params, *, weight, recurrent, state=None, parts=1):
    """Raise ValueError unless `x` (N, T, D) and the state's arrays (N, H) fit the parameters.

    `weight` and `recurrent` name the input and recurrent matrices, (D, H) and (H, H), in `params`;
    `parts` is how many arrays a state has.
    """
    W = params[weight]
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
    H = params[recurrent].shape[0]
    if state is not None and not (isinstance(state, tuple) and len(state) == parts):
        raise ValueError(f"the initial state must be a tuple of {parts} array(s); got {state!r}")
    for array in state or ():
        if array.shape != (x.shape[0], H):
            raise ValueError(
                f"the initial state must have shape (N, H) = {(x.shape[0], H)}; got {array.shape}"
            )
        check_dtype("the initial state", array, W, weight)


def check_dtype(name, array, parameter, parameter_name):
    """Raise ValueError if an array would have to be cast to meet its parameter."""
    if array.dtype != parameter.dtype:
        raise ValueError(
            f"{name} is {array.dtype} but {parameter_name} is {parameter.dtype}; "
            f"convert one of them, for example with .astype(np.{parameter.dtype})"
        )


def check_gradient(dh, h_shape, dtype, dstate=None):
    """Raise ValueError unless `dh` and `dstate` fit the hidden states that they belong to."""
    if dh.shape != h_shape:
        raise ValueError(f"dh must have the shape of h, (N, T, H) = {h_shape}; got {dh.shape}")
    if dh.dtype != dtype:
        raise ValueError(f"dh is {dh.dtype} but the hidden states are {dtype}")
    N, _, H = h_shape
    for array in dstate or ():
        if array.shape != (N, H) or array.dtype != dtype:
            raise ValueError(
                f"dstate must have shape (N, H) = {(N, H)} and dtype {dtype}; "
                f"got {array.shape} and {array.dtype}"
            )


def explain_nan(x, params, state):
    """Raise ValueError that names the first NaN or infinity in x, the parameters or the state.

    Called only when a final state is NaN: a NaN anywhere before it always arrives there, so that
    one look at (N, H) numbers stands for a look at every input.
    """
    parts = {f"part {i} of the initial state": part for i, part in enumerate(state)}
    for name, value in {"x": x, **params, **parts}.items():
        bad = np.argwhere(~np.isfinite(value))
        if len(bad):
            where = ", ".join(str(int(i)) for i in bad[0])
            raise ValueError(
                f"{name} holds {value[tuple(bad[0])]} at [{where}]; shape {value.shape}"
            )
    raise ValueError("the hidden state is NaN although inputs and parameters are finite: overflow")
