"""Two systems that never repeat themselves: Lorenz's weather and a disease of the blood.

Nothing here is random but where a sequence starts. Built up in chapter 26.
"""

import numpy as np

from unrolled.engine import scan

SIGMA, RHO, BETA = 10.0, 28.0, 8 / 3  # as Lorenz chose them
FINEST = 0.02  # units of time, the longest step of an integration of Lorenz's equations
PARTS = 20  # into which a unit of time is divided for Mackey and Glass's equation
SETTLED = 20.0, 1000  # units of time that are thrown away, for a sequence to reach the attractor


def slope(point):
    """The right-hand side of Lorenz's equations (1963) at points (3, N)."""
    x, y, z = point
    return np.array([SIGMA * (y - x), x * (RHO - z) - y, x * y - BETA * z])


def runge_kutta(point, step):
    """Points (3, N) one step later, by the classical method of fourth order."""
    k_1 = slope(point)
    k_2 = slope(point + step / 2 * k_1)
    k_3 = slope(point + step / 2 * k_2)
    k_4 = slope(point + step * k_3)
    return point + step / 6 * (k_1 + 2 * k_2 + 2 * k_3 + k_4)


def lorenz(N, T, *, rng, step=0.02):
    """Sequences of Lorenz's system, each from a start of its own on the attractor.

    Parameters
    ----------
    N, T : int
        Sequences and time steps.
    rng : numpy.random.Generator
    step : float
        Units of time between two steps; it is divided further for the integration.

    Returns
    -------
    ndarray, shape (N, T, 3)
        x, y and z, not scaled: x from about -20 to 20, z from about 0 to 48.

    Raises
    ------
    ValueError
        If N or T is less than 1, or the step is not positive.
    """
    _check(N, T)
    if not step > 0:
        raise ValueError(f"step must be positive; got {step}")
    parts = int(np.ceil(step / FINEST - 1e-9))
    point = 5 * rng.standard_normal((3, N)) + np.array([[0], [0], [25]])
    for _ in range(int(SETTLED[0] / FINEST)):
        point = runge_kutta(point, FINEST)
    sequences = np.empty((T, 3, N))
    for t in range(T):
        sequences[t] = point
        for _ in range(parts):
            point = runge_kutta(point, step / parts)
    return sequences.transpose(2, 0, 1).copy()


def mackey_glass(N, T, *, rng, delay=17):
    """Sequences of Mackey and Glass's equation (1977), one number for each unit of time.

    dx/dt = 0.2 x(t - delay) / (1 + x(t - delay)^10) - 0.1 x(t). Over one delay the first term is
    known, and what remains is a linear recurrence, which `scan.linear` solves at once.

    Parameters
    ----------
    N, T : int
        Sequences and time steps.
    rng : numpy.random.Generator
    delay : int
        1 <= delay, in units of time; chaotic at 17.

    Returns
    -------
    ndarray, shape (N, T, 1)
        Between about 0.2 and 1.4.

    Raises
    ------
    ValueError
        If N, T or delay is less than 1.
    """
    _check(N, T)
    if delay < 1:
        raise ValueError(f"delay must be at least 1; got {delay}")
    past = np.empty((delay * PARTS + 1, N))
    past[:] = rng.uniform(0.5, 1.3, N)
    pieces = []
    for _ in range(-(-(SETTLED[1] + T) // delay)):
        past = _one_delay(past, 1 / PARTS)
        pieces.append(past[PARTS::PARTS])
    return np.concatenate(pieces)[SETTLED[1] :][:T].T[:, :, None].copy()


def _one_delay(past, step):
    """The next delay (n + 1, N) of Mackey and Glass's equation from the one before, with both ends.

    What comes in between two points is taken by the trapezoidal rule.
    """
    gain = 0.2 * past / (1 + past**10)
    left = np.exp(-0.1 * step)  # of x after one step
    drive = step / 2 * (left * gain[:-1] + gain[1:])
    return scan.linear(np.full_like(drive, left), drive, past[-1])


def _check(N, T):
    if N < 1 or T < 1:
        raise ValueError(f"N and T must be at least 1; got N={N}, T={T}")
