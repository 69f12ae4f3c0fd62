import numpy as np
import pytest
from numpy.testing import assert_array_equal
from unrolled.datasets import load_co2, time_split, windows

SERIES = np.arange(10.0, 30.0)


def test_targets_come_right_after_their_window_and_rows_are_one_step_apart():
    x, targets = windows(SERIES, 4, 3)
    assert (x.shape, targets.shape) == ((14, 4, 1), (14, 3))
    assert_array_equal(x[0, :, 0], [10, 11, 12, 13])
    assert_array_equal(targets[0], [14, 15, 16])
    assert_array_equal(x[1:, :, 0], x[:-1, :, 0] + 1)
    assert_array_equal(targets[-1], SERIES[-3:])


@pytest.mark.parametrize("cut", [9, 13])
@pytest.mark.parametrize(("window", "horizon"), [(1, 1), (4, 3), (8, 1), (1, 7)])
def test_the_targets_of_a_part_lie_in_it_and_none_is_left_out(window, horizon, cut):
    _, past = windows(SERIES, window, horizon, slice(cut))
    x, future = windows(SERIES, window, horizon, slice(cut, None))
    assert past.max() < SERIES[cut] <= future.min()
    assert_array_equal(future[0], SERIES[cut:][:horizon])
    assert_array_equal(x[:, -1, 0] + 1, future[:, 0])
    assert len(past) == cut - window - horizon + 1
    assert len(future) == 20 - cut - horizon + 1


def test_a_part_that_begins_too_early_for_a_window_begins_later():
    x, targets = windows(SERIES, 6, 2, slice(3, 9))
    assert_array_equal(x[0, :, 0], SERIES[:6])
    assert_array_equal(targets, [SERIES[k : k + 2] for k in (6, 7)])


def test_a_window_may_reach_back_before_the_part():
    x, targets = windows(SERIES, 6, 2, slice(8, 12))
    assert_array_equal(x[0, :, 0], SERIES[2:8])
    assert_array_equal(targets, [SERIES[k : k + 2] for k in (8, 9, 10)])


def test_to_change_a_window_changes_nothing_else():
    series = SERIES.copy()
    x, targets = windows(series, 4, 3)
    x[0] = -1
    targets[0] = -1
    assert_array_equal(series, SERIES)
    assert x[1, 0, 0] == 11


def test_numbers_keep_their_type():
    x, targets = windows(SERIES.astype(np.float32), 4, 3)
    assert x.dtype == targets.dtype == np.float32


@pytest.mark.parametrize(
    ("series", "window", "horizon", "part", "message"),
    [
        (SERIES[:, None], 4, 3, slice(None), r"shape \(T,\); got \(20, 1\)"),
        (SERIES, 0, 3, slice(None), "got 0, 3"),
        (SERIES, 4, 0, slice(None), "got 4, 0"),
        (SERIES, 18, 3, slice(None), "18 and 3 values do not fit"),
        (SERIES, 4, 3, slice(18, None), r"slice\(18, None, None\) of 20"),
    ],
)
def test_what_cannot_be_cut_is_refused(series, window, horizon, part, message):
    with pytest.raises(ValueError, match=message):
        windows(series, window, horizon, part)


def test_parts_in_time_cover_the_series_in_order():
    years = np.arange(1700, 1710)
    parts = time_split(years, 1704, 1709)
    assert parts == [slice(0, 4), slice(4, 9), slice(9, 10)]
    assert_array_equal(np.concatenate([years[part] for part in parts]), years)
    assert time_split(years) == [slice(0, 10)]


def test_dates_may_be_written_as_text():
    months, _ = load_co2()
    past, future = time_split(months, "1991-01")
    assert str(months[past][-1]) == "1990-12"
    assert str(months[future][0]) == "1991-01"


@pytest.mark.parametrize("cuts", [(1700,), (1710,), (1705, 1703), (1705, 1705), (1600,)])
def test_an_empty_part_is_refused(cuts):
    said = r"^cuts \['1\d+'.*\] leave a part of 1700 to 1709 without a time; they must be"
    with pytest.raises(ValueError, match=said):
        time_split(np.arange(1700, 1710), *cuts)


@pytest.mark.parametrize("times", [[3, 2, 1], [1, 1, 2], [1, 3, 2], [[1, 2], [3, 4]]])
def test_times_out_of_order_are_refused(times):
    with pytest.raises(ValueError, match=r"^times must be \(T,\), each once and in order$"):
        time_split(np.array(times), 2)
