import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from unrolled.analysis import forecasting as f
from unrolled.datasets import windows


@pytest.fixture
def x(rng):
    return rng.standard_normal((6, 5, 1))


def test_the_naive_forecast_is_the_last_value_at_every_step(x):
    assert_array_equal(f.naive(x, 3), np.column_stack([x[:, 4, 0]] * 3))


def test_the_seasonal_naive_forecast_is_right_on_what_repeats():
    series = np.tile([3.0, 1.0, 4.0, 1.5], 8)
    x, targets = windows(series, 6, 9)
    assert_array_equal(f.seasonal_naive(x, 9, period=4), targets)
    assert not np.array_equal(f.seasonal_naive(x, 9, period=3), targets)


@pytest.mark.parametrize("period", [0, 6, -1])
def test_a_period_beyond_the_window_is_refused(x, period):
    with pytest.raises(ValueError, match=f"a period of {period} does not fit into windows of 5"):
        f.seasonal_naive(x, 3, period)


def test_a_period_may_be_one_value_or_the_whole_window(x):
    assert_array_equal(f.seasonal_naive(x, 3, 1), f.naive(x, 3))
    assert_array_equal(f.seasonal_naive(x, 7, 5), x[:, [0, 1, 2, 3, 4, 0, 1], 0])


def test_a_line_is_found_with_its_constant(x, rng):
    true = rng.standard_normal((6, 2))
    targets = f.linear(x, true)
    assert_allclose(targets, x[:, :, 0] @ true[:5] + true[5])
    more = rng.standard_normal((20, 5, 1))
    assert_allclose(f.fit_linear(more, f.linear(more, true)), true)


def test_with_fewer_windows_than_weights_the_line_fits_and_is_finite(x, rng):
    targets = rng.standard_normal((3, 2))
    weights = f.fit_linear(x[:3], targets)
    assert_allclose(f.linear(x[:3], weights), targets)
    assert np.isfinite(weights).all()


def test_numbers_keep_their_type(x):
    x = x.astype(np.float32)
    assert f.linear(x, f.fit_linear(x, x[:, :2, 0])).dtype == np.float32
    assert f.naive(x, 2).dtype == np.float32


def test_weights_and_windows_that_do_not_fit_are_refused(x):
    with pytest.raises(ValueError, match="windows of 3 values; got 5"):
        f.linear(x, np.zeros((4, 2)))
    with pytest.raises(ValueError, match="x has 6 windows, targets has 5"):
        f.fit_linear(x, np.zeros((5, 2)))


def test_a_recursive_forecast_reads_its_own_answers(x):
    found = f.recursive(lambda x: x[:, -1] + 2 * x[:, 0], x, 7)
    for row, start in zip(found, x[:, :, 0], strict=True):
        values = [*start]
        for _ in range(7):
            values.append(values[-1] + 2 * values[-5])
        assert_allclose(row, values[5:])


def test_recursion_leaves_the_windows_alone(x):
    before = x.copy()
    f.recursive(lambda x: x[:, -1], x, 3)
    assert_array_equal(x, before)


def test_rmse_is_taken_over_the_origins():
    assert_allclose(f.rmse([[3.0, 0.0], [4.0, 2.0]]), [np.sqrt(12.5), np.sqrt(2)])


@pytest.mark.parametrize("block", [1, 3, 7, 10])
def test_a_draw_has_as_many_origins_in_blocks_of_neighbors(block, rng):
    counts = f.block_counts(10, block, draws=400, rng=rng)
    assert counts.shape == (400, 10)
    assert (counts.sum(axis=1) == 10).all()
    assert_allclose(counts.mean(axis=0), 1, atol=0.25)
    if block == 10:
        assert (counts == 1).all()
    if block == 7:  # seven neighbors at least, with the ends joined
        drawn = counts > 0
        assert (np.count_nonzero(drawn & np.roll(drawn, 1, axis=1), axis=1) >= 6).all()


@pytest.mark.parametrize("block", [0, 11])
def test_a_block_that_does_not_fit_is_refused(block, rng):
    with pytest.raises(ValueError, match=f"got {block}"):
        f.block_counts(10, block, draws=1, rng=rng)


def test_an_interval_holds_the_middle_of_a_thousand_draws(rng):
    errors, rival = rng.standard_normal((2, 40, 3)) * [1, 2, 3]
    counts = f.block_counts(40, 6, draws=1000, rng=np.random.default_rng(5))

    def drawn(errors):
        return np.array([f.rmse(np.repeat(errors, count, axis=0)) for count in counts])

    for found, values in (
        (f.rmse_interval(errors, block=6, rng=np.random.default_rng(5)), drawn(errors)),
        (
            f.ratio_interval(errors, rival, block=6, rng=np.random.default_rng(5)),
            drawn(errors) / drawn(rival),
        ),
    ):
        assert_allclose(found, np.quantile(values, [0.05, 0.95], axis=0))


def slow(rng, N, a=0.95):
    """Errors that remember, with mean square 1: (N, 1)."""
    errors = rng.standard_normal(N)
    for n in range(1, N):
        errors[n] = a * errors[n - 1] + np.sqrt(1 - a**2) * errors[n]
    return errors[:, None]


