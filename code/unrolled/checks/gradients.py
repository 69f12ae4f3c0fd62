"""Central differences for any program that returns a loss and its gradients."""

import numpy as np

from unrolled.engine.gradcheck import compare, numerical_gradient, rounding_of

from .answer import described, to_numpy
from .kept import kept


def gradients(function, params, *, eps=1e-6, tolerance=1e-6):
    """Compare the gradients that a program computes with central differences of its loss.

    For a cell with the names of our engine there is `check_gradients`; PyTorch has
    `torch.autograd.gradcheck` for operations that somebody derived by hand.

    Parameters
    ----------
    function : function
        Called as function(params); returns (loss, grads), a number and a dict with the keys of
        `params`. It must be the same function each time: no dropout, no update, no carried state.
    params : dict of str -> ndarray of float64
        Changed in place while it runs, then restored. Two runs for every number in them: use a
        small model.
    tolerance : float
        Largest relative error that counts as right.

    Returns
    -------
    GradientReport
        Prints as a table with a row for each parameter; `ok`, `wrong`.

    Raises
    ------
    ValueError
        If a parameter is not float64, the loss is no number, or the function is not the same twice.
    """
    if not params:
        raise ValueError("there are no parameters to check; got an empty dict")
    for name, value in params.items():
        if not isinstance(value, np.ndarray) or value.dtype != np.float64:
            kind = getattr(value, "dtype", type(value).__name__)
            raise ValueError(f"{name} must be an array of float64; got {kind}")
    arrays = dict(params)
    before = {name: value.copy() for name, value in arrays.items()}
    try:
        with kept(function):
            losses, computed, expected = _measured(function, params, before, eps)
    finally:
        for name, array in arrays.items():
            array[...] = before[name]
        params.update(arrays)
    sizes = [np.abs(grad * before[name]).sum() for name, grad in expected.items()]
    rounding = rounding_of(max(abs(losses[0]), *sizes))
    return compare(list(params), computed, list(expected.values()), rounding, tolerance)


def _measured(function, params, before, eps):
    """The losses and gradients of two calls, and central differences."""
    losses, computed = [], []
    for _ in range(2):
        loss, grads = _called(function, params)
        losses.append(loss)
        computed.append([to_numpy(grads.get(name, np.empty(0))).copy() for name in before])
    changed = [name for name in before if not np.array_equal(params[name], before[name])]
    if changed or losses[0] != losses[1]:
        raise ValueError(
            "the loss is another one when it is computed again; leave dropout, updates and a "
            f"carried state away{f': the function changes {changed[0]}' if changed else ''}"
        )

    def loss():
        return _called(function, params)[0]

    return losses, computed, {n: numerical_gradient(loss, params[n], eps) for n in before}


def _called(function, params):
    returned = function(params)
    if not isinstance(returned, tuple) or len(returned) != 2 or not hasattr(returned[1], "get"):
        raise ValueError(
            "the function must return (loss, grads), a number and a dict; got "
            f"{described(returned)}"
        )
    loss = to_numpy(returned[0])
    if loss.ndim or loss.dtype.kind not in "fiu" or not np.isfinite(loss):
        raise ValueError(f"the loss must be one finite number; got {described(returned[0])}")
    if loss.dtype.kind == "f" and loss.dtype.itemsize < 8:
        raise ValueError(f"the loss is {loss.dtype}: central differences need float64")
    return float(loss), returned[1]
