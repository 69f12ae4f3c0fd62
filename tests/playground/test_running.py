"""Start, training and what comes after it, beside the same written out."""

import io
from contextlib import redirect_stdout

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from unrolled import playground
from unrolled.engine import dense, gru, initializers, losses
from unrolled.engine.bptt import truncated_backward
from unrolled.engine.gradcheck import numerical_gradient, relative_error
from unrolled.engine.optimizers import global_norm
from unrolled.playground.running import MODULES

TASKS = sorted(playground.TASKS)
SMALL = {"lag": 3, "T": 6, "H": 5, "N": 3}


def small(task, **changes):
    """A setting of a few steps and units."""
    usual = playground.defaults(task)
    return playground.complete(
        {"task": task} | {k: v for k, v in SMALL.items() if k in usual} | changes
    )


def printed(run, *arguments):
    with redirect_stdout(io.StringIO()) as out:
        run(*arguments)
    return out.getvalue()


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru", "linear"])
def test_a_usual_start_is_what_the_cell_and_the_readout_draw(cell):
    setting = small("echo", cell=cell, seed=4)
    rng = np.random.default_rng([4, 0])
    drawn = MODULES[cell].init_params(1, 5, rng=rng)
    drawn |= dense.init_params(5, 2, rng=rng)
    params = playground.start(setting)
    assert list(params) == list(drawn)
    for name, value in params.items():
        assert_array_equal(value, drawn[name])


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru", "linear"])
def test_a_gain_multiplies_recurrent_matrices_alone(cell):
    params, half = (playground.start(small("echo", cell=cell, gain=g)) for g in (1.0, 0.5))
    for name, value in params.items():
        square = value.shape == (5, 5)
        assert_array_equal(half[name], 0.5 * value if square else value)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru", "linear"])
def test_an_orthogonal_start_is_drawn_after_all_else(cell):
    setting = small("echo", cell=cell, start="orthogonal", gain=0.9, seed=2)
    usual, params = playground.start(small("echo", cell=cell, seed=2)), playground.start(setting)
    matrices = [value for value in params.values() if value.shape == (5, 5)]
    assert len(matrices) == {"lstm": 4, "gru": 3}.get(cell, 1)
    for W in matrices:
        assert_allclose(W.T @ W, 0.81 * np.eye(5), atol=1e-12)
    assert len({W.tobytes() for W in matrices}) == len(matrices)
    for name, value in params.items():
        if value.shape != (5, 5):
            assert_array_equal(value, usual[name])


def test_an_identity_start_and_a_forget_bias():
    params = playground.start(small("one-bit", cell="lstm", start="identity", gain=2.0, bias=-1.5))
    assert_array_equal(params["W_hg"], initializers.identity(5, gain=2.0))
    assert (params["b_f"] == -1.5).all()
    assert not params["b_i"].any()


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru", "linear"])
def test_gradients_match_central_differences(task, cell, rng):
    setting = small(task, cell=cell)
    params = playground.start(setting)
    x, targets = playground.batch(setting, 3, rng)
    loss, grads = playground.gradients(setting, params, x, targets)
    assert grads.keys() == params.keys()
    measure = losses.cross_entropy if targets.dtype.kind == "i" else losses.mean_squared_error

    def value():
        return measure(playground.outputs(setting, params, x, targets.shape[1]), targets)[0]

    assert loss == value()
    for name in ("W_hy", next(iter(params)), next(n for n in params if params[n].shape == (5, 5))):
        assert relative_error(grads[name], numerical_gradient(value, params[name])) < 1e-6


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 9), st.integers(0, 9), st.sampled_from(["echo", "parity", "count"]))
def test_truncation_is_that_of_the_engine_and_zero_is_full(k1, k2, task):
    k1 = min(k1, k2) if k2 else k1
    setting, rng = small(task, cell="gru", k1=k1, k2=k2), np.random.default_rng(5)
    params, (x, targets) = playground.start(setting), playground.batch(setting, 3, rng)
    loss, grads = playground.gradients(setting, params, x, targets)
    h, tape = gru.forward(x, params)
    measure = losses.cross_entropy if targets.dtype.kind == "i" else losses.mean_squared_error
    asked = slice(h.shape[1] - targets.shape[1], None)
    expected, dlogits = measure(dense.forward(h[:, asked], params), targets)
    dh = np.zeros_like(h)
    dh[:, asked] = dlogits @ params["W_hy"].T
    if k2:
        cell = truncated_backward(dh, tape, params, cell=gru, k1=k1 or k2, k2=k2)[2]
    else:
        cell = gru.backward(dh, tape, params)[2]
    assert loss == expected
    for name, grad in cell.items():
        assert_allclose(grads[name], grad, rtol=1e-12, atol=1e-15)


