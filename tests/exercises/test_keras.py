import numpy as np
import pytest
from unrolled.datasets.results import read
from unrolled.exercises import check


def parameters(reads, V, D, H):
    return V * D + H * (D + H + 1) + H * (reads + H + 1) + H + 1


def without_biases(reads, V, D, H):
    return V * D + H * (D + H) + H * (reads + H) + H


RUNS = [run for run in read("imdb-keras")["results"] if run["model"] == "cells repaired"]
REPAIRED = np.array([run["test accuracy"] for run in RUNS])
FALL = REPAIRED[:, 1].mean() - REPAIRED[:, 3].mean()


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("keras-1", 9996),
        ("keras-2", [3, 2]),
        ("keras-2", (3.0, 2.0)),
        ("keras-3", parameters),
        ("keras-3", lambda reads, V, D, H: np.float64(parameters(reads, V, D, H))),
        ("keras-4", FALL),
        ("keras-4", np.float32(round(FALL, 3))),
    ],
)
def test_right(name, answer):
    assert check(name, answer)


@pytest.mark.parametrize(
    ("name", "answer", "message"),
    [
        ("keras-1", 10_000, "counts ids"),
        ("keras-1", 9997, "one more id"),
        ("keras-1", 4, "ids that are no words"),
        ("keras-1", 9995, "off by one"),
        ("keras-2", [2, 3], "other order"),
        ("keras-2", [4, 3], "2 wrong of 2"),
        ("keras-2", 3, "shape (2,)"),
        ("keras-3", without_biases, "biases are missing"),
        ("keras-3", lambda *given: parameters(*given) - 1, "readout has a bias"),
        ("keras-3", lambda reads, V, D, H: parameters(reads, 0, D, H), "embedding"),
        ("keras-3", lambda reads, V, D, H: parameters(D, V, D, H), "second cell reads `reads`"),
        ("keras-3", lambda reads, V, D, H: 7, "for reads = 64, V = 10000"),
        ("keras-4", -FALL, "wrong sign"),
        ("keras-4", 100 * FALL, "in points"),
        ("keras-4", round(100 * FALL, 1), "in points"),
        ("keras-4", 2.1, "in points"),
        ("keras-4", 2, "in points"),
        ("keras-4", REPAIRED[:, 2].mean() - REPAIRED[:, 3].mean(), "column 1"),
        ("keras-4", REPAIRED[:, 0].mean() - REPAIRED[:, 2].mean(), "too small"),
    ],
)
def test_wrong(name, answer, message):
    verdict = check(name, answer)
    assert not verdict
    assert message in verdict.problem


def test_the_numbers_of_axes_are_those_that_keras_names():
    pytest.importorskip("tensorflow")
    layers = pytest.importorskip("keras").layers
    with pytest.raises(ValueError, match="expected ndim=3, found ndim=2"):
        layers.SimpleRNN(3)(layers.SimpleRNN(3)(np.zeros((4, 5, 2))))


def test_the_parameters_are_those_that_keras_counts():
    pytest.importorskip("tensorflow")
    keras = pytest.importorskip("keras")
    layers = [keras.layers.SimpleRNN(5, return_sequences=True), keras.layers.SimpleRNN(5)]
    parts = [keras.Input((4,)), keras.layers.Embedding(50, 6), *layers, keras.layers.Dense(1)]
    assert keras.Sequential(parts).count_params() == parameters(5, 50, 6, 5)
