import numpy as np
import pytest
from numpy.testing import assert_array_equal
from unrolled.figures import lines, theme

X = np.arange(4)


@pytest.fixture
def two_curves():
    return lines.curves(
        X,
        {"full": (X + 1.0, "backward"), "truncated": (X + 2.0, "forward", "dash")},
        title="Finding",
        alt="Two rising lines.",
        x_title="lag",
        y_title="length",
        range=[0, 9],
    )


@pytest.fixture
def two_bars():
    return lines.bars(
        ["a", "b"],
        {"k1 = 1": ([1, 2], "forward"), "k1 = k2": ([3, 4], "target", "/")},
        title="Finding",
        alt="Four bars.",
        y_title="cosine",
        range=[0, 5],
        height=200,
    )


def test_curves_share_their_x_and_keep_their_names_and_values(two_curves):
    assert [trace.name for trace in two_curves.data] == ["full", "truncated"]
    for trace, shift in zip(two_curves.data, (1, 2), strict=True):
        assert_array_equal(trace.x, X)
        assert_array_equal(trace.y, X + shift)


def test_curves_differ_by_color_and_by_dash(two_curves):
    full, truncated = two_curves.data
    assert (full.line.color, full.line.dash) == (theme.BACKWARD, "solid")
    assert (truncated.line.color, truncated.line.dash) == (theme.FORWARD, "dash")


def test_curves_have_a_finding_an_alternative_text_and_named_axes(two_curves):
    layout = two_curves.layout
    assert (layout.title.text, layout.meta["alt"]) == ("Finding", "Two rising lines.")
    assert (layout.xaxis.title.text, layout.yaxis.title.text) == ("lag", "length")
    assert layout.yaxis.range == (0, 9)
    assert layout.height == 320


def test_bars_have_the_same(two_bars):
    layout = two_bars.layout
    assert (layout.title.text, layout.meta["alt"]) == ("Finding", "Four bars.")
    assert (layout.yaxis.title.text, layout.yaxis.range, layout.height) == ("cosine", (0, 5), 200)


def test_bars_differ_by_color_and_by_pattern(two_bars):
    one, block = two_bars.data
    assert (one.marker.color, one.marker.pattern.shape) == (theme.FORWARD, "")
    assert (block.marker.color, block.marker.pattern.shape) == (theme.TARGET, "/")
    assert (list(block.x), list(block.y)) == (["a", "b"], [3, 4])


def test_only_several_curves_or_bars_need_a_legend(two_curves, two_bars):
    about = {"title": "Finding", "alt": "One line.", "y_title": "length"}
    one_curve = lines.curves(X, {"full": (X, "backward")}, x_title="lag", **about)
    one_bar = lines.bars(X, {"full": (X, "backward")}, **about)
    assert two_curves.layout.showlegend
    assert two_bars.layout.showlegend
    assert not one_curve.layout.showlegend
    assert not one_bar.layout.showlegend


def test_a_logarithmic_axis_is_written_in_powers_of_ten():
    about = {"title": "Finding", "alt": "One line.", "x_title": "lag", "y_title": "length"}
    figure = lines.curves(X, {"full": (X, "backward")}, **about, **theme.decades((-2, 0)))
    assert figure.layout.yaxis.tickprefix == "10<sup>"
    assert figure.layout.yaxis.title.text == "length"


def test_a_marker_is_a_point_of_its_own_shape_and_role():
    point = lines.marker([1], [2], name="now", symbol="star", meta={"x": "now_x"})
    assert (point.mode, point.marker.symbol, point.meta) == ("markers", "star", {"x": "now_x"})
    assert point.marker.color == point.marker.line.color == theme.HIGHLIGHT


def test_many_runs_have_one_entry_of_the_legend_for_each_name_and_a_level():
    figure = lines.many(
        X,
        {"slow": ([X, X + 1], "backward", "dash"), "fast": ([X + 2], "forward")},
        level=("guessing", 2),
        title="Finding",
        alt="Three rising lines.",
        x_title="update",
        y_title="right",
        range=[0, 9],
    )
    assert [trace.name for trace in figure.data] == ["slow", "slow", "fast", "guessing"]
    assert [trace.showlegend for trace in figure.data[:3]] == [True, False, True]
    assert_array_equal(figure.data[1].y, X + 1)
    assert figure.data[1].line.dash == "dash"
    assert (tuple(figure.data[-1].x), tuple(figure.data[-1].y)) == ((0, 3), (2, 2))
