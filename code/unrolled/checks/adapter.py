"""One way to call any model: a NumPy array goes in, a NumPy array comes out.

Neither library is imported here. Whoever hands in a module of PyTorch or a layer of Keras has
imported it already.
"""

import sys
from contextlib import contextmanager

import numpy as np


def library_of(model):
    """ "torch" for a PyTorch module, "keras" for a layer or model of Keras, else ""."""
    torch, keras = sys.modules.get("torch"), sys.modules.get("keras")
    if torch is not None and isinstance(model, torch.nn.Module):
        return "torch"
    if keras is not None and isinstance(model, keras.layers.Layer):
        return "keras"
    return ""


def as_function(model, *, training=False):
    """A model as a function from NumPy arrays to one NumPy array.

    Parameters
    ----------
    model : torch.nn.Module, keras layer or model, or a function
        A PyTorch module is called in evaluation mode without gradients, and left in the mode in
        which it came; its input takes the dtype and device of its weights. If a model returns
        several things, such as (output, h_n), the first is its answer; wrap it in a function to
        choose another. A function may return any kind of tensor.
    training : bool
        Whether a module or layer is called as in training, with dropout.

    Raises
    ------
    ValueError
        If the model cannot be called, or when it returns something that is no array of numbers.
    """
    library = library_of(model)
    if library == "torch":
        return _of_torch(model, training)
    if library == "keras":
        return lambda *inputs: as_array(model(*inputs, training=training))
    if not callable(model):
        raise ValueError(
            "a model is a function of x, a PyTorch module or a Keras model; for a cell of the "
            f"engine write lambda x: cell.forward(x, params)[0]; got {model!r}"
        )
    return lambda *inputs: as_array(model(*inputs))


def _of_torch(model, training):
    def run(x, *more):
        with mode(model, training) as torch:
            return as_array(model(as_tensor(x, model), *map(torch.tensor, more)))

    return run


@contextmanager
def mode(model, training):
    """A PyTorch module in training or evaluation mode, without gradients; then as it came."""
    torch = sys.modules["torch"]
    before = [(module, module.training) for module in model.modules()]
    model.train(training)
    try:
        with torch.no_grad():
            yield torch
    finally:
        for module, was in before:
            module.training = was


def as_tensor(x, model):
    """A copy of x as a tensor that a PyTorch module takes; ids stay integers."""
    torch, x = sys.modules["torch"], np.asarray(x)
    weight = next((p for p in model.parameters() if p.is_floating_point()), torch.zeros(()))
    dtype = weight.dtype if np.issubdtype(x.dtype, np.floating) else torch.int64
    return torch.tensor(x, dtype=dtype, device=weight.device)


def as_array(value):
    """The answer of a model as an array of numbers. Raises ValueError if it is none."""
    if hasattr(value, "batch_sizes"):
        raise ValueError("the model returns a packed sequence; unpack it with pad_packed_sequence")
    if isinstance(value, tuple | list) and len(value) and hasattr(value[0], "shape"):
        return as_array(value[0])
    if hasattr(value, "detach"):
        value = value.detach().cpu()
    try:
        array = np.asarray(value)
        finite = bool(np.isfinite(array).all())
    except (TypeError, ValueError):
        raise ValueError(f"the model must return an array of numbers; got {value!r}") from None
    if not finite:
        raise ValueError(f"the model returns NaN or infinity; its answer has shape {array.shape}")
    return array
