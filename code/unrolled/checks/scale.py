"""When is a change a change? Every column of an answer has a scale of its own.

A difference counts if it is larger than what rounding leaves: a fraction of the column's own size,
and never less than a few units in the last place of a number near one.
"""

import numpy as np


def change(before, after):
    """How far an answer moved, element by element; two equal infinities did not."""
    before, after = np.asarray(before), np.asarray(after)
    if before.shape != after.shape:
        raise ValueError(f"the answer has shape {before.shape} once and {after.shape} another time")
    kind = complex if np.iscomplexobj(before) else float
    with np.errstate(invalid="ignore", over="ignore"):
        far = np.abs(after.astype(kind) - before.astype(kind))
    return np.where(before == after, 0.0, far)


def rounding(values):
    """The spacing at 1 of the numbers that an answer is written in: 2**-23 for float32.

    It is read off the digits, for a model may compute in half precision and return float64.
    """
    values = np.asarray(values)
    if not np.issubdtype(values.dtype, np.floating):
        return 0.0
    values = values[np.isfinite(values)].astype(float)
    mantissa = np.frexp(values)[0]

    def fit(bits):
        return bool((np.ldexp(mantissa, bits) % 1 == 0).all())

    if not fit(4) and (values % 1).any():  # 0.5 and whole numbers fit into any precision
        for bits in (8, 11, 24):
            if fit(bits):
                return 2.0 ** (1 - bits)
        return 2.0**-52
    return 2.0**-23


def unit(before, tolerance, own=None):
    """What a change of each element is measured by.

    Parameters
    ----------
    before : ndarray, shape (N, S, K)
    tolerance : float
        The least fraction of the unit that will count.
    own : ndarray, shape (N, S, K), optional
        How far each moves when it may: an answer near zero has the scale of its moves.

    Returns
    -------
    ndarray, shape (N, S, K)
        The element's own size, if that is finite, or the typical size in its column, if that is
        more; a few roundings of 1 at least.
    """
    size = np.where(np.isfinite(before), np.abs(before), 0).astype(float)
    typical = _typical(size)
    if own is not None:
        typical = np.maximum(typical, _typical(np.where(np.isfinite(own), own, 0)))
    return np.maximum(np.maximum(size, typical), 4 * rounding(before) / tolerance or 1e-300)


def _typical(size):
    """The median over all that is not zero, by column; zero where all is."""
    columns = size.reshape(-1, size.shape[-1])
    some = np.where(columns > 0, columns, np.nan)
    some[0, np.isnan(some).all(axis=0)] = 0
    return np.nanmedian(some, axis=0)
