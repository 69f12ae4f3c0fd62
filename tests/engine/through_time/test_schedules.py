"""Every schedule is walked through: it reverses each step once, and costs what is said."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unrolled.engine import schedules
from unrolled.engine.schedules import Move, binomial, cost, counts, halving, segments


@cache
def fewest(T, slots):
    """The fewest advances, tried over all places of the second slot."""
    if T == 1 or slots == 1:
        return T * (T - 1) // 2
    return min(k + fewest(T - k, slots - 1) + fewest(k, slots) for k in range(1, T))


@pytest.mark.parametrize("slots", range(1, 8))
def test_binomial_advances_as_the_closed_form_says_and_nobody_does_with_fewer(slots):
    for T in range(1, 60):
        found = counts(binomial(T, slots))
        assert found.advanced == cost(T, slots) == fewest(T, slots), T
        assert found.slots <= slots
        assert (found.tape, found.reversed) == (1, T)


@pytest.mark.parametrize(("T", "slots"), [(56, 3), (3003, 10), (500, 2)])
def test_no_step_is_advanced_more_often_than_runs_says(T, slots):
    advanced = np.zeros(T, int)
    for name, start, stop in binomial(T, slots):
        if name == "advance":
            advanced[start:stop] += 1
    assert advanced.max() == schedules.runs(T, slots)


def test_ten_states_reverse_3003_steps():
    assert schedules.reach(10, 5) == 3003
    assert schedules.runs(3003, 10) == 5
    assert schedules.runs(3004, 10) == 6
    assert counts(binomial(3003, 10))[:3] == (10, 1, cost(3003, 10)) == (10, 1, 13650)


@pytest.mark.parametrize(("slots", "runs"), [(1, 4), (2, 2), (5, 3)])
def test_reach_adds_up_as_in_pascals_triangle(slots, runs):
    parts = schedules.reach(slots - 1, runs) + schedules.reach(slots, runs - 1)
    assert schedules.reach(slots, runs) == parts


@settings(deadline=None, max_examples=60)
@given(T=st.integers(1, 300))
def test_halving_needs_a_slot_for_each_halving(T):
    found = counts(halving(T))
    assert found.slots == int(np.ceil(np.log2(T))) + 1
    assert found.reversed == T


def test_halving_advances_half_of_the_steps_at_each_level():
    for levels in range(1, 10):
        assert counts(halving(2**levels)).advanced == levels * 2 ** (levels - 1)


@settings(deadline=None, max_examples=60)
@given(T=st.integers(1, 300))
def test_segments_need_two_roots_and_one_more_forward_pass(T):
    found = counts(segments(T))
    assert found.slots + found.tape <= 2 * np.sqrt(T) + 2
    assert found.advanced < T
    best = min(-(-T // length) + length for length in range(1, T + 1))
    assert found.slots + found.tape == best


@pytest.mark.parametrize(
    ("schedule", "message"),
    [
        ([Move("reverse", 1, 2)], "the state before step 1 is not here"),
        ([Move("advance", 0, 2), Move("reverse", 2, 3)], "steps before 2 are never reversed"),
        ([Move("reverse", 0, 1), Move("reverse", 0, 1)], "the state before step 0 is not here"),
        (
            [Move("store", 0, 0), Move("reverse", 0, 1), Move("restore", 0, 0)],
            "restore 0 to 0: the state before step 0 is not here",
        ),
        (
            [
                Move("store", 0, 0),
                Move("advance", 0, 2),
                Move("reverse", 2, 3),
                Move("restore", 0, 0),
                Move("reverse", 0, 1),
            ],
            "the steps before 2 are next",
        ),
        ([], "steps before None"),
    ],
)
def test_a_schedule_that_cannot_be_is_refused(schedule, message):
    with pytest.raises(ValueError, match=message):
        counts(schedule)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: segments(0), "T must be at least 1; got 0"),
        (lambda: segments(5, 6), "a segment of 6 steps is longer"),
        (lambda: segments(5, 0), "length must be at least 1"),
        (lambda: halving(2.5), "T must be an integer; got 2.5"),
        (lambda: binomial(5, 0), "slots must be at least 1; got 0"),
        (lambda: binomial(5, 2, block=0), "block must be at least 1"),
    ],
)
def test_sizes_that_are_none_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
