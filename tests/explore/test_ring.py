import numpy as np
import pytest
from unrolled.analysis import memory
from unrolled.explore import Ring
from unrolled.explore.ring import placed


def story(name):
    explorable = Ring()
    (values,) = (s.values for s in explorable.stories if s.name == name)
    return explorable.at(**values)


def test_the_start_is_what_the_question_asks():
    explorable = Ring()
    assert explorable.values == explorable.question.values
    assert explorable.facts["last"] < 1 / 3
    assert explorable.facts["units"] == 64


def test_evenly_on_a_circle_is_a_tape_recorder():
    answer = story("a tape recorder")
    recalled = answer.arrays["recalled"]
    assert np.allclose(recalled[:128], 1 - 0.99**256, atol=2e-3)
    assert recalled[128] < 0.08
    assert answer.facts["reach"] == 128
    assert abs(answer.facts["spent"] - 128) < 0.01


def test_farther_out_the_plateau_sinks_and_its_edge_stays():
    explorable = Ring(inner=1.0, turn=180, spread="evenly")
    for outer in (0.97, 0.99, 0.995, 0.999):
        recalled = explorable.at(outer=outer).arrays["recalled"]
        assert np.allclose(recalled[:128], 1 - outer**256, atol=2e-3)
        assert recalled[128] < 0.3 * recalled[127] + outer**256


def test_turns_are_worth_more_than_anything_else():
    slow, turning, disc = map(story, ("slow, without a turn", "let them turn", "a full disc"))
    assert slow.facts["share"] < 0.2 < disc.facts["share"] < 0.5
    assert turning.facts["share"] > 0.9


@pytest.mark.parametrize("spread", ["evenly", "at random"])
@pytest.mark.parametrize(("outer", "inner"), [(0.999, 0.9), (0.7, 0.9), (0.9, 0.0), (0.97, 1.0)])
def test_points_lie_in_the_ring_and_up_to_the_angle(spread, outer, inner):
    r, angle = placed(outer, inner, 90, 32, spread)
    assert r.shape == angle.shape == (32,)
    assert r.max() <= outer + 1e-12
    assert r.min() >= min(inner, outer) - 1e-12
    assert 0 <= angle.min() < 0.3
    assert 1.2 < angle.max() <= np.pi / 2


def test_what_is_drawn_is_what_is_measured():
    answer = Ring(outer=0.97, inner=0.0, turn=90, H=8, spread="evenly").answer
    x, y = answer.arrays["x"][:8], answer.arrays["y"][:8]
    m = memory.recall(np.hypot(x, y), np.arctan2(y, x), [3, 30])
    assert np.allclose(answer.arrays["recalled"][[3, 30]], m, atol=0.01)
    assert np.isnan(answer.arrays["x"][8:]).all()
    assert answer.facts["units"] == 16


def test_the_sentences_say_where_it_falls():
    assert "falls below one half at lag 128." in story("a tape recorder").sentences["verdict"]
    assert "Not even the input" in story("slow, without a turn").sentences["verdict"]
    assert "is 8.9: 14% of what 64 units" in story("slow, without a turn").sentences["budget"]
