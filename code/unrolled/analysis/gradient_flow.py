"""How a gradient changes on its way back through the vanilla RNN. Built up in chapter 5.

The Jacobian of one step, J_t = dh_t/dh_{t-1}, is W_hh with column j scaled by 1 - h_t[j]^2. Its
rows belong to h_{t-1} and its columns to h_t, as in W_hh itself.
"""

import numpy as np


def backward_norms(tape, params, dh_T):
    """Length of dL/dh_t at every step, for a loss that looks at the last state alone.

    Parameters
    ----------
    tape : Tape
        From `rnn.forward`, T steps of N sequences.
    params : dict
    dh_T : ndarray, shape (N, H)
        Gradient of the loss with respect to the last state.

    Returns
    -------
    ndarray, shape (T,)
        The norm over all sequences and units; the last element is that of dh_T.
    """
    h = tape.h[1:]
    norms, dh_t = np.empty(len(h)), dh_T
    for t in reversed(range(len(h))):
        norms[t] = np.linalg.norm(dh_t)
        dh_t = (dh_t * (1 - h[t] ** 2)) @ params["W_hh"].T
    return norms


def jacobians(tape, params, sequence=0):
    """J_t of one sequence at every step: array of shape (T, H, H)."""
    h = tape.h[1:, sequence]
    return params["W_hh"] * (1 - h[:, None, :] ** 2)


def jacobian_product(tape, params, sequence=0):
    """dh_{T-1}/dh_0 of one sequence, the product of the T - 1 Jacobians between: shape (H, H)."""
    product = np.eye(tape.h.shape[2])
    for J_t in jacobians(tape, params, sequence)[1:]:
        product = product @ J_t
    return product


def log10(values, floor=-300.0):
    """Logarithm to base 10 of values >= 0, with `floor` in place of minus infinity."""
    with np.errstate(divide="ignore"):
        return np.maximum(np.log10(values), floor)
