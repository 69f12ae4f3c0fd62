"""Where a vanilla RNN rests, and what happens close by. Built up in chapter 25.

States are rows, so a small deviation d from a fixed point h* becomes d J in one step, with the
Jacobian J of `analysis.gradient_flow`; its directions are left eigenvectors of J.
"""

import numpy as np

from unrolled.engine.checks import check_finite, look_up

ROUNDS, LONGEST = 100, 1.0  # of Newton's method: how many steps, and how long each may be
SAME = 1e-6  # two points that are closer than this are one


def find(params, starts, *, x=None, tol=1e-10):
    """All fixed points that Newton's method finds from some starts.

    Sussillo and Barak (2013) descend on |F(h) - h|^2; with a Jacobian of a few dozen units at hand
    we solve F(h) = h itself, by steps of at most LONGEST. A point that no start leads to is not
    found: the more starts, the surer.

    Parameters
    ----------
    params : dict of W_hh (H, H), b_h (H,); W_xh (D, H) as well if `x` is given
    starts : ndarray, shape (n, H)
    x : ndarray, shape (D,), optional
        An input that stays; silence if not given.
    tol : float
        The largest |F(h) - h| of a point.

    Returns
    -------
    ndarray, shape (count, H)
        Each point once: those with fewer unstable directions first, among these the one with the
        smaller spectral radius.

    Raises
    ------
    ValueError
        If shapes do not fit or numbers are not finite.
    """
    W, drive = look_up(params, "W_hh"), look_up(params, "b_h")
    h = np.array(starts, W.dtype)
    H = len(W)
    if h.ndim != 2 or h.shape[1] != H:
        raise ValueError(f"starts must have shape (n, H) with H = {H}; got {h.shape}")
    if x is not None:
        W_xh, x = look_up(params, "W_xh"), np.asarray(x)
        if x.shape != W_xh.shape[:1]:
            raise ValueError(f"x must have shape (D,) = {W_xh.shape[:1]}; got {x.shape}")
        drive = drive + x @ W_xh
    check_finite(W_hh=W, drive=drive, starts=h)
    moving = np.arange(len(h))
    for _ in range(ROUNDS):
        after = np.tanh(h[moving] @ W + drive)
        miss = (after - h[moving])[:, :, None]
        J = W * (1 - after[:, None, :] ** 2)
        try:
            move = np.linalg.solve((np.eye(H) - J).transpose(0, 2, 1), miss)
        except np.linalg.LinAlgError:  # an eigenvalue of exactly 1, at one start or more
            move = miss
        length = np.linalg.norm(move, axis=1)
        h[moving] += move[:, :, 0] * np.minimum(1, LONGEST / np.maximum(length, 1e-300))
        moving = moving[length[:, 0] > tol / 10]
        if not len(moving):
            break
    found = h[np.linalg.norm(np.tanh(h @ W + drive) - h, axis=1) < tol]
    points = _distinct(found)
    order = []
    for h_star in points:
        J = linearize(h_star, params)
        order.append((unstable(J)[0], float(np.abs(np.linalg.eigvals(J)).max())))
    return points[sorted(range(len(points)), key=order.__getitem__)]


def linearize(h, params):
    """The Jacobian of the step that arrives at h: its rows belong to h_{t-1}, columns to h_t.

    At a fixed point it is what a step there does to a small deviation. h (H,) -> (H, H).
    """
    return look_up(params, "W_hh") * (1 - np.asarray(h) ** 2)


def unstable(J):
    """How many directions grow, and which.

    Returns
    -------
    count : int
        Eigenvalues of absolute value above 1.
    directions : ndarray, shape (count, H)
        Rows of length 1, the fastest first; d J is the eigenvalue times d. A pair of complex
        eigenvalues has the real and the imaginary part of its eigenvector, which span its plane.
    """
    values, vectors = np.linalg.eig(np.asarray(J).T)
    order = [i for i in np.argsort(-np.abs(values), kind="stable") if np.abs(values[i]) > 1]
    rows = [vectors[:, i].imag if values[i].imag < 0 else vectors[:, i].real for i in order]
    directions = np.array(rows).reshape(len(order), len(J))
    return len(order), directions / np.linalg.norm(directions, axis=1, keepdims=True)


def index(J):
    """The sign of the determinant of 1 - J: -1 if an odd number of real eigenvalues is above 1.

    Over all fixed points of a tanh network these add up to 1, if no eigenvalue is exactly 1
    (Lefschetz; the network sends a cube into itself). If they do not, the search has missed some.
    """
    return int(np.linalg.slogdet(np.eye(len(J)) - J)[0])


def _distinct(points):
    """Points without those that come twice."""
    kept = np.empty((0, points.shape[1]), points.dtype)
    for point in points:
        if not (np.linalg.norm(kept - point, axis=1) < SAME).any():
            kept = np.concatenate([kept, point[None]])
    return kept
