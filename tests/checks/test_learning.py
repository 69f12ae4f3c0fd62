import numpy as np
import pytest
from unrolled import checks
from unrolled.engine import dense, losses, lstm, rnn
from unrolled.engine.optimizers import Adam
from unrolled.engine.training import loss_and_gradients
from unrolled.museum.gradients import FORGOTTEN, LEAKED, frozen

TASK = {"loss": losses.cross_entropy}


def program(cell, rng):
    x, targets = rng.standard_normal((2, 5, 3)), rng.integers(0, 3, (2, 5))
    params = cell.init_params(3, 4, rng=rng) | dense.init_params(4, 3, rng=rng)
    return lambda p: loss_and_gradients(x, targets, p, cell=cell, **TASK)[:2], params


@pytest.mark.parametrize("cell", [rnn, lstm])
def test_right_gradients_pass(cell, rng):
    report = checks.gradients(*program(cell, rng))
    assert report.ok
    assert len(report.errors) == (5 if cell is rnn else 14)


def test_wrong_gradients_are_named_and_those_of_the_readout_are_not(rng):
    assert checks.gradients(*program(LEAKED, rng)).wrong == ["W_xh", "W_hh", "b_h"]
    assert len(checks.gradients(*program(FORGOTTEN, rng)).wrong) == 12
    assert len(checks.gradients(*program(frozen(lstm), rng)).wrong) == 12


def test_parameters_are_as_before(rng):
    function, params = program(rnn, rng)
    before = {name: value.copy() for name, value in params.items()}
    checks.gradients(function, params)
    for name, value in params.items():
        np.testing.assert_array_equal(value, before[name])


def test_a_gradient_that_is_missing_or_has_another_shape_is_wrong():
    w = {"a": np.ones(2), "b": np.ones(3)}
    report = checks.gradients(lambda p: ((p["a"] ** 2).sum(), {"b": np.zeros(2)}), w)
    assert report.wrong == ["a", "b"]


def test_a_sign_and_a_factor_are_found():
    w = {"a": np.ones(2)}
    for factor in (-2, 1, 2):
        report = checks.gradients(lambda p, f=factor: ((p["a"] ** 2).sum(), {"a": f * p["a"]}), w)
        assert report.ok == (factor == 2)


@pytest.mark.parametrize(
    ("function", "params", "message"),
    [
        (None, {}, "no parameters"),
        (None, {"a": np.ones(2, np.float32)}, "a must be an array of float64; got float32"),
        (None, {"a": [1.0]}, "a must be an array of float64; got list"),
        (lambda p: (p["a"], {}), {"a": np.ones(2)}, "one finite number"),
        (lambda p: (np.nan, {}), {"a": np.ones(2)}, "one finite number"),
        (lambda p: (np.random.default_rng().random(), {}), {"a": np.ones(2)}, "another one"),
    ],
)
def test_what_cannot_be_differentiated_is_refused(function, params, message):
    with pytest.raises(ValueError, match=message):
        checks.gradients(function, params)


def trainer(cell, rng, lr=0.05):
    function, params = program(cell, rng)
    adam = Adam(lr)

    def step():
        loss, grads = function(params)
        adam.update(params, grads)
        return loss

    return step


def test_a_network_learns_one_batch_by_heart(rng):
    report = checks.overfit_one_batch(trainer(lstm, rng), below=0.05)
    assert report.ok
    assert report.numbers[-1] < 0.05 <= report.numbers[-2]
    assert len(report.numbers) < 200


def test_one_that_does_not_learn_is_told_where_it_stands(rng):
    report = checks.overfit_one_batch(trainer(frozen(lstm), rng), below=0.05, steps=100)
    assert not report.ok
    assert report.findings[0].startswith("after 100 steps on one batch the loss is ")
    assert len(report.numbers) == 100


def test_a_loss_that_breaks_is_told_at_its_step():
    losses = iter([1.0, 0.9, np.nan, 0.1])
    report = checks.overfit_one_batch(lambda: next(losses), below=0.2)
    assert report.findings == ("the loss is nan at step 3",)


@pytest.mark.parametrize("steps", [0, -1])
def test_no_steps_are_refused(steps):
    with pytest.raises(ValueError, match="steps must be at least 1"):
        checks.overfit_one_batch(lambda: 0.0, below=1, steps=steps)
