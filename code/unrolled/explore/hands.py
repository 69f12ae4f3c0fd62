"""What chapter 27 goes on in: hands as texts of letters, and the networks that write (on record).

A hand is written down as pairs of letters, one pair for each offset of the pen, and a dot where the
pen is lifted, so that it fits into an address.
"""

from functools import cache

import numpy as np

from unrolled.datasets import files, strokes
from unrolled.engine import lstm

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
STEP, MIDDLE = 0.05, len(LETTERS) // 2  # of an offset; the letter for 0
LIFT = "."
READ = 60  # steps of a hand that are read, at most
LONGEST = 2 * READ + 24  # letters of a hand
CELL, H, FLOOR = lstm, 64, -4.0
SIZES = (8, 1)  # components of the networks
NAMES = [*(f"{kind}{gate}" for gate in "ifgo" for kind in ("W_x", "W_h", "b_")), "W_hy", "b_y"]


def encoded(offsets):
    """Offsets (T, 3) as a text. What is lost by rounding does not add up."""
    written, reached, ideal = [], np.zeros(2), np.zeros(2)
    for dx, dy, lifted in offsets:
        ideal += dx, dy
        codes = np.clip(np.round((ideal - reached) / STEP), -MIDDLE, MIDDLE - 1).astype(int)
        reached += codes * STEP
        written += [LETTERS[MIDDLE + code] for code in codes] + [LIFT] * bool(lifted)
    return "".join(written)


def decoded(text):
    """The offsets (T, 3) of a text, at most READ; a single lifted step if there are none."""
    offsets, first = [], None
    for letter in text:
        if letter == LIFT:
            if offsets:
                offsets[-1][2] = 1.0
        elif first is None:
            first = letter
        else:
            offsets.append([STEP * (LETTERS.index(each) - MIDDLE) for each in (first, letter)])
            offsets[-1].append(0.0)
            first = None
    return np.array(offsets[:READ] or [[0.0, 0.0, 1.0]])


def practiced(letters, slant, size, seed):
    """A hand made by formula, as a text."""
    rng = np.random.default_rng(seed)
    return encoded(strokes.line(READ, letters, slant=slant, size=size, rng=rng))


@cache
def rounded(components):
    """The recorded parameters in steps: name -> codes from -127 to 127, and a step for each column.

    So they take half of a page's room, and the loss of eight clouds grows by 0.004 nats.
    """
    with np.load(files.path("results/strokes.npz"), allow_pickle=False) as arrays:
        recorded = {name: arrays[f"{components}/{name}"].astype(np.float64) for name in NAMES}
    steps = {name: np.abs(p).max(axis=0, keepdims=True) / 127 for name, p in recorded.items()}
    return {name: (np.round(p / steps[name]), steps[name]) for name, p in recorded.items()}


@cache
def network(components):
    """Parameters in float64 (recorded by unrolled.experiments strokes)."""
    return {name: codes * step for name, (codes, step) in rounded(components).items()}


def packed(components):
    """All codes as bytes, eight of them in the place of a double, and all steps, for a page."""
    codes, steps = (
        np.concatenate([pair[part].ravel() for pair in rounded(components).values()])
        for part in (0, 1)
    )
    whole = np.concatenate([codes, np.zeros(-len(codes) % 8)]).astype("<i1")
    return whole.view("<f8"), steps
