"""One matrix applied again and again: what its norm and its spectral radius promise."""

import numpy as np
import pytest
from unrolled.engine import initializers
from unrolled.explore import Stretch
from unrolled.explore.stretch import MATRICES, norm, spectral_radius


@pytest.mark.parametrize("matrix", MATRICES)
@pytest.mark.parametrize("slope", [0.0, 0.1, 0.5, 1.0])
def test_both_numbers_are_those_of_linear_algebra(matrix, slope):
    M = np.array(MATRICES[matrix]) * [1, slope]
    assert norm(M) == pytest.approx(np.linalg.norm(M, 2))
    assert spectral_radius(M) == pytest.approx(initializers.spectral_radius(M), abs=1e-7)


def test_a_smaller_slope_makes_what_folded_grow():
    folded, spoiled = (Stretch().at(matrix="folds", slope=s, n=40, angle=30) for s in (1.0, 0.1))
    assert folded.facts["length"] == -12
    assert spoiled.facts["length"] > 9
    assert folded.facts["radius"] < 1 < spoiled.facts["radius"]


def test_where_nothing_is_left_no_arrow_is_drawn_and_no_length_is_told():
    w = Stretch(matrix="folds", slope=1.0)
    said = [w.at(n=n).sentences["verdict"] for n in (1, 2)]
    assert "has length" in said[0]
    assert said[1].startswith("After 2 steps nothing is left, of this arrow or any other.")
    drawn = [np.isfinite(w.at(n=n).arrays["arrow_x"]).all() for n in (1, 2)]
    assert drawn == [True, False]


@pytest.mark.parametrize(
    ("values", "left"),
    [
        ({"matrix": "folds", "slope": 0.95, "n": 40}, "traces"),  # a radius of 0.1
        ({"matrix": "shears", "slope": 0.0, "n": 1, "angle": 90}, "others"),
        ({"matrix": "shrinks", "slope": 1.0, "n": 40}, "some"),
    ],
)
def test_what_is_too_short_to_draw_is_not_called_nothing(values, left):
    assert Stretch().at(**values).facts["left"] == left


@pytest.mark.parametrize("angle", range(0, 181, 15))
def test_no_arrow_is_longer_than_the_norm_of_the_power(angle):
    for matrix in MATRICES:
        arrays = Stretch().at(matrix=matrix, slope=1.0, n=40, angle=angle).arrays
        assert (arrays["lengths"] <= arrays["most"] + 1e-9).all()


def test_the_shear_is_longest_after_nine_steps():
    assert Stretch().at(matrix="shears", slope=1.0, n=0, angle=90).arrays["lengths"].argmax() == 9
