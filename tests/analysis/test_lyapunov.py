import numpy as np
import pytest
from numpy.testing import assert_allclose
from unrolled.analysis import gradient_flow, lyapunov
from unrolled.engine import rnn


def random_net(gain, H=20, seed=3, D=1):
    rng = np.random.default_rng(seed)
    params = rnn.init_params(D, H, rng=rng)
    return params | {"W_hh": gain * params["W_hh"]}, rng


def run(gain, T, scale=0.5, **kind):
    params, rng = random_net(gain, **kind)
    return rnn.forward(scale * rng.standard_normal((1, T, 1)), params)[1], params


def test_a_network_that_stays_at_zero_has_the_eigenvalues_of_its_matrix():
    """All slopes are 1 there, so that the step is linear."""
    params, _ = random_net(0.9)
    tape = rnn.forward(np.zeros((1, 3000, 1)), params)[1]
    found, _ = lyapunov.exponents(tape, params)
    expected = np.log(np.abs(np.linalg.eigvals(params["W_hh"])))
    assert_allclose(found, np.sort(expected)[::-1], atol=0.01)


@pytest.mark.parametrize("gain", [0.8, 1.5, 2.5])
def test_the_sum_of_all_is_the_mean_logarithm_of_the_determinants(gain):
    tape, params = run(gain, 300)
    found, running = lyapunov.exponents(tape, params)
    logs = np.linalg.slogdet(gradient_flow.jacobians(tape, params))[1]
    assert found.sum() == pytest.approx(logs.mean(), rel=1e-10)
    assert_allclose(running.sum(axis=1), logs.cumsum() / np.arange(1, 301), rtol=1e-9)


@pytest.mark.parametrize("gain", [0.8, 1.5, 2.5])
def test_the_largest_is_the_slope_of_the_gradients_length(gain):
    T = 2000
    tape, params = run(gain, T)
    found, _ = lyapunov.exponents(tape, params, count=1)
    dh_T = np.random.default_rng(1).standard_normal((1, 20))
    assert lyapunov.gradient_rate(tape, params, dh_T) == pytest.approx(found[0], abs=0.006)


def test_the_rate_of_a_gradient_is_the_slope_of_its_logarithm(rng):
    tape, params = run(1.2, 60)
    dh_T = rng.standard_normal((1, 20))
    norms = gradient_flow.backward_norms(tape, params, dh_T)
    assert lyapunov.gradient_rate(tape, params, dh_T) == pytest.approx(
        np.log(norms[0] / norms[-1]) / 59
    )
    with pytest.raises(ValueError, match=r"a rate needs two steps .* got 1 step"):
        lyapunov.gradient_rate(tape.window(0, 1), params, dh_T)
    with pytest.raises(ValueError, match=r"of shape \(1, 20\)"):
        lyapunov.gradient_rate(tape, params, dh_T[:, :4])


def test_two_neighbors_part_as_the_largest_says():
    params, rng = random_net(2.5, H=64)
    start = rng.uniform(-1, 1, (1, 64))
    state = rnn.forward(np.zeros((1, 200, 1)), params, (start,))[1].state
    h, tape = rnn.forward(np.zeros((1, 90, 1)), params, state)
    near = rnn.forward(np.zeros((1, 90, 1)), params, (state[0] + 1e-12,))[0]
    apart = np.log(np.linalg.norm(h - near, axis=2)[0])
    (found,), _ = lyapunov.exponents(tape, params, count=1)
    assert found > 0.1
    assert (apart[80] - apart[20]) / 60 == pytest.approx(found, abs=0.05)


def test_fewer_exponents_are_the_first_of_all():
    tape, params = run(1.5, 400)
    few, running = lyapunov.exponents(tape, params, count=3)
    every, _ = lyapunov.exponents(tape, params)
    assert running.shape == (400, 3)
    assert_allclose(few, every[:3], atol=1e-9)


def test_each_sequence_has_its_own():
    params, rng = random_net(1.5)
    x = rng.standard_normal((2, 200, 1)) * [[[0.0]], [[2.0]]]
    _, tape = rnn.forward(x, params, (np.full((2, 20), 0.1),))
    both = [lyapunov.exponents(tape, params, count=2, sequence=n)[0] for n in (0, 1)]
    alone = rnn.forward(x[1:], params, (np.full((1, 20), 0.1),))[1]
    assert_allclose(both[1], lyapunov.exponents(alone, params, count=2)[0], atol=1e-10)
    assert both[0][0] > both[1][0]


def test_strong_inputs_tame():
    quiet, loud = (lyapunov.exponents(*run(1.8, 1500, s, H=64), count=1)[0][0] for s in (0.1, 2.0))
    assert loud < 0 < quiet


@pytest.mark.parametrize(("option", "value"), [("count", 0), ("count", 21), ("sequence", 1)])
def test_what_there_is_not_is_refused(option, value):
    tape, params = run(1.0, 5)
    with pytest.raises(ValueError, match=rf"{option} must lie in .*got {value}"):
        lyapunov.exponents(tape, params, **{option: value})


@pytest.mark.parametrize(
    ("exponents", "expected"),
    [
        ([-0.1, -0.2], 0.0),  # a point
        ([0.0, -1.0], 1.0),  # a closed curve
        ([0.9, 0.0, -14.6], 2 + 0.9 / 14.6),  # nearly those of Lorenz
        ([-1.0, 0.5], 1.5),  # in any order
        ([0.2, 0.1], 2.0),  # everything grows
    ],
)
def test_the_dimension_is_that_of_kaplan_and_yorke(exponents, expected):
    assert lyapunov.dimension(exponents) == pytest.approx(expected)
