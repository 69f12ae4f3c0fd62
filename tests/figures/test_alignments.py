from numpy.testing import assert_array_equal
from unrolled.figures import alignments


def test_an_alignment_shows_its_weights_beside_the_letters(rng):
    weights = rng.random((3, 5))
    figure = alignments.alignment(
        weights, "abcde", ["x", "y", "end"], title="Finding", alt="A map."
    )
    (heat,) = figure.data
    assert_array_equal(heat.z, weights)
    assert (heat.zmin, heat.zmax) == (0, 1)
    assert figure.layout.xaxis.ticktext == tuple("abcde")
    assert figure.layout.yaxis.ticktext == ("x", "y", "end")
    assert figure.layout.xaxis.tickvals == tuple(range(5))
    assert figure.layout.yaxis.autorange == "reversed"  # what is written first stands on top
    assert figure.layout.title.text == "Finding"
    assert figure.layout.meta["alt"] == "A map."


def test_a_space_can_be_seen_on_an_axis():
    assert alignments.letters("mar 5") == ["m", "a", "r", "·", "5"]
