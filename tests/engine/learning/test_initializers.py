import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from unrolled.engine.initializers import (
    gaussian,
    identity,
    non_normal,
    orthogonal,
    spectral_radius,
)

H = 5
INITIALIZERS = [gaussian, orthogonal, identity, non_normal]


@pytest.mark.parametrize("initializer", INITIALIZERS)
def test_every_initializer_draws_a_square_matrix_from_the_generator_alone(initializer):
    first, second = (initializer(H, gain=0.9, rng=np.random.default_rng(3)) for _ in range(2))
    assert first.shape == (H, H)
    assert first.dtype == np.float64
    assert_array_equal(first, second)


@pytest.mark.parametrize("gain", [0.5, 1, 1.5])
@pytest.mark.parametrize("initializer", [orthogonal, identity, non_normal])
def test_the_spectral_radius_is_the_gain(rng, initializer, gain):
    assert math.isclose(spectral_radius(initializer(H, gain=gain, rng=rng)), gain, rel_tol=1e-9)


@pytest.mark.parametrize("gain", [0.5, 1, 1.5])
def test_a_large_gaussian_matrix_has_radius_near_gain_and_norm_near_twice_gain(rng, gain):
    W = gaussian(300, gain=gain, rng=rng)
    assert math.isclose(spectral_radius(W), gain, rel_tol=0.1)
    assert math.isclose(np.linalg.norm(W, 2), 2 * gain, rel_tol=0.05)


@pytest.mark.parametrize("gain", [0.5, 1, 1.5])
@pytest.mark.parametrize("initializer", [orthogonal, identity])
def test_every_vector_grows_by_exactly_the_gain(rng, initializer, gain):
    W = initializer(H, gain=gain, rng=rng)
    assert_allclose(np.linalg.svd(W, compute_uv=False), gain, rtol=1e-12)
    v = rng.standard_normal(H)
    assert math.isclose(np.linalg.norm(v @ W), gain * np.linalg.norm(v), rel_tol=1e-12)


@pytest.mark.parametrize("initializer", INITIALIZERS)
def test_the_gain_is_one_if_none_is_given(initializer):
    first, second = (
        initializer(H, rng=np.random.default_rng(3), **given) for given in ({}, {"gain": 1.0})
    )
    assert_array_equal(first, second)


def test_a_non_normal_matrix_of_two_units():
    assert_array_equal(non_normal(2), [[1, 5], [0, 1]])


def test_orthogonal_matrices_are_drawn_uniformly(rng):
    draws = np.array([orthogonal(3, rng=rng) for _ in range(1000)])
    traces = np.trace(draws, axis1=1, axis2=2)
    assert abs(traces.mean()) < 0.15
    assert abs((traces**2).mean() - 1) < 0.2
    assert abs((np.linalg.det(draws) > 0).mean() - 0.5) < 0.06
    assert np.abs(draws.mean(axis=0)).max() < 0.08


def test_the_identity_keeps_every_vector(rng):
    v = rng.standard_normal(H)
    assert_array_equal(v @ identity(H), v)


@pytest.mark.parametrize("H", [4, 5])
def test_a_non_normal_matrix_stretches_before_it_decays(H):
    gain, coupling = 0.9, 5.0
    W = non_normal(H, gain=gain, coupling=coupling)
    norms = [np.linalg.norm(np.linalg.matrix_power(W, t), 2) for t in (0, 1, 2, 100)]
    assert math.isclose(norms[1], (coupling + math.hypot(coupling, 2 * gain)) / 2, rel_tol=1e-12)
    assert norms[0] == 1 < norms[1] < norms[2]
    assert norms[3] < 0.02
    assert np.count_nonzero(W) == H + H // 2


def test_the_odd_last_unit_of_a_non_normal_matrix_stays_alone():
    W = non_normal(5, gain=0.9)
    assert np.count_nonzero(W[4]) == np.count_nonzero(W[:, 4]) == 1


def test_the_spectral_radius_sees_complex_eigenvalues():
    assert math.isclose(spectral_radius(np.array([[0.0, -2.0], [2.0, 0.0]])), 2, rel_tol=1e-12)
    assert math.isclose(spectral_radius(np.array([[-3.0, 9.0], [0.0, 1.0]])), 3, rel_tol=1e-12)
