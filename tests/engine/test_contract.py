"""What cells promise is true, and two cells that nobody thought of fit wherever cells go."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from unrolled.engine import contract, dense, dropout, losses, masking
from unrolled.engine.around import SIDES, Around
from unrolled.engine.bidirectional import Bidirectional
from unrolled.engine.both_ways import BothWays
from unrolled.engine.bptt import truncated_backward
from unrolled.engine.cells import gru, linear, lru, lstm, mingru, rnn
from unrolled.engine.embedding import Embedded
from unrolled.engine.final import Final
from unrolled.engine.gradcheck import check_gradients
from unrolled.engine.masking import Masked
from unrolled.engine.optimizers import Adam
from unrolled.engine.recurrent_dropout import DroppedLSTM
from unrolled.engine.stack import Stack
from unrolled.engine.training import evaluate, train_on_stream

from .plain_cells import Memory, Turning

N, T, D, H = 2, 4, 3, 2
MASK = masking.from_lengths([2, T], T)
CLOSE = {"rtol": 1e-10, "atol": 1e-12}

CELLS = {"turning": Turning(), "memory": Memory()}
ENGINE = [rnn, lstm, gru, linear, lru, mingru]
WHOLE = {
    "cell": lambda cell: cell,
    "stack": lambda cell: Stack(cell, 2),
    "both": Bidirectional,
    "stack of both": lambda cell: Stack(Bidirectional(cell), 2),
    "both of stacks": lambda cell: Bidirectional(Stack(cell, 2)),
    "both of both": lambda cell: Bidirectional(Bidirectional(cell)),
    "half each way": BothWays,
}
ENDLESS = {f"around, {side}": lambda cell, side=side: Around(cell, side) for side in SIDES}
ENDLESS["around a stack"] = lambda cell: Around(Stack(cell, 2))
PADDED = {
    "masked": lambda cell: Masked(cell, MASK),
    "both, masked": lambda cell: Bidirectional(cell, mask=MASK),
    "stack of masked": lambda cell: Stack(Masked(cell, MASK), 2),
    "masked stack": lambda cell: Masked(Stack(cell, 2), MASK),
}
ENDING, UNMASKED, ALL = WHOLE | PADDED, WHOLE | ENDLESS, WHOLE | ENDLESS | PADDED
each_cell = pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
every_cell = pytest.mark.parametrize("cell", [*CELLS.values(), *ENGINE])


def drawn(network, rng, T=T):
    return network.init_params(D, H, rng=rng), rng.standard_normal((N, T, D))


@each_cell
@pytest.mark.parametrize("name", ALL)
def test_gradients_of_every_composite_match_central_differences(cell, name):
    report = check_gradients(ALL[name](cell), N=N, T=T, D=D, H=H)
    assert report.ok, report


@each_cell
@pytest.mark.parametrize("name", ENDING)
def test_so_do_those_of_its_end(cell, name):
    report = check_gradients(Final(ENDING[name](cell)), N=N, T=T, D=D, H=H)
    assert report.ok, report


@every_cell
@pytest.mark.parametrize("name", ALL)
def test_outputs_are_as_wide_as_they_are_said_to_be(cell, rng, name):
    network = ALL[name](cell)
    params, x = drawn(network, rng)
    assert network.forward(x, params)[0].shape == (N, T, contract.width(network, H))
    assert contract.width(Embedded(network, D), H) == contract.width(network, H)


@every_cell
@pytest.mark.parametrize("name", UNMASKED)
def test_a_state_carries_exactly_where_two_halves_are_the_whole(cell, rng, name):
    network = UNMASKED[name](cell)
    params, x = drawn(network, rng)
    h, tape = network.forward(x, params)
    first, halfway = network.forward(x[:, :2], params)
    second, end = network.forward(x[:, 2:], params, halfway.state)
    same = np.allclose(np.concatenate([first, second], axis=1), h)
    assert contract.carries(network) == same
    if same:
        for part, expected in zip(end.state, tape.state, strict=True):
            assert_allclose(part, expected, **CLOSE)


@every_cell
@pytest.mark.parametrize("name", UNMASKED)
def test_every_share_of_the_outputs_has_read_everything_at_its_end(cell, rng, name):
    network = UNMASKED[name](cell)
    params, x = drawn(network, rng)
    h, _ = network.forward(x, params)
    ends = contract.of(network).ENDS
    assert bool(ends) == (name in WHOLE)
    for t in range(T if ends else 0):
        changed = network.forward(x + (np.arange(T) == t)[None, :, None], params)[0] - h
        for share, end in zip(np.split(changed, len(ends), axis=2), ends, strict=True):
            assert np.abs(share[:, end]).max(axis=1).min() > 1e-9


@each_cell
@pytest.mark.parametrize("name", ["cell", "both"])
def test_an_embedding_is_a_product_with_ones_and_zeros(cell, rng, name):
    inner = UNMASKED[name](cell)
    network, ids = Embedded(inner, D), rng.integers(0, 5, (N, T))
    params = network.init_params(5, H, rng=rng)
    onehot = np.eye(5)[ids]
    h, tape = network.forward(ids, params)
    known, own = inner.forward(onehot @ params["W_e"], params)
    assert_allclose(h, known, **CLOSE)
    dh = rng.standard_normal(h.shape)
    dx, _, grads = inner.backward(dh, own, {n: v for n, v in params.items() if n != "W_e"})
    found = network.backward(dh, tape, {n: v for n, v in params.items()})[2]
    assert_allclose(found["W_e"], np.einsum("ntv,ntd->vd", onehot, dx), **CLOSE)
    for name, grad in grads.items():
        assert_allclose(found[name], grad, err_msg=name, **CLOSE)


@each_cell
@pytest.mark.parametrize("name", ["cell", "stack"])
def test_truncation_cuts_into_blocks_that_hand_on_their_state(cell, rng, name):
    network = UNMASKED[name](cell)
    params, x = drawn(network, rng, T=6)
    h, tape = network.forward(x, params)
    dh, state, total = rng.standard_normal(h.shape), None, dict.fromkeys(params, 0)
    dx, _, grads = truncated_backward(dh, tape, params, cell=network, k1=2, k2=2)
    for start in range(0, 6, 2):
        block = slice(start, start + 2)
        _, own = network.forward(x[:, block], params, state)
        dx_own, _, more = network.backward(dh[:, block], own, params)
        assert_allclose(dx[:, block], dx_own, **CLOSE)
        total, state = {n: total[n] + grad for n, grad in more.items()}, own.state
    whole = network.backward(dh, tape, params)
    for name, grad in total.items():
        assert_allclose(grads[name], grad, err_msg=name, **CLOSE)
        full = truncated_backward(dh, tape, params, cell=network, k1=1, k2=6)[2]
        assert_allclose(full[name], whole[2][name], err_msg=name, **CLOSE)


@each_cell
@pytest.mark.parametrize("name", ["cell", "stack"])
def test_a_stream_is_learned_in_blocks_that_hand_on_their_state(cell, name):
    network, rng = UNMASKED[name](cell), np.random.default_rng(0)
    params = network.init_params(1, 6, rng=rng, dtype=np.float32)
    params |= dense.init_params(contract.width(network, 6), 1, rng=rng, dtype=np.float32)
    x = rng.standard_normal((4, 120, 1)).astype(np.float32)
    targets = np.concatenate([0 * x[:, :3], x[:, :-3]], axis=1)  # farther back than a block
    how = {"cell": network, "loss": losses.mean_squared_error}
    if isinstance(cell, Memory):  # what it shows is a product of two inputs
        targets = targets * x
    before = evaluate(x, targets, params, **how)
    assert evaluate(x, targets, params, k=2, **how) == pytest.approx(before, rel=1e-4)
    train_on_stream(x, targets, params, optimizer=Adam(0.01), k=4, epochs=30, **how)
    assert evaluate(x, targets, params, **how) < 0.5 * before


def dropped():
    return DroppedLSTM("c", 0.5, fresh=True, rng=np.random.default_rng(7))


@pytest.mark.parametrize(
    ("outer", "inner"),
    [
        (lambda cell: Masked(cell, MASK), Around(rnn, "left")),
        (lambda cell: Masked(cell, MASK), Masked(rnn, MASK)),
        (lambda cell: Masked(cell, MASK), Stack(Masked(rnn, MASK), 2)),
        (lambda cell: Masked(cell, MASK), dropped()),
        (Around, Masked(rnn, MASK)),
        (Around, Around(rnn)),
        (Around, Stack(Around(rnn), 2)),
    ],
)
def test_what_would_be_wrong_without_a_word_is_refused(outer, inner):
    with pytest.raises(ValueError, match="a mask goes inside"):
        outer(inner)


@pytest.mark.parametrize("sides", SIDES)
def test_what_leaves_out_its_own_step_has_no_end(sides):
    with pytest.raises(ValueError, match="Around never do"):
        Final(Embedded(Around(rnn, sides), 3))


def test_traits_go_through_all_that_is_around():
    drop = dropout.locked(0.5, np.random.default_rng(7))
    for cell, name in (
        (Stack(rnn, 2, drop=drop), "DROPS"), (dropped(), "DROPS"), (Masked(rnn, MASK), "MASKED"),
        (Bidirectional(rnn, mask=MASK), "MASKED"),
    ):  # fmt: skip
        for around in (cell, Stack(cell, 2), Final(Embedded(cell, 3))):
            assert getattr(contract.of(around), name)
        assert not getattr(contract.of(Stack(rnn, 2)), name)
    assert contract.of("no cell") == contract.Traits()
