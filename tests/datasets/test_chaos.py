"""Lorenz's and Mackey and Glass's systems, against what is known of them."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import solve_ivp
from unrolled.datasets import chaos, lorenz, mackey_glass


def test_a_sequence_is_as_another_solver_has_it(rng):
    x = lorenz(2, 51, rng=rng, step=0.02)
    for sequence in x:
        known = solve_ivp(
            lambda t, p: chaos.slope(p[:, None])[:, 0], (0, 1), sequence[0],
            t_eval=np.linspace(0, 1, 51), rtol=1e-10, atol=1e-10,
        )  # fmt: skip
        assert_allclose(sequence, known.y.T, atol=2e-2)


def test_the_method_is_of_fourth_order(rng):
    start = lorenz(1, 1, rng=rng)[:, 0].T

    def after(step):
        point = start
        for _ in range(round(0.16 / step)):
            point = chaos.runge_kutta(point, step)
        return point

    exact = after(0.0005)
    errors = [np.abs(after(step) - exact).max() for step in (0.02, 0.01, 0.005)]
    assert 10 < errors[0] / errors[1] < 26
    assert 10 < errors[1] / errors[2] < 26


def test_where_the_slope_is_zero_it_stays():
    side = np.sqrt(chaos.BETA * (chaos.RHO - 1))
    for point in ([0, 0, 0], [side, side, 27], [-side, -side, 27]):
        point = np.array(point, float)[:, None]
        assert_allclose(chaos.slope(point), 0, atol=1e-12)
        assert_allclose(chaos.runge_kutta(point, 0.02), point, atol=1e-12)


def test_means_are_those_of_the_attractor(rng):
    x = lorenz(40, 1500, rng=rng)
    mean, deviation = x.mean(axis=(0, 1)), x.std(axis=(0, 1))
    assert (np.abs(mean - [0, 0, 23.55]) < [0.8, 0.8, 0.2]).all()
    assert_allclose(deviation, [7.92, 9.01, 8.62], rtol=0.03)


def test_mirror_images_stay_mirror_images(rng):
    point = lorenz(1, 1, rng=rng)[:, 0].T
    mirror = point * np.array([[-1], [-1], [1]])
    for _ in range(100):
        point, mirror = chaos.runge_kutta(point, 0.01), chaos.runge_kutta(mirror, 0.01)
    assert_allclose(mirror, point * np.array([[-1], [-1], [1]]), atol=1e-9)


def test_blood_is_as_small_steps_have_it(rng):
    x = mackey_glass(1, 2, rng=rng)
    assert x.shape == (1, 2, 1)
    past = np.full((17 * 20 + 1, 1), 0.7)
    fine = np.full((17 * 200 + 1, 1), 0.7)
    for _ in range(4):
        past, fine = chaos._one_delay(past, 1 / 20), chaos._one_delay(fine, 1 / 200)
        assert_allclose(past, fine[::10], atol=2e-4)


def test_the_trapezoidal_rule_is_of_second_order():
    ends = []
    for parts in (10, 20, 400):
        past = np.full((17 * parts + 1, 1), 0.7)
        for _ in range(4):
            past = chaos._one_delay(past, 1 / parts)
        ends.append(past[-1, 0])
    coarse, half, exact = ends
    assert 3 < abs(coarse - exact) / abs(half - exact) < 5


def test_blood_obeys_its_equation(rng):
    x = mackey_glass(3, 4000, rng=rng)[:, :, 0]
    now, late = x[:, 17:-1], x[:, :-18]
    change = 0.2 * late / (1 + late**10) - 0.1 * now
    central = (x[:, 18:] - x[:, 16:-2]) / 2
    assert np.abs(central - change).max() < 0.01
    assert 0.2 < x.min() < 0.5
    assert 1.2 < x.max() < 1.45


def test_each_sequence_has_a_start_of_its_own(rng):
    for x in (lorenz(5, 4, rng=rng), mackey_glass(5, 4, rng=rng)):
        assert len(np.unique(x[:, 0, 0].round(6))) == 5


def test_a_constant_past_at_its_fixed_point_stays():
    past = np.ones((17 * 20 + 1, 1))
    assert_allclose(chaos._one_delay(past, 1 / 20), past, atol=1e-4)


@pytest.mark.parametrize(("N", "T"), [(0, 5), (2, 0)])
def test_sizes_are_refused(rng, N, T):
    for draw in (lorenz, mackey_glass):
        with pytest.raises(ValueError, match="N and T must be at least 1"):
            draw(N, T, rng=rng)


def test_steps_and_delays_are_refused(rng):
    with pytest.raises(ValueError, match="step must be positive"):
        lorenz(1, 5, rng=rng, step=0)
    with pytest.raises(ValueError, match="delay must be at least 1"):
        mackey_glass(1, 5, rng=rng, delay=0)
