"""The minimal GRU with decays between -1 and 1, after Grazzi et al. (2025). See chapter 23.

    h_t = (1 - z_t) * n_t + (2 z_t - 1) * h_{t-1}

A gate of 1 keeps the state, as in `mingru`, and a gate of 0 turns it over, around n_t / 2. The
parameters are those of `mingru`.
"""

from . import mingru
from .mingru import STATE, gates, init_params

__all__ = ["STATE", "backward", "forward", "gates", "init_params", "step", "step_backward"]


def step(x_t, state, params):
    """Advance the hidden state by one time step, as `mingru.step` with low = -1."""
    return mingru.step(x_t, state, params, low=-1)


def step_backward(dstate, x_t, state_prev, params):
    """Send a gradient back through one step, as `mingru.step_backward` with low = -1."""
    return mingru.step_backward(dstate, x_t, state_prev, params, low=-1)


def forward(x, params, state=None):
    """All states of whole sequences, and the tape, as `mingru.forward` with low = -1."""
    return mingru.forward(x, params, state, low=-1)


def backward(dh, tape, params, dstate=None):
    """Backpropagate through all time steps of the tape, as `mingru.backward` with low = -1."""
    return mingru.backward(dh, tape, params, dstate, low=-1)
