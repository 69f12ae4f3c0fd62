"""Our parameters as `torch.nn.RNN`, `LSTM` or `GRU`, and back. See chapter 13.

PyTorch stacks the gates i, f, g, o and r, z, n, stores the transposes of our matrices, and adds two
biases in every gate, since cuDNN does. Its GRU resets after the product, as ours.
"""

import numpy as np

from unrolled.engine.checks import check_parts

from . import need
from .layout import TORCH, Anatomy, pack, sizes, unpack


def to_torch(cell, params, *, device=None):
    """A layer of PyTorch that computes what `cell` computes with these parameters.

    Parameters
    ----------
    cell : module or object
        `rnn`, `lstm`, `gru`, `Bidirectional` of one of them, or a `Stack` of any of these.
    params : dict
        Our parameters; the layer copies them, in their dtype.
    device : str or torch.device, optional

    Returns
    -------
    torch.nn.RNN, LSTM or GRU
        With batch_first=True: called with x (N, T, D) it returns h (N, T, H) and the final states,
        which `from_torch_state` takes apart. A GRU's or RNN's state there is (layers, N, H).

    Raises
    ------
    ImportError
        If PyTorch is not installed.
    ValueError
        If PyTorch has no such layer, or a parameter is missing or does not fit.
    """
    torch = need("torch")
    anatomy = Anatomy.of(cell)
    layers = anatomy.split(params)
    D, H = sizes(anatomy.cell, layers[0][0])
    packed = [pack(anatomy.cell, own, TORCH) for layer in layers for own in layer]
    module = getattr(torch.nn, TORCH.names[anatomy.cell])(
        D,
        H,
        num_layers=len(layers),
        bidirectional=anatomy.bidirectional,
        batch_first=True,
        dtype=torch.from_numpy(packed[0][0]).dtype,
        device=device,
    )
    values = [array.T for own in packed for array in own]
    with torch.no_grad():
        for weight, value in zip(module.parameters(), values, strict=True):
            if weight.shape != value.shape:
                raise ValueError(f"expected {tuple(weight.shape)} in a layer; got {value.shape}")
            weight.copy_(torch.from_numpy(np.ascontiguousarray(value)))
    return module


def from_torch(module):
    """The parameters of a layer of PyTorch under our names; `cell_of` names their cell.

    Raises ValueError if the layer computes something that our cells do not.
    """
    return _read(module, lambda weight: weight.detach(), gradient=False)


def gradients(module):
    """The gradients that `backward` left in a layer of PyTorch, under our names.

    Raises ValueError if a parameter has none.
    """

    def of(weight):
        if weight.grad is None:
            raise ValueError("a parameter has no gradient yet: call backward() on a loss first")
        return weight.grad

    return _read(module, of, gradient=True)


def cell_of(module):
    """The cell of ours that computes what a layer of PyTorch computes."""
    return _anatomy(module).build()


def to_torch_state(cell, state, *, device=None):
    """Our state, a tuple, as PyTorch takes it: (layers, N, H), and a pair of them for an LSTM."""
    torch = need("torch")
    parts = len(Anatomy.of(cell).cell.STATE)
    check_parts("the state", state, len(cell.STATE), f" {cell.STATE}")
    stacked = [torch.from_numpy(np.stack(state[part::parts])).to(device) for part in range(parts)]
    return stacked[0] if parts == 1 else tuple(stacked)


def from_torch_state(state):
    """What PyTorch returns as the final state, as our tuple: lowest layer first, forward first."""
    parts = state if isinstance(state, tuple) else (state,)
    arrays = [part.detach().cpu().numpy() for part in parts]
    return tuple(part[i].copy() for i in range(len(arrays[0])) for part in arrays)


def _read(module, of, *, gradient):
    anatomy = _anatomy(module)
    arrays = [of(weight).cpu().numpy().T for weight in module.parameters()]
    size = 4 if module.bias else 2
    groups = [arrays[i : i + size] for i in range(0, len(arrays), size)]
    if not module.bias:
        groups = [[*group, *np.zeros((2, group[0].shape[1]), group[0].dtype)] for group in groups]
    cells = [unpack(anatomy.cell, group, TORCH, gradient=gradient) for group in groups]
    width = len(anatomy.directions)
    return anatomy.join([cells[i : i + width] for i in range(0, len(cells), width)])


def _anatomy(module):
    torch = need("torch")
    cells = {getattr(torch.nn, name): cell for cell, name in TORCH.names.items()}
    if type(module) not in cells:
        raise ValueError(f"expected a torch.nn.RNN, LSTM or GRU; got {type(module)}")
    if getattr(module, "nonlinearity", "tanh") != "tanh":
        raise ValueError(f"our rnn has a tanh, this layer {module.nonlinearity!r}")
    if getattr(module, "proj_size", 0):
        raise ValueError(f"our lstm has no projection, this layer proj_size={module.proj_size}")
    layers = module.num_layers if module.num_layers > 1 else None
    return Anatomy(cells[type(module)], layers, module.bidirectional)
