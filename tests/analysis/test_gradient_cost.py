"""The closed forms are what the schedules do, and what the arrays hold."""

import numpy as np
import pytest
from unrolled.analysis.gradient_cost import WAYS, halves, moves, price
from unrolled.engine import rnn, rtrl, schedules


@pytest.mark.parametrize("way", ["full", "segments", "halving", "binomial"])
@pytest.mark.parametrize("T", [2, 7, 60, 256, 1000])
@pytest.mark.parametrize("slots", [1, 3, 10])
def test_the_price_of_a_schedule_is_what_it_does(way, T, slots):
    found = schedules.counts(moves(way, T, slots))
    numbers, work = price(way, T, 5, slots)
    assert numbers == 5 * (found.slots + found.tape)
    assert work == pytest.approx((found.advanced + 3 * T) / (3 * T))


@pytest.mark.parametrize("T", [1, 2, 3, 17, 1024, 3003])
def test_halving_is_counted_without_a_walk(T):
    assert halves(T) == schedules.counts(schedules.halving(T)).advanced


def test_blocks_keep_as_many_states_as_a_binomial_schedule_and_repeat_nothing():
    assert price("blocks", 3003, 64, 10) == (price("binomial", 3003, 64, 10).numbers, 1)
    assert [m[1:] for m in moves("blocks", 25, 10)] == [(0, 10), (10, 20), (20, 25)]


@pytest.mark.parametrize("H", [1, 8, 64])
def test_what_rtrl_keeps_is_its_influence(H):
    params = rnn.init_params(H, H, rng=np.random.default_rng(0))
    kept = sum(array.size for array in rtrl.start(params, 1, H).values())
    assert price("RTRL", 100, H, 1).numbers == kept == price("RTRL", 10_000, H, 1).numbers
    assert price("UORO", 100, H, 1).numbers == H + sum(v.size for v in params.values())


def test_rtrl_works_by_the_fourth_power_of_the_units():
    works = [price("RTRL", 100, H, 1).work * 2 * H**2 for H in (256, 512)]
    assert works[1] / works[0] == pytest.approx(16, rel=0.02)


@pytest.mark.parametrize("wrong", [(0, 8, 1), (8, 0, 1), (8, 8, 0)])
def test_sizes_below_one_are_refused(wrong):
    with pytest.raises(ValueError, match="at least 1"):
        price("full", *wrong)


def test_a_way_that_there_is_not_is_refused():
    with pytest.raises(ValueError, match="way must be one of"):
        price("reversible", 8, 8, 1)
    assert len({moves(way, 8, 2)[0] for way in WAYS}) > 1
