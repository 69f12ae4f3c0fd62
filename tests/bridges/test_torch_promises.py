"""What goes to PyTorch comes back as it was, and what PyTorch cannot hold is refused."""

import numpy as np
import pytest
from unrolled.bridges.torch import (
    cell_of,
    from_torch,
    from_torch_state,
    gradients,
    to_torch,
    to_torch_state,
)
from unrolled.engine import gru, lstm, rnn
from unrolled.engine.bidirectional import Bidirectional
from unrolled.engine.embedding import Embedded
from unrolled.engine.final import Final
from unrolled.engine.masking import Masked
from unrolled.engine.stack import Stack

torch = pytest.importorskip("torch")
nn = torch.nn

MASK = np.ones((2, 5), bool)


def parts(state):
    return state if isinstance(state, tuple) else (state,)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_parameters_come_back_bit_for_bit(network, draw, assert_equal, dtype):
    cell = network.build()
    params = draw(cell, dtype=dtype).params
    assert_equal(from_torch(to_torch(cell, params)), params)


def test_a_stack_of_one_layer_comes_back_as_the_layer(cell, draw, assert_equal):
    params = draw(Stack(cell, 1)).params
    module = to_torch(Stack(cell, 1), params)
    assert_equal(from_torch(module), {n.removeprefix("layer_0."): v for n, v in params.items()})
    assert cell_of(module) is cell


@pytest.mark.parametrize("bias", [True, False], ids=["two biases", "no bias"])
def test_a_fresh_layer_of_torch_becomes_ours(network, assert_equal, bias):
    torch.manual_seed(7)
    settings = {"num_layers": network.layers or 1, "bidirectional": network.both, "bias": bias}
    kind = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
    name = network.cell.__name__.split(".")[-1]
    module = kind[name](3, 4, **settings, batch_first=True, dtype=torch.float64)
    x = torch.randn(2, 5, 3, dtype=torch.float64)
    h_torch, _ = module(x)
    h_torch.square().sum().backward()

    cell, params = cell_of(module), from_torch(module)
    assert cell.STATE == network.build().STATE
    h, tape = cell.forward(x.numpy(), params)
    np.testing.assert_allclose(h, h_torch.detach().numpy(), rtol=1e-10, atol=1e-12)
    _, _, grads = cell.backward(2 * h, tape, params)
    found = gradients(module)
    assert found.keys() == params.keys() == grads.keys()
    for name, grad in grads.items():
        if name.split(".")[-1].startswith("b_") and not bias:
            grad = 0 * grad
        np.testing.assert_allclose(found[name], grad, rtol=1e-9, atol=1e-11, err_msg=name)
    assert_equal(from_torch(to_torch(cell, params)), params)


def test_a_layer_without_biases_has_ours_at_zero(cell):
    params = from_torch({rnn: nn.RNN, lstm: nn.LSTM, gru: nn.GRU}[cell](3, 4, bias=False))
    assert {value.dtype for value in params.values()} == {np.dtype(np.float32)}
    assert not any(params[name].any() for name in params if name.startswith("b_"))


def test_states_go_there_and_back(network, draw):
    cell = network.build()
    state = draw(cell, dtype=np.float32).state
    there = to_torch_state(cell, state)
    places = (network.layers or 1) * (1 + network.both)
    assert [tuple(part.shape) for part in parts(there)] == [(places, 2, 4)] * len(parts(there))
    back = from_torch_state(there)
    assert [part.dtype for part in back] == [np.float32] * len(state)
    for part in parts(there):
        part.zero_()
    for part, other in zip(back, state, strict=True):
        np.testing.assert_array_equal(part, other)


def test_parameters_are_copied(network, draw, assert_equal):
    cell = network.build()
    params = draw(cell).params
    kept = {name: value.copy() for name, value in params.items()}
    module = to_torch(cell, params)
    for value in params.values():
        value += 1
    back = from_torch(module)
    assert_equal(back, kept)
    with torch.no_grad():
        for weight in module.parameters():
            weight += 1
    assert_equal(back, kept)


