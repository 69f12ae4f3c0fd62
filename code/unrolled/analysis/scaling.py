"""What a training step costs when several processes share it. Used in chapter 17.

All processes hold the whole model, each reads an equal share of the rows, and a ring all-reduce
averages their gradients before every update. Times are in seconds, sizes in bytes.
"""

from typing import NamedTuple

import numpy as np


class Link(NamedTuple):
    """What connects a process with the next one: bytes per second each way, seconds per message."""

    bandwidth: float
    latency: float


# Bandwidths by their names, each way (NVLink: that of an H100 or H200, 900 GB/s both ways
# together); latencies are round numbers for TCP and for transfers without the operating system.
LINKS = {
    "Ethernet 1 Gb/s": Link(0.125e9, 50e-6),
    "Ethernet 10 Gb/s": Link(1.25e9, 50e-6),
    "InfiniBand 200 Gb/s": Link(25e9, 5e-6),
    "NVLink 450 GB/s": Link(450e9, 5e-6),
}


def bytes_sent(P, size):
    """Bytes that each of P processes sends in a ring all-reduce of `size` bytes: 2 (P - 1)/P size.

    No all-reduce can do with less (Patarasuk and Yuan 2009). Raises ValueError if P < 1.
    """
    P = np.asarray(P)
    if (P < 1).any():
        raise ValueError(f"at least one process is needed; got P = {P}")
    return 2 * (P - 1) / P * size


def sending(P, size, link):
    """Seconds of a ring all-reduce of `size` bytes among P processes, 0 for one.

    Each of 2 (P - 1) rounds sends a P-th of the bytes to the next process and waits once for the
    link; all send at the same time (Patarasuk and Yuan 2009).
    """
    return bytes_sent(P, size) / link.bandwidth + 2 * (np.asarray(P) - 1) * link.latency


def step(P, *, compute, parameters, link, width=4):
    """Seconds that a step computes and that it sends, each of the shape of P.

    Parameters
    ----------
    P : int or ndarray of int
        Processes.
    compute : float
        Seconds that one process needs for all rows. A share of the rows is taken to need the same
        share of the time, which is the best that can be hoped for: a device with few rows idles.
    parameters : float
        Their number; each has a gradient of `width` bytes, 4 in float32.
    link : Link

    Returns
    -------
    computing, sent : float or ndarray
        A step that first computes and then sends takes their sum. DDP sends what is ready while the
        backward pass goes on (Li et al. 2020): at best a step takes the larger of the two.
    """
    return compute / np.asarray(P), sending(P, parameters * width, link)


def speedup(P, *, compute, **rest):
    """How many times faster P processes do a step than one; divided by P, the efficiency."""
    return compute / np.add(*step(P, compute=compute, **rest))
