"""What chapter 23 says of its three records."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from unrolled.datasets import load_results
from unrolled.experiments import lag_dial, lag_dial_linear, parity_lengths, selective
from unrolled.experiments.lag_squares import LINEAR, TASKS, batch


def recorded(name):
    return [group for group in load_results(name)["results"] if group["part"] == "test"]


@pytest.mark.parametrize("network", LINEAR)
def test_linear_cells_play_by_the_rules_of_the_lag_dial(network, monkeypatch):
    for name, value in {"CHECKED": 32, "MEASURED": 64, "CHECK_EVERY": 10}.items():
        monkeypatch.setattr(lag_dial, name, value)
    begin = next(iter(LINEAR[network][1]))
    runs = [lag_dial.train("echo", network, 3, begin, 0.01, 0, updates=20) for _ in range(2)]
    for run in runs:
        del run["seconds"]
    assert runs[0] == runs[1]


def test_every_square_has_as_many_starts():
    groups = recorded("lag-dial-linear")
    squares = {(g["task"], g["network"], g["lag"]): g["start"] for g in groups}
    assert len(squares) == len(groups) == len(TASKS) * len(LINEAR) * len(lag_dial_linear.LAGS)
    assert len({tuple(starts) for starts in squares.values()}) == 1


def test_the_best_line_bounds_every_lru_at_adding(rng):
    for lag in lag_dial_linear.LAGS:
        x, sums = batch("adding", 8000, lag, rng)
        inputs = np.c_[x.reshape(8000, -1), np.ones(8000)].astype(float)
        weights = np.linalg.lstsq(inputs[:4000], sums[:4000, 0, 0], rcond=None)[0]
        error = np.mean((inputs[4000:] @ weights - sums[4000:, 0, 0]) ** 2)
        groups = recorded("lag-dial-linear")
        skills = [
            g["skill"]
            for g in groups
            if (g["task"], g["network"], g["lag"]) == ("adding", "LRU", lag)
        ]
        assert np.max(skills) < 1 - 6 * error + 0.03


def test_with_half_its_pairs_the_lru_copies_and_does_not_echo():
    groups = load_results("lag-dial-linear")["results"]
    solved = {g["task"]: g["solved"] for g in groups if g["part"] == "half the pairs"}
    assert len(solved["echo"]) == len(solved["copy"]) == len(lag_dial.SEEDS)
    assert not any(solved["echo"])
    assert all(solved["copy"])


@pytest.mark.parametrize("experiment", [parity_lengths, selective])
def test_a_run_gives_the_same_twice(experiment):
    for network in experiment.NETWORKS:
        first, second = (experiment.train(network, 0.01, 0, updates=3) for _ in range(2))
        assert_array_equal(first["right"], second["right"])


def test_a_state_that_is_bent_holds_parity_and_one_that_is_not_loses_it():
    right = {g["network"]: np.array(g["right"]) for g in recorded("parity-lengths")}
    assert all((right[network] == 1).all() for network in ("RNN", "LSTM", "GRU"))
    assert (right["minGRU, signed"][:, 0] == 1).all()
    assert right["minGRU, signed"][:, -1].max() < 0.55
    assert right["minGRU"].max() < 0.55


def test_exact_factors_in_one_unit_hold_parity_at_every_length():
    signed = next(g for g in recorded("parity-lengths") if g["network"] == "minGRU, signed")
    assert (np.array(signed["right if exact"]) == 1).all()
    assert len(signed["right if exact"]) == len(signed["start"])


def test_a_second_layer_does_more_for_selective_copying_than_as_many_parameters_in_one():
    right = {g["network"]: g["right"] for g in recorded("selective")}
    assert max(right["minGRU, 150 units"]) < min(right["minGRU, two layers"])
    assert max(right["LRU, two layers"]) < 0.6


def test_longer_lessons_bring_the_factors_nearer_to_one():
    groups = load_results("parity-lengths")["results"]
    lessons = [g for g in groups if g["part"] == "lessons"]
    assert [g["bits"] for g in lessons] == parity_lengths.LESSONS
    sizes = [np.median([np.sqrt(-a * b) for a, b in g["factors"]]) for g in lessons]
    assert (np.diff(sizes) > 0).all()
    left = [size ** g["bits"] for size, g in zip(sizes, lessons, strict=True)]
    assert 0.4 < min(left) < max(left) < 0.7


def test_a_bend_between_two_layers_of_the_lru_helps_and_gates_help_more():
    right = {g["network"]: g["right"] for g in recorded("selective")}
    bent = right["LRU, tanh, LRU"]
    assert max(right["LRU, two layers"]) < min(bent)
    assert np.median(bent) < min(right["minGRU"])


def test_the_gradient_of_two_layers_with_a_bend_is_right(rng):
    cell = selective.NETWORKS["LRU, tanh, LRU"]
    params, x = cell.init_params(2, 3, rng=rng), rng.standard_normal((2, 5, 2))
    h, tape = cell.forward(x, params)
    dh = rng.standard_normal(h.shape)
    grads = cell.backward(dh, tape, params)[2]
    for name, value in params.items():
        step = rng.standard_normal(value.shape)
        up, down = (
            (cell.forward(x, params | {name: value + e * step})[0] * dh).sum()
            for e in (1e-6, -1e-6)
        )
        assert abs((up - down) / 2e-6 - (grads[name] * step).sum()) < 1e-6
