import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from unrolled.engine import dropout, lstm, rnn
from unrolled.engine.bptt import truncated_backward
from unrolled.engine.gradcheck import check_gradients
from unrolled.engine.stack import Stack, add_prefix, under_prefix

N, T, D, H = 2, 5, 3, 4
CLOSE = {"rtol": 1e-11, "atol": 1e-13}


def arrays_of(dx, dstate, grads):
    return [dx, *dstate, *(grads[name] for name in sorted(grads))]


def assert_same(result, expected):
    for array, array_expected in zip(arrays_of(*result), arrays_of(*expected), strict=True):
        assert_allclose(array, array_expected, **CLOSE)


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_backward_matches_central_differences(cell, layers):
    report = check_gradients(Stack(cell, layers), T=3, D=2, H=3)
    assert report.ok, report


def test_a_stack_of_one_is_the_cell(cell, problem, rng):
    stack = Stack(cell, 1)
    x, params, state, dh, dstate = problem(stack, rng)
    own = under_prefix(params, "layer_0")
    h, tape = stack.forward(x, params, state)
    h_own, tape_own = cell.forward(x, own, state)
    assert_array_equal(h, h_own)
    dx, dstate_0, grads = stack.backward(dh, tape, params, dstate)
    expected = cell.backward(dh, tape_own, own, dstate)
    assert_same((dx, dstate_0, under_prefix(grads, "layer_0")), expected)


def test_each_layer_reads_the_hidden_states_of_the_one_below(cell, problem, rng):
    stack = Stack(cell, 3)
    x, params, state, _, _ = problem(stack, rng)
    h, tape = stack.forward(x, params, state)
    parts, ends = len(cell.STATE), ()
    for i in range(3):
        own = state[i * parts : (i + 1) * parts]
        x, layer = cell.forward(x, under_prefix(params, f"layer_{i}"), own)
        ends += layer.state
    assert_array_equal(h, x)
    for part, expected in zip(tape.state, ends, strict=True):
        assert_array_equal(part, expected)


def test_parameters_and_states_are_named_by_layer(cell, rng):
    stack = Stack(cell, 2)
    params = stack.init_params(D, H, rng=rng)
    below, above = (under_prefix(params, f"layer_{i}") for i in range(2))
    assert {n: v.shape for n, v in below.items()} == {
        n: v.shape for n, v in cell.init_params(D, H, rng=rng).items()
    }
    assert {n: v.shape for n, v in above.items()} == {
        n: v.shape for n, v in cell.init_params(H, H, rng=rng).items()
    }
    assert tuple(f"layer_{i}.{part}" for i in range(2) for part in cell.STATE) == stack.STATE
    assert under_prefix(add_prefix(below, "a"), "a").keys() == below.keys()


@pytest.mark.parametrize("t", [1, 3])
def test_no_step_reads_the_future_and_every_later_step_reads_the_past(cell, problem, rng, t):
    stack = Stack(cell, 2)
    x, params, state, _, _ = problem(stack, rng)
    h, _ = stack.forward(x, params, state)
    changed = x.copy()
    changed[:, t] += 1
    h_changed, _ = stack.forward(changed, params, state)
    assert_allclose(h_changed[:, :t], h[:, :t], rtol=1e-13)
    assert (np.abs(h_changed - h)[:, t:].max(axis=2) > 1e-6).all()


def test_a_stream_may_be_cut_where_the_state_of_all_layers_is_carried(cell, problem, rng):
    stack = Stack(cell, 2)
    x, params, state, _, _ = problem(stack, rng)
    h, tape = stack.forward(x, params, state)
    h_first, first = stack.forward(x[:, :2], params, state)
    h_second, second = stack.forward(x[:, 2:], params, first.state)
    assert_allclose(np.concatenate([h_first, h_second], axis=1), h, **CLOSE)
    for part, expected in zip(second.state, tape.state, strict=True):
        assert_allclose(part, expected, **CLOSE)


def test_truncated_bptt_with_a_long_reach_is_full_bptt(cell, problem, rng):
    stack = Stack(cell, 2)
    x, params, state, dh, _ = problem(stack, rng)
    _, tape = stack.forward(x, params, state)
    full = stack.backward(dh, tape, params)
    assert_same(truncated_backward(dh, tape, params, cell=stack, k1=1, k2=T), full)
    dx, _, _ = truncated_backward(dh, tape, params, cell=stack, k1=1, k2=T - 1)
    assert np.abs(dx - full[0]).max() > 1e-6


