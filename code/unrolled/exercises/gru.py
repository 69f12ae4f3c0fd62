"""Chapter 10: the GRU."""

from functools import cache

import numpy as np

from unrolled.analysis.gates import gru_reset_before
from unrolled.engine import gru, lstm

from .checking import Wrong
from .comparing import array, number, parameters, result_of, wholes


def gru_1(answer):
    """How many parameters a GRU and an LSTM have, with 100 inputs and 650 units."""
    D, H = 100, 650
    of_gru, of_lstm = _size(gru, D, H), _size(lstm, D, H)
    two_biases = "that counts two biases for each gate, as PyTorch keeps them."
    of_gru_mistakes = {
        of_gru - H: "one bias is missing, the one that stands inside the bracket with r.",
        of_gru - 4 * H: "the biases are missing.",
        of_gru + 2 * H: two_biases,
        of_lstm: "that is the LSTM's; the GRU comes first.",
    }
    of_lstm_mistakes = {of_lstm - 4 * H: "the biases are missing.", of_lstm + 4 * H: two_biases}
    wholes(
        answer,
        [of_gru, of_lstm],
        what=["the number for the GRU", "the number for the LSTM"],
        mistakes=[of_gru_mistakes, of_lstm_mistakes],
    )


def gru_2(answer):
    """Parameters with which a reset before the product does what one of 1/2 does after it."""
    rng = np.random.default_rng(10)
    params = _with_biases(rng)
    halves = params | {name: 0 * params[name] for name in ("W_xr", "W_hr", "b_r")}
    x = rng.standard_normal((2, 6, 3))
    found = parameters(result_of(answer, halves, may_change=True), halves)
    added = found["b_n"] - halves["b_n"]
    if np.allclose(added, 0):
        raise Wrong("b_hn has no place in the other form; another bias has to stand in for it.")
    if np.allclose(added, halves["b_hn"]):
        raise Wrong("b_hn stands inside the bracket, and r multiplies the bracket.")
    with np.errstate(all="ignore"):
        before = result_of(gru_reset_before, x, found, what="gru_reset_before")
    array(before, gru.forward(x, halves)[0], what="what gru_reset_before gives")


def gru_3(answer):
    """The bound of a state after T steps, with the update gate held at z."""
    for h_0, z, T in ((0.0, 0.7, 3), (1.0, 0.5, 3), (3.0, 0.7, 4), (0.5, 0.2, 4)):
        params = gru.init_params(1, 1, rng=np.random.default_rng(10))
        params = {name: 0 * value for name, value in params.items()}
        params |= {"b_z": np.array([np.log(z / (1 - z))]), "b_n": np.array([40.0])}
        bound = gru.forward(np.zeros((1, T, 1)), params, (np.full((1, 1), h_0),))[0][0, -1, 0]
        swapped = (1 - z) ** T
        mistakes = {
            max(1.0, h_0): "that holds, and is too wide: in T steps the state cannot get that far.",
            z**T * h_0: "that is what is left of the start; the candidate adds its share.",
            h_0 + 1 - z**T: "the start loses weight too.",
            swapped * h_0 + 1 - swapped: "z is the part of the old state that stays.",
        }
        found = result_of(answer, h_0, z, T)
        what = f"the bound for h_0 = {h_0}, z = {z}, T = {T}"
        number(found, bound, what=what, mistakes=mistakes)


def gru_4(answer):
    """Parameters with which a GRU whose z is the share of the new does what ours does."""
    rng = np.random.default_rng(10)
    params = _with_biases(rng)
    x, h = rng.standard_normal((2, 5, 3)), np.zeros((2, 4))
    found = parameters(result_of(answer, params, may_change=True), params)
    with np.errstate(all="ignore"):
        for t in range(5):
            _, z, n, _ = gru.gates(x[:, t], h, found)
            h = (1 - z) * h + z * n
    if np.allclose(h, gru.forward(x, params)[0][:, -1]):
        return
    same = [name for name in found if np.allclose(found[name], params[name])]
    if len(same) == len(params):
        raise Wrong("nothing is changed, and the two forms give different states.")
    if more := sorted({*params} - {*same} - {"W_xz", "W_hz", "b_z"}):
        raise Wrong(f"{', '.join(more)} can stay: only z changes its meaning.")
    if same_too := sorted({"W_xz", "W_hz", "b_z"} & {*same}):
        be, have = ("is", "it has") if len(same_too) == 1 else ("are", "they have")
        raise Wrong(f"{' and '.join(same_too)} {be} as before, and {have} a part in z.")
    raise Wrong("the states differ: what enters the sigmoid must make it 1 - z.")


@cache
def _size(cell, D, H):
    """How many parameters a cell has."""
    params = cell.init_params(D, H, rng=np.random.default_rng(10))
    return sum(value.size for value in params.values())


def _with_biases(rng):
    """Parameters of 3 inputs and 4 units whose biases are not zero."""
    params = gru.init_params(3, 4, rng=rng)
    return {name: value + 0.5 * rng.standard_normal(value.shape) for name, value in params.items()}
