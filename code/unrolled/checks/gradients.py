"""Central differences for any program that returns a loss and its gradients."""

import numpy as np

from unrolled.engine.gradcheck import GradientReport, numerical_gradient, relative_error


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
    loss, grads = function(params)
    if np.ndim(loss) or not np.isfinite(loss):
        raise ValueError(f"the loss must be one finite number; got {loss!r}")
    if function(params)[0] != loss:
        raise ValueError(
            "the loss is another one when it is computed again; leave dropout, updates and a "
            "carried state away"
        )
    grads = {name: np.array(grads.get(name, np.empty(0))) for name in params}
    errors = {
        name: relative_error(
            grads[name], numerical_gradient(lambda: function(params)[0], value, eps)
        )
        for name, value in params.items()
    }
    return GradientReport(errors, {n: v.shape for n, v in params.items()}, tolerance)
