import inspect

import numpy as np
import pytest
from unrolled import checks
from unrolled.datasets.series import load_co2
from unrolled.engine import losses, lstm, rnn
from unrolled.engine.gradcheck import numerical_gradient
from unrolled.museum import EXHIBITS, chance, gradients, reading, wiring
from unrolled.museum.losses import learner, squared_error
from unrolled.museum.scaling import scaler

each_exhibit = pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda exhibit: exhibit.name)


@each_exhibit
def test_its_check_is_red_on_the_broken_form_and_green_on_the_mended_one(exhibit):
    assert not exhibit.run(mended=False).ok
    assert exhibit.run(mended=True).ok


@each_exhibit
def test_the_check_that_catches_it_is_one_that_readers_have(exhibit):
    assert exhibit.check in checks.__all__
    title = exhibit.run(mended=False)
    if hasattr(title, "check"):
        assert title.check in exhibit.check.replace("_", " ")


def test_there_are_seventeen_with_names_of_their_own():
    assert len({exhibit.name for exhibit in EXHIBITS}) == len(EXHIBITS) == 17


@pytest.fixture
def x(rng):
    return rng.standard_normal((3, 6, 4))


@pytest.fixture
def params(rng):
    return rnn.init_params(4, 4, rng=rng)


def both_ways_back(cell, broken, x, params, dh):
    _, tape = cell.forward(x, params)
    return cell.backward(dh, tape, params), broken(dh, tape, params)


def test_the_leak_repeats_the_bias_gradient_of_the_first_step(x, params, rng):
    dh = rng.standard_normal((3, 6, 4))
    right, leaked = both_ways_back(rnn, gradients.leaked, x, params, dh)
    np.testing.assert_allclose(leaked[0], right[0])
    np.testing.assert_allclose(leaked[1][0], right[1][0])
    for name, grad in leaked[2].items():
        assert grad.shape == params[name].shape
        assert (grad == leaked[2]["b_h"]).all()
        assert np.abs(grad - right[2][name]).max() > 0.1


def test_the_mend_of_the_leak_is_one_name(x, params, rng):
    source = inspect.getsource(gradients.leaked)
    assert source.count("total[...] = grad") == 1
    mended = dict(vars(gradients))
    exec(source.replace("total[...] = grad", "total[...] = total"), mended)
    dh = rng.standard_normal((3, 6, 4))
    right, found = both_ways_back(rnn, mended["leaked"], x, params, dh)
    for name, grad in found[2].items():
        np.testing.assert_allclose(grad, right[2][name])


def test_forgotten_gradients_are_those_of_steps_that_stand_alone(x, rng):
    params, dh = lstm.init_params(4, 4, rng=rng), rng.standard_normal((3, 6, 4))
    _, tape = lstm.forward(x, params)
    dx, _, grads = gradients.forgotten(dh, tape, params)
    alone = {name: 0 for name in grads}
    for t in range(6):
        step = tape.window(t, t + 1)
        dx_t, _, found = lstm.backward(dh[:, t : t + 1], step, params)
        np.testing.assert_allclose(dx[:, t : t + 1], dx_t)
        alone = {name: alone[name] + found[name] for name in alone}
    for name, grad in grads.items():
        np.testing.assert_allclose(grad, alone[name])


def test_the_mend_of_the_forgotten_gradients_is_one_line(x, rng):
    params, dh = lstm.init_params(4, 4, rng=rng), rng.standard_normal((3, 6, 4))
    source = inspect.getsource(gradients.forgotten)
    wrong = "(dh[:, t], np.zeros_like(tape.c[t]))"
    assert source.count(wrong) == 1
    before = "dx, grads = np.empty_like(tape.x), {}"
    source = source.replace(wrong, "(dh[:, t] + dstate[0], dstate[1])")
    mended = dict(vars(gradients))
    exec(source.replace(before, f"{before}; dstate = (0, 0)"), mended)
    right, found = both_ways_back(lstm, mended["forgotten"], x, params, dh)
    np.testing.assert_allclose(found[0], right[0])
    for name, grad in found[2].items():
        np.testing.assert_allclose(grad, right[2][name])


