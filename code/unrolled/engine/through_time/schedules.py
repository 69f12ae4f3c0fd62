"""Which states to keep, and when to run again from which: plans for `recompute`. See chapter 24.

Full BPTT keeps the state of every step. A schedule keeps a few of them, the `slots`, and says when
the cell runs again from one of these. It is a sequence of moves, in the order of their making:

    store    keep the state before step `start` in a slot
    advance  run the steps start <= t < stop, and keep nothing but the state that comes out
    reverse  run these steps once more with their tape, and send the gradient back through them
    restore  go on from the state that is kept for step `start`

Once a step has been reversed, the slots of that step and of later ones are free again.
"""

from itertools import pairwise
from math import comb, isqrt
from typing import NamedTuple

from ..checks import as_integer


class Move(NamedTuple):
    """One move of a schedule; for "store" and "restore" start and stop are the same step."""

    name: str
    start: int
    stop: int


class Schedule:
    """The moves that reverse `T` steps, made anew each time that somebody walks through them.

    A list of them would be longer than the states that they save.
    """

    def __init__(self, T, walk):
        self.T, self.walk = T, walk

    def __iter__(self):
        return self.walk()


def segments(T, length=None):
    """Keep every `length`-th state, and recompute one segment after the other (Chen et al. 2016).

    Without a length it is the square root of T, rounded up, for which slots and the longest tape
    together are fewest. Raises ValueError unless 1 <= length <= T.
    """
    T = _at_least_1("T", T)
    length = isqrt(T - 1) + 1 if length is None else _at_least_1("length", length)
    if length > T:
        raise ValueError(f"a segment of {length} steps is longer than the sequence of {T}")
    bounds = [*range(0, T, length), T]

    def walk():
        yield Move("store", 0, 0)
        for start, stop in pairwise(bounds[:-1]):
            yield Move("advance", start, stop)
            yield Move("store", stop, stop)
        for start, stop in reversed([*pairwise(bounds)]):
            if stop < T:
                yield Move("restore", start, start)
            yield Move("reverse", start, stop)

    return Schedule(T, walk)


def halving(T):
    """Keep the middle, reverse the second half, then the first, and do so in each half.

    It needs a slot for each time that T can be halved, and one for the first state.
    """
    T = _at_least_1("T", T)
    return Schedule(T, lambda: _split(T, T, lambda length, slots: length // 2))


def binomial(T, slots, *, block=1):
    """The fewest advances that this number of slots allows (Griewank and Walther 2000).

    Parameters
    ----------
    T : int
        Steps of the sequence.
    slots : int
        How many states may be kept at once, the one before the first step among them.
    block : int
        Steps that are reversed together, with a tape of their own; the last block may be shorter.

    Raises
    ------
    ValueError
        If one of them is below 1.
    """
    T, block = _at_least_1("T", T), _at_least_1("block", block)
    slots, blocks = _at_least_1("slots", slots), -(-T // block)

    def walk():
        for name, start, stop in _split(blocks, slots, first_part):
            yield Move(name, start * block, min(stop * block, T))

    return Schedule(T, walk)


def reach(slots, runs):
    """How many steps can be reversed if no step is advanced more than `runs` times.

    With the first state kept, either the rest is reached from a second slot, or the first part is
    run once more: reach(s, r) = reach(s - 1, r) + reach(s, r - 1), as in Pascal's triangle.
    """
    return comb(slots + runs, slots)


def runs(T, slots):
    """The least r with T <= reach(slots, r): how often the busiest step is advanced."""
    r = 0
    while reach(slots, r) < T:
        r += 1
    return r


def cost(T, slots):
    """How many steps `binomial(T, slots)` advances, in closed form (Griewank and Walther 2000).

    Each step is run once more when it is reversed, so a gradient runs cost(T, slots) + T steps.
    """
    r = runs(T, slots)
    return r * T - (comb(slots + r, r - 1) if r else 0)


def first_part(length, slots):
    """Where the second slot goes: after this many of `length` steps. Both parts keep to `runs`."""
    r = runs(length, slots)
    return max(length - reach(slots - 1, r), reach(slots, r - 2) if r > 1 else 1, 1)


def _split(T, slots, first):
    """Split at `first(length, slots)`, reverse the later part with a slot less, then the first."""
    yield Move("store", 0, 0)
    parts = [(0, T, slots, False)]
    while parts:
        start, stop, slots, again = parts.pop()
        if again:
            yield Move("restore", start, start)
        if slots == 1:
            for t in range(stop - 1, start, -1):
                yield Move("advance", start, t)
                yield Move("reverse", t, t + 1)
                yield Move("restore", start, start)
        if slots == 1 or stop - start == 1:
            yield Move("reverse", start, start + 1)
            continue
        middle = start + first(stop - start, slots)
        yield Move("advance", start, middle)
        yield Move("store", middle, middle)
        parts += [(start, middle, slots, True), (middle, stop, slots - 1, False)]


class Counts(NamedTuple):
    """What a schedule needs: slots at once, the longest tape, steps advanced and reversed."""

    slots: int
    tape: int
    advanced: int
    reversed: int


def counts(schedule):
    """Walk through a schedule without a network, and count.

    Raises
    ------
    ValueError
        If it runs from a state that is not at hand, or does not reverse each step once, from the
        last to the first.
    """
    kept, now, left, most, tape, advanced, gone = set(), 0, None, 0, 0, 0, 0
    for name, start, stop in schedule:
        if name == "restore":
            now = start if start in kept else None
        if now != start:
            raise ValueError(f"{name} {start} to {stop}: the state before step {start} is not here")
        if name == "store":
            kept.add(start)
            most = max(most, len(kept))
        elif name == "advance":
            now, advanced = stop, advanced + stop - start
        elif name == "reverse":
            if left is not None and stop != left:
                raise ValueError(f"reverse {start} to {stop}: the steps before {left} are next")
            left, now, tape, gone = start, None, max(tape, stop - start), gone + stop - start
            kept = {t for t in kept if t < start}
    if left != 0:
        raise ValueError(f"steps before {left} are never reversed")
    return Counts(most, tape, advanced, gone)


def _at_least_1(name, value):
    value = as_integer(name, value)
    if value < 1:
        raise ValueError(f"{name} must be at least 1; got {value}")
    return value
