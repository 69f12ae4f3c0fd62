"""A hand as a text, and the line that a network goes on to write."""

import numpy as np
import pytest
from unrolled.datasets import files, strokes
from unrolled.engine import losses, lstm
from unrolled.engine.decoding import write
from unrolled.engine.mixture import biased, mixture
from unrolled.engine.training import predict
from unrolled.explore import Hand, NextPoint, hands, next_point

WRITER = NextPoint()


def test_a_hand_comes_back_from_its_text(rng):
    offsets = strokes.line(hands.READ, "el", slant=0.5, size=1.2, rng=rng)
    back = hands.decoded(hands.encoded(offsets))
    assert back.shape == offsets.shape
    np.testing.assert_array_equal(back[:, 2], offsets[:, 2])
    drift = np.cumsum(back[:, :2], axis=0) - np.cumsum(offsets[:, :2], axis=0)
    assert np.abs(drift).max() <= hands.STEP / 2 + 1e-9


@pytest.mark.parametrize("text", ["", ".", "A", "..A"])
def test_a_text_without_an_offset_is_a_lifted_pen(text):
    assert hands.decoded(text).tolist() == [[0, 0, 1]]


def test_no_more_than_what_is_read_is_decoded():
    assert len(hands.decoded("hh" * 300)) == hands.READ


@pytest.mark.parametrize("hand", next_point.HANDS)
def test_the_hands_that_are_listed_are_full_and_fit(hand):
    assert len(hands.decoded(hand)) == hands.READ
    assert len(hand) <= hands.LONGEST


@pytest.mark.parametrize("components", hands.SIZES)
def test_the_line_is_what_the_package_writes(components):
    read = hands.decoded(next_point.LOOPS)
    answer = WRITER.at(hand=next_point.LOOPS, components=components, bias=0.5, draw=2)
    drawn = write(
        read[None], 100, hands.network(components), cell=lstm, components=components,
        rng=np.random.default_rng([2, 0]), bias=0.5, floor=hands.FLOOR,
    )  # fmt: skip
    steps = answer.arrays["steps"]
    np.testing.assert_array_equal(steps[: len(read)], read)
    np.testing.assert_allclose(steps[len(read) : len(read) + 100], drawn[0])


def test_what_a_step_costs_is_the_loss():
    steps, outputs, _ = next_point.line(next_point.MIXED, 8, 0.0, 1)
    arrays = WRITER.at(hand=next_point.MIXED, bias=0.0).arrays
    cost = np.where(np.isnan(arrays["read_cost"]), arrays["own_cost"], arrays["read_cost"])
    loss, _ = losses.mixture_density(outputs[1:], steps[1:], components=8, floor=hands.FLOOR)
    assert np.nanmean(cost) == pytest.approx(loss)
    assert np.isnan(cost).tolist() == [True] + [False] * (next_point.T - 1)


def test_the_map_is_darkest_where_the_mixture_is_thickest():
    answer = WRITER.at(hand=next_point.LOOPS, t=60)
    _, outputs, _ = next_point.line(next_point.LOOPS, 8, 0.5, 1)
    mixed = biased(mixture(outputs[60], components=8, floor=hands.FLOOR), 0.5)
    row, column = np.unravel_index(answer.arrays["map"].argmax(), answer.arrays["map"].shape)
    peak = np.array([next_point.GRID[column], next_point.GRID[row]])
    grid = np.stack(np.meshgrid(next_point.GRID, next_point.GRID), axis=-1)
    p = np.exp(next_point.log_density(grid, next_point.blurred(mixed)))
    assert np.array_equal(peak, grid[np.unravel_index(p.argmax(), p.shape)])
    assert answer.arrays["map"].max() == 0
    assert answer.arrays["map"].min() >= next_point.DEEP


def test_a_cloud_narrower_than_a_cell_is_on_the_map_where_the_pen_goes():
    steps, _, _ = next_point.line(next_point.LOOPS, 8, 4.0, 1)
    for t in range(70, 110):
        found = WRITER.at(hand=next_point.LOOPS, bias=4.0, t=t).arrays["map"]
        column, row = (np.abs(next_point.GRID - steps[t, i]).argmin() for i in (0, 1))
        assert found[row, column] > next_point.DEEP


def test_clouds_are_the_mixture_and_nothing_else():
    clouds = WRITER.at(components=1).arrays["clouds"]
    assert clouds.shape == (next_point.T, 6 * next_point.MOST)
    assert np.isfinite(clouds[1:]).sum() == 6 * (next_point.T - 1)
    full = WRITER.at(components=8).arrays["clouds"][1:]
    np.testing.assert_allclose(full[:, :8].sum(axis=1), 1)


def test_it_leans_like_the_hand():
    for hand in (next_point.LOOPS, next_point.ARCHES, next_point.MIXED):
        leans = [WRITER.at(hand=hand, draw=draw).facts for draw in next_point.DRAWS]
        own = np.mean([facts["own_lean"] for facts in leans])
        assert own == pytest.approx(leans[0]["lean"], abs=15)


def test_a_large_bias_leaves_no_choice():
    lines = [WRITER.at(bias=4.0, draw=draw).arrays["steps"] for draw in (1, 2)]
    free = [WRITER.at(bias=0.0, draw=draw).arrays["steps"] for draw in (1, 2)]
    apart = [np.abs(a - b)[..., :2].mean() for a, b in (lines, free)]
    assert apart[0] < apart[1]


def test_the_weights_are_packed_as_they_are():
    for components in hands.SIZES:
        codes, steps = hands.packed(components)
        params, rounded = hands.network(components), hands.rounded(components)
        flat = np.concatenate([each.ravel() for each, _ in rounded.values()])
        np.testing.assert_array_equal(codes.view("<i1")[: len(flat)], flat)
        assert len(steps) == sum(step.size for _, step in rounded.values())
        assert params.keys() == {*hands.NAMES}
        assert np.abs(flat).max() == 127


def test_rounded_weights_lose_next_to_nothing():
    lines, _ = strokes.practice_lines(32, 120, rng=np.random.default_rng(5))
    with np.load(files.path("results/strokes.npz"), allow_pickle=False) as arrays:
        recorded = {name: arrays[f"8/{name}"].astype(float) for name in hands.NAMES}
    cost = [
        losses.mixture_density(
            predict(lines[:, :-1], params, cell=lstm)[0], lines[:, 1:], components=8, floor=-4.0
        )[0]
        for params in (recorded, hands.network(8))
    ]
    assert cost[1] == pytest.approx(cost[0], abs=0.02)


def test_a_hand_is_a_control():
    hand = WRITER.controls[0]
    assert isinstance(hand, Hand)
    assert hand.text(next_point.LOOPS) == "loops"
    assert hand.text("hihi") == "yours"
    assert hand.refusal("hihi") is None
    for wrong in ("", "a b", "a" * (hand.longest + 1), 7, None, ("h",)):
        assert "must be 1 to" in hand.refusal(wrong)
    assert hand.packed()["kind"] == "hand"


def test_a_hand_without_ups_and_downs_is_told_so():
    assert "no ups and downs" in WRITER.at(hand="ig" * 10).sentences["hand"]
