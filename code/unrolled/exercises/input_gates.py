"""Chapter 23: gates that do not look back."""

import numpy as np

from unrolled.datasets import running_parity
from unrolled.engine import signed_mingru

from .checking import Wrong
from .comparing import kind_of, number, parameters, result_of, whole

BITS = 1000


def input_gates_1(answer):
    """After how many bits less than a hundredth of a state is left, with factors of 0.98."""
    steps = int(np.ceil(np.log(0.01) / np.log(0.98)))
    mistakes = {
        int(np.ceil(0.99 / 0.02)): "a step takes away a share of what is left, not a fixed amount.",
        2 * steps: "zeros and ones take away the same share, so that every bit counts.",
        steps - 1: "then a little more than a hundredth is left.",
    }
    whole(answer, steps, what="the number of bits", mistakes=mistakes)


def input_gates_2(answer):
    """Weights of one signed unit whose state is 3 after an odd number of zeros, and else 0."""
    like = signed_mingru.init_params(1, 1, rng=np.random.default_rng(0))
    params = parameters(answer, like)
    x, odd = running_parity(20, BITS, rng=np.random.default_rng(23))
    z, n = signed_mingru.gates(np.array([[-1.0], [1.0]]), params)
    if z[1, 0] < 0.9:
        raise Wrong("a bit of 1 does not leave the state as it is: its gate is not near 1.")
    if z[0, 0] > 0.1:
        raise Wrong("a bit of -1 does not turn the state over: its gate is not near 0.")
    if abs(n[0, 0] - 3) > 0.1:
        raise Wrong(f"a bit of -1 turns a state of 0 over to {n[0, 0]:.2g}.")
    apart = np.abs(signed_mingru.forward(-x, params)[0][:, :, 0] - 3 * odd).max(axis=0)
    if (apart > 0.5).any():
        raise Wrong(f"it is right for {np.argmax(apart > 0.5)} of {BITS} bits: what fades?")


def input_gates_3(answer):
    """The gate and the candidate of the one minGRU step that does what two steps do."""
    for z_1, n_1, z_2, n_2 in (
        (0.5, 1.0, 0.25, 2.0),
        (0.9, -1.0, 0.2, 3.0),
        (0.7, 2.0, 0.99, -0.5),
    ):
        found = result_of(answer, z_1, n_1, z_2, n_2)
        if np.shape(found) != (2,):
            raise Wrong(f"expected the pair z, n; got {kind_of(found)}.")
        z = z_1 * z_2
        drive = z_2 * (1 - z_1) * n_1 + (1 - z_2) * n_2
        of_gate = {
            z_2: "the old state goes through both gates.",
            z_1 + z_2 - z_1 * z_2: "this is the gate of one or the other; both multiply.",
        }
        number(found[0], z, what="the gate", mistakes=of_gate)
        of_candidate = {
            drive: "this is what the two steps add; a step adds (1 - z) times its candidate.",
            n_2: "the first candidate is still in the state after the second step.",
            ((1 - z_1) * n_1 + (1 - z_2) * n_2) / (1 - z): "the second gate has shortened what the "
            "first step wrote.",
        }
        number(found[1], drive / (1 - z), what="the candidate", mistakes=of_candidate)


def input_gates_4(answer):
    """A factor, as a complex number, whose powers tell a count of ones modulo k."""
    for k in (2, 3, 5, 12):
        factor = result_of(answer, k)
        if isinstance(factor, (bool, str)) or not np.isscalar(factor):
            raise Wrong(f"expected one number for k = {k}; got {kind_of(factor)}.")
        factor = complex(factor)
        if abs(abs(factor) - 1) > 1e-6:
            raise Wrong(f"for k = {k} its length is {abs(factor):.3g}; then states fade or grow.")
        back = np.flatnonzero(np.abs(factor ** np.arange(1, k + 1) - 1) < 1e-6) + 1
        if not len(back):
            raise Wrong(f"for k = {k} the state is not back where it was after {k} ones.")
        if back[0] < k:
            raise Wrong(f"for k = {k} the state is back where it was after {back[0]} already.")
