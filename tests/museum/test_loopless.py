"""The bugs of room four: where each is right, and where it is not."""

import numpy as np
import pytest
from unrolled.engine import mingru, mlstm, scan
from unrolled.museum import loopless
from unrolled.museum.quiet import CUTS, DECAYS, HEIGHTS, LEVELS, MEMORIES, SCENES, T, compared

SHIFT, MODES, DIVIDED, TRACES, GATE = SCENES


@pytest.fixture
def drives(rng):
    return rng.random((7, 2, 3)), rng.standard_normal((7, 2, 3))


def both(form, *given):
    return [form(*given, mended=mended) for mended in (True, False)]


def test_the_mended_way_back_is_that_of_the_engine(drives):
    decay, dh = drives
    h = scan.linear(decay, dh)
    right, broken = both(loopless.way_back, dh, decay)
    np.testing.assert_allclose(right, scan.linear_backward(dh, decay, h)[1])
    np.testing.assert_allclose(broken[-1], right[-1])
    assert (np.abs(broken - right)[:-1].max(axis=(1, 2)) > 0.01).all()


def test_equal_decays_hide_the_missing_shift(drives):
    right, broken = both(loopless.way_back, drives[1], np.full_like(drives[0], 0.8))
    np.testing.assert_allclose(right, broken)


def test_the_missing_shift_costs_two_fifths_of_the_gradient_for_gates_between_0_and_1():
    for seed in range(5):
        rng = np.random.default_rng(seed)
        right, broken = both(
            loopless.way_back, rng.standard_normal((60, 3, 4)), rng.random((60, 3, 4))
        )
        assert 0.3 < np.linalg.norm(broken - right) / np.linalg.norm(right) < 0.5


def test_both_modes_are_right_from_nothing_and_differ_with_a_state(rng):
    params, x = mingru.init_params(4, 3, rng=rng), rng.standard_normal((2, 6, 4))
    right, broken = (found[0] for found in both(loopless.either_mode, x, None, params))
    np.testing.assert_array_equal(right, broken)
    state = None
    for t in range(6):  # a step at a time the broken form is right as well
        step, state = loopless.either_mode(x[:, t : t + 1], state, params, mended=False)
        np.testing.assert_allclose(step[:, 0], right[:, t])
    middle = loopless.either_mode(x[:, :3], None, params, mended=False)[1]
    rest, _ = loopless.either_mode(x[:, 3:], middle, params, mended=False)
    assert np.abs(rest - right[:, 3:]).max() > 0.2


def test_positive_is_positive_and_has_no_jump():
    a = np.linspace(-5, 5, 1001)
    assert (loopless.positive(a) > 0).all()
    assert np.abs(np.diff(loopless.positive(a))).max() < 0.011


def test_dividing_by_the_product_is_right_until_it_is_not_a_number(drives):
    right, broken = both(loopless.by_division, *drives)
    np.testing.assert_allclose(right, broken)
    h_0 = np.ones((2, 3))
    np.testing.assert_allclose(*both(loopless.by_division, *drives, h_0))
    broken = loopless.by_division(np.full((300, 1), 0.05), np.ones((300, 1)), mended=False)
    assert np.isfinite(broken[:200]).all()
    assert not np.isfinite(broken[-1]).any()


def test_mended_traces_are_the_gradient_and_broken_ones_that_of_a_layer_alone(rng):
    x, pull = rng.standard_normal((2, 9, 3))
    low, high = rng.random((2, 3))
    s = scan.linear(np.broadcast_to(low, x.shape), x)
    back = loopless.way_back(pull, np.broadcast_to(high, x.shape), mended=True)
    ddecay, _, _ = scan.linear_backward(back, np.broadcast_to(low, x.shape), s)
    right, broken = both(loopless.traces, x, pull, low, high)
    np.testing.assert_allclose(right.sum(axis=0), ddecay.sum(axis=0))
    assert np.abs(broken.sum(axis=0) - ddecay.sum(axis=0)).max() > 0.1
    np.testing.assert_allclose(*both(loopless.traces, x, pull, low, 0 * high))


def test_a_gate_may_be_raised_by_any_number_with_the_maximum_and_by_85_without(rng):
    gate, value = rng.standard_normal((2, 20)).astype(np.float32)
    known = loopless.weighted_mean(gate, value, 0.9, mended=True)[0]
    for height in (0, 50, 1000):
        raised = (gate + height).astype(np.float32)
        found = loopless.weighted_mean(raised, value, 0.9, mended=True)[0]
        np.testing.assert_allclose(found, known, rtol=1e-2, atol=1e-3)
    assert np.isfinite(loopless.weighted_mean(gate + 80, value, 0.9, mended=False)[0]).all()
    assert not np.isfinite(loopless.weighted_mean(gate + 92, value, 0.9, mended=False)[0]).all()


def test_the_weighted_mean_is_the_numerator_of_the_engine_over_its_normalizer(rng):
    i, v = rng.standard_normal((2, 12))
    f = np.full(12, np.log(0.9 / 0.1))
    q = k = np.ones((1, 12, 1))
    _, (C, n, _) = mlstm.recurrent(q, k, v[None, :, None], i[None], f[None])
    found, _ = loopless.weighted_mean(i, v, 0.9, mended=True)
    np.testing.assert_allclose(found[-1], C.item() / n.item())


@pytest.mark.parametrize("bug", SCENES)
def test_the_gentlest_test_passes_every_bug_and_the_harshest_none(bug):
    assert compared(bug, 0)[3] is None
    right, broken, off, first, lost, _ = compared(bug, LEVELS[-1])
    assert first is not None
    assert off > 0.1 or lost
    assert right.shape == broken.shape == (T,)
    assert np.abs(right).max() == pytest.approx(1)


def test_levels_mean_what_the_figure_says():
    assert [compared(MODES, level)[3] for level in LEVELS] == [None, None, *CUTS[2:]]
    assert [compared(DIVIDED, level)[3] for level in LEVELS] == [None] * 4 + [19, 13]
    assert DECAYS[4:] == (0.01, 0.001)
    assert MEMORIES[0] == 0
    off = [compared(TRACES, level)[2] for level in LEVELS]
    assert off == sorted(off)
    off = [compared(SHIFT, level)[2] for level in LEVELS]
    assert off == sorted(off)
    quiet = compared(GATE, HEIGHTS.index(86))
    assert not quiet[4]
    assert (quiet[1][quiet[3] :] == 0).any()


def test_another_bug_or_level_is_refused():
    with pytest.raises(ValueError, match="bug must be one of"):
        compared("scaler", 0)
    with pytest.raises(ValueError, match="level 0 to 5"):
        compared(SHIFT, 6)
