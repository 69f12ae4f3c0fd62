import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from unrolled.engine.activations import sigmoid


def test_sigmoid_is_one_over_one_plus_exp():
    a = np.linspace(-30, 30, 601)
    assert_allclose(sigmoid(a), 1 / (1 + np.exp(-a)), rtol=1e-12, atol=1e-15)
    assert math.isclose(sigmoid(0.1), 0.525, abs_tol=5e-4)
    assert sigmoid(0.0) == 0.5


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sigmoid_does_not_overflow(dtype):
    a = np.array([-np.inf, -1000, 1000, np.inf], dtype)
    assert_array_equal(sigmoid(a), np.array([0, 0, 1, 1], dtype))


def test_sigmoid_of_minus_a_is_what_is_missing_to_one(rng):
    a = 3 * rng.standard_normal((4, 5))
    assert_allclose(sigmoid(-a), 1 - sigmoid(a), rtol=0, atol=1e-15)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sigmoid_keeps_the_dtype(dtype):
    assert sigmoid(np.ones(3, dtype)).dtype == dtype
