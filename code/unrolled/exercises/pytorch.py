"""Chapter 15: PyTorch."""

from itertools import combinations

import numpy as np

from unrolled.engine import lstm, rnn
from unrolled.engine.bptt import truncated_backward

from .checking import Wrong
from .comparing import names, result_of, whole

# PyTorch's names of an LSTM's parameters, and how ours begin; two biases add up to one of ours.
PARTS = {"weight_ih_l0": "W_x", "weight_hh_l0": "W_h", "bias_ih_l0": "b_", "bias_hh_l0": "b_"}


def pytorch_1(answer):
    """The shapes that a stacked bidirectional layer returns, batch first."""
    N, T, H, layers = 4, 20, 16, 3
    if not isinstance(answer, (list, tuple)) or len(answer) != 2:
        raise Wrong("expected a list of two shapes, that of output and that of h_n.")
    output, h_n = _tuple(answer[0], "output"), _tuple(answer[1], "h_n")
    if (output, h_n) == ((2 * layers, N, H), (N, T, 2 * H)):
        raise Wrong("the two shapes are in the other order: that of output comes first.")
    last = "the last axis of output joins the two directions."
    first = "batch_first puts the sequences first in output."
    _shape(output, (N, T, 2 * H), "output", {(N, T, H): last, (T, N, 2 * H): first})
    mistakes = {
        (N, 2 * layers, H): "batch_first changes output, and not h_n.",
        (layers, N, H): "each direction of a layer ends in a state of its own.",
        (layers, N, 2 * H): "h_n keeps the two directions of a layer apart.",
        (2, N, H): "h_n holds the final states of all layers, not of the top one alone.",
    }
    _shape(h_n, (2 * layers, N, H), "h_n", mistakes)


def _tuple(found, of):
    try:
        return tuple(np.asarray(found, dtype=float).ravel().tolist())
    except (TypeError, ValueError):
        raise Wrong(f"expected the shape of {of} as a tuple of whole numbers.") from None


def _shape(found, expected, of, mistakes):
    if len(found) != len(expected):
        raise Wrong(f"{of} has another number of axes; got {len(found)}.")
    if found != expected:
        wrong = [
            axis for axis, pair in enumerate(zip(found, expected, strict=True)) if len({*pair}) > 1
        ]
        raise Wrong(mistakes.get(found, f"the shape of {of} is wrong at axis {wrong[0]}."))


def pytorch_2(answer):
    """The parameters of an LSTM that must be zero for zeros in front to change nothing."""
    choices = (zeroed for count in range(len(PARTS)) for zeroed in combinations(PARTS, count))
    names(answer, next(filter(_skips_zeros, choices)), PARTS, what="the list of parameters")


def _skips_zeros(zeroed, D=3, H=2, T=6):
    """Whether a sequence after zeros ends where it ends alone, with these parameters at zero."""
    rng = np.random.default_rng(15)
    params = {name: np.zeros_like(v) for name, v in lstm.init_params(D, H, rng=rng).items()}
    for part, ours in PARTS.items():
        for name in params:
            drawn = rng.standard_normal(params[name].shape)
            params[name] += drawn * (name.startswith(ours) and part not in zeroed)
    x = rng.standard_normal((1, T, D))
    front = np.concatenate([np.zeros_like(x), x], axis=1)
    ends = [lstm.forward(sequence, params)[0][:, -1] for sequence in (x, front)]
    return np.allclose(*ends, rtol=0, atol=1e-10)


def pytorch_3(answer):
    """How many steps back a loss reaches in blocks that are detached."""
    T = 24
    params = rnn.init_params(1, 4, rng=np.random.default_rng(15))
    h, tape = rnn.forward(np.ones((1, T, 1)), params)
    for t, k in ((16, 6), (23, 8), (12, 4), (3, 12)):
        dh = np.zeros_like(h)
        dh[:, t] = 1
        dx = truncated_backward(dh, tape, params, cell=rnn, k1=k, k2=k)[0]
        reached = t - int(np.flatnonzero(dx)[0])
        mistakes = {
            t: "a detached state stops the gradient before the start of the stream.",
            k: "only the last loss of a block comes near this; the others reach less far.",
            k - 1: "this is what the last loss of a block reaches; the others reach less far.",
            reached + 1: "the step of the loss itself is no step back.",
            k - 1 - reached: "this counts the steps from t to the end of its block.",
        }
        what = f"the number of steps for t = {t}, k = {k}"
        whole(result_of(answer, t, k), reached, what=what, mistakes=mistakes)


def pytorch_4(answer):
    """The blocks through which all calls of backward walk if nothing is detached."""
    blocks = 4
    mistakes = {
        blocks: "without detach a call does not stop at the start of its own block.",
        blocks**2: "a loss reaches back, not forward: only the last call walks through all blocks.",
        sum(range(blocks)): "each call walks through its own block, too.",
    }
    whole(answer, sum(range(1, blocks + 1)), what="the number of blocks", mistakes=mistakes)