def test_gradients_are_copied(cell, draw):
    problem = draw(cell)
    module = to_torch(cell, problem.params)
    module(torch.tensor(problem.x))[0].sum().backward()
    grads = gradients(module)
    kept = {name: value.copy() for name, value in grads.items()}
    module.zero_grad(set_to_none=False)
    for name, grad in grads.items():
        np.testing.assert_array_equal(grad, kept[name])


def test_views_and_read_only_parameters_are_carried(cell, draw, assert_equal):
    params = draw(cell).params
    views = {name: np.repeat(value.T, 2, axis=0)[::2].T for name, value in params.items()}
    assert not any(view.flags.c_contiguous for view in views.values())
    for view in views.values():
        view.flags.writeable = False
    assert_equal(from_torch(to_torch(cell, views)), params)


def test_a_readout_beside_the_parameters_is_left_alone(draw, assert_equal):
    params = draw(gru).params
    assert_equal(from_torch(to_torch(gru, params | {"W_hy": np.ones((4, 6))})), params)


def test_wrong_shapes_are_named(draw, wrong_shape):
    name, shape, complaint = wrong_shape
    with pytest.raises(ValueError, match=complaint):
        to_torch(gru, draw(gru).params | {name: np.ones(shape)})


@pytest.mark.parametrize("name", ["W_xr", "W_hz", "b_n", "b_hn"])
def test_missing_parameters_are_named(draw, name):
    params = draw(gru).params
    del params[name]
    with pytest.raises(ValueError, match=f"params has no {name}; it has"):
        to_torch(gru, params)


def test_layers_of_different_width_are_refused(draw):
    lower, upper = draw(Stack(gru, 1)).params, draw(Stack(gru, 1), D=4, H=5).params
    params = lower | {name.replace("layer_0", "layer_1"): v for name, v in upper.items()}
    with pytest.raises(ValueError, match=r"expected \(12, 4\) in a layer; got \(15, 4\)"):
        to_torch(Stack(gru, 2), params)


@pytest.mark.parametrize(
    "cell",
    [Embedded(gru, 3), Final(gru), Bidirectional(Stack(gru, 2)), "gru", None],
    ids=["embedded", "final", "stack inside", "text", "none"],
)
def test_foreign_cells_are_refused(draw, cell):
    with pytest.raises(ValueError, match=r"a bridge carries rnn, lstm and gru.*; got"):
        to_torch(cell, draw(gru).params)


@pytest.mark.parametrize(
    "cell",
    [Masked(gru, MASK), Bidirectional(gru, mask=MASK), Stack(gru, 2, drop=lambda *_: 1)],
    ids=["masked", "both ways masked", "dropout"],
)
def test_masks_and_dropout_are_not_lost_in_silence(draw, cell):
    with pytest.raises(ValueError, match="carries no mask and no dropout"):
        to_torch(cell, draw(cell).params)


@pytest.mark.parametrize(
    ("module", "complaint"),
    [
        (nn.RNN(3, 4, nonlinearity="relu"), "our rnn has a tanh, this layer 'relu'"),
        (nn.LSTM(3, 4, proj_size=2), "our lstm has no projection, this layer proj_size=2"),
        (nn.GRUCell(3, 4), "expected a torch.nn.RNN, LSTM or GRU; got .*GRUCell"),
        (nn.Linear(3, 4), "expected a torch.nn.RNN, LSTM or GRU; got .*Linear"),
        (None, "expected a torch.nn.RNN, LSTM or GRU; got .*None"),
    ],
    ids=["relu", "projection", "one step", "linear", "none"],
)
@pytest.mark.parametrize("read", [from_torch, gradients, cell_of])
def test_layers_that_are_not_ours_are_refused(module, complaint, read):
    with pytest.raises(ValueError, match=complaint):
        read(module)


def test_gradients_wait_for_backward(cell, draw):
    with pytest.raises(ValueError, match=r"no gradient yet: call backward\(\) on a loss first"):
        gradients(to_torch(cell, draw(cell).params))


def test_states_of_another_cell_are_refused(draw):
    state = draw(lstm).state
    with pytest.raises(ValueError, match=r"a tuple of 1 array\(s\) \('h',\); got 2"):
        to_torch_state(gru, state)
    with pytest.raises(ValueError, match=r"a tuple of 4 array\(s\) .*layer_1.c.*; got 2"):
        to_torch_state(Stack(lstm, 2), state)
