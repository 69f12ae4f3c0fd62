import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from unrolled.datasets import selective_copy


@settings(deadline=None)
@given(
    st.integers(1, 5), st.integers(4, 12), st.integers(1, 4), st.integers(2, 5), st.integers(0, 9)
)
def test_the_targets_are_the_symbols_in_their_order(N, places, symbols, alphabet, seed):
    rng = np.random.default_rng(seed)
    x, targets = selective_copy(N, places, rng=rng, symbols=symbols, alphabet=alphabet)
    assert x.shape == (N, places + symbols, alphabet + 2)
    assert (x.sum(axis=2) == 1).all()
    read = x.argmax(axis=2)
    assert (read[:, places:] == alphabet + 1).all()
    for row, target in zip(read[:, :places], targets, strict=True):
        assert_array_equal(row[row != alphabet], target)


def test_symbols_are_as_often_at_every_place(rng):
    x, _ = selective_copy(4000, 10, rng=rng, symbols=3)
    often = (x[:, :10, :4].sum(axis=2)).mean(axis=0)
    np.testing.assert_allclose(often, 0.3, atol=0.04)


def test_no_fixed_place_holds_the_second_symbol(rng):
    """At the place where it is most often, it is less often than in one sequence of five."""
    x, targets = selective_copy(4000, 20, rng=rng)
    symbols = x[:, :20, :4]
    second = (symbols.sum(axis=2).cumsum(axis=1) == 2) & (symbols.sum(axis=2) == 1)
    assert (second.sum(axis=1) == 1).all()
    assert second.mean(axis=0).max() < 0.2
    assert_array_equal(symbols[second].argmax(axis=1), targets[:, 1])


@pytest.mark.parametrize(
    ("N", "places", "symbols", "alphabet"),
    [(0, 5, 2, 4), (1, 2, 3, 4), (1, 5, 0, 4), (1, 5, 2, 1)],
)
def test_sizes_that_make_no_sense_are_refused(rng, N, places, symbols, alphabet):
    with pytest.raises(ValueError, match=f"got N={N}, places={places}, symbols={symbols}"):
        selective_copy(N, places, rng=rng, symbols=symbols, alphabet=alphabet)
