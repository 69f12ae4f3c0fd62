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
    with torch.no_grad():  # a layer that was just made has its parameters in this order
        for weight, value in zip(module.parameters(), values, strict=True):
            if weight.shape != value.shape:
                raise ValueError(f"expected {tuple(weight.shape)} in a layer; got {value.shape}")
            weight.copy_(torch.from_numpy(np.ascontiguousarray(value)))
    return module


def from_torch(module):
    """The parameters of a layer of PyTorch under our names; `cell_of` names their cell.

    They are read by name, as the layer computes with them: pruned, normed or tied. Half precision
    becomes float32. Raises ValueError if the layer computes something that our cells do not.
    """
    return _read(_plain(module), _weight, gradient=False)


def gradients(module):
    """The gradients that `backward` left in a layer of PyTorch, under our names.

    Raises ValueError if a parameter has none, or shares one with another.
    """
    return _read(_plain(module), _gradient, gradient=True)


def cell_of(module):
    """The cell of ours that computes what a layer of PyTorch computes."""
    return _anatomy(_plain(module)).build()


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
    arrays = [_numpy(part) for part in parts]
    return tuple(part[i].copy() for i in range(len(arrays[0])) for part in arrays)


def _plain(module):
    """A layer without what torch.compile puts around it."""
    return getattr(module, "_orig_mod", module)


def _read(module, of, *, gradient):
    anatomy = _anatomy(module)
    cells = []
    for suffix in _suffixes(module):
        names = [f"{kind}_{suffix}" for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
        arrays = [_numpy(of(module, name)).T for name in names[: 4 if module.bias else 2]]
        if not module.bias:
            arrays += [*np.zeros((2, arrays[0].shape[1]), arrays[0].dtype)]
        cells.append(unpack(anatomy.cell, arrays, TORCH, gradient=gradient))
    width = len(anatomy.directions)
    return anatomy.join([cells[i : i + width] for i in range(0, len(cells), width)])


def _suffixes(module):
    """What the names of the parameters end in, lowest layer first, forward first."""
    ways = ("", "_reverse") if module.bidirectional else ("",)
    return [f"l{layer}{way}" for layer in range(module.num_layers) for way in ways]


def _weight(module, name):
    """A weight as the layer computes with it, where it is pruned, normed or made anew by a hook.

    Raises ValueError if it is no tensor, or if a hook makes it whose result cannot be asked for.
    """
    for hook in module._forward_pre_hooks.values():
        made = getattr(hook, "_tensor_name", getattr(hook, "name", None))
        if made == name and hasattr(hook, "apply_mask"):
            return hook.apply_mask(module).detach()
        if (
            made == name
            and hasattr(hook, "compute_weight")
            and not hasattr(hook, "n_power_iterations")
        ):
            return hook.compute_weight(module).detach()
        if made is None or made == name:
            raise ValueError(
                f"a forward hook, {type(hook).__name__}, may change {name} before it is used: "
                "remove the hook (with torch.nn.utils.remove_spectral_norm, for example) first"
            )
    value = getattr(module, name, None)
    if not hasattr(value, "detach"):
        raise ValueError(
            f"the layer has no {name}; it has {[n for n, _ in module.named_parameters()]}"
        )
    return value.detach()


def _gradient(module, name):
    weight = dict(module.named_parameters(remove_duplicate=False)).get(name)
    if weight is None:
        raise ValueError(
            f"{name} is not a parameter of its own but made of others, such as those of pruning or "
            "weight norm, which hold the gradient; make it one again first, as prune.remove does"
        )
    names = [n for n, p in module.named_parameters(remove_duplicate=False) if p is weight]
    if len(names) > 1:
        raise ValueError(
            f"{' and '.join(names)} are one parameter: its gradient is that of their sum"
        )
    if weight.grad is None:
        raise ValueError("a parameter has no gradient yet: call backward() on a loss first")
    return weight.grad


def _numpy(tensor):
    """A tensor as an array; half precision, in which our cells do not compute, as float32."""
    tensor = tensor.detach().cpu()
    return (tensor.float() if tensor.element_size() == 2 else tensor).numpy()


def _anatomy(module):
    torch = need("torch")
    cells = {getattr(torch.nn, name): cell for cell, name in TORCH.names.items()}
    kind = type(module)
    if torch.nn.utils.parametrize.is_parametrized(module):
        kind = kind.__mro__[1]  # a parametrized layer gets a class of its own
    if kind not in cells:
        raise ValueError(
            f"expected a torch.nn.RNN, LSTM or GRU; got {kind}{_advice(torch, module, cells)}"
        )
    if getattr(module, "nonlinearity", "tanh") != "tanh":
        raise ValueError(f"our rnn has a tanh, this layer {module.nonlinearity!r}")
    if getattr(module, "proj_size", 0):
        raise ValueError(f"our lstm has no projection, this layer proj_size={module.proj_size}")
    layers = module.num_layers if module.num_layers > 1 else None
    return Anatomy(cells[kind], layers, module.bidirectional)


def _advice(torch, module, cells):
    """What to give in the place of a module that is no layer."""
    if isinstance(module, tuple(cells)):
        return ", a subclass that may compute something else; give a layer of the class itself"
    if not isinstance(module, torch.nn.Module):
        return ""
    if hasattr(module, "original_name"):
        return f", a {module.original_name} in TorchScript; give the layer that it was made of"
    inside = [name for name, layer in module.named_modules() if type(layer) in cells]
    return f"; give a layer in it, such as its {inside[0]}" if inside else ""
