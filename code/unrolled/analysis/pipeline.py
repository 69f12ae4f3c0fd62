"""Layers that work side by side: who does which piece of the time when. Used in chapter 17."""

import numpy as np


def schedule(layers, pieces):
    """What each layer is at in each slot of time, shape (layers, slots); the lowest layer first.

    Forward, layer l can take piece i in slot i + l, since the layer below had it in the slot
    before; backward the same from the other end. i + 1 means piece i forward, -(i + 1) backward,
    and 0 that the layer waits. All pieces are taken to last equally long.

    Raises
    ------
    ValueError
        If there is no layer or no piece.
    """
    if layers < 1 or pieces < 1:
        raise ValueError(f"there must be layers and pieces; got {layers} layers, {pieces} pieces")
    slots = pieces + layers - 1
    forth = np.zeros((layers, slots), int)
    for layer in range(layers):
        forth[layer, layer : layer + pieces] = np.arange(1, pieces + 1)
    return np.concatenate([forth, -forth[:, ::-1]], axis=1)


def ideal(layers, pieces):
    """How many times as fast the layers together are as one after the other: L n / (n + L - 1)."""
    return layers * pieces / (pieces + layers - 1)


def gains(record, way):
    """How many times as fast as one process, round by round: (needed, by the clock), two arrays.

    `record` are the results in data/results/sharing.json.
    """
    alone, shared = record["alone"], record[way]
    return tuple(np.divide(alone[name], shared[name]) for name in ("needed", "clock"))


def work(record, way):
    """How many times the work of one process both do together, the median of the rounds."""
    return float(np.median(np.divide(record[way]["work"], record["alone"]["work"])))
