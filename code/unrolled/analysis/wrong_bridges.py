"""A GRU whose weights were carried wrongly from one library to another. Used in chapter 13.

Every mistake here fits all shapes and raises nothing. Each function computes what the receiving
library then computes, in NumPy alone; tests hold them to PyTorch and Keras.
"""

from unrolled.engine import gru

from .gates import gru_reset_before


def not_swapped(params):
    """Gates copied block by block, although one library stores r, z and the other z, r."""
    other = {"r": "z", "z": "r", "n": "n"}
    kinds = ("W_x", "W_h", "b_")
    swapped = {kind + gate: params[kind + other[gate]] for gate in "rzn" for kind in kinds}
    return swapped | {"b_hn": params["b_hn"]}


def transposed(params):
    """Recurrent matrices that were not transposed: they are square, so they fit."""
    return params | {f"W_h{gate}": params[f"W_h{gate}"].T.copy() for gate in "rzn"}


def summed(params):
    """The two biases of the candidate added up, as can be done in every other gate."""
    zero = 0 * params["b_hn"]
    return params | {"b_n": params["b_n"] + params["b_hn"], "b_hn": zero}


# What went wrong: the parameters that arrive, and the function that reads them.
MISTAKES = {
    "none": (dict, lambda x, params: gru.forward(x, params)[0]),
    "gates not swapped": (not_swapped, lambda x, params: gru.forward(x, params)[0]),
    "reset before": (dict, gru_reset_before),
    "not transposed": (transposed, lambda x, params: gru.forward(x, params)[0]),
    "biases summed": (summed, lambda x, params: gru.forward(x, params)[0]),
}


def arrived(x, params, mistake):
    """Hidden states (N, T, H) of a GRU after one of `MISTAKES`, for inputs x (N, T, D).

    Raises ValueError if there is no such mistake.
    """
    if mistake not in MISTAKES:
        raise ValueError(f"mistake must be one of {list(MISTAKES)}; got {mistake!r}")
    carry, read = MISTAKES[mistake]
    return read(x, carry(params))
