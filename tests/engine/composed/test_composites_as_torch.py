"""Layers, directions, masks and embeddings beside the modules of PyTorch."""

import pytest
from numpy.testing import assert_allclose, assert_array_equal
from unrolled.bridges.torch import from_torch_state, gradients, to_torch, to_torch_state
from unrolled.engine import embedding, lstm, masking
from unrolled.engine.bidirectional import Bidirectional
from unrolled.engine.bptt import truncated_backward
from unrolled.engine.embedding import Embedded
from unrolled.engine.masking import Masked
from unrolled.engine.stack import Stack

torch = pytest.importorskip("torch")
pack = torch.nn.utils.rnn.pack_padded_sequence
pad = torch.nn.utils.rnn.pad_packed_sequence

N, T, D, H = 4, 6, 3, 5
LENGTHS = [2, 6, 1, 4]
SHAPES = [(1, False), (2, False), (3, False), (1, True), (2, True)]  # layers, both directions


@pytest.fixture
def cell(torch_cell):
    return torch_cell


def leaf(array):
    return torch.tensor(array, requires_grad=True)


def assert_same(arrays, expected):
    assert arrays.keys() == expected.keys()
    for name, array in arrays.items():
        wanted = expected[name]
        wanted = wanted.detach().numpy() if torch.is_tensor(wanted) else wanted
        assert_allclose(array, wanted, rtol=1e-10, atol=1e-12, err_msg=name)


def build(cell, layers, both, mask=None):
    """The network in this package."""
    if both:
        cell = Bidirectional(cell, mask=mask)
    elif mask is not None:
        cell = Masked(cell, mask)
    return Stack(cell, layers) if layers > 1 else cell


def parts(state):
    return state if isinstance(state, tuple) else (state,)


def to_leaf(network, state):
    """Our state as PyTorch takes it, with gradients."""
    there = to_torch_state(network, state)
    for part in parts(there):
        part.requires_grad_()
    return there


def grads_of(state):
    return from_torch_state(tuple(part.grad for part in parts(state)))


def draw(network, rng, width):
    params = network.init_params(D, H, rng=rng)
    for value in params.values():
        value += 0.3 * rng.standard_normal(value.shape)
    state, dstate = (tuple(rng.standard_normal((N, H)) for _ in network.STATE) for _ in range(2))
    return rng.standard_normal((N, T, D)), params, state, rng.standard_normal((N, T, width)), dstate


def numbered(state, name):
    return {f"{name} {i}": part for i, part in enumerate(state)}


@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["whole", "padded"])
@pytest.mark.parametrize(("layers", "both"), SHAPES)
def test_same_states_and_gradients(cell, rng, layers, both, lengths):
    mask = None if lengths is None else masking.from_lengths(lengths, T)
    network = build(cell, layers, both, mask)
    x, params, state, dh, dstate = draw(network, rng, H * (1 + both))
    if mask is not None:
        dh[~mask] = 0  # PyTorch's output there is zero, ours the last one again
    whole = build(cell, layers, both)  # PyTorch has the mask in its inputs
    module, x_torch, state_torch = to_torch(whole, params), leaf(x), to_leaf(whole, state)
    if mask is None:
        h_torch, end = module(x_torch, state_torch)
    else:
        packed = pack(x_torch, torch.tensor(lengths), batch_first=True, enforce_sorted=False)
        packed_h, end = module(packed, state_torch)
        h_torch, _ = pad(packed_h, batch_first=True)
    from_outside = [torch.tensor(dh), *parts(to_torch_state(whole, dstate))]
    torch.autograd.backward([h_torch, *parts(end)], from_outside)

    h, tape = network.forward(x, params, state)
    dx, dstate_0, grads = network.backward(dh, tape, params, dstate)
    real = slice(None) if mask is None else mask
    assert_same({"h": h[real]}, {"h": h_torch[real]})
    assert_same(numbered(tape.state, "end"), numbered(from_torch_state(end), "end"))
    assert_same({"dx": dx}, {"dx": x_torch.grad})
    assert_same(numbered(dstate_0, "start"), numbered(grads_of(state_torch), "start"))
    assert_same(grads, gradients(module))


@pytest.mark.parametrize("k", [1, 2, 3])
def test_truncation_of_a_stack_is_what_detach_does(cell, rng, k):
    network = Stack(cell, 2)
    x, params, state, dh, _ = draw(network, rng, H)
    module, x_torch, state_torch = to_torch(network, params), leaf(x), to_leaf(network, state)
    carried, loss = state_torch, 0
    for start in range(0, T, k):
        block = slice(start, start + k)
        h_block, carried = module(x_torch[:, block], carried)
        loss = loss + (h_block * torch.tensor(dh[:, block])).sum()
        carried = tuple(c.detach() for c in carried) if cell is lstm else carried.detach()
    loss.backward()

    _, tape = network.forward(x, params, state)
    dx, dstate_0, grads = truncated_backward(dh, tape, params, cell=network, k1=k, k2=k)
    assert_same({"dx": dx}, {"dx": x_torch.grad})
    assert_same(numbered(dstate_0, "start"), numbered(grads_of(state_torch), "start"))
    assert_same(grads, gradients(module))


def test_same_embedding(rng):
    params = embedding.init_params(7, D, rng=rng)
    ids, dx = rng.integers(0, 5, (N, T)), rng.standard_normal((N, T, D))
    module = torch.nn.Embedding.from_pretrained(torch.tensor(params["W_e"]), freeze=False)
    x = module(torch.tensor(ids))
    x.backward(torch.tensor(dx))
    assert_array_equal(embedding.forward(ids, params), x.detach().numpy())
    assert_same(embedding.backward(dx, ids, params), {"W_e": module.weight.grad})


def test_same_cell_on_top_of_an_embedding(cell, rng):
    network, V = Embedded(cell, D), 7
    params = network.init_params(V, H, rng=rng)
    ids = rng.integers(0, V, (N, T))
    dh, state = (
        rng.standard_normal((N, T, H)),
        tuple(rng.standard_normal((N, H)) for _ in cell.STATE),
    )
    table, module = leaf(params["W_e"]), to_torch(cell, params)
    x = torch.nn.functional.embedding(torch.tensor(ids), table)
    h_torch, end = module(x, to_torch_state(cell, state))
    h_torch.backward(torch.tensor(dh))

    h, tape = network.forward(ids, params, state)
    dx, _, grads = network.backward(dh, tape, params)
    assert dx is None
    assert_same({"h": h}, {"h": h_torch})
    assert_same(numbered(tape.state, "end"), numbered(from_torch_state(end), "end"))
    assert_same(grads, gradients(module) | {"W_e": table.grad})
