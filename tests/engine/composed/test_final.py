import numpy as np
import pytest
from numpy.testing import assert_array_equal
from unrolled.engine import lstm, masking, rnn
from unrolled.engine.bidirectional import Bidirectional
from unrolled.engine.embedding import Embedded
from unrolled.engine.final import Final
from unrolled.engine.gradcheck import check_gradients
from unrolled.engine.masking import Masked
from unrolled.engine.stack import Stack

N, T, D, H = 2, 4, 3, 5
MASK = masking.from_lengths([2, 4], T)

# Each with the parts of its state that are read.
COMPOSITES = {
    "cell": (lambda cell: cell, ["h"]),
    "masked": (lambda cell: Masked(cell, MASK), ["h"]),
    "stack": (lambda cell: Stack(cell, 2), ["layer_1.h"]),
    "tall": (lambda cell: Stack(cell, 11), ["layer_10.h"]),
    "both": (Bidirectional, ["forward.h", "backward.h"]),
    "both-masked": (lambda cell: Bidirectional(cell, mask=MASK), ["forward.h", "backward.h"]),
    "stack-of-both": (
        lambda cell: Stack(Bidirectional(cell), 2),
        ["layer_1.forward.h", "layer_1.backward.h"],
    ),
    "both-stacks": (
        lambda cell: Bidirectional(Stack(cell, 2)),
        ["forward.layer_1.h", "backward.layer_1.h"],
    ),
}


@pytest.mark.parametrize("name", COMPOSITES)
def test_only_the_highest_hidden_states_at_the_end_are_read(cell, rng, name):
    build, parts = COMPOSITES[name]
    network = build(cell)
    params = network.init_params(D, H, rng=rng)
    x = rng.standard_normal((N, T, D))
    final, tape = Final(network).forward(x, params)
    _, inner = network.forward(x, params)
    read = [inner.state[network.STATE.index(part)] for part in parts]
    assert_array_equal(final, np.concatenate(read, axis=1)[:, None])
    for part, expected in zip(tape.state, inner.state, strict=True):
        assert_array_equal(part, expected)


@pytest.mark.parametrize("name", [name for name in COMPOSITES if name != "tall"])
def test_backward_matches_central_differences(cell, name):
    build, _ = COMPOSITES[name]
    report = check_gradients(
        Final(build(cell)), N=N, T=T, D=2, H=2, seed=3, eps=1e-5, tolerance=1e-5
    )
    assert report.ok, report


def test_each_padded_sequence_ends_at_its_own_last_step(cell, problem, rng):
    x, params, *_ = problem(cell, rng, N=N, T=T, D=D, H=H)
    final, _ = Final(Masked(cell, MASK)).forward(x, params)
    h, _ = cell.forward(x, params)
    np.testing.assert_allclose(final[:, 0], h[[0, 1], [1, 3]], rtol=1e-12)


def test_both_directions_have_read_everything(cell, rng):
    network = Bidirectional(cell)
    params = network.init_params(D, H, rng=rng)
    x = rng.standard_normal((N, T, D))
    h, _ = network.forward(x, params)
    final, _ = Final(network).forward(x, params)
    assert_array_equal(final[:, 0, :H], h[:, -1, :H])
    assert_array_equal(final[:, 0, H:], h[:, 0, H:])


def test_an_embedding_may_stand_inside_or_outside(cell, rng):
    inside, outside = Final(Embedded(cell, D)), Embedded(Final(cell), D)
    params = inside.init_params(7, H, rng=rng)
    ids, dh = rng.integers(0, 7, (N, T)), rng.standard_normal((N, 1, H))
    results = []
    for network in (inside, outside):
        h, tape = network.forward(ids, params)
        results.append([h, *network.backward(dh, tape, params)[2].values()])
    for array, expected in zip(*results, strict=True):
        assert_array_equal(array, expected)


def test_no_gradient_that_is_passed_in_is_written(problem, rng):
    final = Final(lstm)
    x, params, state, dh, dstate = problem(final, rng, N=N, T=T, D=D, H=H)
    for array in (x, *params.values(), *state, dh, *dstate):
        array.setflags(write=False)
    _, tape = final.forward(x, params, state)
    final.backward(dh[:, :1], tape, params, dstate)


@pytest.mark.parametrize("shape", [(N, T, H), (N, H), (N, 1, 2 * H), (1, 1, H)])
def test_there_is_one_step_to_send_a_gradient_to(problem, rng, shape):
    x, params, *_ = problem(rnn, rng, N=N, T=T, D=D, H=H)
    _, tape = Final(rnn).forward(x, params)
    with pytest.raises(ValueError, match=r"dh must have the shape .* = \(2, 1, 5\); got"):
        Final(rnn).backward(np.zeros(shape), tape, params)
