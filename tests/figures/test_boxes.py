import numpy as np
import pytest
from unrolled.figures import boxes, theme

LABELS = {
    "heading": [(-0.5, 0, "Input")],
    "name": [(0.45, 0.3, "x"), (4.45, 0.3, "input")],
    "count": [(0, 1, "2 ×")],
    "symbol": [(1, 1, "N"), (2, 1, "4H")],
}


@pytest.fixture
def figure():
    return boxes.table(3, ["NumPy", "Keras"], LABELS, title="Shapes", alt="Boxes.")


def test_there_is_a_place_for_every_axis_and_it_is_empty(figure):
    kinds, sizes = figure.data[:2]
    assert np.shape(kinds.z) == (6, 8)
    assert np.isnan(kinds.z).all()
    np.testing.assert_array_equal(sizes.x, 3 * list(range(8)))
    assert np.isnan([sizes.y, sizes.customdata]).all()


def test_every_kind_of_axis_has_one_color_of_the_palette(figure):
    kinds = figure.data[0]
    edges, colors = zip(*kinds.colorscale, strict=True)
    assert (edges[0], edges[-1]) == (0, 1)
    assert colors[::2] == colors[1::2]
    wanted = [theme.COLORS[role][0] for role in boxes.KINDS.values()]
    for kind, color in enumerate(wanted):
        at = (kind - kinds.zmin) / (kinds.zmax - kinds.zmin)
        assert colors[2 * kind] == color
        assert edges[2 * kind] < at < edges[2 * kind + 1]


def test_the_letters_of_named_axes_have_colors_of_their_own():
    named = [boxes.KINDS[letter] for letter in "NTDHL"]
    assert len(set(named)) == len(named)


def test_sizes_are_written_as_whole_numbers_into_the_lower_half_of_their_box(figure):
    sizes = figure.data[1]
    assert sizes.texttemplate == "%{customdata:.0f}"
    assert sizes.textposition == "bottom center"
    assert sizes.mode == "text"


def test_labels_stand_where_they_are_put_each_kind_in_its_own_font(figure):
    for trace, kind in zip(figure.data[2:], boxes.WORDS, strict=True):
        assert (trace.name, trace.mode) == (kind, "text")
        assert list(zip(trace.x, trace.y, trace.text, strict=True)) == LABELS[kind]
        assert trace.textfont.color == boxes.WORDS[kind][0]["color"]


def test_columns_are_named_above_their_boxes_and_rows_go_down(figure):
    x, y = figure.layout.xaxis, figure.layout.yaxis
    assert x.side == "top"
    assert list(zip(x.tickvals, x.ticktext, strict=True)) == [
        (2, "<b>NumPy</b>"),
        (6, "<b>Keras</b>"),
    ]
    assert y.range[0] > 5 > 0 > y.range[1]
    assert figure.layout.height > 3 * boxes.ROW
    assert (figure.layout.title.text, figure.layout.meta["alt"]) == ("Shapes", "Boxes.")
