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
WORD = (2, 4)  # letters of a word, at least and at most
OWN = 2  # letters of a line, at most
GAP = 0.9  # between words
NOISE = 0.012  # of every point


def swing(width, height, along):
    """The path of one letter from its first to its last point, (len(FINE), 2)."""
    turn = 2 * np.pi * FINE
    x = width * (turn + along * np.sin(turn)) / (2 * np.pi)
    return np.stack([x, height * (1 - np.cos(turn)) / 2], axis=1)


def practice_lines(N, T, *, rng, upright=False):
    """Lines of cursive practice, each with its own slant, size, letters and way to move.

    Parameters
    ----------
    N, T : int
        Lines and steps, at least 1.
    rng : numpy.random.Generator
    upright : bool
        Leave the lines without slant and of size 1, for `leaned`.

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
    drawn = np.tile([0.0, 1.0], (N, 1)) if upright else hands(N, rng=rng)
    letters = list(LETTERS)
    lines = []
    for _ in range(N):
        own = rng.choice(letters, rng.integers(1, OWN + 1), replace=False)
        lines.append(line(T, own, rng=rng))
    return leaned(np.stack(lines), drawn), drawn


def hands(N, *, rng):
    """A slant and a size for each of N lines, (N, 2)."""
    return np.stack([rng.uniform(-0.4, 1.0, N), rng.uniform(0.7, 1.4, N)], axis=1)


def leaned(offsets, hands):
    """Upright lines (N, T, 3) of size 1 in `hands`, (N, 2) of slant and size."""
    slant, size = hands[:, :1], hands[:, 1:]
    dx, dy, pen = np.moveaxis(offsets, -1, 0)
    return np.stack([size * (dx + slant * dy), size * dy, pen], axis=-1)


def line(T, letters, *, rng, slant=0.0, size=1.0):
    """One practice line of T steps, words drawn from some of LETTERS; offsets (T, 3)."""
    unknown = set(letters) - set(LETTERS)
    if unknown or len(letters) == 0:
        raise ValueError(f"letters must be some of {''.join(LETTERS)}; got {letters!r}")
    tempo, even, wide = rng.uniform(6.5, 8.5), rng.uniform(), rng.uniform(0.85, 1.2)
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
    points += rng.normal(0, NOISE, points.shape)
    pen = np.zeros(T)
    pen[[end - 1 for end in ends if end <= T]] = 1
    offsets = np.column_stack([np.diff(points, axis=0), pen])
    return leaned(offsets[None], np.array([[slant, size]]))[0]


def sampled(path, tempo, even):
    """Points of a letter without its first: in equal times, or with `even` 1 in equal distances."""
    lengths = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    clock = (1 - even) * FINE + even * lengths / 3
    count = max(4, round(tempo * clock[-1]))
    at = np.interp(np.linspace(0, clock[-1], count + 1)[1:], clock, FINE)
    return np.stack([np.interp(at, FINE, axis) for axis in path.T], axis=1)


def crossings(N, T, *, every=4, noise=0.05, rng):
    """A path that goes on by 1 and up or down by 1, and tosses a coin at every crossing.

    Offsets (N, T, 3) as in `practice_lines`, with a pen that stays down; the direction is drawn at
    the first step and then `every` so many. Whoever predicts the mean has an error of
    1 / (2 every) + noise², averaged over dx and dy.
    """
    if N < 1 or T < 1 or every < 1:
        raise ValueError(
            f"crossings needs N, T and every to be at least 1; got N={N}, T={T}, every={every}"
        )
    turns = rng.choice([-1.0, 1.0], (N, -(-T // every)))
    steps = np.stack([np.ones((N, T)), np.repeat(turns, every, axis=1)[:, :T]], axis=-1)
    steps += noise * rng.standard_normal(steps.shape)
    return np.concatenate([steps, np.zeros((N, T, 1))], axis=-1)


def slant(offsets):
    """How far a hand leans, estimated from offsets (..., T, 3): dx explained by dy, pen down.

    In an upright letter the pen goes up as it goes down, so dx and dy do not vary together; a slant
    adds slant * dy to dx. Zero where nothing goes up or down.
    """
    down = offsets[..., 2] == 0
    count = np.maximum(down.sum(axis=-1, keepdims=True), 1)
    dx, dy = (
        down * (part - (down * part).sum(axis=-1, keepdims=True) / count)
        for part in (offsets[..., 0], offsets[..., 1])
    )
    varies = (dy**2).sum(axis=-1)
    return np.where(varies > 0, (dx * dy).sum(axis=-1) / np.where(varies > 0, varies, 1), 0)