def test_a_cut_before_the_answer_changes_what_is_learned(rng):
    full, cut = (small("one-bit", cell="lstm", k2=k2) for k2 in (0, 3))
    params, (x, targets) = playground.start(full), playground.batch(full, 3, rng)
    whole, short = (playground.gradients(s, params, x, targets)[1] for s in (full, cut))
    assert global_norm({name: whole[name] - short[name] for name in whole}) > 1e-4


@pytest.mark.parametrize("optimizer", ["adam", "sgd", "momentum"])
def test_training_is_the_same_from_an_address_a_dict_and_a_whole_setting(optimizer):
    setting = small("parity", optimizer=optimizer, seed=7)
    address = playground.hash_of(setting)
    runs = [playground.train(s, 5, show=False) for s in (address, setting, dict(setting))]
    assert len({run.loss for run in runs}) == 1
    other = playground.train(setting | {"seed": 8}, 5, show=False)
    assert other.loss != runs[0].loss


def test_train_prints_update_and_loss_with_nine_decimals():
    lines = printed(playground.train, small("echo")).splitlines()
    assert [int(line.split()[0]) for line in lines] == [1, 2, 5, 10, 20, 50]
    assert all(len(line.split(".")[1]) == 9 for line in lines)
    assert printed(playground.train, small("echo"), 4).splitlines() == lines[:2]


def test_what_is_looked_at_does_not_change_the_training():
    quiet, watched = (playground.Training(small("echo")) for _ in range(2))
    for _ in range(6):
        quiet.step()
        watched.step()
        watched.skill()
        playground.longer(watched.setting, watched.params)
    assert quiet.loss == watched.loss


def test_clipping_bounds_the_step_of_plain_gradient_descent():
    setting = small("echo", optimizer="sgd", lr=1.0, clip=0.01)
    training = playground.Training(setting)
    before = {name: value.copy() for name, value in training.params.items()}
    training.step()
    moved = {name: value - before[name] for name, value in training.params.items()}
    assert global_norm(moved) == pytest.approx(0.01, rel=1e-9)


def test_a_training_that_blows_up_says_so():
    setting = small("count", cell="linear", gain=3.0, optimizer="sgd", lr=10.0, clip=0.0, T=40)
    with pytest.raises(ValueError, match=r"blown up|overflow"):
        playground.train(setting, 300, show=False)


def test_until_solved_stops_at_a_look_and_at_its_limit():
    training = playground.Training(playground.parse("task=text"))
    assert training.until_solved(20) is None
    assert training.update == 20
    assert training.until_solved(200) == training.update
    assert training.update % 25 == 0


def test_longer_sequences_are_1_4_and_16_times_as_long():
    setting = small("parity")
    rows = playground.longer(setting, playground.start(setting))
    assert [row["T"] for row in rows] == [6, 24, 96]
    params, rng = playground.start(setting), np.random.default_rng([0, 4])
    for times, row in zip((1, 4, 16), rows, strict=True):
        x, targets = playground.batch(setting, 128, rng, times)
        found = playground.outputs(setting, params, x, targets.shape[1])
        assert row["skill"] == playground.skill(setting, found, targets, times)


@pytest.mark.parametrize("task", ["waves", "text"])
def test_alone_it_reads_what_it_has_said_itself(task):
    setting = small(task)
    params = playground.start(setting)
    said, truth, found = playground.alone(setting, params)
    steps = {"waves": 25, "text": 48}[task]
    assert said.shape == truth.shape == ((128, 25, 1) if task == "waves" else (128, 48))
    whole = setting | {"T": 6 + steps - 1}
    x, targets = playground.batch(whole, 128, np.random.default_rng([0, 4]))
    assert_array_equal(truth, targets[:, 5:])
    x[:, 6:] = said[:, :-1] if task == "waves" else np.eye(x.shape[2])[said[:, :-1]]
    again = playground.outputs(whole, params, x, steps)
    if task == "waves":
        assert_allclose(again, said, rtol=1e-9, atol=1e-12)
    else:
        assert_array_equal(again.argmax(axis=2), said)
    assert found == playground.skill(setting, again, truth)
