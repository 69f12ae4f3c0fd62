"""Layers, directions, masks and embeddings beside the modules of PyTorch."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from unrolled.engine import embedding, gru, lstm, masking, rnn
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
GATES = {rnn: "h", lstm: "ifgo", gru: "rzn"}  # in the order in which PyTorch stacks them
MODULES = {rnn: torch.nn.RNN, lstm: torch.nn.LSTM, gru: torch.nn.GRU}
SHAPES = [(1, False), (2, False), (3, False), (1, True), (2, True)]  # layers, both directions


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


class Twin:
    """The same network in PyTorch, with our parameters, and everything under our names."""

    def __init__(self, cell, layers, both, params, inputs=D):
        self.cell, self.params = cell, params
        stacked = [f"layer_{i}." for i in range(layers)] if layers > 1 else [""]
        ways = ["forward.", "backward."] if both else [""]
        self.prefixes = [layer + way for layer in stacked for way in ways]
        self.module = MODULES[cell](
            inputs, H, layers, bidirectional=both, batch_first=True, dtype=torch.float64
        )
        weights = iter(self.module.parameters())
        with torch.no_grad():
            for prefix in self.prefixes:
                for kind in ("W_x", "W_h", "b_"):
                    blocks = [params[prefix + kind + gate].T for gate in GATES[cell]]
                    next(weights).copy_(torch.from_numpy(np.concatenate(blocks)))
                second = next(weights).zero_()
                if cell is gru:
                    second[2 * H :] = torch.from_numpy(params[prefix + "b_hn"])

    def grads(self):
        found, weights = {}, iter(self.module.parameters())
        for prefix in self.prefixes:
            for kind in ("W_x", "W_h", "b_"):
                for gate, block in zip(GATES[self.cell], next(weights).grad.split(H), strict=True):
                    found[prefix + kind + gate] = block.T if kind != "b_" else block
            second = next(weights).grad
            if self.cell is gru:
                found[prefix + "b_hn"] = second[2 * H :]
        return found

    def pack(self, state):
        """Our tuple of (N, H) as h_n, or (h_n, c_n), each (layers * directions, N, H)."""
        kinds = [torch.stack(state[i :: len(self.cell.STATE)]) for i in range(len(self.cell.STATE))]
        return tuple(kinds) if self.cell is lstm else kinds[0]

    def unpack(self, state):
        kinds = state if self.cell is lstm else (state,)
        return [part for place in zip(*kinds, strict=True) for part in place]


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
    twin, x_torch, state_torch = Twin(cell, layers, both, params), leaf(x), [leaf(p) for p in state]
    if mask is None:
        h_torch, end = twin.module(x_torch, twin.pack(state_torch))
    else:
        packed = pack(x_torch, torch.tensor(lengths), batch_first=True, enforce_sorted=False)
        packed_h, end = twin.module(packed, twin.pack(state_torch))
        h_torch, _ = pad(packed_h, batch_first=True)
    end = twin.unpack(end)
    torch.autograd.backward([h_torch, *end], [torch.tensor(array) for array in (dh, *dstate)])

    h, tape = network.forward(x, params, state)
    dx, dstate_0, grads = network.backward(dh, tape, params, dstate)
    real = slice(None) if mask is None else mask
    assert_same({"h": h[real]}, {"h": h_torch[real]})
    assert_same(numbered(tape.state, "end"), numbered(end, "end"))
    assert_same({"dx": dx}, {"dx": x_torch.grad})
    assert_same(numbered(dstate_0, "start"), numbered([p.grad for p in state_torch], "start"))
    assert_same(grads, twin.grads())


@pytest.mark.parametrize("k", [1, 2, 3])
def test_truncation_of_a_stack_is_what_detach_does(cell, rng, k):
    network = Stack(cell, 2)
    x, params, state, dh, _ = draw(network, rng, H)
    twin, x_torch, state_torch = Twin(cell, 2, False, params), leaf(x), [leaf(p) for p in state]
    carried, loss = twin.pack(state_torch), 0
    for start in range(0, T, k):
        block = slice(start, start + k)
        h_block, carried = twin.module(x_torch[:, block], carried)
        loss = loss + (h_block * torch.tensor(dh[:, block])).sum()
        carried = twin.pack([part.detach() for part in twin.unpack(carried)])
    loss.backward()

    _, tape = network.forward(x, params, state)
    dx, dstate_0, grads = truncated_backward(dh, tape, params, cell=network, k1=k, k2=k)
    assert_same({"dx": dx}, {"dx": x_torch.grad})
    assert_same(numbered(dstate_0, "start"), numbered([p.grad for p in state_torch], "start"))
    assert_same(grads, twin.grads())


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
    table, twin = leaf(params["W_e"]), Twin(cell, 1, False, params)
    h_torch, end = twin.module(
        torch.nn.functional.embedding(torch.tensor(ids), table), twin.pack([leaf(p) for p in state])
    )
    h_torch.backward(torch.tensor(dh))

    h, tape = network.forward(ids, params, state)
    dx, _, grads = network.backward(dh, tape, params)
    assert dx is None
    assert_same({"h": h}, {"h": h_torch})
    assert_same(numbered(tape.state, "end"), numbered(twin.unpack(end), "end"))
    assert_same(grads, twin.grads() | {"W_e": table.grad})
