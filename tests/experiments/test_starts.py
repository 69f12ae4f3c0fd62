"""The starts are those of Keras: as its documentation has them, and beside fresh layers."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from unrolled.engine import gru, lstm, rnn
from unrolled.engine.bidirectional import Bidirectional
from unrolled.engine.stack import Stack, under_prefix
from unrolled.experiments import starts

D, H = 60, 40
CELLS = {"rnn": rnn, "lstm": lstm, "gru": gru}


@pytest.fixture(params=CELLS)
def name(request):
    """Every cell in turn."""
    return request.param


@pytest.fixture
def keras():
    pytest.importorskip("tensorflow")
    return pytest.importorskip("keras")


def side_by_side(params, kind):
    """The matrices of all gates, (inputs, G H)."""
    return np.concatenate([value for key, value in params.items() if key.startswith(kind)], axis=1)


def limit(D, H, gates):
    return np.sqrt(6 / (D + gates * H))


def quantiles(values):
    """Without the extremes, which for all but the uniform distribution are a matter of chance."""
    return np.quantile(values, np.linspace(0.05, 0.95, 19))


def test_it_has_the_names_shapes_and_dtype_of_the_cell(name, rng):
    expected = CELLS[name].init_params(D, H, rng=rng, dtype=np.float32)
    found = starts.layer(CELLS[name], D, H, rng=rng)
    assert {k: (v.shape, v.dtype) for k, v in found.items()} == {
        k: (v.shape, v.dtype) for k, v in expected.items()
    }


def test_input_weights_are_uniform_within_glorots_limit_for_all_gates(name, rng):
    W_x = side_by_side(starts.layer(CELLS[name], D, H, rng=rng), "W_x")
    bound = limit(D, H, W_x.shape[1] // H)
    assert 0.99 * bound < np.abs(W_x).max() <= bound
    assert W_x.var() == pytest.approx(2 / sum(W_x.shape), rel=0.05)
    assert_allclose(quantiles(W_x), np.linspace(-0.9, 0.9, 19) * bound, atol=0.06 * bound)


def test_recurrent_weights_are_orthonormal_rows_over_all_gates(name, rng):
    W_h = side_by_side(starts.layer(CELLS[name], D, H, rng=rng), "W_h")
    assert_allclose(W_h @ W_h.T, np.eye(H), atol=1e-6)


def test_a_recurrent_weight_is_as_often_positive_as_negative(rng):
    """Without a correction of its signs, an orthogonal matrix from QR is not drawn evenly."""
    signs = [starts.layer(rnn, 2, 1, rng=rng)["W_hh"][0, 0] for _ in range(300)]
    assert set(signs) == {-1, 1}
    assert abs(np.mean(signs)) < 0.25


def test_biases_are_zero_but_one_in_the_forget_gate(name, rng):
    params = starts.layer(CELLS[name], D, H, rng=rng)
    for key, value in params.items():
        if key.startswith("b_"):
            assert (value == (key == "b_f")).all(), key


def test_the_generator_decides(name):
    one, same, other = (
        starts.layer(CELLS[name], D, H, rng=np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    for key in one:
        assert_array_equal(one[key], same[key])
        assert key.startswith("b_") or (one[key] != other[key]).all()


@pytest.mark.parametrize(("bidirectional", "count"), [(False, 1), (False, 3), (True, 2)])
def test_layers_fit_on_each_other_and_are_drawn_apart(name, rng, bidirectional, count):
    cell = CELLS[name]
    found = starts.layers(cell, D, H, rng=rng, count=count, bidirectional=bidirectional)
    inner = Bidirectional(cell) if bidirectional else cell
    expected = Stack(inner, count).init_params(D, H, rng=rng)
    assert {k: v.shape for k, v in found.items()} == {k: v.shape for k, v in expected.items()}
    recurrent = [v.tobytes() for k, v in found.items() if ".W_h" in k]
    assert len(set(recurrent)) == len(recurrent)


def test_each_layer_has_the_limit_of_its_own_inputs(rng):
    params = starts.layers(lstm, D, H, rng=rng, bidirectional=True)
    for layer, inputs in (("layer_0", D), ("layer_1", 2 * H)):
        for direction in ("forward", "backward"):
            own = under_prefix(under_prefix(params, layer), direction)
            largest = np.abs(side_by_side(own, "W_x")).max()
            assert largest == pytest.approx(limit(inputs, H, 4), rel=0.01)
            assert (own["b_f"] == 1).all()


def test_a_fresh_layer_of_keras_is_drawn_in_the_same_way(name, rng, keras):
    from unrolled.bridges.keras import from_keras

    keras.utils.set_random_seed(7)
    kind = {"rnn": "SimpleRNN", "lstm": "LSTM", "gru": "GRU"}[name]
    layer = getattr(keras.layers, kind)(H)
    layer.build((None, None, D))
    theirs, ours = from_keras(layer), starts.layer(CELLS[name], D, H, rng=rng)
    assert theirs.keys() == ours.keys()
    for kind in ("W_x", "W_h"):
        there, here = side_by_side(theirs, kind), side_by_side(ours, kind)
        assert there.shape == here.shape
        assert_allclose(quantiles(there), quantiles(here), atol=0.05 * np.abs(here).max())
    largest = [np.abs(side_by_side(params, "W_x")).max() for params in (theirs, ours)]
    assert largest[0] == pytest.approx(largest[1], rel=0.01)
    W_h = side_by_side(theirs, "W_h")
    assert_allclose(W_h @ W_h.T, np.eye(H), atol=1e-5)
    for key in (key for key in ours if key.startswith("b_")):
        assert_array_equal(theirs[key], ours[key])


def test_so_are_an_embedding_and_a_readout(rng, keras):
    keras.utils.set_random_seed(7)
    embedding, readout = keras.layers.Embedding(200, D), keras.layers.Dense(1)
    embedding.build((None,))
    readout.build((None, 2000))
    ours = starts.embedding(200, D, rng=rng) | starts.readout(2000, rng=rng)
    theirs = embedding.get_weights() + readout.get_weights()
    for key, bound, there in zip(
        ("W_e", "W_hy", "b_y"), (0.05, np.sqrt(6 / 2001), 0), theirs, strict=True
    ):
        here = ours[key]
        assert (here.shape, here.dtype) == (there.shape, there.dtype)
        assert np.abs(here).max() == pytest.approx(bound, rel=0.01)
        assert np.abs(here).max() <= bound * (1 + 1e-6)
        assert_allclose(quantiles(there), quantiles(here), atol=0.1 * bound)
