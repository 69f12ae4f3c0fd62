"""Whatever the schedule, the gradient is that of the cell's own `backward`."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from unrolled.analysis.cost import peak_memory
from unrolled.engine import recompute, rnn
from unrolled.engine.bidirectional import Bidirectional
from unrolled.engine.dropout import locked
from unrolled.engine.final import Final
from unrolled.engine.masking import Masked
from unrolled.engine.schedules import binomial, halving, segments
from unrolled.engine.stack import Stack

SCHEDULES = {
    "segments": lambda T: segments(T),
    "segments of 2": lambda T: segments(T, min(2, T)),
    "one segment": lambda T: segments(T, T),
    "halving": halving,
    "binomial 1": lambda T: binomial(T, 1),
    "binomial 3": lambda T: binomial(T, 3),
    "binomial 4, blocks of 3": lambda T: binomial(T, 4, block=3),
}
schedules = pytest.mark.parametrize("name", SCHEDULES)


def assert_same(result, expected):
    assert result[2].keys() == expected[2].keys()
    for found, right in (
        (result[0], expected[0]),
        *zip(result[1], expected[1], strict=True),
        *((result[2][name], expected[2][name]) for name in expected[2]),
    ):
        assert found.dtype == right.dtype
        assert_allclose(found, right, rtol=1e-11, atol=1e-12)


@schedules
def test_it_is_the_backward_of_every_cell(cell, problem, rng, name):
    x, params, state, dh, dstate = problem(cell, rng, T=11)
    expected = cell.backward(dh, cell.forward(x, params, state)[1], params, dstate)
    how = {"cell": cell, "schedule": SCHEDULES[name](11), "state": state, "dstate": dstate}
    assert_same(recompute.backward(x, dh, params, **how), expected)
    assert_same(
        recompute.backward(x, lambda start, stop: dh[:, start:stop], params, **how), expected
    )
    dx, *others = recompute.backward(x, dh, params, need_dx=False, **how)
    assert dx is None
    assert_same((expected[0], *others), expected)


@schedules
def test_it_is_the_backward_of_a_stack(cell, problem, rng, name):
    stack = Stack(cell, 2)
    x, params, state, dh, dstate = problem(stack, rng, T=9)
    expected = stack.backward(dh, stack.forward(x, params, state)[1], params, dstate)
    how = {"cell": stack, "schedule": SCHEDULES[name](9), "state": state, "dstate": dstate}
    assert_same(recompute.backward(x, dh, params, **how), expected)


@schedules
def test_it_is_the_backward_of_a_masked_cell_asked_at_its_real_steps(cell, problem, rng, name):
    x, params, state, dh, dstate = problem(cell, rng, T=9)
    mask = np.ones((2, 9), bool)
    mask[0, [0, 3, 4, 8]] = mask[1, [2, 7]] = False
    dh *= mask[:, :, None]
    masked = Masked(cell, mask)
    expected = masked.backward(dh, masked.forward(x, params, state)[1], params, dstate)
    how = {"schedule": SCHEDULES[name](9), "state": state, "dstate": dstate}
    found = recompute.backward(
        x, dh, params, cell=lambda start, stop: Masked(cell, mask[:, start:stop]), **how
    )
    assert_same(found, expected)


def test_without_a_state_it_starts_from_zero(cell, problem, rng):
    x, params, _, dh, _ = problem(cell, rng, T=6)
    expected = cell.backward(dh, cell.forward(x, params)[1], params)
    assert_same(recompute.backward(x, dh, params, cell=cell, schedule=binomial(6, 2)), expected)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_of_the_parameters_rules(problem, rng, dtype):
    x, params, state, dh, _ = problem(rnn, rng, T=7, dtype=dtype)
    dx, dstate, grads = recompute.backward(
        x, dh, params, cell=rnn, schedule=halving(7), state=state
    )
    assert {array.dtype for array in (dx, *dstate, *grads.values())} == {np.dtype(dtype)}


def test_it_writes_into_none_of_its_inputs(problem, rng):
    x, params, state, dh, dstate = problem(rnn, rng, T=7)
    for array in (x, dh, *params.values(), *state, *dstate):
        array.setflags(write=False)
    how = {"cell": rnn, "schedule": segments(7), "state": state, "dstate": dstate}
    recompute.backward(x, dh, params, **how)


@pytest.mark.parametrize(
    ("schedule", "states"),
    [(segments(1024), 64), (binomial(1024, 8), 8 + 16), (halving(1024), 11 + 16)],
    ids=["segments", "binomial", "halving"],
)
def test_the_peak_is_that_of_the_kept_states_and_not_of_the_sequence(rng, schedule, states):
    params, x = rnn.init_params(8, 16, rng=rng), rng.standard_normal((16, 1024, 8))
    ones = np.ones((16, 32, 16))

    def run():
        recompute.backward(
            x, lambda start, stop: ones[:, : stop - start], params,
            cell=rnn, schedule=schedule, need_dx=False,
        )  # fmt: skip

    state, size = 16 * 16 * 8, sum(value.nbytes for value in params.values())
    assert peak_memory(run) < 2.5 * states * state + 3 * size < 0.2 * 1024 * state


def test_what_does_not_fit_is_refused(problem, rng):
    x, params, _, dh, _ = problem(rnn, rng, T=6)
    with pytest.raises(ValueError, match="the schedule reverses 5 steps but x has 6"):
        recompute.backward(x, dh, params, cell=rnn, schedule=halving(5))
    with pytest.raises(ValueError, match="dh has 5 steps but x has 6"):
        recompute.backward(x, dh[:, :5], params, cell=rnn, schedule=halving(6))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda rng: Bidirectional(rnn), "reads forward"),
        (lambda rng: Final(rnn), "an output per step"),
        (lambda rng: Stack(rnn, 2, drop=locked(0.5, rng)), "another dropout mask"),
    ],
    ids=["bidirectional", "final", "dropout"],
)
def test_what_would_not_run_the_same_again_is_refused(problem, rng, make, message):
    cell = make(rng)
    params = cell.init_params(3, 4, rng=rng)
    with pytest.raises(ValueError, match=message):
        recompute.backward(
            rng.standard_normal((2, 6, 3)), np.zeros((2, 6, 4)), params,
            cell=cell, schedule=halving(6),
        )  # fmt: skip
