"""Layers that work side by side: who does which piece of the time when. Used in chapter 17."""

from typing import NamedTuple

import numpy as np

BACKWARD = 2  # a step back takes as long as two forward: chapter 16 counts two products for one


class Timetable(NamedTuple):
    """When a training step by several devices does what; a layer's step forward takes time 1.

    owner        (layers,) which device has a layer; neighbors have the same one or the next
    forth, back  (layers, pieces) when a layer begins a piece, forward and backward
    long         how long a piece takes forward, with its price; backward BACKWARD times as long
    turn, end    when forward ends, and when all ends
    """

    owner: np.ndarray
    forth: np.ndarray
    back: np.ndarray
    long: float
    turn: float
    end: float


def timetable(layers, devices, pieces, *, steps, price=0.0, both=0):
    """The `Timetable` in which everybody begins as early as possible.

    Parameters
    ----------
    layers, devices, pieces : int
        Layer l can begin a piece when it has done the one before and the layer below has done this
        one. Backward it is the same from the other end.
    steps : int
        The length of the text; its pieces are equally long.
    price : float
        What every piece costs on top, in steps.
    both : int
        So many of the lowest layers read both ways. Such a layer does as much work as another, but
        it waits for all that the next to it does, and they for all of it.

    Raises
    ------
    ValueError
        If there is no layer, device or piece, or more pieces than steps.
    """
    if min(layers, devices, pieces) < 1:
        raise ValueError(
            f"there must be layers, devices and pieces; got {layers}, {devices} and {pieces}"
        )
    if pieces > steps:
        raise ValueError(f"{steps} steps cannot be cut into {pieces} pieces")
    if not 0 <= both <= layers:
        raise ValueError(f"both must be 0 to {layers}, the number of layers; got {both}")
    owner, long = owners(layers, devices), steps / pieces + price
    groups = [*([layer] for layer in range(both)), list(range(both, layers))]
    forth, turn = begins(owner, groups, pieces, long)
    mirrored = [[layers - 1 - layer for layer in group[::-1]] for group in groups[::-1]]
    back, length = begins(owner[::-1], mirrored, pieces, BACKWARD * long)
    return Timetable(owner, forth, turn + back[::-1, ::-1], long, turn, turn + length)


def owners(layers, devices):
    """Which device has each layer, (layers,): neighbors together, the first devices one more."""
    shares = np.array_split(np.arange(layers), devices)
    return np.repeat(np.arange(devices), [len(share) for share in shares])


def begins(owner, groups, pieces, long):
    """When each layer begins each piece, (layers, pieces), and when the last one is done.

    A group is a list of layers that pass on single pieces; the next group waits for all of it.
    """
    begin, now = np.zeros((len(owner), pieces)), 0.0
    for group in groups:
        free = dict.fromkeys(owner.tolist(), now)
        done = {layer: now for layer in group}
        for piece in range(pieces):
            below = now
            for layer in group:
                start = max(free[owner[layer]], done[layer], below)
                begin[layer, piece] = start
                free[owner[layer]] = done[layer] = below = start + long
        now = max(done.values(), default=now)
    return begin, now


def gain(layers, devices, pieces, *, steps, price=0.0, both=0):
    """How many times as fast as one device that takes each layer in a single piece."""
    found = timetable(layers, devices, pieces, steps=steps, price=price, both=both)
    return (1 + BACKWARD) * layers * (steps + price) / found.end


def most(layers, devices, both=0):
    """What the gain comes near with many pieces of no price: the work by that of the busiest."""
    rest = owners(layers, devices)[both:]
    return layers / (both + (np.bincount(rest).max() if rest.size else 0))


def ideal(layers, pieces):
    """The gain of a device for each layer without a price: L n / (n + L - 1)."""
    return layers * pieces / (pieces + layers - 1)


def best_pieces(layers, steps, price):
    """How many pieces are fastest with a device for each layer: sqrt((L - 1) T / price)."""
    return np.sqrt((layers - 1) * steps / price)


def gains(record, way):
    """How many times as fast as one process, round by round: (needed, by the clock), two arrays.

    `record` are the results in data/results/sharing.json.
    """
    alone, shared = record["alone"], record[way]
    return tuple(np.divide(alone[name], shared[name]) for name in ("needed", "clock"))


def work(record, way):
    """How many times the work of one process both do together, the median of the rounds."""
    return float(np.median(np.divide(record[way]["work"], record["alone"]["work"])))
