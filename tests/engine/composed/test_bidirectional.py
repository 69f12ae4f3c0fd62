import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from unrolled.engine import lstm, masking, rnn
from unrolled.engine.bidirectional import Bidirectional
from unrolled.engine.gradcheck import check_gradients
from unrolled.engine.stack import Stack, under_prefix

N, T, D, H = 2, 5, 3, 4


def draw(network, problem, rng, **settings):
    """As `problem`, with a dh that is wide enough for both directions."""
    x, params, state, dh, dstate = problem(network, rng, **settings)
    return x, params, state, np.concatenate([dh, 2 * dh[:, ::-1]], axis=2), dstate


def arrays_of(dx, dstate, grads):
    return [dx, *dstate, *grads.values()]


@pytest.mark.parametrize("layers", [1, 2])
def test_backward_matches_central_differences(cell, layers):
    network = Bidirectional(cell)
    report = check_gradients(Stack(network, layers) if layers > 1 else network, T=3, D=2, H=3)
    assert report.ok, report


def test_the_halves_are_the_cell_and_the_cell_on_the_reversed_sequence(cell, problem, rng):
    network = Bidirectional(cell)
    x, params, state, _, _ = draw(network, problem, rng)
    h, tape = network.forward(x, params, state)
    half = len(cell.STATE)
    ahead, end = cell.forward(x, under_prefix(params, "forward"), state[:half])
    back, start = cell.forward(x[:, ::-1], under_prefix(params, "backward"), state[half:])
    assert_array_equal(h[:, :, :H], ahead)
    assert_array_equal(h[:, :, H:], back[:, ::-1])
    for part, expected in zip(tape.state, end.state + start.state, strict=True):
        assert_array_equal(part, expected)


def test_at_the_last_step_the_backward_half_has_read_one_step(cell, problem, rng):
    network = Bidirectional(cell)
    x, params, _, _, _ = draw(network, problem, rng)
    h, tape = network.forward(x, params)
    one_step, _ = cell.forward(x[:, -1:], under_prefix(params, "backward"))
    assert_allclose(h[:, -1, H:], one_step[:, 0], rtol=1e-12)
    # What has read everything is the final state: h at the last step, and h at the first.
    assert_array_equal(tape.state[0], h[:, -1, :H])
    assert_array_equal(tape.state[len(cell.STATE)], h[:, 0, H:])


@pytest.mark.parametrize("t", [0, 2, T - 1])
def test_every_step_reads_every_input(cell, problem, rng, t):
    network = Bidirectional(cell)
    x, params, _, _, _ = draw(network, problem, rng)
    h, _ = network.forward(x, params)
    changed = x.copy()
    changed[:, t] += 1
    difference = np.abs(network.forward(changed, params)[0] - h)
    seen_ahead, seen_back = (d.max(axis=(0, 2)) > 1e-9 for d in np.split(difference, 2, axis=2))
    steps = np.arange(T)
    assert_array_equal(seen_ahead, steps >= t)
    assert_array_equal(seen_back, steps <= t)


@pytest.mark.parametrize("layers", [1, 2])
def test_a_padded_sequence_is_read_from_its_own_last_step_back(cell, problem, rng, layers):
    lengths = [2, T]
    network = Stack(Bidirectional(cell, mask=masking.from_lengths(lengths, T)), layers)
    alone = Stack(Bidirectional(cell), layers)
    x, params, state, _, _ = draw(network, problem, rng)
    h, tape = network.forward(x, params, state)
    for n, length in enumerate(lengths):
        own = tuple(part[n : n + 1] for part in state)
        h_own, tape_own = alone.forward(x[n : n + 1, :length], params, own)
        assert_allclose(h[n, :length], h_own[0], rtol=1e-11, atol=1e-13)
        for part, expected in zip(tape.state, tape_own.state, strict=True):
            assert_allclose(part[n], expected[0], rtol=1e-11, atol=1e-13)


def test_parameters_and_states_are_named_by_direction(cell, rng):
    network = Stack(Bidirectional(cell), 2)
    params = network.init_params(D, H, rng=rng)
    for layer, inputs in {"layer_0": D, "layer_1": 2 * H}.items():
        shapes = {name: v.shape for name, v in cell.init_params(inputs, H, rng=rng).items()}
        for way in ("forward", "backward"):
            own = under_prefix(params, f"{layer}.{way}")
            assert {name: v.shape for name, v in own.items()} == shapes
    assert network.STATE[: len(cell.STATE)] == tuple(f"layer_0.forward.{p}" for p in cell.STATE)
    assert network.STATE[-len(cell.STATE) :] == tuple(f"layer_1.backward.{p}" for p in cell.STATE)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_of_the_parameters_rules_and_no_input_is_written(cell, problem, rng, dtype):
    network = Bidirectional(cell)
    x, params, state, dh, dstate = draw(network, problem, rng, dtype=dtype)
    for array in (x, *params.values(), *state, dh, *dstate):
        array.setflags(write=False)
    h, tape = network.forward(x, params, state)
    arrays = [h, *tape.state, *arrays_of(*network.backward(dh, tape, params, dstate))]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}


def test_parameters_of_one_direction_alone_are_missed_by_name(cell, problem, rng):
    x, params, *_ = draw(Bidirectional(cell), problem, rng)
    only = {name: value for name, value in params.items() if name.startswith("forward")}
    with pytest.raises(ValueError, match=r"params has nothing named backward\.\*"):
        Bidirectional(cell).forward(x, only)


@pytest.mark.parametrize("count", [2, 3, 5])
def test_a_state_needs_the_parts_of_both_directions(problem, rng, count):
    network = Bidirectional(lstm)
    x, params, state, dh, dstate = draw(network, problem, rng)
    message = rf"must be a tuple of 4 .* \('forward\.h', .*'backward\.c'\); got {count}"
    with pytest.raises(ValueError, match=message):
        network.forward(x, params, (state[0],) * count)
    _, tape = network.forward(x, params, state)
    with pytest.raises(ValueError, match=message):
        network.backward(dh, tape, params, (dstate[0],) * count)


def test_a_state_is_a_tuple(problem, rng):
    network = Bidirectional(rnn)
    x, params, state, *_ = draw(network, problem, rng)
    with pytest.raises(ValueError, match="the initial state must be a tuple of 2"):
        network.forward(x, params, list(state))


def test_a_gradient_for_one_direction_alone_is_refused(problem, rng):
    network = Bidirectional(rnn)
    x, params, _, dh, _ = draw(network, problem, rng)
    _, tape = network.forward(x, params)
    with pytest.raises(ValueError, match=r"dh must have the shape of h, .* = \(2, 5, 8\); got"):
        network.backward(dh[:, :, :H], tape, params)


def test_a_mask_may_be_a_nested_list(problem, rng):
    x, params, *_ = draw(Bidirectional(rnn), problem, rng)
    mask = masking.from_lengths([2, T], T)
    h, _ = Bidirectional(rnn, mask=mask.tolist()).forward(x, params)
    assert_array_equal(h, Bidirectional(rnn, mask=mask).forward(x, params)[0])
