import numpy as np
import pytest
from unrolled.engine.schedules import counts
from unrolled.explore import CostLab
from unrolled.explore.cost_lab import DRAWN, SLOTS, WAYS, moves, picture


@pytest.fixture(scope="module")
def w():
    return CostLab()


def ends(points):
    """The two ends of each line, (lines, 2, 2)."""
    return points[: len(points) // 3 * 3].reshape(-1, 3, 2)[:, :2]


@pytest.mark.parametrize("way", WAYS[:4])
@pytest.mark.parametrize("slots", SLOTS)
def test_the_picture_is_the_schedule(way, slots):
    found, done = picture(way, slots), counts(moves(way, DRAWN, slots))
    rises, falls, kept = (ends(found[name]) for name in ("forward", "back", "kept"))
    assert np.ptp(rises[..., 1], axis=1).sum() == done.advanced + DRAWN
    assert np.ptp(falls[..., 1], axis=1).sum() == DRAWN
    assert np.nanmax(found["back"][:, 0]) == done.advanced + 3 * DRAWN
    assert (np.diff(rises, axis=1)[:, 0, 0] == np.diff(rises, axis=1)[:, 0, 1]).all()
    times = np.arange(0, done.advanced + 3 * DRAWN) + 0.5
    waiting = [((kept[:, 0, 0] < t) & (t < kept[:, 1, 0])).sum() for t in times]
    assert max(waiting) in range(done.slots + done.tape - 2, done.slots + done.tape + 1)
    assert (kept[:, 0, 1] == kept[:, 1, 1]).all()


def test_a_state_is_gone_when_the_gradient_has_passed_it():
    found = picture("segments", 2)
    last = {}
    for (_, stop), (work, start) in ends(found["back"]):
        last |= dict.fromkeys(np.arange(start, stop), work)
    for (_, step), (end, _) in ends(found["kept"]):
        assert end <= last[step]


def test_blocks_go_back_before_they_go_on():
    starts = ends(picture("blocks", 10)["back"])
    assert (np.diff(starts[:, 0, 0]) > 0).all()
    assert starts[:, 0, 1].tolist() == [10, 20, 30, 40, 50, 60]


def test_ten_slots_for_3003_steps_take_two_and_a_half_times_the_work(w):
    facts = w.at(**w.question.values).facts
    assert (facts["times"], facts["factor"]) == ("2.5", "273")


def test_one_slot_would_take_hundreds_of_times():
    from unrolled.analysis.gradient_cost import price

    assert price("binomial", 3003, 64, 1).work > 400


def test_segments_over_a_hundred_thousand_steps_save_a_factor_of_158(w):
    assert w.at(**w.stories[1].values).facts["factor"] == "158"


def test_the_length_means_nothing_to_rtrl_and_the_units_do(w):
    at = {"way": "RTRL", "slots": 10}
    kept = [w.at(T=T, H=16, **at).facts["kept"] for T in (256, 100_000)]
    assert kept[0] == kept[1]
    shares = [w.at(T=1024, H=H, **at).facts["share"] for H in (16, 64, 256)]
    assert shares == ["less", "more", "more"]
