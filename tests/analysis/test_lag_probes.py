import numpy as np
import pytest
from numpy.testing import assert_allclose
from unrolled.analysis.lag_probes import readable, share_from, suspects


def test_what_is_in_the_state_is_read_and_what_is_not_is_not(rng):
    classes = rng.integers(0, 4, 2000)
    states = np.eye(4)[classes] @ rng.standard_normal((4, 12)) + 0.1 * rng.standard_normal(12)
    assert readable(states, classes) == 1
    assert readable(rng.standard_normal((2000, 12)), classes) < 0.1
    numbers = states @ rng.standard_normal(12)
    assert readable(states, numbers) == pytest.approx(1)
    assert readable(rng.standard_normal((2000, 12)), numbers) < 0.05


def test_half_of_the_variance_is_a_half(rng):
    parts = rng.standard_normal((20_000, 2))
    assert readable(parts[:, :1], parts.sum(axis=1)) == pytest.approx(0.5, abs=0.03)


def test_it_is_judged_on_sequences_that_it_was_not_fitted_to(rng):
    assert readable(rng.standard_normal((80, 39)), rng.integers(0, 2, 80)) < 0.5
    assert readable(rng.standard_normal((80, 39)), rng.standard_normal(80)) < 0.5


def test_a_line_does_not_find_what_is_bent(rng):
    bits = rng.integers(0, 2, (4000, 2))
    assert readable(2.0 * bits - 1, bits.sum(axis=1) % 2) < 0.1
    assert readable(2.0 * bits - 1, bits[:, 0]) == 1


def test_the_shares_of_all_inputs_add_up_to_one(rng):
    dx = rng.standard_normal((5, 7, 3)).astype(np.float32)
    shares = [share_from(dx, t) for t in range(7)]
    assert sum(shares) == pytest.approx(1)
    assert_allclose(shares, [share_from(1e-30 * dx.astype(float), t) for t in range(7)], rtol=1e-6)


def test_a_share_is_that_of_its_length_averaged_over_sequences():
    dx = np.zeros((2, 3, 2))
    dx[0, 0], dx[1, 2] = (3, 4), (0, 15)
    assert [share_from(dx, t) for t in range(3)] == [0.25, 0, 0.75]
    assert share_from(np.zeros((2, 3, 2)), 0) is None


@pytest.mark.parametrize(
    ("longer", "curriculum", "read", "share", "lacks"),
    [
        (0.5, 1, 1, 0.1, "training"),
        (1, 0, 0, 0, "training"),
        (0.4, 0.4, 0.4, 0.1, "memory"),
        (0, 0, 0, 0.001, "memory or gradient"),
        (0, 0, 0.9, 0.001, "gradient"),
        (0, 0.5, 0, 0.1, "task"),
        (0, 1, 1, 0.001, "gradient or task"),
        (0, 0, 0.9, 0.1, "open"),
    ],
)
def test_those_who_are_not_cleared_are_named(longer, curriculum, read, share, lacks):
    assert suspects(longer, curriculum, read, share, even=0.1) == lacks
