"""How fast neighbors of an orbit part: Lyapunov exponents of a vanilla RNN. Built up in chapter 25.

By the method of Benettin et al. (1980): carry a few orthonormal deviations along the orbit, and
after every step make them orthonormal again by a QR decomposition. The logarithms of what the
decomposition takes off, averaged over time, are the exponents.
"""

import numpy as np

from unrolled.engine.checks import look_up


def exponents(tape, params, *, count=None, sequence=0):
    """The largest Lyapunov exponents along one sequence, per step, in natural logarithms.

    Over T steps they are finite-time exponents, which depend a little on the sequence and on the
    first deviations, here those of the first `count` units.

    Parameters
    ----------
    tape : Tape
        From `rnn.forward`, T steps.
    params : dict of W_hh (H, H)
    count : int, optional
        1 <= count <= H; all H if not given. Their sum is then the mean logarithm of the
        determinants' sizes.
    sequence : int
        Which of the N sequences.

    Returns
    -------
    exponents : ndarray, shape (count,)
        The largest first, up to what T steps leave undecided.
    running : ndarray, shape (T, count)
        What they would be after 1, 2, ... T steps.

    Raises
    ------
    ValueError
        If count does not lie in 1..H, or there is no such sequence.
    """
    W = look_up(params, "W_hh")
    h = tape.h[1:]
    T, N, H = h.shape
    count = H if count is None else count
    if not 1 <= count <= H:
        raise ValueError(f"count must lie in 1..H = 1..{H}; got {count}")
    if not 0 <= sequence < N:
        raise ValueError(f"sequence must lie in 0..{N - 1}; got {sequence}")
    slopes = 1 - h[:, sequence] ** 2
    Q, logs = np.eye(H, count, dtype=W.dtype), np.empty((T, count))
    for t in range(T):
        Q, R = np.linalg.qr(slopes[t][:, None] * (W.T @ Q))  # J_t^T Q, without J_t
        with np.errstate(divide="ignore"):
            logs[t] = np.log(np.abs(np.diag(R)))
    running = logs.cumsum(axis=0) / np.arange(1, T + 1)[:, None]
    return running[-1].copy(), running


def gradient_rate(tape, params, dh_T):
    """Mean logarithm of the factor by which dL/dh_t grows on each step back, for a loss at the end.

    The slope of the logarithms of `gradient_flow.backward_norms`, without their underflow.

    Parameters
    ----------
    tape : Tape
        From `rnn.forward`, T steps of N sequences.
    params : dict of W_hh (H, H)
    dh_T : ndarray, shape (N, H)

    Returns
    -------
    float
        Over the T - 1 steps from the last state back to the first.

    Raises
    ------
    ValueError
        If there are fewer than two steps, or dh_T has not the shape of a state.
    """
    h, W = tape.h[1:], look_up(params, "W_hh")
    if len(h) < 2 or np.shape(dh_T) != h.shape[1:]:
        raise ValueError(
            f"a rate needs two steps and a gradient of shape {h.shape[1:]}; "
            f"got {len(h)} step(s) and {np.shape(dh_T)}"
        )
    dh_t, total = dh_T / np.linalg.norm(dh_T), 0.0
    for h_t in h[:0:-1]:
        dh_t = (dh_t * (1 - h_t**2)) @ W.T
        length = np.linalg.norm(dh_t)
        total, dh_t = total + np.log(length), dh_t / length
    return float(total / (len(h) - 1))


def dimension(exponents):
    """The dimension of an attractor with these exponents (Kaplan and Yorke 1979).

    Add up exponents, the largest first, as long as the sum is not negative; what is then left of
    the sum counts as a fraction of the next one. exponents (n,) -> float, from 0 to n.
    """
    falling = np.sort(np.asarray(exponents, float))[::-1]
    sums = falling.cumsum()
    whole = int((sums >= 0).argmin()) if (sums < 0).any() else len(sums)
    if whole in (0, len(sums)):
        return float(whole)
    return float(whole + sums[whole - 1] / -falling[whole])
