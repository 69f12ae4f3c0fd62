import numpy as np
import pytest
from numpy.testing import assert_array_equal
from unrolled.analysis import pipeline


def test_two_layers_and_three_pieces():
    assert_array_equal(
        pipeline.schedule(2, 3), [[1, 2, 3, 0, 0, -3, -2, -1], [0, 1, 2, 3, -3, -2, -1, 0]]
    )


@pytest.mark.parametrize(("layers", "pieces"), [(1, 1), (1, 5), (2, 1), (4, 8)])
def test_a_layer_begins_only_what_it_has_and_the_slots_are_those_of_the_ideal(layers, pieces):
    plan = pipeline.schedule(layers, pieces)
    slot = {
        (layer, piece): int(np.flatnonzero(plan[layer] == piece)[0])
        for layer in range(layers)
        for piece in [*range(1, pieces + 1), *range(-pieces, 0)]
    }
    for (layer, piece), when in slot.items():
        below = layer - 1 if piece > 0 else layer + 1
        before = piece - 1 if piece != -pieces else pieces
        assert when > slot.get((below, piece), -1)
        assert when > slot.get((layer, before), -1)
    assert plan.shape[1] * pipeline.ideal(layers, pieces) == pytest.approx(2 * layers * pieces)


def test_nothing_to_share_is_refused():
    with pytest.raises(ValueError, match="got 2 layers, 0 pieces"):
        pipeline.schedule(2, 0)


def test_gains_and_work_are_round_by_round():
    record = {
        "alone": {"needed": [2.0, 4.0], "clock": [3.0, 6.0], "work": [2.0, 4.0]},
        "rows": {"needed": [1.0, 4.0], "clock": [3.0, 2.0], "work": [3.0, 4.0]},
    }
    needed, clock = pipeline.gains(record, "rows")
    assert_array_equal(needed, [2, 1])
    assert_array_equal(clock, [1, 3])
    assert pipeline.work(record, "rows") == 1.25