def test_an_interval_of_blocks_covers_where_one_of_rows_does_not(rng):
    """Over many stretches the truth, 1, lies in the interval as often as it should, or not."""
    held = {1: 0, 60: 0}
    for _ in range(60):
        errors = slow(rng, 600)
        for block in held:
            low, high = f.rmse_interval(errors, block=block, rng=rng, draws=200)[:, 0]
            held[block] += low <= 1 <= high
    assert held[1] < 35
    assert 42 <= held[60] <= 60


def test_the_level_is_the_width(rng):
    errors = slow(rng, 200)
    narrow, wide = (
        f.rmse_interval(errors, block=20, rng=np.random.default_rng(0), level=level)
        for level in (0.5, 0.95)
    )
    assert (wide[0] < narrow[0]).all()
    assert (narrow[1] < wide[1]).all()
    assert ((narrow[0] < f.rmse(errors)) & (f.rmse(errors) < narrow[1])).all()


def test_what_is_hard_for_both_cancels_in_the_ratio(rng):
    errors = slow(rng, 300)
    assert_allclose(f.ratio_interval(errors / 2, errors, block=20, rng=rng), [[0.5], [0.5]])
    low, high = f.ratio_interval(errors, slow(rng, 300), block=20, rng=rng)[:, 0]
    assert high / low > 1.3


def test_a_ratio_needs_the_same_origins(rng):
    with pytest.raises(ValueError, match=r"got \(5, 1\), \(4, 1\)"):
        f.ratio_interval(np.ones((5, 1)), np.ones((4, 1)), block=1, rng=rng)


def test_a_band_holds_what_it_was_made_from_and_less_of_what_is_larger(rng):
    errors = rng.standard_normal((1000, 2)) * [1, 3] + [0, 5]
    offsets = f.band(errors, 0.8)
    assert offsets.shape == (2, 2)
    assert_allclose(offsets[:, 1], 5 + 3 * np.array([-1.28, 1.28]), atol=0.4)
    assert_allclose(f.coverage(errors, offsets), 0.8, atol=0.002)
    assert (f.coverage(3 * errors, offsets) < 0.6).all()


def test_a_band_is_of_eighty_percent_and_its_edges_are_inside():
    errors = np.arange(11.0)[:, None]
    offsets = f.band(errors)
    assert_allclose(offsets, [[1], [9]])
    assert_allclose(f.coverage(errors, [[1.0], [9.0]]), 9 / 11)


def test_over_the_steps_the_root_mean_square_of_each_origin_is_taken():
    assert_allclose(f.over_steps([[3.0, 4.0], [0.0, 2.0]]), [[np.sqrt(12.5)], [np.sqrt(2)]])


def test_a_conformal_interval_holds_what_it_promises_where_the_order_does_not_matter(rng):
    for n, level in ((9, 0.9), (29, 0.8), (50, 0.5)):
        draws = rng.standard_cauchy((20_000, n + 1))
        widths = f.conformal(draws[:, :n].T, level)
        held = np.mean(np.abs(draws[:, n]) <= widths)
        assert level - 0.01 < held < level + 1 / (n + 1) + 0.01


def test_a_conformal_interval_needs_errors_enough():
    assert f.conformal(np.array([[1.0], [-4.0], [2.0], [3.0]]), 0.8) == 4
    with pytest.raises(ValueError, match="3 errors are too few"):
        f.conformal(np.ones((3, 1)), 0.8)


def test_an_adaptive_interval_follows_errors_that_grow_and_a_fixed_one_does_not(rng):
    known, errors = rng.standard_normal(50), 3 * rng.standard_normal(2000)
    fixed, moving = (f.adaptive(known, errors, rate=rate, steps=3) for rate in (0.0, 0.05))
    assert np.mean(np.abs(errors) <= f.conformal(known[:, None])) < 0.5
    assert np.mean(np.abs(errors) <= fixed) < np.mean(np.abs(errors) <= moving) + 0.01
    assert np.mean(np.abs(errors) <= moving) == pytest.approx(0.8, abs=0.03)


def test_an_adaptive_interval_reads_no_error_before_its_target_has_come(rng):
    known, errors = rng.standard_normal(20), rng.standard_normal(30)
    errors[10] = 0.0
    other = errors.copy()
    other[10:] += 100
    for steps in (1, 4):
        before, after = (f.adaptive(known, e, steps=steps) for e in (errors, other))
        same = before == after
        assert same[: 10 + steps].all()
        assert not same[10 + steps]


def test_starts_are_compared_with_a_rival_each_and_together(rng):
    rival = rng.random(60) + 1
    errors = np.stack([0.5 * rival, 2 * rival])
    found = f.against(errors, rival, block=5, rng=rng)
    assert_allclose(found["ratio"], [0.5, 2])
    assert_allclose(found["interval"], [[0.5, 2], [0.5, 2]])
    assert found["together"] == pytest.approx(np.sqrt((0.25 + 4) / 2))
    assert_allclose(found["all"], [0.5, 2])


def test_one_start_alone_has_the_interval_of_the_ratio(rng):
    errors, rival = rng.random((2, 40)) + 0.5
    found = f.against(errors[None], rival, block=4, rng=np.random.default_rng(1))
    expected = f.ratio_interval(
        errors[:, None], rival[:, None], block=4, rng=np.random.default_rng(1)
    )
    assert_allclose(found["interval"], expected)
    assert_allclose(found["all"], expected[:, 0])
