import sys

import numpy as np
import pytest
from unrolled.bridges import keras as in_keras
from unrolled.bridges import torch as in_torch
from unrolled.engine import gru
from unrolled.exercises import check

torch = pytest.importorskip("torch")
pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")


def counted(D, H):
    params = gru.init_params(D, H, rng=np.random.default_rng(0))
    module = torch.nn.GRU(D, H)
    return sum(v.size for v in params.values()), sum(p.numel() for p in module.parameters())


def with_one_bias(D, H):
    return 3 * (D * H + H * H + H), counted(D, H)[1]


def by_the_bridge(module):
    return in_keras.to_keras(in_torch.cell_of(module), in_torch.from_torch(module))


def with_a_gate_too_open(module):
    params = in_torch.from_torch(module)
    params = {name: v + 1.0 * name.endswith("b_f") for name, v in params.items()}
    return in_keras.to_keras(in_torch.cell_of(module), params)


def one_state(module):
    return keras.layers.Bidirectional(keras.layers.LSTM(4))


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("engines-1", 0.1224593),
        ("engines-1", 1 / (1 + np.exp(-0.5)) - 0.5),
        ("engines-1", 0.122),
        ("engines-2", ["not transposed"]),
        ("engines-2", ("not transposed",)),
        ("engines-3", counted),
        ("engines-3", lambda D, H: np.array(counted(D, H), dtype=float)),
        ("engines-4", by_the_bridge),
    ],
)
def test_right(name, answer):
    assert check(name, answer)


@pytest.mark.parametrize(
    ("name", "answer", "message"),
    [
        ("engines-1", 0.5, "sigmoid of it"),
        ("engines-1", 0.622, "how far is it"),
        ("engines-1", 0.0622, "root of the units"),
        ("engines-1", -0.1225, "wrong sign"),
        ("engines-2", ["biases summed"], "misses 1 and has 1 too many"),
        ("engines-2", ["none", "not transposed"], "none: not among"),
        ("engines-3", with_one_bias, "three rows"),
        ("engines-3", lambda D, H: counted(D, H)[::-1], "other order"),
        ("engines-3", lambda D, H: (counted(D, H)[0],) * 2, "in the libraries"),
        ("engines-3", lambda D, H: (4 * H * (D + H + 1), 1), "LSTM"),
        ("engines-3", lambda D, H: D * H, "two numbers"),
        ("engines-3", lambda D, H: ([1], [2, 3]), "here for D = 3, H = 4 as one number"),
        ("engines-4", lambda module: module, "expected a layer of Keras; got LSTM of torch"),
        ("engines-4", lambda module: module(torch.zeros(1, 2, 3).double()), "got a tuple"),
        ("engines-4", lambda module: {}, "expected a layer of Keras; got a dict"),
        ("engines-4", one_state(None), "a function of the module; got Bidirectional of keras"),
        ("engines-4", torch.nn.LSTM(3, 4), "a function of the module; got LSTM of torch"),
        ("engines-4", 4, "expected a function; got 4"),
        ("engines-4", one_state, "shape (2, 6, 8); got (2, 8)"),
        ("engines-4", with_a_gate_too_open, "wrong of 96 values"),
    ],
)
def test_wrong(name, answer, message):
    verdict = check(name, answer)
    assert not verdict
    assert message in verdict.problem


def test_what_a_check_needs_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "keras", None)
    assert "pip install keras" in check("engines-4", by_the_bridge).problem
