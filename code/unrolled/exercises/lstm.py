"""Chapter 9: the LSTM."""

import numpy as np

from unrolled.analysis.gates import bias_to_keep, clamped
from unrolled.engine import lstm

from .checking import Wrong
from .comparing import number, parameters, result_of, whole


def lstm_1(answer):
    """The forget bias that keeps half of a cell for 500 steps."""
    b, f = bias_to_keep(0.5, 500), 0.5 ** (1 / 500)
    mistakes = {
        f: "that is the gate. Which number goes into the sigmoid?",
        np.log(f): "that is the logarithm of the gate; the sigmoid is not an exponential.",
        bias_to_keep(0.5, 200): "that bias keeps half for 200 steps.",
    }
    number(answer, b, what="the bias", mistakes=mistakes)


def lstm_2(answer):
    """Parameters with which a cell stands still for a thousand steps, whatever comes in."""
    rng = np.random.default_rng(9)
    N, T, D, H = 2, 1000, 3, 5
    params = lstm.init_params(D, H, rng=rng)
    x = rng.standard_normal((N, T, D))
    found = parameters(result_of(answer, params), params)
    state = (rng.uniform(-1, 1, (N, H)), np.full((N, H), 0.5))
    with np.errstate(all="ignore"):
        tape = result_of(lstm.forward, x, found, state, what="lstm.forward")[1]
    if np.allclose(tape.state[1], 0.5, rtol=5e-3):
        return
    if tape.gate("f").min() < 0.9:
        raise Wrong("the cell changes: the forget gate is not open all the time.")
    if tape.gate("i").max() > 0.1:
        raise Wrong("the cell changes: the input gate lets something in.")
    raise Wrong("a little is lost or written at each step, and in a thousand steps it adds up.")


def lstm_3(answer):
    """The bound of a cell that starts at zero, with the forget gate held at f."""
    params = lstm.init_params(1, 1, rng=np.random.default_rng(9))
    for f, T in ((0.6, 4), (0.9, 20), (1.0, 20), (0.0, 4)):
        open_wide = {"i": 1.0, "g": 1.0, "f": f}
        bound = clamped(np.zeros((1, T, 1)), params, open_wide)["c"][0, -1, 0]
        mistakes = {
            float(T): "no cell gets there if its forget gate is below 1.",
            f**T: "that is what is left of the first writing; every later step writes too.",
            1 / (1 - f) if f < 1 else np.inf: "that is where it ends after very many steps.",
            bound - f ** (T - 1): "a step is missing: the first one writes too.",
            bound + f**T: "that is one step too many.",
            f * bound: "nothing of what the last step writes has been forgotten yet.",
        }
        found = result_of(answer, f, T)
        number(found, bound, what=f"the bound for f = {f}, T = {T}", mistakes=mistakes)


def lstm_4(answer):
    """How many parameters an LSTM has."""
    for D, H in ((3, 8), (7, 2), (100, 20)):
        params = lstm.init_params(D, H, rng=np.random.default_rng(9))
        expected = sum(value.size for value in params.values())
        mistakes = {
            expected // 4: "that is one gate; there are four of everything.",
            expected * 3 // 4: "three gates, and who computes the candidate?",
            expected - 4 * H: "the biases are missing.",
            expected - 3 * H: "each gate and the candidate has a bias of its own.",
            expected + 4 * H: "that is one bias too many for each gate: PyTorch keeps two.",
        }
        found = result_of(answer, D, H)
        whole(found, expected, what=f"the number for D = {D}, H = {H}", mistakes=mistakes)
