"""What a gradient through T steps costs, in closed form, by seven ways to it. Used in chapter 24.

A tanh network of H units and H inputs, one sequence. Memory is counted in numbers that are kept
beside the weights, work in multiplications, both without what all ways have in common.
"""

from functools import cache
from math import ceil, isqrt, log2
from typing import NamedTuple

from unrolled.engine.schedules import Move, binomial, cost, halving, segments

WAYS = ("full", "segments", "halving", "binomial", "blocks", "RTRL", "UORO")


class Price(NamedTuple):
    """Numbers kept, and work as a multiple of that of full BPTT."""

    numbers: int
    work: float


@cache
def price(way, T, H, slots):
    """The `Price` of a way. `slots` is for "binomial" and "blocks", which keep so many states.

    A step forward multiplies with both matrices, one back does so twice: for the states and for the
    weights. RTRL multiplies the influence of all parameters on all units with the Jacobian.

    Raises
    ------
    ValueError
        If there is no such way, or a size is below 1.
    """
    if way not in WAYS:
        raise ValueError(f"way must be one of {list(WAYS)}; got {way!r}")
    if min(T, H, slots) < 1:
        raise ValueError(f"T, H and slots must be at least 1; got {T}, {H}, {slots}")
    P, step = 2 * H**2 + H, 2 * H**2
    if way == "RTRL":
        return Price(H * P, (step + H**2 * P + H * P) / (3 * step))
    if way == "UORO":
        return Price(H + P, (step + H**2 + 3 * P) / (3 * step))
    length = isqrt(T - 1) + 1
    states, advanced = {
        "full": (T + 1, 0),
        "segments": (ceil(T / length) + length, T - (T % length or length)),
        "halving": (ceil(log2(T)) + 2, halves(T)),
        "binomial": (min(slots, T) + 1, cost(T, min(slots, T))),
        "blocks": (min(slots, T) + 1, 0),
    }[way]
    return Price(states * H, (advanced / T + 3) / 3)


@cache
def halves(T):
    """How many steps `halving(T)` advances."""
    return 0 if T == 1 else T // 2 + halves(T - T // 2) + halves(T // 2)


def moves(way, T, slots):
    """The moves of a way through T steps, a list; those that carry forward have a single one."""
    if way in ("RTRL", "UORO"):
        return [Move("advance", 0, T)]
    if way == "blocks":
        return [Move("reverse", t, min(t + slots, T)) for t in range(0, T, slots)]
    made = {"full": lambda: segments(T, T), "segments": lambda: segments(T)}
    made |= {"halving": lambda: halving(T), "binomial": lambda: binomial(T, min(slots, T))}
    return [*made[way]()]
