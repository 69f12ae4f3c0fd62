"""Training as its user lives with it: evaluation, progress bars, and Ctrl-C."""

import math
import signal
import subprocess
import sys
import textwrap

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from unrolled.engine import dense, rnn
from unrolled.engine.losses import cross_entropy
from unrolled.engine.optimizers import SGD, Adam
from unrolled.engine.training import evaluate, predict, train_on_batches, train_on_stream

N, T, D, H, K = 2, 7, 3, 4, 6


def problem(rng, cell=rnn):
    params = cell.init_params(D, H, rng=rng) | dense.init_params(H, K, rng=rng)
    return rng.standard_normal((N, T, D)), rng.integers(0, K, (N, T)), params


@pytest.mark.parametrize("k", [None, 1, 2, 3, 7])
def test_evaluation_in_blocks_is_the_loss_of_the_whole_stream(cell, rng, k):
    x, targets, params = problem(rng, cell)
    before = {name: value.copy() for name, value in params.items()}
    for array in (x, targets, *params.values()):
        array.setflags(write=False)
    value = evaluate(x, targets, params, cell=cell, loss=cross_entropy, k=k)
    expected, _ = cross_entropy(predict(x, params, cell=cell)[0], targets)
    assert math.isclose(value, expected, rel_tol=1e-12)
    for name, array in params.items():
        assert_array_equal(array, before[name])


def test_evaluation_never_holds_more_than_a_block(rng):
    x, targets, params = problem(rng)
    seen = []

    def loss(logits, targets):
        seen.append(logits.shape[1])
        return cross_entropy(logits, targets)

    evaluate(x, targets, params, cell=rnn, loss=loss, k=3)
    assert seen == [3, 3, 1]


@pytest.mark.parametrize("k", [0, -1, T + 1])
def test_a_block_of_an_evaluation_must_fit_the_stream(rng, k):
    x, targets, params = problem(rng)
    with pytest.raises(ValueError, match=rf"k must lie in 1\.\.T = 1\.\.7; got {k}"):
        evaluate(x, targets, params, cell=rnn, loss=cross_entropy, k=k)


@pytest.mark.parametrize("shape", [(N, T + 1), (N, T - 1), (N + 1, T)])
def test_targets_of_an_evaluation_must_be_as_long_as_the_stream(rng, shape):
    x, _, params = problem(rng)
    with pytest.raises(ValueError, match=r"must have the \(N, T\) of x, \(2, 7\); got"):
        evaluate(x, np.zeros(shape, int), params, cell=rnn, loss=cross_entropy, k=2)


def on_stream(x, targets, params, loss=cross_entropy, **settings):
    return train_on_stream(
        x, targets, params, cell=rnn, loss=loss, optimizer=SGD(0.1), k=3, **settings
    )


def on_batches(x, targets, params, loss=cross_entropy, **settings):
    rng = np.random.default_rng(3)
    return train_on_batches(
        x, targets, params, cell=rnn, loss=loss, optimizer=SGD(0.1), batch=1, rng=rng,
        **settings,
    )  # fmt: skip


@pytest.mark.parametrize("train", [on_stream, on_batches])
def test_a_bar_shows_epoch_and_loss_on_stderr(rng, capsys, monkeypatch, train):
    monkeypatch.delenv("UNROLLED_QUIET", raising=False)
    first, _ = train(*problem(rng), epochs=2, progress=True)
    out, err = capsys.readouterr()
    assert out == ""
    one, two = err.split("epoch 2 of 2: ")
    assert "epoch 1 of 2: " in one
    assert "?it/s]" in one  # nothing beside the speed, since no loss is known yet
    assert f"loss {first:.4g}" in two


@pytest.mark.parametrize("train", [on_stream, on_batches])
@pytest.mark.parametrize(("quiet", "progress"), [("1", True), ("1", False), (None, False)])
def test_whoever_wants_no_bar_sees_nothing(rng, capsys, monkeypatch, train, quiet, progress):
    monkeypatch.delenv("UNROLLED_QUIET", raising=False)
    if quiet:
        monkeypatch.setenv("UNROLLED_QUIET", quiet)
    history = train(*problem(rng), epochs=2, progress=progress)
    assert capsys.readouterr() == ("", "")
    assert history == train(*problem(np.random.default_rng(7)), epochs=2)


