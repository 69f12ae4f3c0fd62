"""What was recorded of networks that nobody trained."""

import numpy as np
import pytest
from unrolled.datasets import load_results
from unrolled.experiments import reservoir as experiment


@pytest.fixture(scope="module")
def runs():
    return load_results("reservoir")["results"]


def median(runs, **key):
    """The steps of each draw of the one run that a key tells from the others."""
    (run,) = [run for run in runs if all(run.get(name) == value for name, value in key.items())]
    return np.array(run["steps"])


def test_every_radius_control_and_rival_was_run(runs):
    parts = [run["part"] for run in runs]
    assert parts.count("sweep") == len(experiment.SCALES) * len(experiment.RADII)
    assert parts.count("controls") == 2 * len(experiment.CONTROLS)
    assert parts.count("rivals") == 5 * len(experiment.SCALES)
    assert parts.count("noisy rivals") == 2 * sum("noise" in name for name in experiment.CONTROLS)
    for run in runs:
        fewer = run["part"] in ("controls", "noisy rivals")
        draws = experiment.FEWER if fewer else experiment.DRAWS
        assert len(run["steps"]) == draws
        assert 0 <= min(run["steps"]) <= max(run["steps"]) <= experiment.STEPS


def test_the_whole_weather_needs_no_recurrence(runs):
    none, some = (median(runs, part="sweep", task=experiment.ALL, radius=r) for r in (0.0, 0.8))
    assert (none > some).mean() > 0.8
    assert np.median(none) > 420


@pytest.mark.parametrize("task", [experiment.ONE, experiment.BLOOD])
def test_one_number_needs_it(runs, task):
    none, some = (median(runs, part="sweep", task=task, radius=r) for r in (0.0, 0.8))
    assert none.max() < 10 < some.min()


@pytest.mark.parametrize(
    ("task", "kind"),
    [(experiment.ALL, "degree 2"), (experiment.ONE, "degree 3"), (experiment.BLOOD, "degree 3")],
)
def test_for_every_task_there_are_products_that_are_ahead_of_the_best_reservoir(runs, task, kind):
    products = median(runs, part="rivals", task=task, rival=kind)
    reservoirs = [median(runs, part="sweep", task=task, radius=r) for r in experiment.RADII]
    best = max(reservoirs, key=np.median)
    assert ((products > best) | (products == experiment.STEPS)).all()


def test_noise_turns_it_around(runs):
    for control in ("noise of 1 %", "noise of 10 %"):
        none, some = (median(runs, part="controls", control=control, radius=r) for r in (0.0, 0.8))
        assert (some > none).all()


def test_the_noise_does_its_harm_in_the_fit(runs):
    def both(control):
        return (median(runs, part="controls", control=control, radius=r) for r in (0.0, 0.8))

    none, some = both("noise of 10 %, fit alone")
    assert (some > 2 * none).all()
    none, some = both("noise of 10 %, start alone")
    assert (some > none).sum() <= 4
    none, some = both("ridge of 1e-15")
    assert none.min() > some.max()


def test_a_window_gains_from_a_noisy_start_what_a_reservoir_does_not(runs):
    start = "noise of 10 %, start alone"
    products = median(runs, part="noisy rivals", control=start, rival="degree 2")
    assert (products > median(runs, part="controls", control=start, radius=0.8)).all()


def test_two_draws_again(runs):
    """As recorded, but for rounding."""
    run = next(r for r in runs if r["part"] == "sweep" and r["task"] == "x, y, z")
    for seed in (0, 3):
        data = experiment.series("x, y, z", seed)
        steps = experiment.valid_times(data, 0.0, run["scale"], [run["ridge"]], seed)
        assert np.median(steps) == pytest.approx(run["steps"][seed], rel=0.15)


def test_what_is_forecast_is_not_what_is_learned_from():
    learn, begin, truth = experiment.series("x", 0, T=50)
    assert learn.shape == (1, experiment.WASHOUT + 51, 1)
    assert begin.shape == (experiment.STARTS, experiment.WASHOUT, 1)
    assert truth.shape == (experiment.STARTS, experiment.STEPS, 1)
    assert not np.isclose(begin[:, 0], learn[:, 0]).any()


def test_noise_is_on_what_is_read_alone():
    clean, noisy = (experiment.series("x, y, z", 1, T=400, noise=n) for n in (0.0, 0.1))
    assert np.array_equal(clean[2], noisy[2])
    for a, b in zip(clean[:2], noisy[:2], strict=True):
        assert (b - a).std() == pytest.approx(0.1, rel=0.05)
    start = experiment.series("x, y, z", 1, T=400, begin_noise=0.1)
    assert np.array_equal(start[0], clean[0])
    assert np.array_equal(start[1], noisy[1])
