"""Is a hand-written gradient right? Central differences tell. Built up in chapter 4.

df/dw  is near  (f(w + eps) - f(w - eps)) / (2 eps),  with an error of order eps^2.
"""

from typing import NamedTuple

import numpy as np


def numerical_gradient(f, array, eps=1e-6):
    """Central differences of the scalar function f() with respect to each element of `array`.

    `array` must be float64 and is changed in place while f runs, then restored, also if f fails.
    Returns an array of its shape. Raises ValueError for another dtype: in float32 the differences
    drown in rounding.
    """
    if not eps > 0:
        raise ValueError(f"eps must be positive; got {eps}")
    if array.dtype != np.float64:
        raise ValueError(f"central differences need float64; got {array.dtype}")
    gradient = np.empty_like(array)
    for index in np.ndindex(array.shape):
        value = array[index]
        try:
            array[index] = value + eps
            above = f()
            array[index] = value - eps
            below = f()
        finally:
            array[index] = value
        gradient[index] = (above - below) / (2 * eps)
    return gradient


def rounding_of(loss):
    """The difference that rounding alone may make of a derivative of a loss of this size.

    A loss is exact to a few parts in 2**52, of which 2 eps with eps = 1e-6 makes some 1e-10.
    """
    return 2e-9 * abs(loss)


def relative_error(computed, expected):
    """Largest difference between two arrays, as a fraction of the largest element of either.

    Infinite if the shapes differ or either array is not finite.
    """
    computed, expected = np.asarray(computed), np.asarray(expected)
    if computed.shape != expected.shape:
        return float("inf")
    if not (np.isfinite(computed).all() and np.isfinite(expected).all()):
        return float("inf")
    scale = max(np.abs(computed).max(initial=0), np.abs(expected).max(initial=0))
    return float(np.abs(computed - expected).max(initial=0) / scale) if scale else 0.0


class GradientReport(NamedTuple):
    """What `check_gradients` found: a relative error for each gradient, and the tolerance.

    `faint` names gradients that are zero or too small to tell it from rounding.
    """

    errors: dict
    shapes: dict
    tolerance: float
    faint: tuple = ()

    @property
    def wrong(self):
        """Names of the gradients that are wrong."""
        return [name for name, error in self.errors.items() if not error <= self.tolerance]

    @property
    def ok(self):
        """True if every gradient agrees with central differences."""
        return not self.wrong

    def __str__(self):
        width = max(map(len, ["gradient", *self.errors]))
        lines = [f"{'gradient':<{width + 2}}{'shape':<12}relative error"]
        for name, error in self.errors.items():
            verdict = f"{error:.2g}  WRONG" if name in self.wrong else f"< {self.tolerance:g}"
            if name in self.faint and name not in self.wrong:
                verdict = "0 up to rounding"
            lines.append(f"{name:<{width + 2}}{self.shapes[name]!s:<12}{verdict}")
        return "\n".join(lines)

    __repr__ = __str__


