"""Practice lines of a hand made by formula: what a pen does, offset by offset. See chapter 27.

A letter is one swing up (or down) and back while the pen moves on: handwriting as two oscillations
and a drift, after Hollerbach (1980). How far the pen swings along decides what becomes of it: a
loop, the cusp of a garland, or an arch.
"""

import numpy as np

LETTERS = {  # width and height of a letter, in units of a small one; swing along, 1 is a cusp
    "e": (0.85, 1.0, 2.1),
    "l": (0.85, 2.2, 3.0),
    "g": (0.95, -1.6, 2.3),
    "u": (0.95, 1.0, 0.9),
    "n": (0.95, 1.0, -0.9),
}
FINE = np.linspace(0, 1, 121)
WORD = (2, 5)  # letters of a word, at least and at most
GAP = 0.9  # between words
NOISE = 0.012  # of every point


def swing(width, height, along):
    """The path of one letter from its first to its last point, (len(FINE), 2)."""
    turn = 2 * np.pi * FINE
    x = width * (turn + along * np.sin(turn)) / (2 * np.pi)
    return np.stack([x, height * (1 - np.cos(turn)) / 2], axis=1)


def practice_lines(N, T, *, rng):
    """Lines of cursive practice, each with its own slant, size, letters and way to move.

    Parameters
    ----------
    N, T : int
        Lines and steps, at least 1.
    rng : numpy.random.Generator

    Returns
    -------
    offsets : ndarray, shape (N, T, 3)
        dx and dy from the point before, in the height of a small letter of size 1, y upward; and
        the pen, 1 where it is lifted after the point and 0 where it stays down.
    hands : ndarray, shape (N, 2)
        Slant (how far to the right a point is moved for each unit that it lies above the line)
        and size.

    Raises
    ------
    ValueError
        If N or T is less than 1.
    """
    if N < 1 or T < 1:
        raise ValueError(f"practice_lines needs N >= 1 and T >= 1; got N={N}, T={T}")
    hands = np.stack([rng.uniform(-0.4, 1.0, N), rng.uniform(0.7, 1.4, N)], axis=1)
    letters = list(LETTERS)
    lines = []
    for slant, size in hands:
        own = rng.choice(letters, rng.integers(1, 4), replace=False)
        lines.append(line(T, own, slant=slant, size=size, rng=rng))
    return np.stack(lines), hands


def line(T, letters, *, slant, size, rng):
    """One practice line of T steps, words drawn from some of LETTERS; offsets (T, 3)."""
    unknown = set(letters) - set(LETTERS)
    if unknown or len(letters) == 0:
        raise ValueError(f"letters must be some of {''.join(LETTERS)}; got {letters!r}")
    tempo, even, wide = rng.uniform(12, 16), rng.uniform(), rng.uniform(0.85, 1.2)
    pieces, ends, steps, x = [np.zeros((1, 2))], [], 0, 0.0
    while steps <= T:
        for _ in range(rng.integers(WORD[0], WORD[1] + 1)):
            width, height, along = LETTERS[letters[rng.integers(len(letters))]]
            width, height = width * wide * rng.normal(1, 0.05), height * rng.normal(1, 0.05)
            piece = sampled(swing(width, height, along), tempo, even)
            pieces.append(piece + np.array([x, 0]))
            x, steps = x + width, steps + len(piece)
        ends.append(steps)
        x += GAP * rng.normal(1, 0.08)
        pieces.append(np.array([[x, 0.0]]))
        steps += 1
    points = np.concatenate(pieces)[: T + 1]
    points[:, 1] += rng.normal(0, NOISE, len(points))
    points[:, 0] += slant * points[:, 1] + rng.normal(0, NOISE, len(points))
    pen = np.zeros(T)
    pen[[end - 1 for end in ends if end <= T]] = 1
    return np.column_stack([size * np.diff(points, axis=0), pen])


def sampled(path, tempo, even):
    """Points of a letter without its first: in equal times, or with `even` 1 in equal distances."""
    lengths = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    clock = (1 - even) * FINE + even * lengths / 3
    count = max(4, round(tempo * clock[-1]))
    at = np.interp(np.linspace(0, clock[-1], count + 1)[1:], clock, FINE)
    return np.stack([np.interp(at, FINE, axis) for axis in path.T], axis=1)
