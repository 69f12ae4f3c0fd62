"""Our parameters as `keras.layers.SimpleRNN`, `LSTM` or `GRU`, and back. See chapter 13.

Keras stores matrices as we do. Its LSTM has the gates i, f, c, o, where c is our g; its GRU has
z, r, h, where h is our n, and with reset_after=True two rows of biases.
"""

import numpy as np

from . import need
from .layout import KERAS, Anatomy, pack, sizes, unpack


def to_keras(cell, params, **options):
    """A layer of Keras that computes what `cell` computes with these parameters.

    Parameters
    ----------
    cell : module or object
        `rnn`, `lstm`, `gru`, `Bidirectional` of one of them, or a `Stack` of any of these.
    params : dict
        Our parameters; the layer copies them, in their dtype.
    **options
        For the layers of Keras, such as return_state=True; return_sequences is True if not given,
        and in a `Stack` for all layers but the last.

    Returns
    -------
    keras.layers.SimpleRNN, LSTM, GRU or Bidirectional, or for a `Stack` a keras.Sequential
        Called with x (N, T, D) it returns h (N, T, H).

    Raises
    ------
    ImportError
        If Keras or its backend is not installed.
    ValueError
        If Keras has no such layer, or a parameter is missing or does not fit.
    """
    keras = need("keras")
    anatomy = Anatomy.of(cell)
    layers = anatomy.split(params)
    below = options | {"return_sequences": True}
    built = [_layer(keras, anatomy, own, below) for own in layers[:-1]]
    built.append(_layer(keras, anatomy, layers[-1], options))
    if anatomy.layers is None:
        return built[0]
    D, _ = sizes(anatomy.cell, layers[0][0])
    model = keras.Sequential([keras.Input((None, D), dtype=built[0].dtype), *built])
    model.supports_masking = built[-1].return_sequences  # else Keras warns that a mask is lost
    return model


def from_keras(layer):
    """The parameters of a layer of Keras under our names; `cell_of` names their cell.

    Half precision becomes float32. Raises ValueError if the layer computes something that our cells
    do not.
    """
    anatomy, weights = _weights(layer)
    return _read(anatomy, [_numpy(weight.numpy()) for weight in weights], gradient=False)


def gradients(layer, values):
    """Gradients of a layer of Keras under our names.

    `values` are in the order of layer.trainable_variables, as `GradientTape.gradient` gives them.
    Raises ValueError if one is missing or has another shape than its variable.
    """
    anatomy, weights = _weights(layer)
    variables = layer.trainable_variables
    expected = [tuple(variable.shape) for variable in variables]
    got = [None if value is None else tuple(value.shape) for value in values]
    if got != expected:
        raise ValueError(f"expected gradients of shapes {expected}; got {got}")
    own = {id(variable): value for variable, value in zip(variables, values, strict=True)}
    frozen = [weight.path for weight in weights if id(weight) not in own]
    if frozen:
        raise ValueError(f"{frozen[0]} is not trainable, and has no gradient")
    arrays = [need("keras").ops.convert_to_numpy(own[id(weight)]) for weight in weights]
    return _read(anatomy, arrays, gradient=True)


def cell_of(layer):
    """The cell of ours that computes what a layer of Keras computes."""
    return _anatomy(layer)[0].build()


def _layer(keras, anatomy, directions, options):
    D, H = sizes(anatomy.cell, directions[0])
    packed = [pack(anatomy.cell, own, KERAS) for own in directions]
    dtype = str(packed[0][0].dtype)
    options = {"return_sequences": True, "dtype": dtype} | options
    layer = getattr(keras.layers, KERAS.names[anatomy.cell])(H, **options)
    if anatomy.bidirectional:
        layer = keras.layers.Bidirectional(layer, dtype=options["dtype"])
    _anatomy(layer)  # raises ValueError if the options change what is computed
    layer.build((None, None, D))
    values = [array for own in packed for array in _stored(anatomy.cell, *own)]
    for weight, value in zip(_weights(layer)[1], values, strict=True):
        weight.assign(value)
    return layer


def _stored(cell, W_x, W_h, b_x, b_h):
    """What Keras keeps of a packed cell: one bias, or two rows of them in a GRU."""
    return [W_x, W_h, np.stack([b_x, b_h]) if KERAS.names[cell] == "GRU" else b_x]


def _read(anatomy, arrays, *, gradient):
    groups = [arrays[i : i + 3] for i in range(0, len(arrays), 3)]
    cells = [unpack(anatomy.cell, _packed(*each), KERAS, gradient=gradient) for each in groups]
    width = len(anatomy.directions)
    return anatomy.join([cells[i : i + width] for i in range(0, len(cells), width)])


def _packed(W_x, W_h, bias):
    """The inverse of `_stored`."""
    return W_x, W_h, *(bias if bias.ndim == 2 else (bias, np.zeros_like(bias)))


def _weights(layer):
    """The anatomy of a layer, and its variables, three for every single recurrent layer."""
    anatomy, inner = _anatomy(layer)
    if not all(each.built for each in inner):
        raise ValueError("the layer has no weights yet: call it, or layer.build((None, None, D))")
    names = ("kernel", "recurrent_kernel", "bias")
    return anatomy, [getattr(each.cell, name) for each in inner for name in names]


def _numpy(array):
    """Half precision, in which our cells do not compute, as float32."""
    return array.astype(np.float32) if array.dtype.itemsize == 2 else array


def _anatomy(layer):
    """The anatomy of a layer, and the single recurrent layers that it consists of."""
    keras = need("keras")
    stacked = type(layer) is keras.Sequential
    layers = layer.layers if stacked else [layer]
    both = {type(each) is keras.layers.Bidirectional for each in layers}
    inner = [(each,) for each in layers]
    if both == {True}:
        inner = [(each.forward_layer, each.backward_layer) for each in layers]
    kinds = {type(each) for pair in inner for each in pair}
    cells = {getattr(keras.layers, name): cell for cell, name in KERAS.names.items()}
    if len(kinds) != 1 or not kinds <= cells.keys():
        got = sorted(f"{kind.__module__.split('.')[0]}.{kind.__name__}" for kind in kinds)
        raise ValueError(
            "expected a SimpleRNN, LSTM or GRU, a Bidirectional of one, or a Sequential of equal "
            f"ones; got {got or 'an empty Sequential'}"
        )
    for pair in inner:
        for each, backwards in zip(pair, (False, True), strict=False):
            _check(each, units=pair[0].units, go_backwards=backwards)
    if both == {True} and any(each.merge_mode != "concat" for each in layers):
        raise ValueError("our Bidirectional puts both halves side by side: merge_mode='concat'")
    anatomy = Anatomy(cells[kinds.pop()], len(layers) if stacked else None, both == {True})
    return anatomy, [each for pair in inner for each in pair]


def _check(layer, **expected):
    """Raise ValueError if one recurrent layer has other equations than our cell."""
    settings = layer.get_config()
    expected |= {"activation": "tanh", "use_bias": True}
    if "recurrent_activation" in settings:
        expected["recurrent_activation"] = "sigmoid"
    if "reset_after" in settings:
        expected["reset_after"] = True
    for name, value in expected.items():
        if settings[name] != value:
            raise ValueError(f"our cell has {name}={value!r}, this layer {settings[name]!r}")
