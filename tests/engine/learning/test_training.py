import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from unrolled.engine import dense, rnn
from unrolled.engine.bptt import truncated_backward
from unrolled.engine.gradcheck import numerical_gradient, relative_error
from unrolled.engine.losses import binary_cross_entropy, cross_entropy, mean_squared_error
from unrolled.engine.optimizers import SGD, Adam, global_norm
from unrolled.engine.training import loss_and_gradients, predict, train_on_stream

N, T, D, H, K = 2, 5, 3, 4, 6


class Recorder:
    """An optimizer that keeps the gradients and moves nothing."""

    def __init__(self):
        self.grads = []

    def update(self, params, grads):
        self.grads.append(grads)


def problem(rng, T=T, dtype=np.float64):
    """A stream, its class targets, and the parameters of a cell with a readout."""
    params = rnn.init_params(D, H, rng=rng, dtype=dtype)
    params |= dense.init_params(H, K, rng=rng, dtype=dtype)
    x = rng.standard_normal((N, T, D)).astype(dtype)
    return x, rng.integers(0, K, (N, T)), params


def record(x, targets, params, **settings):
    recorder = Recorder()
    history = train_on_stream(
        x, targets, params, cell=rnn, loss=cross_entropy, optimizer=recorder, **settings
    )
    return history, recorder.grads


def assert_same(grads, expected):
    assert grads.keys() == expected.keys()
    for name, grad in grads.items():
        assert_allclose(grad, expected[name], rtol=1e-10, atol=1e-13, err_msg=name)


