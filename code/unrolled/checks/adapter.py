"""One way to call any model: a NumPy array goes in, a NumPy array comes out.

Neither library is imported here. Whoever hands in a module of PyTorch or a layer of Keras has
imported it already.
"""

import sys
from contextlib import contextmanager

import numpy as np

from .answer import as_array


def library_of(model):
    """ "torch" for a PyTorch module, "keras" for a layer or model of Keras, else ""."""
    torch, keras = sys.modules.get("torch"), sys.modules.get("keras")
    if hasattr(keras, "layers") and isinstance(model, keras.layers.Layer):
        return "keras"
    if hasattr(torch, "nn") and isinstance(model, torch.nn.Module):
        return "torch"
    return ""


def as_function(model, *, training=False, read=as_array):
    """A model as a function from NumPy arrays to one NumPy array.

    Parameters
    ----------
    model : torch.nn.Module, keras layer or model, or a function
        A PyTorch module is called in evaluation mode without gradients, and left in the mode in
        which it came; its input takes the dtype and device of its weights. Of a compiled one the
        original is called. If a model returns several things, such as (output, h_n), the first is
        its answer, and of a dict the only array or its "logits"; wrap it in a function to choose
        another. A function may return any kind of tensor.
    training : bool
        Whether a module or layer is called as in training, with dropout.
    read : function
        From what the model returns and its input to the answer; `as_array` if not given.

    Raises
    ------
    ValueError
        If the model cannot be called, or when it fails or returns something that is no array of
        numbers.
    """
    library, model = library_of(model), plain(model)
    if library == "torch":
        call = _of_torch(model, training)
    elif library == "keras":

        def call(x, *more):
            return model(x, *more, training=training)

    elif callable(model):
        call = model
    else:
        raise ValueError(
            "a model is a function of x, a PyTorch module or a Keras model; for a cell of the "
            f"engine write lambda x: cell.forward(x, params)[0]; got {model!r}"
        )

    def run(x, *more):
        try:
            returned = call(x, *more)
        except Exception as error:
            words = f"{type(error).__name__}: {str(error).strip().split(chr(10))[0][:100]}"
            raise ValueError(
                f"the model fails on x of {x.dtype}, shape {x.shape}; if it takes its input in "
                f"another form, wrap it: lambda x: model(...). It says {words}"
            ) from error
        return read(returned, x)

    return run


def plain(model):
    """What `torch.compile` was given, where that is what made the model; else the model."""
    return getattr(model, "_orig_mod", model)


def _of_torch(model, training):
    def run(x, *more):
        with mode(model, training) as torch:
            return model(as_tensor(x, model), *map(torch.tensor, more))

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
