"""A linear recurrence, computed without a loop over its steps.

    h_t = decay_t * h_{t-1} + drive_t

Two steps in a row are one step of the same kind, since

    decay_2 (decay_1 h + drive_1) + drive_2 = (decay_2 decay_1) h + (decay_2 drive_1 + drive_2),

so steps may be combined in any bracketing: in pairs at growing distance (Hillis and Steele 1986),
up a tree and down again (Brent and Kung 1982; Blelloch 1990), or in chunks of time. Time is the
first axis here, as in every tape. Built up in chapter 22.
"""

import math

import numpy as np

METHODS = ("loop", "doubling", "tree", "chunks")
IN_CACHE = 131_072  # numbers that "auto" works on at a time


def linear(decay, drive, h_0=None, *, method="auto"):
    """All states of h_t = decay_t * h_{t-1} + drive_t.

    Parameters
    ----------
    decay : ndarray, shape (T, N, H), or with axes of 1
        What each step keeps; an axis of 1 says that it is the same all along that axis.
    drive : ndarray, shape (T, N, H)
        What each step adds. Any number of axes after the first is fine; complex numbers, too.
    h_0 : ndarray, shape (N, H), optional
        The state before the first step; zeros if not given.
    method : {"auto", "loop", "doubling", "tree", "chunks"}
        All give the same up to rounding; "auto" takes what is fastest on a processor.

    Returns
    -------
    h : ndarray, shape (T + 1, N, H)
        With the initial state in front.

    Raises
    ------
    ValueError
        If shapes or dtypes do not fit, or the method is none of these.
    """
    decay, drive = np.asarray(decay), np.asarray(drive)
    h_0 = None if h_0 is None else np.asarray(h_0)
    _check(decay, drive, h_0)
    if drive.ndim == 1:  # a row must be an array that can be written into
        h_0 = None if h_0 is None else np.reshape(h_0, 1)
        return linear(decay[:, None], drive[:, None], h_0, method=method)[:, 0]
    T = len(drive)
    h = np.empty((T + 1, *drive.shape[1:]), drive.dtype)
    h[0] = 0 if h_0 is None else h_0
    if method == "auto":
        method, chunks, steps = _fastest(T, h[0].size)
    elif method in METHODS:
        chunks, steps = math.isqrt(T), T
    else:
        raise ValueError(f"method must be auto or one of {', '.join(METHODS)}; got {method!r}")
    decay = np.broadcast_to(decay, (T, *decay.shape[1:]))
    for start in range(0, T, steps):
        part = slice(start, start + steps)
        _fill(decay[part], drive[part], h[start : start + steps + 1], method, chunks)
    return h


def linear_backward(dh, decay, h, dstate=None, *, method="auto"):
    """The gradients of `linear`: the same recurrence backward, with the decays one step later.

        ddrive_t = dh_t + decay_{t+1} * ddrive_{t+1},    ddecay_t = ddrive_t * h_{t-1}

    Parameters
    ----------
    dh : ndarray, shape (T, N, H)
        Gradient of the loss with respect to h_1 ... h_T from outside the recurrence.
    decay : ndarray, shape (T, N, H), or with axes of 1
    h : ndarray, shape (T + 1, N, H)
        From `linear`. Of complex decays and states pass the conjugates.
    dstate : ndarray, shape (N, H), optional
        Gradient with respect to h_T from whatever came after the last step.
    method : str
        As in `linear`.

    Returns
    -------
    ddecay : ndarray, shape of decay
        Summed along the axes that are 1 there.
    ddrive : ndarray, shape (T, N, H)
    dh_0 : ndarray, shape (N, H)

    Raises
    ------
    ValueError
        As `linear`, or if h has not one state more than dh.
    """
    decay, dh, h = np.asarray(decay), np.asarray(dh), np.asarray(h)
    if h.shape != (len(dh) + 1, *dh.shape[1:]):
        raise ValueError(f"h must have one state more than dh {dh.shape}; got shape {h.shape}")
    outside = dh[::-1].copy()
    if dstate is not None:
        _check(decay, dh, np.asarray(dstate))
        outside[0] += dstate
    later = np.roll(decay, -1, axis=0)[::-1]  # its first acts on a state of zeros
    g = linear(later, outside, method=method)[:0:-1]
    ddecay = g * h[:-1]
    ones = tuple(i for i, size in enumerate(decay.shape) if size == 1)
    return ddecay.sum(axis=ones, keepdims=True), g, decay[0] * g[0]


