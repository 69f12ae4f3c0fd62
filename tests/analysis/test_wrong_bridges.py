"""What arrives after each mistake is what PyTorch and Keras compute with weights carried so."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from unrolled.analysis.wrong_bridges import MISTAKES, arrived
from unrolled.engine import gru

N, T, D, H = 3, 7, 4, 5
OURS, TORCH, KERAS = "rzn", "rzn", "zrn"  # orders of the gates
CLOSE = {"rtol": 0, "atol": 1e-13}


@pytest.fixture
def x(rng):
    return rng.standard_normal((N, T, D))


@pytest.fixture
def params(rng):
    """Parameters in which no bias is zero."""
    params = gru.init_params(D, H, rng=rng)
    for name, value in params.items():
        if name.startswith("b_"):
            value += 0.5 * rng.standard_normal(H)
    return params


@pytest.fixture
def torch():
    return pytest.importorskip("torch")


@pytest.fixture
def keras():
    pytest.importorskip("tensorflow")
    return pytest.importorskip("keras")


def wide(params, kind, order=OURS):
    """The blocks of all gates side by side, in an order."""
    return np.concatenate([params[kind + gate] for gate in order], axis=-1)


def second_bias(params):
    """The other bias of r, z and n: zeros, zeros and b_hn."""
    return np.concatenate([np.zeros(2 * H), params["b_hn"]])


def run_torch(torch, x, W_x, W_h, b_x, b_h):
    """Hidden states of a torch.nn.GRU that holds the transposes of these matrices."""
    module = torch.nn.GRU(D, H, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        for weight, value in zip(module.parameters(), (W_x.T, W_h.T, b_x, b_h), strict=True):
            weight.copy_(torch.tensor(value))
        return module(torch.tensor(x))[0].numpy()


def run_keras(keras, x, *weights, reset_after=True):
    """Hidden states of a keras.layers.GRU with these weights."""
    layer = keras.layers.GRU(H, return_sequences=True, reset_after=reset_after, dtype="float64")
    layer.build((None, None, D))
    layer.set_weights(weights)
    return np.asarray(layer(x))


def test_without_a_mistake_it_is_what_all_three_compute(x, params, torch, keras):
    found = arrived(x, params, "none")
    assert_array_equal(found, gru.forward(x, params)[0])
    there = [wide(params, kind, TORCH) for kind in ("W_x", "W_h", "b_")]
    assert_allclose(run_torch(torch, x, *there, second_bias(params)), found, **CLOSE)
    W_x, W_h, b_x = (wide(params, kind, KERAS) for kind in ("W_x", "W_h", "b_"))
    both = np.stack([b_x, second_bias(params)])
    assert_allclose(run_keras(keras, x, W_x, W_h, both), found, **CLOSE)


def test_gates_not_swapped_is_keras_with_the_blocks_of_torch(x, params, keras):
    W_x, W_h, b_x = (wide(params, kind, TORCH) for kind in ("W_x", "W_h", "b_"))
    wrong = run_keras(keras, x, W_x, W_h, np.stack([b_x, second_bias(params)]))
    assert_allclose(arrived(x, params, "gates not swapped"), wrong, **CLOSE)


def test_gates_not_swapped_is_torch_with_the_blocks_of_keras(x, params, torch):
    there = [wide(params, kind, KERAS) for kind in ("W_x", "W_h", "b_")]
    wrong = run_torch(torch, x, *there, second_bias(params))
    assert_allclose(arrived(x, params, "gates not swapped"), wrong, **CLOSE)


def test_reset_before_is_keras_without_reset_after(x, params, keras):
    there = [wide(params, kind, KERAS) for kind in ("W_x", "W_h", "b_")]
    wrong = run_keras(keras, x, *there, reset_after=False)
    assert_allclose(arrived(x, params, "reset before"), wrong, **CLOSE)


def test_not_transposed_is_torch_with_our_recurrent_blocks_as_they_are(x, params, torch):
    module = torch.nn.GRU(D, H, batch_first=True, dtype=torch.float64)
    W_x, b_x = wide(params, "W_x"), wide(params, "b_")
    blocks = np.concatenate([params[f"W_h{gate}"] for gate in TORCH])  # fits, and is wrong
    assert blocks.shape == module.weight_hh_l0.shape
    wrong = run_torch(torch, x, W_x, blocks.T, b_x, second_bias(params))
    assert_allclose(arrived(x, params, "not transposed"), wrong, **CLOSE)


def test_biases_summed_is_one_bias_in_both_libraries(x, params, torch, keras):
    found = arrived(x, params, "biases summed")
    total = {**params, "b_n": params["b_n"] + params["b_hn"]}
    there = [wide(total, kind, TORCH) for kind in ("W_x", "W_h", "b_")]
    assert_allclose(run_torch(torch, x, *there, np.zeros(3 * H)), found, **CLOSE)
    W_x, W_h, b_x = (wide(total, kind, KERAS) for kind in ("W_x", "W_h", "b_"))
    assert_allclose(run_keras(keras, x, W_x, W_h, np.stack([b_x, 0 * b_x])), found, **CLOSE)


@pytest.mark.parametrize("mistake", list(MISTAKES))
def test_it_fits_all_shapes_and_leaves_what_it_is_given_alone(x, params, mistake):
    before = {name: value.copy() for name, value in params.items()}
    carried = MISTAKES[mistake][0](params)
    assert {k: v.shape for k, v in carried.items()} == {k: v.shape for k, v in before.items()}
    single = {name: value.astype(np.float32) for name, value in params.items()}
    found = arrived(x.astype(np.float32), single, mistake)
    assert (found.shape, found.dtype) == ((N, T, H), np.float32)
    for name, value in params.items():
        assert_array_equal(value, before[name])


@pytest.mark.parametrize("mistake", [name for name in MISTAKES if name != "none"])
def test_with_biases_it_computes_something_else(x, params, mistake):
    assert np.abs(arrived(x, params, mistake) - arrived(x, params, "none")).max() > 0.05


def test_without_biases_all_but_two_summed_ones_can_be_seen(x, params):
    bare = {name: value * (not name.startswith("b_")) for name, value in params.items()}
    right = arrived(x, bare, "none")
    hidden = [name for name in MISTAKES if np.array_equal(arrived(x, bare, name), right)]
    assert hidden == ["none", "biases summed"]


def test_a_second_bias_of_zero_is_enough_to_hide_the_sum(x, params):
    params["b_hn"][:] = 0
    assert_array_equal(arrived(x, params, "biases summed"), arrived(x, params, "none"))


def test_an_unknown_mistake_is_refused_with_those_that_there_are(x, params):
    with pytest.raises(ValueError, match=r"one of \['none', .*'biases summed'\]; got 'forgotten'"):
        arrived(x, params, "forgotten")
