"""Is a hand-written gradient right? Central differences tell. Built up in chapter 4.

df/dw  is near  (f(w + eps) - f(w - eps)) / (2 eps),  with an error of order eps^2.
"""

from typing import NamedTuple

import numpy as np


def numerical_gradient(f, array, eps=1e-6):
    """Central differences of the scalar function f() with respect to each element of `array`.

    `array` must be float64 and is changed in place while f runs, then restored. Returns an array of
    its shape. Raises ValueError for another dtype: in float32 the differences drown in rounding.
    """
    if not eps > 0:
        raise ValueError(f"eps must be positive; got {eps}")
    if array.dtype != np.float64:
        raise ValueError(f"central differences need float64; got {array.dtype}")
    gradient = np.empty_like(array)
    for index in np.ndindex(array.shape):
        value = array[index]
        array[index] = value + eps
        above = f()
        array[index] = value - eps
        below = f()
        array[index] = value
        gradient[index] = (above - below) / (2 * eps)
    return gradient


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
    """What `check_gradients` found: a relative error for each gradient, and the tolerance."""

    errors: dict
    shapes: dict
    tolerance: float

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
        parts of its state, is optional.
    tolerance : float
        Largest relative error that counts as right.

    Returns
    -------
    GradientReport
        Prints as a table with a row for dx, the initial state and each parameter; `ok`, `wrong`.
    """
    rng = np.random.default_rng(seed)
    params = cell.init_params(D, H, rng=rng)
    for value in params.values():  # biases start at zero, where some mistakes do not show
        value += 0.1 * rng.standard_normal(value.shape)
    x = rng.standard_normal((N, T, D))
    h, tape = cell.forward(x, params)
    if not np.array_equal(h, cell.forward(x, params)[0], equal_nan=True):
        raise ValueError(
            "forward gives another result when it is called again; leave dropout away, or fix its "
            "mask"
        )
    state = tuple(rng.standard_normal(part.shape) for part in tape.state)
    dh = rng.standard_normal(h.shape)
    dstate = tuple(rng.standard_normal(part.shape) for part in state)

    def loss():
        h, tape = cell.forward(x, params, state)
        return (h * dh).sum() + sum(
            (a * da).sum() for a, da in zip(tape.state, dstate, strict=True)
        )

    tape = cell.forward(x, params, state)[1]
    dx, dstate_0, grads = cell.backward(dh, tape, params, dstate)
    parts = getattr(cell, "STATE", ("h", "c")[: len(state)])
    names = ["x", *(f"{part}_0" for part in parts), *params]
    computed = [dx, *dstate_0, *(grads.get(name, np.empty(0)) for name in params)]
    arrays = [x, *state, *params.values()]
    errors = {
        name: relative_error(gradient, numerical_gradient(loss, array, eps))
        for name, gradient, array in zip(names, computed, arrays, strict=True)
    }
    return GradientReport(
        errors, {n: a.shape for n, a in zip(names, arrays, strict=True)}, tolerance
    )
