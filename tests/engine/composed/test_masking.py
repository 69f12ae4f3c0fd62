import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from unrolled.engine import masking, rnn
from unrolled.engine.bidirectional import Bidirectional
from unrolled.engine.embedding import Embedded
from unrolled.engine.gradcheck import check_gradients
from unrolled.engine.masking import Masked

N, T, D, H = 3, 6, 2, 4
CLOSE = {"rtol": 1e-10, "atol": 1e-13}
HOLES = np.array([[0, 0, 1, 1, 0, 1], [1, 1, 1, 1, 1, 1], [1, 0, 0, 0, 0, 0]], bool)
masks = st.lists(st.lists(st.booleans(), min_size=T, max_size=T), min_size=N, max_size=N).map(
    lambda rows: np.array(rows, bool)
)


def as_keras_does(cell, x, mask, params, state):
    """Step by step: where the mask is False the state stays and the output repeats."""
    output, outputs = np.zeros_like(state[0]), []
    for t in range(x.shape[1]):
        real = mask[:, t, None]
        new = cell.step(x[:, t], state, params)
        state = tuple(np.where(real, *pair) for pair in zip(new, state, strict=True))
        output = np.where(real, new[0], output)
        outputs.append(output)
    return np.stack(outputs, axis=1), state


@settings(deadline=None, max_examples=30)
@given(mask=masks.filter(np.any), seed=st.integers(0, 999))
def test_outputs_and_final_states_are_those_that_keras_defines(cell, problem, mask, seed):
    x, params, state, _, _ = problem(cell, np.random.default_rng(seed), N=N, T=T, D=D, H=H)
    h, tape = Masked(cell, mask).forward(x, params, state)
    h_expected, end = as_keras_does(cell, x, mask, params, state)
    assert_allclose(h, h_expected, **CLOSE)
    for part, expected in zip(tape.state, end, strict=True):
        assert_allclose(part, expected, **CLOSE)


@settings(deadline=None, max_examples=30)
@given(mask=masks.filter(np.any), seed=st.integers(0, 999))
def test_each_sequence_is_read_as_if_it_were_alone(cell, problem, mask, seed):
    x, params, state, dh, dstate = problem(cell, np.random.default_rng(seed), N=N, T=T, D=D, H=H)
    dh[~mask] = 0
    h, tape = Masked(cell, mask).forward(x, params, state)
    dx, dstate_0, grads = Masked(cell, mask).backward(dh, tape, params, dstate)
    assert_array_equal(dx[~mask], 0)
    total = dict.fromkeys(params, 0)
    for n in range(N):
        real, row = mask[n], slice(n, n + 1)
        begin, d_end = (tuple(part[row] for part in parts) for parts in (state, dstate))
        if not real.any():  # what reads nothing ends where it began
            end, d_begin = begin, d_end
        else:
            h_own, own = cell.forward(x[row, real], params, begin)
            dx_own, d_begin, more = cell.backward(dh[row, real], own, params, d_end)
            total = {name: total[name] + grad for name, grad in more.items()}
            end = own.state
            assert_allclose(h[row, real], h_own, **CLOSE)
            assert_allclose(dx[row, real], dx_own, **CLOSE)
        for i in range(len(state)):
            assert_allclose(tape.state[i][row], end[i], **CLOSE)
            assert_allclose(dstate_0[i][row], d_begin[i], **CLOSE)
    for name, grad in grads.items():
        assert_allclose(grad, total[name], err_msg=name, **CLOSE)


@pytest.mark.parametrize("mask", [HOLES[:2, :4], HOLES[[0, 2], :4], [[False] * 4, [True] * 4]])
def test_backward_matches_central_differences_also_where_outputs_repeat(cell, mask):
    report = check_gradients(Masked(cell, mask), N=2, T=4, D=2, H=3)
    assert report.ok, report


@pytest.mark.parametrize("both", [False, True])
def test_what_stands_at_masked_steps_cannot_matter(cell, problem, rng, both):
    network = Bidirectional(cell, mask=HOLES) if both else Masked(cell, HOLES)
    x, params, _, dh, _ = problem(network, rng, N=N, T=T, D=D, H=H)
    dh = np.concatenate([dh] * (1 + both), axis=2)
    changed = np.where(HOLES[:, :, None], x, 1e300)
    (h, tape), (h_changed, tape_changed) = (network.forward(v, params) for v in (x, changed))
    assert_array_equal(h_changed, h)
    (dx, _, grads), (dx_changed, _, grads_changed) = (
        network.backward(dh, t, params) for t in (tape, tape_changed)
    )
    assert_array_equal(dx_changed, dx)
    assert_array_equal(dx[~HOLES], 0)
    assert (dx[HOLES] != 0).all()
    for name, grad in grads.items():
        assert_array_equal(grads_changed[name], grad)


