import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from unrolled.figures import states, theme


@pytest.fixture
def heat(rng):
    values = rng.uniform(-0.3, 0.2, (3, 5))
    return values, states.heat_map(values, title="Finding", alt="A heat map.")


def test_a_heat_map_shows_its_values_with_the_first_unit_on_top(heat):
    values, figure = heat
    assert_array_equal(figure.data[0].z, values)
    assert figure.layout.yaxis.range == (2.5, -0.5)
    assert figure.layout.yaxis.showgrid is False


def test_what_is_below_zero_has_a_minus_in_the_color_of_zero(heat):
    values, figure = heat
    minus = figure.data[1]
    rows, columns = np.nonzero(values < 0)
    begin, end, gap = minus.y.reshape(-1, 3).T
    seen = np.isfinite(begin)
    assert 0 < seen.sum() < values.size
    assert np.isnan(gap).all()
    assert_array_equal(begin, end)
    assert_array_equal(begin[seen], rows)
    assert_allclose(minus.x.reshape(-1, 3)[seen], columns[:, None] + [-0.2, 0.2, 0.2])
    assert (minus.mode, minus.line.color) == ("lines", theme.NEUTRAL)


def test_where_nothing_is_known_there_is_no_minus():
    strokes = states.below_zero([[-1, np.nan], [0, -2]]).reshape(4, 3)
    assert_array_equal(strokes[:, 0], [0, np.nan, np.nan, 1])


def test_a_mask_has_no_minus(rng):
    kept = rng.random((3, 4)) < 0.5
    figure = states.mask(kept, title="Finding", alt="A mask.", x_title="t", y_title="s")
    (trace,) = figure.data
    assert_array_equal(trace.z, kept)


def test_two_heat_maps_can_be_compared_because_their_scale_never_follows_the_data(heat):
    trace = heat[1].data[0]
    assert (trace.zmin, trace.zmax) == (-1, 1)
    assert trace.colorscale == tuple(map(tuple, theme.DIVERGING))
    assert trace.colorbar.tickvals == (-1, 0, 1)


def test_a_heat_map_has_a_finding_an_alternative_text_and_named_axes(heat):
    layout = heat[1].layout
    assert (layout.title.text, layout.meta["alt"]) == ("Finding", "A heat map.")
    assert (layout.xaxis.title.text, layout.yaxis.title.text) == ("time step t", "hidden unit")


def test_a_path_keeps_its_points_and_both_axes_reach_equally_far(rng):
    points = rng.standard_normal((2, 7))
    figure = states.path(points, title="Finding", alt="A path.", limit=2.5)
    assert_array_equal(figure.data[0].x, points[0])
    assert_array_equal(figure.data[0].y, points[1])
    assert figure.layout.xaxis.range == figure.layout.yaxis.range == (-2.5, 2.5)
    assert (figure.layout.title.text, figure.layout.meta["alt"]) == ("Finding", "A path.")


def test_a_path_marks_where_it_starts(rng):
    points = rng.standard_normal((2, 7))
    figure = states.path(points, title="Finding", alt="A path.", limit=2.5)
    marker = figure.data[0].marker
    assert (marker.symbol[0], *set(marker.symbol[1:])) == ("diamond", "circle")
    assert marker.size[0] > marker.size[1]


def test_no_data_is_not_a_number_anywhere():
    assert states.no_data(2, 3).shape == (2, 3)
    assert np.isnan(states.no_data(2, 3)).all()


def test_every_reading_has_a_stretch_of_its_own_on_the_axis():
    axis = states.readings_axis([["so", "it", "goes"], ["then", "it", "ends"]])
    ticks = dict(zip(axis["tickvals"], axis["ticktext"], strict=True))
    assert [ticks[t] for t in (0, 1, 2)] == ["so", "it", "goes"]
    assert [ticks[states.STRETCH + t] for t in (0, 1, 2)] == ["then", "it", "ends"]
    assert len(ticks) == 6
    assert "range" not in axis
