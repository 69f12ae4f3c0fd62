"""What was recorded of Newton's rounds and of Lyapunov exponents."""

import numpy as np
import pytest
from unrolled.analysis import lyapunov
from unrolled.datasets import load_results
from unrolled.engine import newton, rnn
from unrolled.experiments import exponents, newton_rounds


@pytest.fixture(scope="module")
def rounds():
    return load_results("newton-rounds")["results"]


@pytest.fixture(scope="module")
def measured():
    return load_results("exponents")["results"]


def test_every_network_was_run_at_every_length_in_every_way(rounds):
    assert len(rounds) == len(newton_rounds.GAINS) * newton_rounds.DRAWS
    for run in rounds:
        for way in newton.JACOBIANS:
            assert len(run[way]) == len(newton_rounds.LENGTHS)
            assert (np.array(run[way]) <= newton_rounds.LENGTHS).all()


def test_calm_costs_few_rounds_at_any_length_and_chaos_many(rounds):
    for run in rounds:
        if run["exponent"] < -0.25:
            assert max(run["full"]) <= 8
        if run["exponent"] > 0.1:
            assert run["full"][-1] > 5 * run["full"][0]


@pytest.mark.parametrize(("gain", "seed"), [(0.8, 3), (1.2, 7)])
def test_a_calm_network_again(rounds, gain, seed):
    (run,) = [r for r in rounds if (r["gain"], r["draw"]) == (gain, seed)]
    params, x = newton_rounds.draw(gain, seed)
    residuals = newton.forward(x[:, :100], params, method="loop")[2]
    assert len(residuals) - 1 == pytest.approx(run["full"][0], abs=1)
    (largest,), _ = lyapunov.exponents(rnn.forward(x, params)[1], params, count=1)
    assert largest == pytest.approx(run["exponent"], abs=1e-3)


def test_the_gradient_goes_at_the_rate_of_the_exponent_in_every_network(measured):
    assert len(measured) == 6 * 3 * exponents.DRAWS
    for run in measured:
        assert run["gradient"] == pytest.approx(run["exponent"], abs=0.006)


def test_inputs_tame_at_a_gain_of_one_and_a_half(measured):
    tamed = [r for r in measured if (r["gain"], r["scale"]) == (1.5, 1.0)]
    assert len(tamed) == exponents.DRAWS
    for run in tamed:
        assert run["exponent"] < 0
        assert run["radius"] > 1.5


def test_an_orbit_begins_where_it_has_settled():
    params, tape, _ = exponents.orbit(0.8, 0.5, 0)
    assert tape.h.shape == (exponents.T + 1, 1, exponents.H)
    (found,), _ = lyapunov.exponents(tape, params, count=1)
    (known,) = [
        r
        for r in load_results("exponents")["results"]
        if (r["gain"], r["scale"], r["draw"]) == (0.8, 0.5, 0)
    ]
    assert found == pytest.approx(known["exponent"], abs=1e-3)