def test_a_mask_of_true_alone_changes_nothing(cell, problem, rng):
    masked = Masked(cell, np.ones((N, T), bool))
    x, params, state, dh, dstate = problem(cell, rng, N=N, T=T, D=D, H=H)
    h, tape = masked.forward(x, params, state)
    h_expected, tape_expected = cell.forward(x, params, state)
    assert_array_equal(h, h_expected)
    dx, dstate_0, grads = masked.backward(dh, tape, params, dstate)
    expected = cell.backward(dh, tape_expected, params, dstate)
    for array, wanted in zip(
        [dx, *dstate_0, *grads.values()],
        [expected[0], *expected[1], *expected[2].values()],
        strict=True,
    ):
        assert_array_equal(array, wanted)


def test_a_sequence_without_real_steps_is_zero_and_stays_so(cell, problem, rng):
    mask = masking.from_lengths([0, T, 2], T)
    x, params, _, dh, dstate = problem(cell, rng, N=N, T=T, D=D, H=H)
    h, tape = Masked(cell, mask).forward(x, params)
    dx, dstate_0, _ = Masked(cell, mask).backward(dh, tape, params, dstate)
    assert_array_equal(h[0], 0)
    assert_array_equal(dx[0], 0)
    for part, d_end, d_begin in zip(tape.state, dstate, dstate_0, strict=True):
        assert_array_equal(part[0], 0)
        assert_array_equal(d_begin[0], d_end[0])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_of_the_parameters_rules_and_no_input_is_written(cell, problem, rng, dtype):
    masked = Masked(cell, HOLES)
    x, params, state, dh, dstate = problem(cell, rng, N=N, T=T, D=D, H=H, dtype=dtype)
    for array in (x, *params.values(), *state, dh, *dstate):
        array.setflags(write=False)
    h, tape = masked.forward(x, params, state)
    dx, dstate_0, grads = masked.backward(dh, tape, params, dstate)
    again, _ = masked.forward(x, params)
    arrays = [h, again, *tape.state, dx, *dstate_0, *grads.values()]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}


def test_lengths_become_a_mask():
    assert masking.from_lengths([0, 2, 3], 3).astype(int).tolist() == [
        [0, 0, 0],
        [1, 1, 0],
        [1, 1, 1],
    ]
    for wrong in ([1.5, 2], [True, False], 3, [[1], [2]], []):
        with pytest.raises(ValueError, match=r"lengths must be integers \(N,\); got"):
            masking.from_lengths(wrong, 3)
    for wrong in (-1, 4):
        with pytest.raises(ValueError, match=rf"lengths must lie in 0\.\.3; got .*{wrong}"):
            masking.from_lengths([2, wrong], 3)


def test_a_batch_without_real_steps_is_an_error(cell, problem, rng):
    x, params, *_ = problem(cell, rng, N=N, T=T, D=D, H=H)
    with pytest.raises(ValueError, match="every step of every sequence is masked"):
        Masked(cell, np.zeros((N, T), bool)).forward(x, params)


@pytest.mark.parametrize("mask", [HOLES.astype(int), HOLES.astype(float), HOLES[0], HOLES[None]])
def test_a_mask_is_bool_with_two_axes(mask):
    with pytest.raises(ValueError, match=r"mask must be bool, \(N, T\); got"):
        Masked(rnn, mask)


@pytest.mark.parametrize("shape", [(N, T - 1, D), (N + 1, T, D), (T, N, D), (N, T)])
def test_inputs_must_fit_the_mask(cell, problem, rng, shape):
    _, params, *_ = problem(cell, rng, N=N, T=T, D=D, H=H)
    with pytest.raises(ValueError, match=r"mask's \(N, T\) = \(3, 6\); got"):
        Masked(cell, HOLES).forward(np.zeros(shape), params)


@pytest.mark.parametrize("rows", [1, N - 1, N + 1])
def test_gradients_and_states_must_fit_the_mask(cell, problem, rng, rows):
    masked = Masked(cell, HOLES)
    x, params, state, dh, _ = problem(cell, rng, N=N, T=T, D=D, H=H)
    _, tape = masked.forward(x, params)
    wrong = tuple(np.zeros((rows, H)) for _ in state)
    with pytest.raises(ValueError, match=r"the initial state must be a tuple of .* with N = 3"):
        masked.forward(x, params, wrong)
    with pytest.raises(ValueError, match=r"dstate must be a tuple of .* with N = 3"):
        masked.backward(dh, tape, params, wrong)
    with pytest.raises(ValueError, match=r"dh must have the \(N, T\) of x, \(3, 6\); got"):
        masked.backward(np.zeros((rows, T, H)), tape, params)


def test_an_embedding_goes_around_the_mask(problem, rng):
    ids = rng.integers(0, 5, (N, T))
    network = Embedded(Masked(rnn, HOLES), D)
    params = network.init_params(5, H, rng=rng)
    dh = rng.standard_normal((N, T, H))
    _, tape = network.forward(ids, params)
    grads = network.backward(dh, tape, params)[2]
    other = np.where(HOLES, ids, 4 - ids)
    _, tape = network.forward(other, params)
    assert_allclose(network.backward(dh, tape, params)[2]["W_e"], grads["W_e"], **CLOSE)