def check_gradients(cell, *, N=2, T=5, D=3, H=4, seed=0, eps=1e-6, tolerance=1e-6):
    """Compare a cell's `backward` with central differences of its `forward`.

    The loss is a fixed random weighting of all hidden states and of the final state, so that every
    path back through time counts. The sizes differ from each other, so that a swapped axis shows.

    Parameters
    ----------
    cell : module or object
        With `init_params(D, H, *, rng)`, `forward(x, params, state)` and
        `backward(dh, tape, params, dstate)` as in `unrolled.engine.rnn`. `STATE`, the names of the
        parts of its state, is optional. Its arrays are copied, and never changed; `backward` is
        called twice and must give the same.
    tolerance : float
        Largest relative error that counts as right.

    Returns
    -------
    GradientReport
        Prints as a table with a row for dx, the initial state and each parameter; `ok`, `wrong`.

    Raises
    ------
    ValueError
        If forward is not the same twice, does not compute in float64, or its state is no tuple of
        arrays.
    """
    rng = np.random.default_rng(seed)
    params = _params_of(cell, D, H, rng)
    x = rng.standard_normal((N, T, D))
    h, tape = _forward(cell, x, params)
    if not np.array_equal(h, _forward(cell, x, params)[0], equal_nan=True):
        raise ValueError(
            "forward gives another result when it is called again; leave dropout away, or fix its "
            "mask"
        )
    state = tuple(rng.standard_normal(part.shape) for part in tape.state)
    dh = rng.standard_normal(h.shape)
    dstate = tuple(rng.standard_normal(part.shape) for part in state)

    def terms():
        h, tape = cell.forward(x, params, state)
        return [h * dh, *(a * da for a, da in zip(tape.state, dstate, strict=True))]

    def loss():
        return sum(term.sum() for term in terms())

    names = ["x", *(f"{part}_0" for part in _parts_of(cell, state)), *params]
    arrays = [x, *state, *params.values()]
    computed = []
    for _ in range(2):  # a gradient that adds to the one of the call before is wrong at the second
        tape = cell.forward(x, params, state)[1]
        dx, dstate_0, grads = cell.backward(dh, tape, params, dstate)
        if not hasattr(grads, "get"):
            raise ValueError(
                f"backward returns dx, dstate and a dict of gradients; got {type(grads).__name__}"
            )
        found = [dx, *dstate_0, *(grads.get(name, np.empty(0)) for name in params)]
        computed.append([np.array(gradient) for gradient in found])
    rounding = rounding_of(sum(np.abs(term).sum() for term in terms()))
    expected = [numerical_gradient(loss, array, eps) for array in arrays]
    return compare(names, computed, expected, rounding, tolerance)


def compare(names, computed, expected, rounding, tolerance):
    """A report on gradients: of each the worst of all calls in `computed`, lists like `expected`.

    What is not more than `rounding` cannot be told from zero, and counts as right if both are.
    Raises ValueError if a call gave another number of gradients than there are names.
    """
    for call in computed:
        if len(call) != len(names):
            raise ValueError(
                f"backward must give {len(names)} gradients, of {', '.join(names)}; got {len(call)}"
            )
    errors = {}
    for i, name in enumerate(names):
        errors[name] = max(relative_error(call[i], expected[i]) for call in computed)
    faint = [
        name
        for i, name in enumerate(names)
        if errors[name] < np.inf
        and all(np.abs(call[i]).max(initial=0) <= rounding for call in (*computed, expected))
    ]
    errors |= dict.fromkeys(faint, 0.0)
    shapes = {name: array.shape for name, array in zip(names, expected, strict=True)}
    return GradientReport(errors, shapes, tolerance, tuple(faint))


def _params_of(cell, D, H, rng):
    """Parameters as the cell draws them, in arrays of our own, with noise.

    Biases start at zero, where some mistakes do not show.
    """
    params = {}
    for name, value in cell.init_params(D, H, rng=rng).items():
        value = np.asarray(value)
        if value.dtype != np.float64:
            raise ValueError(f"{name} is {value.dtype}: central differences need float64")
        params[name] = value + 0.1 * rng.standard_normal(value.shape)
    return params


def _forward(cell, x, params):
    """Hidden states and tape. Raises ValueError if they are of another kind than our engine's."""
    h, tape = cell.forward(x, params)
    state = getattr(tape, "state", None)
    if not isinstance(state, tuple):
        raise ValueError(
            "tape.state must be a tuple with an array for each part of the final state, as (h,); "
            f"got {type(state).__name__}"
        )
    parts = {f"part {i} of tape.state": part for i, part in enumerate(state)}
    for name, array in {"h": h, **parts}.items():
        kind = getattr(array, "dtype", type(array).__name__)
        if kind != np.float64:
            raise ValueError(f"forward returns {name} as {kind}: central differences need float64")
    return h, tape


def _parts_of(cell, state):
    """The names of the parts of a state."""
    if not hasattr(cell, "STATE"):
        return ("h", "c")[: len(state)] if len(state) < 3 else [f"s{i}" for i in range(len(state))]
    if isinstance(cell.STATE, str) or len(cell.STATE) != len(state):
        raise ValueError(
            f"STATE must name the {len(state)} parts of tape.state in a tuple; got {cell.STATE!r}"
        )
    return cell.STATE
