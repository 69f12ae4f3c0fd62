"""Chapter 13: one set of weights, three engines."""

import numpy as np

from unrolled.analysis.wrong_bridges import MISTAKES, arrived
from unrolled.bridges import need
from unrolled.engine import gru
from unrolled.engine.activations import sigmoid

from .checking import Wrong
from .comparing import array, kind_of, names, number, result_of, whole


def engines_1(answer):
    """How far a bias that PyTorch drew can push a gate of one half, in a layer of four units."""
    bound = 4**-0.5
    mistakes = {
        bound: "this is how large the bias can be; the gate is the sigmoid of it.",
        sigmoid(bound): "this is the gate; how far is it from one half?",
        sigmoid(1 / 4) - 0.5: "the bound falls more slowly: with the root of the units.",
    }
    number(answer, sigmoid(bound) - 0.5, what="the distance", mistakes=mistakes)


def engines_2(answer):
    """The mistakes in copying a GRU that one step from a zero state does not show."""
    rng = np.random.default_rng(13)
    params = gru.init_params(3, 4, rng=rng)
    for value in params.values():
        value += 0.5 * rng.standard_normal(value.shape)
    x = rng.standard_normal((2, 1, 3))
    right = arrived(x, params, "none")
    four = [mistake for mistake in MISTAKES if mistake != "none"]
    unseen = [m for m in four if np.allclose(arrived(x, params, m), right, rtol=0, atol=1e-12)]
    names(answer, unseen, four, what="the list of mistakes")


def engines_3(answer):
    """The numbers of a GRU, with one row of biases more than blocks and with two in each block."""
    for D, H in ((3, 4), (100, 64)):
        sizes = [v.size for v in gru.init_params(D, H, rng=np.random.default_rng(0)).values()]
        blocks = 3 * (D * H + H * H)
        right = {"here": sum(sizes), "in the libraries": blocks + 3 * 2 * H}
        found = result_of(answer, D, H)
        found = found.tolist() if isinstance(found, np.ndarray) else found
        if not isinstance(found, (tuple, list)) or len(found) != 2:
            raise Wrong("expected two numbers, one for this book and one for the libraries.")
        mistakes = {
            blocks: "the biases are missing.",
            blocks + 3 * H: "three rows of biases are too few.",
            blocks + 2 * H: "every one of the three blocks has biases.",
            4 * (D * H + H * H + H): "a GRU has three blocks; four are the LSTM's.",
        }
        if np.array_equal(found, [right["in the libraries"], right["here"]]):
            raise Wrong("the two numbers are in the other order: ours comes first.")
        for (where, expected), value in zip(right.items(), found, strict=True):
            what = f"the number {where} for D = {D}, H = {H}"
            whole(value, expected, what=what, mistakes=mistakes)


def engines_4(answer):
    """A layer of Keras that computes what a stacked bidirectional LSTM of PyTorch does."""
    if not callable(answer):
        result_of(answer)
    torch, keras = _library("torch"), _library("keras")
    if isinstance(answer, torch.nn.Module | keras.layers.Layer):
        raise Wrong(f"expected a function of the module; got {_made_by(answer)}.")
    x = np.random.default_rng(13).standard_normal((2, 6, 3))
    module = torch.nn.LSTM(3, 4, 2, bidirectional=True, batch_first=True, dtype=torch.float64)
    found = result_of(answer, module)
    if not isinstance(found, keras.layers.Layer):
        raise Wrong(f"expected a layer of Keras; got {_made_by(found)}.")
    expected = module(torch.tensor(x))[0].detach().numpy()
    states = result_of(found, x, what="the layer")
    array(states, expected, rtol=1e-4, atol=1e-6, what="the output of the layer")


def _made_by(value):
    """How a value is named in a message: a layer with the library that it comes from."""
    origin = type(value).__module__.partition(".")[0]
    if origin in ("torch", "keras"):
        return f"{type(value).__name__} of {origin}"
    if isinstance(value, tuple | list):  # it may hold tensors that NumPy cannot read
        return f"a {type(value).__name__}"
    return kind_of(value)


def _library(name):
    try:
        return need(name)
    except ImportError as error:
        raise Wrong(f"the check cannot run, since {error}.") from None