def test_truncated_bptt_keeps_what_was_dropped(cell, problem, rng):
    mask = dropout.mask((N, 1, H), 0.5, rng=rng)
    stack = Stack(cell, 2, drop=lambda N, H, dtype: mask)
    x, params, state, dh, _ = problem(stack, rng)
    dh[:, :-1] = 0
    before, (_, tape) = stack.forward(x[:, :2], params, state)[1], stack.forward(x, params, state)
    _, after = stack.forward(x[:, 2:], params, before.state)
    expected = stack.backward(dh[:, 2:], after, params)
    dx, _, grads = truncated_backward(dh, tape, params, cell=stack, k1=1, k2=T - 2)
    assert_same((dx[:, 2:], (), grads), (expected[0], (), expected[2]))
    assert_array_equal(dx[:, :2], 0)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_of_the_parameters_rules_and_no_input_is_written(cell, problem, rng, dtype):
    stack = Stack(cell, 2, drop=dropout.locked(0.5, rng))
    x, params, state, dh, dstate = problem(stack, rng, dtype=dtype)
    for array in (x, *params.values(), *state, dh, *dstate):
        array.setflags(write=False)
    h, tape = stack.forward(x, params, state)
    arrays = [h, *tape.state, *arrays_of(*stack.backward(dh, tape, params, dstate))]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}


def test_parameters_of_a_lower_stack_are_missed_by_name(cell, problem, rng):
    x, params, *_ = problem(Stack(cell, 2), rng)
    with pytest.raises(ValueError, match=r"params has nothing named layer_2\.\*; it has \['layer_"):
        Stack(cell, 3).forward(x, params)


@pytest.mark.parametrize("count", [1, 3])
def test_a_state_needs_the_parts_of_all_layers(problem, rng, count):
    stack = Stack(rnn, 2)
    x, params, state, dh, dstate = problem(stack, rng)
    wrong = (state[0],) * count
    with pytest.raises(ValueError, match=rf"initial state must be .*layer_1\.h.*; got {count}"):
        stack.forward(x, params, wrong)
    _, tape = stack.forward(x, params, state)
    with pytest.raises(ValueError, match=rf"dstate must be .*layer_1\.h.*; got {count}"):
        stack.backward(dh, tape, params, (dstate[0],) * count)


@pytest.mark.parametrize("layers", [0, -1])
def test_a_stack_has_a_layer(layers):
    with pytest.raises(ValueError, match=f"at least 1 layer; got {layers}"):
        Stack(lstm, layers)


@pytest.mark.parametrize("layers", [2.0, "2", None])
def test_layers_are_counted(layers):
    with pytest.raises(ValueError, match="layers must be an integer; got"):
        Stack(lstm, layers)


def test_a_state_is_a_tuple(problem, rng):
    stack = Stack(rnn, 2)
    x, params, state, dh, dstate = problem(stack, rng)
    with pytest.raises(ValueError, match="the initial state must be a tuple of 2"):
        stack.forward(x, params, list(state))
    _, tape = stack.forward(x, params, state)
    with pytest.raises(ValueError, match="dstate must be a tuple of 2"):
        stack.backward(dh, tape, params, np.array(dstate))


def test_parameters_and_tape_of_a_higher_stack_are_refused(cell, problem, rng):
    low, high = Stack(cell, 2), Stack(cell, 3)
    x, params, _, dh, _ = problem(high, rng)
    _, tape = high.forward(x, params)
    with pytest.raises(ValueError, match=r"params has \['layer_2'\], which a stack of 2 has not"):
        low.forward(x, params)
    below = {name: value for name, value in params.items() if not name.startswith("layer_2")}
    with pytest.raises(ValueError, match="the tape has 3 layers, not 2"):
        low.backward(dh, tape, below)


@pytest.mark.parametrize("shape", [(N, H), (N, T, H), (1, 1, H), ()])
def test_what_is_dropped_is_the_same_at_all_steps(problem, rng, shape):
    stack = Stack(rnn, 2, drop=lambda N, H, dtype: np.ones(shape))
    x, params, *_ = problem(stack, rng)
    with pytest.raises(ValueError, match=r"shape \(N, 1, H\) = \(2, 1, 4\); got \("):
        stack.forward(x, params)
