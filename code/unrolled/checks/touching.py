"""Touch a part of the input, and see which answers move."""

import numpy as np

from .adapter import as_function
from .kept import Unsteady
from .scale import change, rounding

WRAP = "if it gives one answer for each sequence say per_step=False, or wrap it: lambda x: ..."


def as_batch(x):
    """x as an array (N, T, D), or (N, T) of integer ids. Raises ValueError for anything else."""
    x = np.asarray(x.detach().cpu() if hasattr(x, "detach") else x)
    if x.ndim not in (2, 3):
        raise ValueError(f"x must be (N, T, D), or (N, T) ids; got shape {x.shape}")
    if not x.size:
        raise ValueError(f"x is empty; got shape {x.shape}")
    whole = np.issubdtype(x.dtype, np.integer)
    if not whole and not np.issubdtype(x.dtype, np.floating):
        raise ValueError(f"x must hold fractions or ids; got {x.dtype}")
    if x.ndim == 2 and not whole:
        raise ValueError(
            f"x with two axes, (N, T), holds integer ids; got {x.dtype}; give x[..., None], and to "
            "a model that takes (N, T) as lambda x: model(x[..., 0])"
        )
    if not np.isfinite(x).all():
        raise ValueError(f"x holds NaN or infinity; got shape {x.shape}")
    return x


class Asked:
    """A model as a function whose answers have three axes, (N, T, K) or (N, 1, K).

    Whether there is an answer at every step is found out by asking about fewer steps: then there
    must be fewer answers. Raises ValueError if that cannot be found out, or if the model is not the
    same function twice.
    """

    def __init__(self, model, x, *more, per_step=None):
        self.function, self.per_step = as_function(model), False
        self.doubt = ""  # why it may be that an answer (N, T, K) has no time in it
        first, again = (self.function(x.copy(), *more) for _ in range(2))
        if first.shape != again.shape or change(first, again).any():
            raise Unsteady(
                "the model answers differently when it is called again: switch off its dropout, "
                "reset its state (lambda x: (reset(), model(x))[1]), or ask fresh_randomness"
            )
        self.per_step = self._has_steps(first, x, more) if per_step is None else bool(per_step)
        self.before = self._three_axes(first, x)

    def __call__(self, x, *more):
        """The answers for x (N, T, ...), with as many steps as x has, or one."""
        return self._three_axes(self.function(x.copy(), *more), x)

    def _has_steps(self, result, x, more):
        T = x.shape[1]
        if result.ndim < 2 or (result.ndim == 2 and result.shape[1] != T):
            return False
        if result.ndim > 2 and result.shape[1] != T:
            return result.shape[1] != 1
        if T == 1:
            return True
        lengths = [np.minimum(more[0], T - 1)] if more else []
        try:
            fewer = self.function(x[:, :-1].copy(), *lengths).shape
        except ValueError:
            self.doubt = (
                f"for x of shape {x.shape} the model returns {result.shape}, and takes no x of "
                f"fewer steps, which is ambiguous: an answer at each of {T} steps, or {T} for each "
                "sequence. Say per_step=True or per_step=False"
            )
            if result.ndim > 2:
                return True
            raise ValueError(self.doubt) from None
        return len(fewer) > 1 and fewer[1] == T - 1

    def _three_axes(self, result, x):
        N, T = x.shape[:2]
        found = result.shape
        whole = result.reshape(len(result), 1, -1) if result.ndim and not self.per_step else result
        whole = whole[..., None] if self.per_step and whole.ndim == 2 else whole
        if whole.ndim < 3 or len(whole) != N or whole.shape[1] != (T if self.per_step else 1):
            swapped = found[:2] == (T, N)
            raise ValueError(
                f"for x of shape {x.shape} the model must return (N, T, K) or (N, K) with N = {N} "
                f"and T = {T}; got {found}{', which has time first' if swapped else ''}; {WRAP}"
            )
        return whole.reshape(*whole.shape[:2], -1)


def is_padding(x):
    """Where a step (N, T) lies in a run of zeros, or ids 0, at an end of its sequence."""
    zero = ~x.reshape(*x.shape[:2], -1).any(axis=2)
    back = np.logical_and.accumulate(zero[:, ::-1], axis=1)[:, ::-1]
    return np.logical_and.accumulate(zero, axis=1) | back


class Touching:
    """Copies of x with other steps in some places: with such as x itself holds elsewhere.

    So an id stays one, a price positive, and a one-hot row one-hot. Padding is not touched.
    """

    def __init__(self, x, seed):
        self.x, self.rng = x, np.random.default_rng(seed)
        rows = x.reshape(x.shape[0] * x.shape[1], -1)
        self.own = ~is_padding(x)
        if not self.own.any():
            self.own[:] = True
        _, first, which = np.unique(rows, axis=0, return_index=True, return_inverse=True)
        self.which = which.reshape(x.shape[:2])
        kinds = np.unique(self.which[self.own])  # of steps that are not padding
        self.kinds, self.values = kinds, rows[first[kinds]].reshape(-1, *x.shape[2:])
        if len(kinds) < 2 and np.issubdtype(x.dtype, np.integer):
            raise ValueError(
                f"x must hold at least two different ids; it holds only {self.values.ravel()[0]}"
            )

    def other(self, where):
        """A copy of x, touched where an index into (N, T) says."""
        there = np.zeros(self.own.shape, bool)
        there[where] = True
        there &= self.own
        touched = self.x.copy()
        if len(self.kinds) < 2:  # nothing in x says what it may be
            touched[there] += 0.5 + self.rng.random(touched[there].shape).astype(self.x.dtype)
            return touched
        at = np.searchsorted(self.kinds, self.which[there])
        at += self.rng.integers(1, len(self.kinds), at.shape)
        touched[there] = self.values[at % len(self.kinds)]
        return touched


def fair(before, tolerance, *, reshaped=False):
    """The tolerance, or what rounding may do to the answers if that is more.

    A batch of another shape is computed in another order, with more roundings.
    """
    return max(tolerance, (6 if reshaped else 4) * rounding(before))
