"""What the arrows of GradientFlow say, and the level line that it opens with."""

import numpy as np
import pytest
from unrolled.explore import GradientFlow


def test_it_opens_with_a_level_line():
    norms = GradientFlow().arrays["norms"]
    assert norms[-50:] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("kind", ["Gaussian", "non-normal"])
def test_an_arrow_is_labeled_with_the_length_of_what_arrives(kind):
    arrays = GradientFlow(kind=kind, gain=0.8, T=10).arrays
    np.testing.assert_array_equal(arrays["arriving"][1:], arrays["norms"][:-1])
    assert np.isfinite(arrays["arriving"]).sum() == 9  # an arrow leads to each step but the last


def test_the_non_normal_start_grows_almost_ninefold_within_five_steps():
    w = GradientFlow()
    norms = w.at(**w.stories[3].values).arrays["norms"][-10:][::-1]
    assert norms.argmax() <= 5
    assert 8.5 < 10 ** norms.max() < 9