def test_a_frozen_cell_computes_but_never_learns(x, params, rng):
    cell = gradients.frozen(rnn)
    h, tape = cell.forward(x, params)
    np.testing.assert_array_equal(h, rnn.forward(x, params)[0])
    assert not any(grad.any() for grad in cell.backward(h, tape, params)[2].values())


def test_mended_wires_are_a_stack_and_broken_ones_are_not(x, params, rng):
    upper, start = rnn.init_params(4, 4, rng=rng), (np.zeros((3, 4)),)
    stacked = rnn.forward(rnn.forward(x, params)[0], upper)[0]
    mended = wiring.two_cells(x, params, upper, start, mended=True)
    broken = wiring.two_cells(x, params, upper, start, mended=False)
    np.testing.assert_allclose(mended, stacked)
    assert broken.shape == mended.shape
    assert np.abs(broken - mended).max() > 0.1


def test_across_the_batch_no_step_hears_the_one_before(x, params):
    one_step = wiring.across(x[:, 2:3], params, mended=False)
    np.testing.assert_allclose(wiring.across(x, params, mended=False)[:, 2:3], one_step)


def test_at_the_wrong_end_the_backward_half_knows_one_step(x, rng):
    params = reading.both.init_params(4, 4, rng=rng)
    ends = [reading.wrong_end(each, params, mended=False) for each in (x, x[:, -1:])]
    np.testing.assert_allclose(ends[0][:, 4:], ends[1][:, 4:])
    right = reading.wrong_end(x, params, mended=True)
    np.testing.assert_allclose(right[:, :4], ends[0][:, :4])
    assert np.abs(right[:, 4:] - ends[0][:, 4:]).max() > 0.1


def test_stateful_batches_hold_the_stream_once_shuffled_or_not(rng):
    stream = rng.permutation(401)
    for given in (None, rng):
        batches = reading.stateful_batches(stream, 8, 5, rng=given)
        assert {x.shape for x, _ in batches} == {(8, 5)}
        read = np.concatenate([x for x, _ in batches])
        assert sorted(read.ravel()) == sorted(stream[:400])
        place = {value: i for i, value in enumerate(stream)}
        for x, targets in batches:
            assert all(
                place[b] == place[a] + 1 for a, b in zip(x.ravel(), targets.ravel(), strict=True)
            )


def test_a_mask_is_kept_for_one_sequence_or_forever(x, params, rng):
    for mended in (True, False):
        model, masks = chance.Dropping(params, 0.5, rng=rng, mended=mended), []
        for _ in range(5):
            model(x, training=True)
            masks.append(model.mask)
        assert len(np.unique(masks, axis=0)) == (5 if mended else 1)
        np.testing.assert_array_equal(model(x, training=False), rnn.forward(x, params)[0])


def test_squared_error_below_a_softmax_has_the_gradient_that_it_says(rng):
    logits, targets = rng.standard_normal((3, 4)), np.array([0, 3, 1])
    found = squared_error(logits, targets)[1]
    expected = numerical_gradient(lambda: squared_error(logits, targets)[0], logits)
    np.testing.assert_allclose(found, expected, atol=1e-8)


def test_the_learner_changes_its_own_logits_and_reports_the_log_loss(rng):
    logits, targets = np.zeros((1, 4)), np.array([2])
    step, learned = learner(losses.cross_entropy, logits, targets, lr=1.0)
    assert step() < np.log(4)
    assert not logits.any()
    assert learned.argmax() == 2


def test_a_leaking_scaler_tells_the_training_part_of_the_rise_to_come():
    _, co2 = load_co2()
    train, rest = co2[:350], co2[350:]
    mended, broken = (scaler(train, rest, mended=m)(train) for m in (True, False))
    assert mended.mean() == pytest.approx(0, abs=1e-9)
    assert broken.mean() < -0.5
    assert broken.std() < 0.7
