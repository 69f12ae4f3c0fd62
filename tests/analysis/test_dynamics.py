import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from unrolled.analysis.cost import peak_memory
from unrolled.analysis.dynamics import principal_components


def states(rng, n=50, H=5):
    """States that vary by different amounts along the axes of a random rotation, away from 0."""
    rotation = np.linalg.qr(rng.standard_normal((H, H)))[0]
    return 3 + rng.standard_normal((n, H)) * [4, 2, 1, 0.5, 0.1][:H] @ rotation


@settings(deadline=None)
@given(n=st.integers(5, 30), H=st.integers(3, 5), count=st.integers(1, 3), seed=st.integers(0, 99))
def test_the_components_are_orthonormal_columns(n, H, count, seed):
    mean, components = principal_components(states(np.random.default_rng(seed), n, H), count)
    assert mean.shape == (H,)
    assert components.shape == (H, count)
    assert_allclose(components.T @ components, np.eye(count), atol=1e-12)


def test_the_components_are_the_leading_eigenvectors_of_the_covariance(rng):
    h = states(rng)
    mean, components = principal_components(h, count=3)
    assert_allclose(mean, h.mean(axis=0))
    variances, vectors = np.linalg.eigh(np.cov(h.T))
    assert_allclose(np.abs(components), np.abs(vectors[:, ::-1][:, :3]), atol=1e-10)
    coordinates = (h - mean) @ components
    assert_allclose(coordinates.var(axis=0, ddof=1), variances[::-1][:3])
    assert_allclose(coordinates.mean(axis=0), 0, atol=1e-12)


def test_the_sign_is_such_that_the_largest_element_is_positive(rng):
    for _ in range(20):
        _, components = principal_components(states(rng), count=4)
        assert (components[np.abs(components).argmax(axis=0), range(4)] > 0).all()


def test_states_mirrored_at_the_origin_have_the_same_components(rng):
    h = states(rng)
    assert_allclose(principal_components(-h)[1], principal_components(h)[1], atol=1e-12)


def test_two_components_hold_everything_that_moves_in_a_plane(rng):
    h = rng.standard_normal((40, 2)) @ rng.standard_normal((2, 6)) + 1
    mean, components = principal_components(h)
    assert components.shape == (6, 2)
    assert_allclose((h - mean) @ components @ components.T + mean, h, atol=1e-12)


def test_no_other_plane_holds_more_of_the_variance(rng):
    h = states(rng)
    mean, components = principal_components(h)
    kept = ((h - mean) @ components).var(axis=0).sum()
    for _ in range(50):
        plane = np.linalg.qr(rng.standard_normal((5, 2)))[0]
        assert (h @ plane).var(axis=0).sum() <= kept


@pytest.mark.parametrize("count", [1, 2])
def test_a_state_at_rest_has_coordinates_zero(count):
    h = np.full((10, 4), 0.5)
    mean, components = principal_components(h, count)
    assert np.isfinite(components).all()
    assert_allclose((h - mean) @ components, 0, atol=1e-15)


@pytest.mark.parametrize("shape", [(10, 2), (2, 10)])
def test_more_components_than_states_or_units_are_refused(rng, shape):
    with pytest.raises(ValueError, match=rf"3 components need .*got \({shape[0]}, {shape[1]}\)"):
        principal_components(rng.standard_normal(shape), count=3)


def test_many_states_take_little_more_memory_than_they_are(rng):
    states = rng.standard_normal((1500, 4))
    assert peak_memory(lambda: principal_components(states)) < 10 * states.nbytes
