import numpy as np
import pytest
from numpy.testing import assert_array_equal
from unrolled.figures import maps, theme

ABOUT = {"title": "Finding", "alt": "A map.", "x_title": "input s", "y_title": "output t"}


@pytest.fixture
def logs(rng):
    values = rng.uniform(-5, 0, (3, 4))
    values[0, 1:] = np.nan
    return values


@pytest.fixture
def strengths(logs):
    return maps.strengths(logs, **ABOUT, decades=(-6, 0))


def test_strengths_keep_their_values_and_their_gaps(strengths, logs):
    assert_array_equal(strengths.data[0].z, logs)
    assert strengths.data[0].hoverongaps is False


def test_strengths_are_told_by_powers_of_ten(strengths):
    trace = strengths.data[0]
    assert (trace.zmin, trace.zmax) == (-6, 0)
    assert (trace.colorbar.tickprefix, trace.colorbar.dtick) == ("10<sup>", 1)


def test_the_faintest_cell_differs_from_an_empty_one(strengths):
    trace = strengths.data[0]
    assert trace.colorscale == ((0, theme.GRID), (1, theme.FORWARD))
    assert trace.xgap == trace.ygap == 1


def test_places_tell_a_word_from_padding_and_from_no_place():
    words = np.array([[0, 1, np.nan], [1, 1, np.nan]])
    figure = maps.places(words, **ABOUT)
    trace = figure.data[0]
    assert_array_equal(trace.z, words)
    assert (trace.zmin, trace.zmax, trace.showscale) == (0, 1, False)
    assert trace.colorscale == ((0, theme.GRID), (1, theme.FORWARD))


def test_both_have_a_finding_an_alternative_text_and_the_first_row_on_top(strengths):
    for figure in (strengths, maps.places(np.zeros((2, 2)), **ABOUT)):
        layout = figure.layout
        assert (layout.title.text, layout.meta["alt"]) == ("Finding", "A map.")
        assert (layout.xaxis.title.text, layout.yaxis.title.text) == ("input s", "output t")
        assert layout.yaxis.autorange == "reversed"
        assert layout.height == 320


def test_numbers_stand_in_cells_that_are_full_at_the_first_limit():
    figure = maps.numbers([[0, 50]], rows=[8], columns=[0, 40], limits=(0, 50), **ABOUT)
    trace = figure.data[0]
    assert (trace.x, trace.y, trace.texttemplate) == (("0", "40"), ("8",), "<b>%{z:.0f}</b>")
    assert (trace.zmin, trace.zmax) == (0, 50)
    assert trace.colorscale[0][1] == theme.FORWARD
    assert figure.layout.xaxis.type == figure.layout.yaxis.type == "category"
