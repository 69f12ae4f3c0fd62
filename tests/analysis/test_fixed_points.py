import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import brentq
from unrolled.analysis import fixed_points, gradient_flow
from unrolled.engine import rnn
from unrolled.explore import flip_flop


@pytest.fixture
def trained():
    """A trained flip-flop of two bits, and the starts that its points are looked for from."""
    params = flip_flop.trained()
    return params, flip_flop.starts(params)


def switches(w, couple=0.0):
    """Two units that each hold a bit if w > 1."""
    return {
        "W_xh": np.eye(2),
        "W_hh": np.array([[w, couple], [0.0, w]]),
        "b_h": np.zeros(2),
    }


def grid(H=2, n=9):
    return np.stack(np.meshgrid(*[np.linspace(-1, 1, n)] * H), axis=-1).reshape(-1, H)


def test_two_switches_have_nine_points_which_are_known():
    rest = brentq(lambda h: np.tanh(2 * h) - h, 0.1, 1)
    found = fixed_points.find(switches(2.0), grid())
    expected = {(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1)}
    assert {tuple(np.round(point / rest).astype(int)) for point in found} == expected
    assert_allclose(np.abs(found), np.abs(np.round(found / rest)) * rest, atol=1e-9)
    kinds = [fixed_points.unstable(fixed_points.linearize(p, switches(2.0)))[0] for p in found]
    assert kinds == [0] * 4 + [1] * 4 + [2]


def test_weak_units_have_only_zero():
    found = fixed_points.find(switches(0.9), grid())
    assert found.shape == (1, 2)
    assert_allclose(found, 0, atol=1e-8)


def test_an_input_that_stays_moves_the_points():
    x = np.array([0.8, 0.0])
    found = fixed_points.find(switches(2.0), grid(), x=x)
    assert_allclose(np.tanh(found @ switches(2.0)["W_hh"] + x), found, atol=1e-9)
    assert len(found) == 3  # the first unit has only one place left
    assert (found[:, 0] > 0.9).all()


def test_every_point_is_one_and_none_comes_twice(trained):
    params, starts = trained
    found = fixed_points.find(params, starts)
    (after,) = rnn.step(np.zeros((len(found), 2)), (found,), params)
    assert np.linalg.norm(after - found, axis=1).max() < 1e-10
    distances = np.linalg.norm(found[:, None] - found, axis=2)
    assert distances[np.triu_indices(len(found), 1)].min() > 0.1


def test_names_of_units_do_not_matter(trained, rng):
    params, starts = trained
    order = rng.permutation(len(params["b_h"]))
    renamed = {
        "W_hh": params["W_hh"][np.ix_(order, order)],
        "b_h": params["b_h"][order],
    }
    found = fixed_points.find(params, starts)
    again = fixed_points.find(renamed, starts[:, order])
    assert len(found) == len(again) == 9
    for point in found[:, order]:
        assert np.linalg.norm(again - point, axis=1).min() < 1e-8


def test_the_linearization_is_the_jacobian_of_the_step_at_rest(trained):
    params, starts = trained
    for h_star in fixed_points.find(params, starts):
        _, tape = rnn.forward(np.zeros((1, 1, 2)), params, (h_star[None],))
        J = fixed_points.linearize(h_star, params)
        assert_allclose(J, gradient_flow.jacobians(tape, params)[0], atol=1e-9)


def test_a_small_deviation_moves_as_the_linearization_says(trained, rng):
    params, starts = trained
    for h_star in fixed_points.find(params, starts):
        d = 1e-5 * rng.standard_normal((1, len(h_star)))
        (after,) = rnn.step(np.zeros((1, 2)), (h_star + d,), params)
        assert_allclose(after - h_star, d @ fixed_points.linearize(h_star, params), atol=1e-8)


@pytest.mark.parametrize("seed", range(5))
def test_unstable_directions_are_those_that_grow(seed):
    J = 1.3 * np.random.default_rng(seed).standard_normal((6, 6)) / np.sqrt(6)
    values = np.linalg.eigvals(J)
    count, directions = fixed_points.unstable(J)
    assert count == (np.abs(values) > 1).sum() == len(directions)
    assert_allclose(np.linalg.norm(directions, axis=1), 1)
    # What J makes of them lies in what they span: an invariant space, on which it has these values.
    inside, *_ = np.linalg.lstsq(directions.T, (directions @ J).T, rcond=None)
    assert_allclose(directions.T @ inside, (directions @ J).T, atol=1e-10)
    growing = np.sort_complex(values[np.abs(values) > 1])
    assert_allclose(np.sort_complex(np.linalg.eigvals(inside)), growing, atol=1e-8)


def test_a_stable_point_has_no_unstable_direction():
    count, directions = fixed_points.unstable(0.5 * np.eye(3))
    assert (count, directions.shape) == (0, (0, 3))


@pytest.mark.parametrize("start", range(flip_flop.STARTS))
def test_the_indices_of_all_points_add_up_to_one(start):
    for updates in flip_flop.UPDATES:
        params = flip_flop.trained(updates, start)
        found = fixed_points.find(params, flip_flop.starts(params))
        indices = [fixed_points.index(fixed_points.linearize(h, params)) for h in found]
        assert sum(indices) == 1, updates
        assert len(indices) % 2 == 1


def test_an_index_counts_real_eigenvalues_above_one():
    for values, expected in (([0.5, -3], 1), ([2, 0.1], -1), ([2, 3], 1), ([1.5, -2], -1)):
        assert fixed_points.index(np.diag(values)) == expected
    turn = 2 * np.array([[0.6, 0.8], [-0.8, 0.6]])  # a growing spiral
    assert fixed_points.index(turn) == 1


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"starts": np.zeros((4, 3))}, r"starts must have shape \(n, H\) with H = 2"),
        ({"starts": np.zeros(2)}, r"got \(2,\)"),
        ({"x": np.zeros(3)}, r"x must have shape"),
        ({"starts": np.array([[np.nan, 0]])}, "starts holds nan"),
    ],
)
def test_what_does_not_fit_is_refused(given, message):
    with pytest.raises(ValueError, match=message):
        fixed_points.find(**{"params": switches(2.0), "starts": grid()} | given)


def test_without_starts_there_are_no_points():
    assert fixed_points.find(switches(2.0), np.empty((0, 2))).shape == (0, 2)


def test_an_eigenvalue_of_exactly_one_does_not_stop_the_search():
    """At zero, J of two units with weight 1 is the identity, and Newton has nothing to solve."""
    starts = np.array([[0.0, 0.0], [0.5, -0.5]])
    found = fixed_points.find(switches(1.0), starts, tol=1e-6)
    assert np.linalg.norm(found, axis=1).min() == 0
