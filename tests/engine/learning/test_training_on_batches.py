import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from unrolled.engine import dense, gru, masking, rnn
from unrolled.engine.embedding import Embedded
from unrolled.engine.final import Final
from unrolled.engine.losses import cross_entropy
from unrolled.engine.masking import Masked
from unrolled.engine.optimizers import SGD, Adam, global_norm
from unrolled.engine.training import loss_and_gradients, train_on_batches

N, T, D, H, K = 7, 5, 3, 4, 6
MASK = masking.from_lengths([5, 1, 3, 4, 2, 5, 1], T)


class Recorder:
    """An optimizer that keeps the gradients and moves nothing."""

    def __init__(self):
        self.grads = []

    def update(self, params, grads):
        self.grads.append(grads)


def problem(cell, rng):
    """Sequences, one class for each, and the parameters of a cell with a readout."""
    params = cell.init_params(D, H, rng=rng) | dense.init_params(H, K, rng=rng)
    return rng.standard_normal((N, T, D)), rng.integers(0, K, (N, 1)), params


def record(x, targets, params, cell, **settings):
    recorder = Recorder()
    settings = {"loss": cross_entropy, "rng": np.random.default_rng(3)} | settings
    history = train_on_batches(x, targets, params, cell=cell, optimizer=recorder, **settings)
    return history, recorder.grads


def test_each_epoch_visits_every_sequence_once_in_an_order_of_its_own(rng):
    x, _, params = problem(rnn, rng)
    seen = []

    def loss(logits, targets):
        seen.append(targets.ravel())
        return cross_entropy(logits, targets % K)

    record(x, np.arange(N)[:, None], params, Final(rnn), loss=loss, batch=3, epochs=4)
    assert [len(targets) for targets in seen] == [3, 3, 1] * 4
    epochs = np.concatenate(seen).reshape(4, N)
    assert_array_equal(np.sort(epochs, axis=1), np.tile(np.arange(N), (4, 1)))
    assert len({tuple(order) for order in epochs.tolist()}) == 4


@pytest.mark.parametrize("batch", [1, 3, N - 1, N])
@pytest.mark.parametrize("mask", [None, MASK], ids=["whole", "padded"])
def test_the_history_counts_sequences_also_when_the_last_batch_is_smaller(cell, rng, batch, mask):
    x, targets, params = problem(cell, rng)
    network = Final(cell) if mask is None else Final(Masked(cell, mask))
    build = Final(cell) if mask is None else lambda mask: Final(Masked(cell, mask))
    expected, full, _ = loss_and_gradients(x, targets, params, cell=network, loss=cross_entropy)
    (value,), grads = record(x, targets, params, build, batch=batch, mask=mask)
    assert len(grads) == math.ceil(N / batch)
    assert math.isclose(value, expected, rel_tol=1e-12)
    sizes = [min(batch, N - start) for start in range(0, N, batch)]
    for name, gradient in full.items():
        mean = sum(size * g[name] for size, g in zip(sizes, grads, strict=True)) / N
        assert_allclose(mean, gradient, rtol=1e-9, atol=1e-13, err_msg=name)


def test_padding_is_not_read(cell, rng):
    x, targets, params = problem(cell, rng)
    noise = np.where(MASK[:, :, None], x, 100.0)
    settings = {"cell": lambda mask: Final(Masked(cell, mask)), "batch": 3, "mask": MASK}
    history, _ = record(x, targets, params, **settings)
    assert record(noise, targets, params, **settings)[0] == history


def test_parameters_move_in_place_after_each_batch(rng):
    x, targets, params = problem(rnn, rng)
    expected = {name: value.copy() for name, value in params.items()}
    arrays, settings = dict(params), {"cell": Final(rnn), "loss": cross_entropy}
    train_on_batches(
        x, targets, params, optimizer=SGD(0.1), batch=3, rng=np.random.default_rng(3), **settings
    )
    order = np.random.default_rng(3).permutation(N)
    for rows in (order[:3], order[3:6], order[6:]):
        _, grads, _ = loss_and_gradients(x[rows], targets[rows], expected, **settings)
        SGD(0.1).update(expected, grads)
    for name, array in arrays.items():
        assert params[name] is array
        assert_array_equal(array, expected[name])


