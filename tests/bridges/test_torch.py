"""Everything that comes out of our networks, beside PyTorch with the same weights."""

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from unrolled.bridges.torch import from_torch_state, gradients, to_torch, to_torch_state
from unrolled.engine.masking import from_lengths

torch = pytest.importorskip("torch")
pack = torch.nn.utils.rnn.pack_padded_sequence
unpack = torch.nn.utils.rnn.pad_packed_sequence

# The first example is plain enough: there is nothing to gain from shrinking another.
FEW = settings(deadline=None, derandomize=True, max_examples=3, phases=[Phase.generate])
SIZES = st.fixed_dictionaries(  # the first of each makes the first example
    {
        "N": st.sampled_from([2, 1, 3, 4]),
        "T": st.sampled_from([5, 1, 2, 3, 6]),
        "D": st.sampled_from([3, 1, 2, 4, 5]),
        "H": st.sampled_from([4, 2, 3, 5, 6]),
        "seed": st.integers(0, 999),
    }
)
DTYPES = [np.float64, np.float32]


def parts(state):
    return state if isinstance(state, tuple) else (state,)


def theirs(cell, problem, lengths=None):
    """The problem solved by PyTorch, with the names of the fixture `ours`."""
    module = to_torch(cell, problem.params)
    x = torch.tensor(problem.x, requires_grad=True)
    start = to_torch_state(cell, problem.state)
    for part in parts(start):
        part.requires_grad_()
    if lengths is None:
        h, end = module(x, start)
    else:
        packed = pack(x, torch.tensor(lengths), batch_first=True, enforce_sorted=False)
        h, end = module(packed, start)
        h, _ = unpack(h, batch_first=True, total_length=x.shape[1])
    outside = [torch.tensor(problem.dh), *parts(to_torch_state(cell, problem.dstate))]
    torch.autograd.backward([h, *parts(end)], outside)
    found = {"h": h.detach().numpy(), "dx": x.grad.numpy()}
    found |= {f"end {i}": part for i, part in enumerate(from_torch_state(end))}
    dstart = from_torch_state(tuple(part.grad for part in parts(start)))
    found |= {f"d start {i}": part for i, part in enumerate(dstart)}
    return found | gradients(module)


@pytest.mark.parametrize("dtype", DTYPES)
@FEW
@given(sizes=SIZES)
def test_same_states_and_gradients(network, draw, ours, assert_close, sizes, dtype):
    cell = network.build()
    problem = draw(cell, **sizes, dtype=dtype)
    assert_close(ours(cell, problem), theirs(cell, problem))


@FEW
@given(sizes=SIZES, dtype=st.sampled_from(DTYPES))
def test_same_states_and_gradients_of_padded_sequences(
    network, draw, draw_mask, ours, assert_close, sizes, dtype
):
    mask = draw_mask(sizes["N"], sizes["T"], sizes["seed"])
    problem = draw(network.build(), **sizes, dtype=dtype)
    problem.dh[~mask] = 0  # PyTorch has no outputs there
    found = ours(network.build(mask), problem)

    lengths, real = mask.sum(axis=1), mask[:, :, None]
    in_front = np.argsort(~mask, axis=1, kind="stable")[:, :, None]  # PyTorch pads only behind
    moved = problem._replace(
        x=np.take_along_axis(problem.x, in_front, axis=1),
        dh=np.take_along_axis(problem.dh, in_front, axis=1),
    )
    expected = theirs(network.build(), moved, lengths)
    found |= {
        name: np.take_along_axis(np.where(real, found[name], 0), in_front, axis=1)
        for name in ("h", "dx")
    }
    assert_close(found, expected)
    assert not expected["h"][~from_lengths(lengths, sizes["T"])].any()


def test_a_layer_without_a_state_starts_from_zeros(network, draw):
    cell = network.build()
    problem = draw(cell)
    h, tape = cell.forward(problem.x, problem.params)
    h_torch, end = to_torch(cell, problem.params)(torch.tensor(problem.x))
    np.testing.assert_allclose(h, h_torch.detach().numpy(), rtol=1e-10, atol=1e-12)
    for part, other in zip(tape.state, from_torch_state(end), strict=True):
        np.testing.assert_allclose(part, other, rtol=1e-10, atol=1e-12)