def test_predict_is_the_cell_and_then_the_readout(rng):
    x, _, params = problem(rng)
    state = (rng.standard_normal((N, H)),)
    logits, (h_T,) = predict(x, params, cell=rnn, state=state)
    h, _ = rnn.forward(x, params, state)
    assert logits.shape == (N, T, K)
    assert_array_equal(h_T, h[:, -1])
    assert_allclose(logits, h @ params["W_hy"] + params["b_y"], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("loss", [cross_entropy, mean_squared_error, binary_cross_entropy])
def test_the_gradients_of_cell_and_readout_match_central_differences(rng, loss):
    x, targets, params = problem(rng)
    targets = targets if loss is cross_entropy else rng.random((N, T, K))
    state = (rng.standard_normal((N, H)),)
    value, grads, (h_T,) = loss_and_gradients(x, targets, params, cell=rnn, loss=loss, state=state)

    def whole():
        return loss(predict(x, params, cell=rnn, state=state)[0], targets)[0]

    assert value == whole()
    assert_array_equal(h_T, predict(x, params, cell=rnn, state=state)[1][0])
    assert grads.keys() == params.keys()
    for name, param in params.items():
        assert relative_error(grads[name], numerical_gradient(whole, param)) < 1e-6, name


def test_one_block_as_long_as_the_stream_is_full_bptt(rng):
    x, targets, params = problem(rng)
    (value,), (grads,) = record(x, targets, params, k=T)
    expected, full, _ = loss_and_gradients(x, targets, params, cell=rnn, loss=cross_entropy)
    assert math.isclose(value, expected, rel_tol=1e-12)
    assert_same(grads, full)


@pytest.mark.parametrize("k", [1, 2, 3])
def test_carrying_the_value_of_the_state_is_truncated_bptt(rng, k):
    x, targets, params = problem(rng, T=6)
    _, blocks = record(x, targets, params, k=k)
    h, tape = rnn.forward(x, params)
    _, dlogits = cross_entropy(dense.forward(h, params), targets)
    dh, expected = dense.backward(dlogits, h, params)
    expected |= truncated_backward(dh, tape, params, cell=rnn, k1=k, k2=k)[2]
    assert len(blocks) == 6 // k
    assert_same({name: sum(g[name] for g in blocks) * k / 6 for name in params}, expected)


def test_without_carrying_every_block_starts_from_zero(rng):
    x, targets, params = problem(rng)
    history, blocks = record(x, targets, params, k=2, carry=False)
    total = 0
    for grads, block in zip(blocks, [slice(0, 2), slice(2, 4), slice(4, 5)], strict=True):
        value, expected, _ = loss_and_gradients(
            x[:, block], targets[:, block], params, cell=rnn, loss=cross_entropy
        )
        assert_same(grads, expected)
        total += value * (block.stop - block.start)
    assert math.isclose(history[0], total / T, rel_tol=1e-12)


@pytest.mark.parametrize("k", range(1, T + 1))
def test_the_history_is_the_loss_per_step_also_when_the_last_block_is_shorter(rng, k):
    x, targets, params = problem(rng)
    (value,), blocks = record(x, targets, params, k=k)
    logits, _ = predict(x, params, cell=rnn)
    assert len(blocks) == math.ceil(T / k)
    assert math.isclose(value, cross_entropy(logits, targets)[0], rel_tol=1e-12)


def test_every_epoch_starts_from_zero(rng):
    x, targets, params = problem(rng)
    history, _ = record(x, targets, params, k=2, epochs=3)
    assert len(history) == 3
    assert history[0] == history[1] == history[2]


def test_parameters_move_in_place_after_each_block(rng):
    x, targets, params = problem(rng)
    expected = {name: value.copy() for name, value in params.items()}
    arrays, state = dict(params), None
    train_on_stream(x, targets, params, cell=rnn, loss=cross_entropy, optimizer=SGD(0.1), k=2)
    for block in [slice(0, 2), slice(2, 4), slice(4, 5)]:
        _, grads, state = loss_and_gradients(
            x[:, block], targets[:, block], expected, cell=rnn, loss=cross_entropy, state=state
        )
        for name, grad in grads.items():
            expected[name] = expected[name] - 0.1 * grad
    assert_same(params, expected)
    for name, array in arrays.items():
        assert params[name] is array


def test_no_update_is_longer_than_the_largest_norm(rng):
    x, targets, params = problem(rng)
    _, free = record(x, targets, params, k=2)
    _, clipped = record(x, targets, params, k=2, max_norm=0.1)
    assert min(map(global_norm, free)) > 0.1
    for grads, expected in zip(clipped, free, strict=True):
        assert math.isclose(global_norm(grads), 0.1, rel_tol=1e-9)
        factor = 0.1 / global_norm(expected)
        assert_same(grads, {name: factor * grad for name, grad in expected.items()})


def test_training_learns_to_repeat_the_previous_input(rng):
    bits = rng.integers(0, 2, (N, 200))
    x = np.eye(2)[bits]
    targets = np.roll(bits, 1, axis=1)
    params = rnn.init_params(2, 8, rng=rng) | dense.init_params(8, 2, rng=rng)
    history = train_on_stream(
        x, targets, params, cell=rnn, loss=cross_entropy, optimizer=Adam(0.01), k=10, epochs=20
    )
    assert 0.5 < history[0] < 1
    assert history[-1] < 0.05


def test_without_memory_of_the_previous_block_the_previous_input_cannot_be_repeated(rng):
    bits = rng.integers(0, 2, (N, 200))
    x, targets = np.eye(2)[bits], np.roll(bits, 1, axis=1)
    params = rnn.init_params(2, 8, rng=rng) | dense.init_params(8, 2, rng=rng)
    settings = {"cell": rnn, "loss": cross_entropy, "k": 1, "epochs": 20, "carry": False}
    history = train_on_stream(x, targets, params, optimizer=Adam(0.01), **settings)
    assert history[-1] > 0.6


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_of_the_parameters_rules(rng, dtype):
    x, targets, params = problem(rng, dtype=dtype)
    history, blocks = record(x, targets, params, k=2, max_norm=0.1)
    train_on_stream(x, targets, params, cell=rnn, loss=cross_entropy, optimizer=Adam(), k=2)
    arrays = [*params.values(), *(grad for grads in blocks for grad in grads.values())]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}
    assert type(history[0]) is float


def test_training_writes_into_neither_the_stream_nor_its_targets(rng):
    x, targets, params = problem(rng)
    x.setflags(write=False)
    targets.setflags(write=False)
    train_on_stream(x, targets, params, cell=rnn, loss=cross_entropy, optimizer=SGD(0.1), k=2)


@pytest.mark.parametrize("k", [0, -1, T + 1])
def test_a_block_must_fit_the_stream(rng, k):
    x, targets, params = problem(rng)
    with pytest.raises(ValueError, match=rf"k must lie in 1\.\.T = 1\.\.5; got {k}"):
        record(x, targets, params, k=k)


@pytest.mark.parametrize("shape", [(N, T - 1), (N, T + 1), (N + 1, T), (T, N)])
def test_targets_must_be_as_long_as_the_stream(rng, shape):
    x, _, params = problem(rng)
    with pytest.raises(ValueError, match=r"must have the \(N, T\) of x, \(2, 5\); got"):
        record(x, np.zeros(shape, int), params, k=2)
