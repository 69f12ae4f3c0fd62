"""Starting points for a recurrent matrix, named by what they do to a vector's length."""

import numpy as np


def gaussian(H, *, gain=1.0, rng):
    """Independent normal weights of standard deviation gain/sqrt(H), shape (H, H).

    For large H the spectral radius is near `gain` (the circular law, Girko 1985) while the largest
    singular value is near 2 gain.
    """
    return gain * rng.standard_normal((H, H)) / np.sqrt(H)


def orthogonal(H, *, gain=1.0, rng):
    """`gain` times a uniformly drawn rotation or reflection, shape (H, H).

    Every singular value is `gain` (Saxe et al. 2014). The signs of R make the draw uniform
    (Mezzadri 2007).
    """
    Q, R = np.linalg.qr(rng.standard_normal((H, H)))
    return gain * Q * np.sign(np.diag(R))


def identity(H, *, gain=1.0, rng=None):
    """`gain` times the identity, shape (H, H), as in the identity RNN (Le et al. 2015)."""
    return gain * np.eye(H)


def non_normal(H, *, gain=1.0, coupling=5.0, rng=None):
    """Pairs of units that both decay by `gain` and feed one into the other, shape (H, H).

    Blocks [[gain, coupling], [0, gain]]: the spectral radius is `gain`, the norm about `coupling`.
    An odd last unit stays alone.
    """
    W = gain * np.eye(H)
    first = np.arange(0, H - 1, 2)
    W[first, first + 1] = coupling
    return W


def spectral_radius(W):
    """Largest absolute eigenvalue of a square matrix."""
    return float(np.abs(np.linalg.eigvals(W)).max())
