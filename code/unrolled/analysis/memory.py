"""How much of its inputs a linear state remembers, exactly and without training (Jaeger 2001).

Pairs of units keep r of themselves at each step and are turned by an angle, as in
`unrolled.engine.lru`; the inputs are white noise. A readout that is linear and the best possible
recalls the input k steps back with R^2 = m(k), which is between 0 and 1. All m(k) together are at
most the number of units: memory is a budget, and the turns decide how it is spent.
"""

import numpy as np


def recall(r, angle, lags, *, noise=1e-3):
    """m(k) of the best linear readout, for each lag k.

    With w_k what an input leaves in the units k steps later and C the covariance of the state,
    m(k) = w_k C^-1 w_k^T. C has a closed form, so nothing is simulated.

    Parameters
    ----------
    r, angle : array_like, shape (H,)
        What each pair keeps per step, 0 <= r < 1, and by how much it turns, in radians.
    lags : array_like of int, shape (K,)
        Steps back; 0 is the input that has just come in.
    noise : float
        Standard deviation of noise on each unit, relative to the unit's own.

    Returns
    -------
    ndarray, shape (K,)

    Raises
    ------
    ValueError
        If r and angle are not of one shape (H,), an r is not in [0, 1), or a lag is below 0.
    """
    lags = np.asarray(lags)
    if (lags < 0).any():
        raise ValueError(f"a lag is at least 0; got {lags.min()}")
    pairs, C, noisy = _covariances(r, angle, noise)
    kept = pairs[0] * pairs[1] ** lags[:, None]  # (K, H), complex
    w = np.concatenate([kept.real, kept.imag], axis=1)[:, C.any(axis=1)]
    return np.einsum("ki,ik->k", w, np.linalg.solve(noisy, w.T))


def total(r, angle, *, noise=1e-3):
    """The sum of m(k) over all lags: what is spent of the budget. Arguments as in `recall`."""
    _, C, noisy = _covariances(r, angle, noise)
    used = C.any(axis=1)
    return float(np.trace(np.linalg.solve(noisy, C[np.ix_(used, used)])))


def _covariances(r, angle, noise):
    """What an input writes and each step multiplies by; covariance (2 H, 2 H), and with noise.

    From the covariance with noise the units are left out that no input reaches: those that would
    have to be turned to.
    """
    r, angle = np.asarray(r, float), np.asarray(angle, float)
    if r.ndim != 1 or r.shape != angle.shape or not ((r >= 0) & (r < 1)).all():
        raise ValueError(
            f"r and angle must have one shape (H,), and 0 <= r < 1; got {r.shape}, {angle.shape}"
        )
    turn = r * np.exp(1j * angle)
    write = np.sqrt(1 - r**2)
    both = np.outer(write, write)
    # E[a b*] and E[a b] of the pairs as complex numbers, each a geometric series over the lags.
    with_conjugate = both / (1 - np.outer(turn, turn.conj()))
    without = both / (1 - np.outer(turn, turn))
    pp, qq = (with_conjugate + without).real / 2, (with_conjugate - without).real / 2
    pq = (without - with_conjugate).imag / 2
    C = np.block([[pp, pq], [pq.T, qq]])
    C[np.abs(C) < 1e-15] = 0
    used = C.any(axis=1)
    noisy = C[np.ix_(used, used)]
    return (write, turn), C, noisy + noise**2 * np.diag(np.diag(noisy))
