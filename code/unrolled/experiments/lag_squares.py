"""What the lag dial is made of: four tasks, and networks with the starts that they choose among."""

import numpy as np

from unrolled.datasets import adding, copy, echo, parity
from unrolled.engine import gru, initializers, lru, lstm, mingru, rnn, signed_mingru

QUIET = 0.2  # of the input weights, as in chapter 6

# Each task: a batch of N sequences, inputs, outputs, and how far the last answer looks back.
TASKS = {
    "echo": (lambda N, lag, rng: echo(N, lag + 20, lag=lag, rng=rng), 1, 2, 0),
    "copy": (lambda N, lag, rng: copy(N, lag=lag, rng=rng), 6, 4, 4),
    "adding": (lambda N, lag, rng: adding(N, lag + 5, lag=lag, rng=rng), 2, 1, 0),
    "parity": (lambda N, lag, rng: parity(N, lag=lag, rng=rng), 1, 2, 0),
}


def rnn_start(recurrent, quiet):
    """`rnn.init_params` with another recurrent matrix, and quieter inputs."""

    def start(D, H, *, rng, dtype):
        params = rnn.init_params(D, H, rng=rng, dtype=dtype)
        return params | {"W_hh": recurrent(H, rng).astype(dtype), "W_xh": quiet * params["W_xh"]}

    return start


def biased(cell, name, value):
    """`cell.init_params` with that value of a bias."""

    def start(D, H, *, rng, dtype):
        return cell.init_params(D, H, rng=rng, dtype=dtype) | {name: np.full(H, value, dtype)}

    return start


def ring(r_min):
    """`lru.init_params` with what every pair keeps at a step between r_min and 0.999."""

    def start(D, H, *, rng, dtype):
        return lru.init_params(D, H, rng=rng, dtype=dtype, r_min=r_min, r_max=0.999)

    return start


def orthogonal(H, rng):
    """An orthogonal matrix."""
    return initializers.orthogonal(H, rng=rng)


def identity(H, rng):
    """The identity, as in Le et al. (2015), who use ReLU where this network keeps its tanh."""
    return initializers.identity(H)


NETWORKS = {  # each with the starts among which it is tuned, and the gate that keeps
    "RNN": (rnn, {"as drawn": rnn.init_params}, None),
    "RNN, other start": (
        rnn,
        {
            "orthogonal": rnn_start(orthogonal, 1.0),
            "orthogonal, quiet": rnn_start(orthogonal, QUIET),
            "identity, quiet": rnn_start(identity, QUIET),
        },
        None,
    ),
    "LSTM": (lstm, {f"forget bias {b}": biased(lstm, "b_f", b) for b in (1, 3)}, "f"),
    "GRU": (gru, {f"update bias {b}": biased(gru, "b_z", b) for b in (0, 2)}, "z"),
}

LINEAR = {  # the same for chapter 23, recorded apart: cells whose step is linear in the state
    "minGRU": (mingru, {f"update bias {b}": biased(mingru, "b_z", b) for b in (0, 2)}, "z"),
    "minGRU, signed": (
        signed_mingru,
        {f"update bias {b}": biased(signed_mingru, "b_z", b) for b in (0, 2)},
        "z",
    ),
    "LRU": (lru, {f"ring from {r}": ring(r) for r in (0.9, 0.99)}, None),
}


def batch(task, N, lag, rng):
    """Inputs in float32, and targets."""
    x, targets = TASKS[task][0](N, lag, rng)
    return x.astype(np.float32), targets