def test_no_update_is_longer_than_the_largest_norm(rng):
    x, targets, params = problem(rnn, rng)
    _, free = record(x, targets, params, Final(rnn), batch=3)
    _, clipped = record(x, targets, params, Final(rnn), batch=3, max_norm=0.01)
    assert min(map(global_norm, free)) > 0.01
    for grads in clipped:
        assert math.isclose(global_norm(grads), 0.01, rel_tol=1e-9)


def test_training_writes_into_neither_sequences_nor_targets_nor_mask(rng):
    x, targets, params = problem(rnn, rng)
    mask = MASK.copy()
    for array in (x, targets, mask):
        array.setflags(write=False)
    train_on_batches(
        x, targets, params, cell=lambda mask: Final(Masked(rnn, mask)), loss=cross_entropy,
        optimizer=Adam(), batch=3, rng=rng, mask=mask,
    )  # fmt: skip


def test_training_learns_to_name_the_first_word_of_padded_sequences(rng):
    lengths = rng.integers(1, 9, 60)
    ids, mask = rng.integers(0, 4, (60, 8)), masking.from_lengths(lengths, 8)
    params = Embedded(gru, 4).init_params(4, 12, rng=rng) | dense.init_params(12, 4, rng=rng)
    history = train_on_batches(
        ids, ids[:, :1], params, cell=lambda mask: Final(Embedded(Masked(gru, mask), 4)),
        loss=cross_entropy, optimizer=Adam(0.03), batch=16, rng=rng, mask=mask, epochs=25,
    )  # fmt: skip
    assert 0.8 < history[0] < 2
    assert history[-1] < 0.2


@pytest.mark.parametrize("batch", [0, -1, N + 1])
def test_a_batch_must_fit_the_sequences(rng, batch):
    x, targets, params = problem(rnn, rng)
    with pytest.raises(ValueError, match=rf"batch must lie in 1\.\.N = 1\.\.7; got {batch}"):
        record(x, targets, params, Final(rnn), batch=batch)


@pytest.mark.parametrize("length", [N - 1, N + 1])
def test_every_sequence_has_its_targets(rng, length):
    x, _, params = problem(rnn, rng)
    with pytest.raises(ValueError, match=f"targets must have the N of x, 7; got {length}"):
        record(x, np.zeros((length, 1), int), params, Final(rnn), batch=3)


@pytest.mark.parametrize("shape", [(N + 1, T), (N - 1, T), (N, T + 1), (N,)])
def test_every_sequence_has_its_mask(rng, shape):
    x, targets, params = problem(rnn, rng)
    with pytest.raises(ValueError, match=r"a mask has the \(N, T\) of x, \(7, 5\), .* got shape"):
        record(
            x, targets, params, lambda mask: Final(Masked(rnn, mask)), batch=3,
            mask=np.ones(shape, bool),
        )  # fmt: skip


def test_a_mask_goes_with_a_function_that_makes_the_cell(rng):
    x, targets, params = problem(rnn, rng)
    with pytest.raises(ValueError, match=r"mask of a batch to a cell; got .* with a mask"):
        record(x, targets, params, Final(Masked(rnn, MASK)), batch=3, mask=MASK)


def test_a_function_that_makes_a_cell_goes_with_a_mask(rng):
    x, targets, params = problem(rnn, rng)
    with pytest.raises(ValueError, match=r"^without a mask, .* got <function .* without a mask$"):
        record(x, targets, params, lambda mask: Final(Masked(rnn, mask)), batch=3)


@pytest.mark.parametrize("batch", [2.0, "2", None])
def test_a_batch_is_counted(rng, batch):
    x, targets, params = problem(rnn, rng)
    with pytest.raises(ValueError, match=f"batch must be an integer; got {batch!r}"):
        record(x, targets, params, Final(rnn), batch=batch)


def test_sequences_are_drawn_by_a_generator(rng):
    x, targets, params = problem(rnn, rng)
    with pytest.raises(ValueError, match=r"rng must be a Generator, .*; got 7"):
        record(x, targets, params, Final(rnn), batch=3, rng=7)


def test_sequences_targets_and_mask_may_be_nested_lists(rng):
    x, targets, params = problem(rnn, rng)
    settings = {"cell": lambda mask: Final(Masked(rnn, mask)), "batch": 3}
    expected, _ = record(x, targets, params, mask=MASK, **settings)
    lists = x.tolist(), targets.tolist(), params
    assert record(*lists, mask=MASK.tolist(), **settings)[0] == expected
