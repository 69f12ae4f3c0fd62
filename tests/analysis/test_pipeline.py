from itertools import pairwise

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from unrolled.analysis import pipeline


def test_two_layers_and_three_pieces():
    plan = pipeline.timetable(2, 2, 3, steps=3)
    assert_array_equal(plan.forth, [[0, 1, 2], [1, 2, 3]])
    assert_array_equal(plan.back, [[10, 8, 6], [8, 6, 4]])
    assert (plan.long, plan.turn, plan.end) == (1, 4, 12)


SETTINGS = [(1, 1, 1), (1, 4, 8), (4, 4, 8), (4, 2, 8), (5, 3, 4), (8, 3, 16), (3, 8, 2)]


@pytest.mark.parametrize(("layers", "devices", "pieces"), SETTINGS)
@pytest.mark.parametrize("both", [0, 1, "all"])
def test_nobody_begins_what_is_not_there_and_no_device_does_two_things(
    layers, devices, pieces, both
):
    both = layers if both == "all" else both
    plan = pipeline.timetable(layers, devices, pieces, steps=16, price=0.5, both=both)
    ways = (plan.forth, 1), (plan.back[::-1, ::-1], pipeline.BACKWARD)
    for begin, times in ways:
        ends = begin + times * plan.long
        assert (begin[:, 1:] >= ends[:, :-1]).all()
        assert (begin[1:] >= ends[:-1]).all()
    for layer in range(both):  # who reads both ways waits for all, and is waited for
        before, behind = plan.forth[:layer], plan.forth[layer + 1 :]
        assert (before + plan.long <= plan.forth[layer].min()).all()
        assert (behind >= plan.forth[layer].max() + plan.long).all()
    for device in range(devices):
        spans = sorted(
            (first, first + times * plan.long)
            for begin, times in ((plan.forth, 1), (plan.back, pipeline.BACKWARD))
            for first in begin[plan.owner == device].ravel()
        )
        assert all(one[1] <= next_one[0] for one, next_one in pairwise(spans))
    ends = (begin.max() + times * plan.long for begin, times in ways)
    assert tuple(ends) == (plan.turn, plan.end)


@pytest.mark.parametrize("backward", [1, 2, 3])
@pytest.mark.parametrize(("layers", "pieces"), [(1, 1), (1, 5), (2, 1), (4, 8)])
def test_the_ideal_is_met_however_long_a_step_back_takes(monkeypatch, layers, pieces, backward):
    monkeypatch.setattr(pipeline, "BACKWARD", backward)
    found = pipeline.gain(layers, layers, pieces, steps=40)
    assert found == pytest.approx(pipeline.ideal(layers, pieces))


@pytest.mark.parametrize("both", [0, 1, "all"])
@pytest.mark.parametrize(("layers", "devices", "pieces"), SETTINGS)
def test_the_most_is_never_passed_and_nearly_reached(layers, devices, pieces, both):
    both = layers if both == "all" else both
    most = pipeline.most(layers, devices, both)
    assert pipeline.gain(layers, devices, pieces, steps=1000, both=both) <= most + 1e-12
    many = pipeline.gain(layers, devices, 1000, steps=1000, both=both)
    assert many == pytest.approx(most, rel=0.01)


@pytest.mark.parametrize(("layers", "price"), [(2, 1.0), (4, 0.25), (8, 3.0)])
def test_the_best_number_of_pieces(layers, price):
    pieces = np.arange(1, 400)
    gains = [pipeline.gain(layers, layers, n, steps=400, price=price) for n in pieces]
    best = pieces[np.argmax(gains)]
    assert abs(best - pipeline.best_pieces(layers, 400, price)) < 1


def test_devices_that_share_the_time_meet_the_same_wave():
    """Piece p is device p's in all layers: it begins layer l when p - 1 has done it."""
    layers, devices = 4, 6
    begin = np.add.outer(np.arange(layers), np.arange(devices))
    assert_array_equal(begin, pipeline.timetable(layers, layers, devices, steps=devices).forth)
    assert all(len(set(begin[:, device])) == layers for device in range(devices))


def test_neighbors_share_a_device():
    assert_array_equal(pipeline.owners(5, 3), [0, 0, 1, 1, 2])
    assert_array_equal(pipeline.owners(2, 8), [0, 1])


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ((2, 1, 0), "got 2, 1 and 0"),
        ((2, 0, 1), "got 2, 0 and 1"),
        ((2, 2, 9), "8 steps cannot be cut into 9 pieces"),
    ],
)
def test_nothing_to_share_is_refused(setting, said):
    with pytest.raises(ValueError, match=said):
        pipeline.timetable(*setting, steps=8)


def test_more_layers_that_read_both_ways_than_layers_are_refused():
    with pytest.raises(ValueError, match="got 3"):
        pipeline.timetable(2, 2, 2, steps=8, both=3)


def test_gains_and_work_are_round_by_round():
    record = {
        "alone": {"needed": [2.0, 4.0], "clock": [3.0, 6.0], "work": [2.0, 4.0]},
        "rows": {"needed": [1.0, 4.0], "clock": [3.0, 2.0], "work": [3.0, 4.0]},
    }
    needed, clock = pipeline.gains(record, "rows")
    assert_allclose(needed, [2, 1])
    assert_allclose(clock, [1, 3])
    assert pipeline.work(record, "rows") == 1.25