def levels(T, method):
    """Which steps are combined with which: a list of levels, each a list of (left, right).

    All pairs of one level may be combined at the same time, and the result of a pair takes the
    place of its right step. After the last level, place t holds steps 0 to t as one.

    Raises
    ------
    ValueError
        If T is below 1 or the method is none of METHODS.
    """
    if T < 1 or method not in METHODS:
        raise ValueError(f"T must be at least 1, method one of {', '.join(METHODS)}")
    if method in ("doubling", "tree"):
        return [
            list(zip(range(T)[left], range(T)[right], strict=True))
            for left, right in _slices(T, method)
        ]
    L = 1 if method == "loop" else -(-T // math.isqrt(T))
    inside = [[(t - 1, t) for t in range(i, T, L)] for i in range(1, L)]
    across = [[(t - L, t)] for t in range(2 * L - 1, T, L)]
    rest = [(t - t % L - 1, t) for t in range(L, T) if t % L < L - 1]
    return inside + across + ([rest] if rest else [])


def _check(decay, drive, h_0):
    """Raise ValueError unless the arrays of a recurrence fit each other."""
    if drive.ndim < 1 or len(drive) < 1:
        raise ValueError(f"drive needs at least one time step; got shape {drive.shape}")
    fits = decay.ndim == drive.ndim
    if not fits or any(a not in (1, b) for a, b in zip(decay.shape, drive.shape, strict=True)):
        raise ValueError(
            f"decay must have the shape of drive, {drive.shape}, or axes of 1; got {decay.shape}"
        )
    for name, array, shape in (
        ("decay", decay, decay.shape),
        ("the initial or final state", h_0, drive.shape[1:]),
    ):
        if array is not None and (array.shape != shape or array.dtype != drive.dtype):
            raise ValueError(
                f"{name} must have shape {shape} and dtype {drive.dtype}, as drive has; "
                f"got {array.shape} and {array.dtype}"
            )


def _fastest(T, width):
    """The method, its number of chunks, and how many steps to take at a time.

    Long rows hide what Python costs, and a scan would only do more work. Where it pays, it takes as
    many steps at a time as a fast cache holds. The limits are those of `benchmarks/scan.py`.
    """
    if T < 16 or width >= 512:
        return "loop", 1, T
    steps = min(T, max(16, IN_CACHE // width))
    if steps * width <= 16_384:
        return "doubling", 1, steps
    return ("tree", 1, steps) if width < 100 else ("chunks", 16_384 // width, steps)


def _fill(decay, drive, h, method, chunks):
    """Write all states into h[1:], by one method; h[0] is given."""
    if method == "loop":
        return _loop(decay, drive, h)
    h[1:] = drive
    h[1] += decay[0] * h[0]
    if method == "chunks":
        return _chunks(decay.copy(), h[1:], min(chunks, len(drive)))
    return _combine(decay.copy(), h[1:], _slices(len(drive), method))


def _loop(decay, drive, h):
    """One step after the other, written into h[1:]."""
    for h_prev, h_t, decay_t, drive_t in zip(h[:-1], h[1:], decay, drive, strict=True):
        np.multiply(decay_t, h_prev, h_t)
        np.add(h_t, drive_t, h_t)


def _slices(T, method):
    """For each level the places of the left and of the right steps, as slices."""
    pairs, distance = [], 1
    while distance < T:
        if method == "doubling":
            pairs.append((slice(0, T - distance), slice(distance, T)))
        else:
            pairs.append(_every(T, 2 * distance - 1, distance))
        distance *= 2
    while method == "tree" and distance > 2:  # down again: the middle between two that are done
        distance //= 2
        if 3 * distance // 2 - 1 < T:
            pairs.append(_every(T, 3 * distance // 2 - 1, distance // 2, distance))
    return pairs


def _every(T, first, distance, stride=None):
    """The left and right steps of a level of the tree, of which `first` is the first right one."""
    stride = stride or 2 * distance
    count = len(range(first, T, stride))
    left = first - distance
    return (
        slice(left, left + (count - 1) * stride + 1, stride),
        slice(first, first + (count - 1) * stride + 1, stride),
    )


def _combine(decay, drive, slices):
    """Combine steps in place, level by level; afterwards drive holds the states."""
    for left, right in slices:
        drive[right] += decay[right] * drive[left]
        decay[right] = decay[right] * decay[left]


def _chunks(decay, drive, chunks):
    """The same in chunks of time, which advance side by side, each as if from an empty state.

    Then every chunk's end takes up the end before it, and the rest of each chunk the end before.
    """
    T = len(drive)
    L = -(-T // chunks)
    for i in range(1, L):
        left, right = slice(i - 1, T - 1, L), slice(i, T, L)
        drive[right] += decay[right] * drive[left]
        decay[right] *= decay[left]
    ends, ends_decay = drive[L - 1 :: L], decay[L - 1 :: L]
    for before, end, end_decay in zip(ends, ends[1:], ends_decay[1:], strict=False):
        end += end_decay * before
    for i in range(L - 1):
        right = drive[L + i :: L]
        right += decay[L + i :: L] * ends[: len(right)]
