import numpy as np
import pytest
from numpy.testing import assert_array_equal
from unrolled.figures import theme, words

WORDS = ["one", "two", "."]
P, REFERENCE = np.array([0.5, 0.3, 0.2]), np.array([0.8, 0.15, 0.05])


@pytest.fixture
def figure():
    return words.choice(
        WORDS, P, REFERENCE, name="now", reference_name="before", title="Finding", alt="Three bars."
    )


def test_every_word_has_a_bar_and_a_tick(figure):
    bars, ticks = figure.data
    assert (bars.type, bars.orientation, bars.name) == ("bar", "h", "now")
    assert (ticks.type, ticks.mode, ticks.name) == ("scatter", "markers", "before")
    for trace, values in ((bars, P), (ticks, REFERENCE)):
        assert_array_equal(trace.x, values)
        assert list(trace.y) == WORDS


def test_bars_and_ticks_differ_by_color_and_by_shape(figure):
    bars, ticks = figure.data
    assert bars.marker.color == theme.FORWARD
    assert (ticks.marker.color, ticks.marker.symbol) == (theme.INK, "line-ns")


def test_the_first_word_is_on_top_and_every_word_is_written(figure):
    axis = figure.layout.yaxis
    low, high = axis.range
    assert low > len(WORDS) - 1 > 0 > high
    assert (axis.type, axis.dtick) == ("category", 1)


def test_all_probabilities_fit_and_the_figure_is_described(figure):
    layout = figure.layout
    assert layout.xaxis.range[0] == 0
    assert layout.xaxis.range[1] > 1
    assert (layout.title.text, layout.meta["alt"]) == ("Finding", "Three bars.")
