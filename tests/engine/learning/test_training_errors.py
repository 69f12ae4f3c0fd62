"""What a reader is told whose stream, blocks or optimizer do not fit."""

import pytest
from unrolled.engine import dense, rnn
from unrolled.engine.bidirectional import Bidirectional
from unrolled.engine.embedding import Embedded
from unrolled.engine.losses import cross_entropy
from unrolled.engine.optimizers import SGD, Adam
from unrolled.engine.stack import Stack
from unrolled.engine.training import evaluate, train_on_batches, train_on_stream

N, T, D, H, K = 2, 7, 3, 4, 6


def problem(rng):
    params = rnn.init_params(D, H, rng=rng) | dense.init_params(H, K, rng=rng)
    return rng.standard_normal((N, T, D)), rng.integers(0, K, (N, T)), params


def both_ways(rng):
    """A network that reads the future, somewhere inside, and its problem."""
    network = Embedded(Stack(Bidirectional(rnn), 2), D)
    params = network.init_params(K, H, rng=rng) | dense.init_params(2 * H, K, rng=rng)
    ids = rng.integers(0, K, (N, T))
    return network, (ids, ids, params)


def test_the_state_of_who_reads_the_future_is_not_carried(rng):
    network, (ids, targets, params) = both_ways(rng)
    settings = {"cell": network, "loss": cross_entropy}
    with pytest.raises(ValueError, match=r"cannot carry its state .*; use carry=False"):
        train_on_stream(ids, targets, params, optimizer=SGD(0.1), k=3, **settings)
    with pytest.raises(ValueError, match="reads the future: it cannot be evaluated in blocks"):
        evaluate(ids, targets, params, k=3, **settings)
    before = evaluate(ids, targets, params, **settings)
    for more in ({"k": T}, {"k": 3, "carry": False}):
        train_on_stream(ids, targets, params, optimizer=SGD(0.1), epochs=5, **settings, **more)
    assert evaluate(ids, targets, params, **settings) < before


@pytest.mark.parametrize(("epochs", "message"), [(-1, "not be negative; got -1"), (1.5, "integer")])
def test_epochs_are_counted(rng, epochs, message):
    settings = {"cell": rnn, "loss": cross_entropy, "optimizer": SGD(0.1), "epochs": epochs}
    with pytest.raises(ValueError, match=f"epochs must .*{message}"):
        train_on_stream(*problem(rng), k=3, **settings)
    with pytest.raises(ValueError, match=f"epochs must .*{message}"):
        train_on_batches(*problem(rng), batch=1, rng=rng, **settings)


@pytest.mark.parametrize("optimizer", [Adam, 0.1, None])
def test_an_optimizer_is_made_first(rng, optimizer):
    settings = {"cell": rnn, "loss": cross_entropy, "optimizer": optimizer}
    with pytest.raises(ValueError, match=r"optimizer must be .*, as Adam\(0\.01\); got"):
        train_on_stream(*problem(rng), k=3, **settings)
    with pytest.raises(ValueError, match=r"optimizer must be .*, as Adam\(0\.01\); got"):
        train_on_batches(*problem(rng), batch=1, rng=rng, **settings)


@pytest.mark.parametrize("k", [2.0, "2"])
def test_the_steps_of_a_block_are_counted(rng, k):
    x, targets, params = problem(rng)
    settings = {"cell": rnn, "loss": cross_entropy, "k": k}
    with pytest.raises(ValueError, match=f"k must be an integer; got {k!r}"):
        evaluate(x, targets, params, **settings)
    with pytest.raises(ValueError, match=f"k must be an integer; got {k!r}"):
        train_on_stream(x, targets, params, optimizer=SGD(0.1), **settings)


def test_a_stream_may_be_nested_lists(rng):
    x, targets, params = problem(rng)
    settings = {"cell": rnn, "loss": cross_entropy, "k": 3}
    expected = evaluate(x, targets, params, **settings)
    assert evaluate(x.tolist(), targets.tolist(), params, **settings) == expected
    with pytest.raises(ValueError, match=r"x must be \(N, T, D\), .*; got shape \(7,\)"):
        train_on_stream(x[0, :, 0], targets[0], params, optimizer=SGD(0.1), **settings)
