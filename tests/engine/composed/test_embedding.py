import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from unrolled.engine import embedding
from unrolled.engine.embedding import Embedded
from unrolled.engine.gradcheck import numerical_gradient, relative_error

N, T, D, H, V = 2, 5, 3, 4, 7


def problem(rng, dtype=np.float64):
    """Ids in which words repeat and the last two never stand, parameters, and dx."""
    ids = rng.integers(0, V - 2, (N, T))
    params = embedding.init_params(V, D, rng=rng, dtype=dtype)
    return ids, params, rng.standard_normal((N, T, D)).astype(dtype)


def test_a_lookup_is_the_product_with_a_one_hot_vector(rng):
    ids, params, dx = problem(rng)
    onehot = np.eye(V)[ids]
    assert_array_equal(embedding.forward(ids, params), onehot @ params["W_e"])
    expected = np.einsum("ntv,ntd->vd", onehot, dx)
    assert_allclose(embedding.backward(dx, ids, params)["W_e"], expected, rtol=1e-12, atol=1e-14)


def test_backward_matches_central_differences(rng):
    ids, params, dx = problem(rng)
    expected = numerical_gradient(
        lambda: (embedding.forward(ids, params) * dx).sum(), params["W_e"]
    )
    assert relative_error(embedding.backward(dx, ids, params)["W_e"], expected) < 1e-8


def test_a_word_that_stands_twice_has_the_sum_of_both_gradients(rng):
    _, params, dx = problem(rng)
    ids = np.array([[6, 1, 1, 1, 6], [6, 6, 6, 6, 2]])
    dW_e = embedding.backward(dx, ids, params)["W_e"]
    assert_allclose(dW_e[1], dx[0, 1] + dx[0, 2] + dx[0, 3], rtol=1e-12)
    assert_array_equal(dW_e[2], dx[1, 4])
    assert_array_equal(dW_e[[0, 3, 4, 5]], 0)


def test_no_words_have_no_gradient(rng):
    _, params, _ = problem(rng)
    grads = embedding.backward(np.zeros((N, 0, D)), np.zeros((N, 0), int), params)
    assert_array_equal(grads["W_e"], np.zeros((V, D)))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_of_the_parameters_rules(rng, dtype):
    ids, params, dx = problem(rng, dtype)
    arrays = [
        params["W_e"],
        embedding.forward(ids, params),
        embedding.backward(dx, ids, params)["W_e"],
    ]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}


def test_init_params_has_the_scale_that_it_is_asked_for(rng):
    assert abs(embedding.init_params(300, 50, rng=rng)["W_e"].std() - 0.1) < 0.002
    assert abs(embedding.init_params(300, 50, rng=rng, scale=2.0)["W_e"].std() - 2) < 0.04


def test_an_embedded_cell_is_the_cell_on_the_vectors_of_the_words(cell, rng):
    network = Embedded(cell, D)
    params = network.init_params(V, H, rng=rng)
    ids, _, _ = problem(rng)
    h, tape = network.forward(ids, params)
    expected, inner = cell.forward(params["W_e"][ids], params)
    assert_array_equal(h, expected)
    for part, part_expected in zip(tape.state, inner.state, strict=True):
        assert_array_equal(part, part_expected)


def test_the_gradients_of_an_embedded_cell_match_central_differences(cell, rng):
    network = Embedded(cell, D)
    params, (ids, _, _) = network.init_params(V, H, rng=rng), problem(rng)
    dh = rng.standard_normal((N, T, H))
    state, dstate = (tuple(rng.standard_normal((N, H)) for _ in cell.STATE) for _ in range(2))

    def loss():
        h, tape = network.forward(ids, params, state)
        return (h * dh).sum() + sum((a * b).sum() for a, b in zip(tape.state, dstate, strict=True))

    dx, dstate_0, grads = network.backward(
        dh, network.forward(ids, params, state)[1], params, dstate
    )
    assert dx is None
    assert grads.keys() == params.keys()
    for name, param in params.items():
        assert relative_error(grads[name], numerical_gradient(loss, param)) < 1e-6, name
    for part, start in zip(dstate_0, state, strict=True):
        assert relative_error(part, numerical_gradient(loss, start)) < 1e-6


def test_the_tape_remembers_ids_that_are_overwritten_later(cell, rng):
    network = Embedded(cell, D)
    params, (ids, _, _) = network.init_params(V, H, rng=rng), problem(rng)
    h, tape = network.forward(ids, params)
    expected = network.backward(h, tape, params)[2]["W_e"]
    ids[:] = V - 1
    assert_array_equal(network.backward(h, tape, params)[2]["W_e"], expected)


@pytest.mark.parametrize("wrong", [-1, V])
def test_an_id_outside_the_vocabulary_is_an_error(rng, wrong):
    ids, params, _ = problem(rng)
    ids[1, 3] = wrong
    with pytest.raises(ValueError, match=rf"ids must lie in 0\.\.6; got .*{wrong}"):
        embedding.forward(ids, params)
    with pytest.raises(ValueError, match=rf"ids must lie in 0\.\.6; got .*{wrong}"):
        embedding.backward(np.zeros((N, T, D)), ids, params)


@pytest.mark.parametrize("dtype", [float, bool])
def test_ids_are_integers(rng, dtype):
    _, params, dx = problem(rng)
    ids = np.zeros((N, T), dtype)
    with pytest.raises(ValueError, match="ids must be integers, the row of a word; got"):
        embedding.forward(ids, params)
    with pytest.raises(ValueError, match="ids must be integers, the row of a word; got"):
        embedding.backward(dx, ids, params)


def test_an_embedding_that_is_missing_is_named(rng):
    ids, _, dx = problem(rng)
    with pytest.raises(ValueError, match=r"params has no W_e; it has \['W_hh'\]"):
        embedding.forward(ids, {"W_hh": dx})


@pytest.mark.parametrize("shape", [(N, T + 1, D), (N, T), (N, T, D + 1), (T, N, D)])
def test_backward_names_the_shape_that_dx_must_have(rng, shape):
    ids, params, _ = problem(rng)
    with pytest.raises(ValueError, match=r"dx must have the shape of x, .* = \(2, 5, 3\); got"):
        embedding.backward(np.zeros(shape), ids, params)


@pytest.mark.parametrize(("V", "D"), [(0, 3), (7, 0)])
def test_init_params_refuses_sizes_below_one(rng, V, D):
    with pytest.raises(ValueError, match=f"at least 1; got V={V}, D={D}"):
        embedding.init_params(V, D, rng=rng)


def test_a_batch_without_sequences_is_named(cell, rng):
    network = Embedded(cell, D)
    params = network.init_params(V, H, rng=rng)
    with pytest.raises(ValueError, match="x is empty along axis 0"):
        network.forward(np.zeros((0, T), int), params)
