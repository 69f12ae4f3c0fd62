import numpy as np
import pytest
from unrolled.datasets import load_results
from unrolled.experiments import backends

RUNS = {run["backend"]: run for run in load_results("backends")["results"]}


def worst(backend, dtype, cells):
    found = [RUNS[backend][dtype][cell] for cell in cells]
    return max(max(part.values()) for part in found)


def test_an_array_that_is_off_is_found_and_states_are_told_from_gradients():
    cell = backends.machines()["gru"]
    ours = backends.in_numpy(cell, *backends.drawn(cell, "float64", 0))
    assert backends.apart(ours, ours) == (0, 0)
    other = ours | {"b_hn": ours["b_hn"] + 0.5 * np.abs(ours["b_hn"]).max()}
    assert backends.apart(ours, other) == (0, pytest.approx(0.5))
    assert backends.apart(ours, ours | {"h": 2 * ours["h"]}) == (pytest.approx(1), 0)


def test_biases_are_random_and_a_draw_can_be_repeated():
    cell = backends.machines()["2 x lstm"]
    params, x, dh = backends.drawn(cell, "float32", 1)
    again = backends.drawn(cell, "float32", 1)[0]
    assert dh.shape == (backends.N, backends.T, 2 * backends.H)
    assert x.dtype == dh.dtype == np.float32
    assert all(np.array_equal(params[name], again[name]) for name in params)
    assert all(np.abs(value).min() > 0 for name, value in params.items() if "b_" in name)


def test_in_single_precision_every_recorded_backend_agrees_with_numpy_to_five_digits():
    assert set(RUNS) == set(backends.BACKENDS)
    for backend in RUNS:
        assert worst(backend, "float32", backends.machines()) < 1e-5


def test_in_double_precision_tensorflow_alone_agrees_everywhere():
    assert worst("tensorflow", "float64", backends.machines()) < 1e-13
    assert worst("torch", "float64", ["rnn", "2 x rnn"]) > 1e-8
    assert min(worst("jax", "float64", [cell]) for cell in ("lstm", "gru")) > 1e-8
    assert "raised" in RUNS["jax"]["float64"]["rnn"]