def test_a_bar_changes_nothing_that_is_learned(rng, monkeypatch):
    monkeypatch.delenv("UNROLLED_QUIET", raising=False)
    x, targets, params = problem(rng)
    same = {name: value.copy() for name, value in params.items()}
    assert on_stream(x, targets, params, progress=True) == on_stream(x, targets, same)
    for name, array in params.items():
        assert_array_equal(array, same[name])


@pytest.mark.parametrize("train", [on_stream, on_batches])
def test_what_was_learned_until_an_interrupt_is_kept_exactly(rng, capsys, train):
    x, targets, params = problem(rng)
    calls, at_the_end = 0, {}

    def loss(logits, targets):
        nonlocal calls
        calls += 1
        if calls == 5:
            at_the_end.update({name: value.copy() for name, value in params.items()})
            raise KeyboardInterrupt
        return cross_entropy(logits, targets)

    start = {name: value.copy() for name, value in params.items()}
    history = train(x, targets, params, epochs=9, loss=loss)
    assert history == train(x, targets, start, epochs=len(history))
    assert len(history) == (1 if train is on_stream else 2)
    for name, array in params.items():
        assert_array_equal(array, at_the_end[name])
        assert train is on_batches or (array != start[name]).any()
    assert capsys.readouterr() == ("", f"stopped by hand after {len(history)} whole epochs\n")


INTERRUPTED = """
    import signal
    import sys
    import numpy as np
    from unrolled.engine import dense, rnn
    from unrolled.engine.losses import cross_entropy
    from unrolled.engine.optimizers import Adam
    from unrolled.engine.training import evaluate, train_on_batches, train_on_stream

    signal.signal(signal.SIGINT, signal.default_int_handler)  # also under nohup
    rng, calls = np.random.default_rng(7), 0
    x = rng.standard_normal((8, 40, 3))
    targets = (x[:, :, 0] > 0).astype(int)
    params = rnn.init_params(3, 16, rng=rng) | dense.init_params(16, 2, rng=rng)

    def loss(logits, targets):
        global calls
        calls += 1
        if calls == 100:
            print("training", flush=True)
        return cross_entropy(logits, targets)

    optimizer = Adam(0.01)
    settings = {"cell": rnn, "loss": loss, "optimizer": optimizer, "epochs": 10**9}
    before = evaluate(x, targets, params, cell=rnn, loss=cross_entropy)
    if sys.argv[1] == "stream":
        history = train_on_stream(x, targets, params, k=4, checkpoint=sys.argv[2], **settings)
    else:
        history = train_on_batches(x, targets, params, batch=2, rng=rng, **settings)
    after = evaluate(x, targets, params, cell=rnn, loss=cross_entropy)
    assert np.isfinite([value.sum() for value in params.values()]).all()
    assert after < before / 2
    assert calls - 1 <= optimizer.steps <= calls
    more = train_on_stream(x, targets, params, **settings | {"epochs": 1}, k=4)
    assert more[0] < before / 2
    print(len(history))
"""


@pytest.mark.parametrize("way", ["stream", "batches"])
def test_ctrl_c_ends_the_training_and_keeps_what_was_learned(tmp_path, way):
    path = tmp_path / "run.npz"
    command = [sys.executable, "-W", "error", "-c", textwrap.dedent(INTERRUPTED), way, str(path)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "training\n"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    epochs = int(out)
    assert err == f"stopped by hand after {epochs} whole epochs\n"
    assert epochs >= 9
    if way == "stream":  # the checkpoint is that of the last whole epoch
        params = rnn.init_params(3, 16, rng=np.random.default_rng(1))
        params |= dense.init_params(16, 2, rng=np.random.default_rng(1))
        optimizer, rng = Adam(0.01), np.random.default_rng(7)
        x = rng.standard_normal((8, 40, 3))
        resumed = train_on_stream(
            x, (x[:, :, 0] > 0).astype(int), params, cell=rnn, loss=cross_entropy,
            optimizer=optimizer, k=4, epochs=1, checkpoint=path,
        )  # fmt: skip
        assert epochs - 1 <= len(resumed) <= epochs
        assert optimizer.steps == 10 * len(resumed)
