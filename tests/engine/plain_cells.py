"""Two cells that are none of the engine's, in the plainest form: a step, and a loop around it."""

from typing import NamedTuple

import numpy as np


class Tape(NamedTuple):
    """The inputs, time first, and the states, of which the first is that before the first step."""

    x: np.ndarray
    states: list

    @property
    def state(self):
        return self.states[-1]

    def window(self, start, stop):
        return Tape(self.x[start:stop], self.states[start : stop + 1])


class Looped:
    """Has `forward` and `backward` for a cell that says how it starts, what it shows, and a step.

    Unlike the engine's cells, what it shows need not be a part of its state.
    """

    def forward(self, x, params, state=None):
        x = x.transpose(1, 0, 2).copy()
        start = self.start(x.shape[1], params) if state is None else state
        states = [tuple(part.copy() for part in start)]
        for x_t in x:
            states.append(self.step(x_t, states[-1], params))
        shown = [self.show(x_t, now, params) for x_t, now in zip(x, states[1:], strict=True)]
        return np.stack(shown, axis=1), Tape(x, states)

    def backward(self, dh, tape, params, dstate=None):
        if dstate is None:
            dstate = tuple(np.zeros_like(part) for part in tape.state)
        dx, total = [], {name: np.zeros_like(value) for name, value in params.items()}
        for t in reversed(range(len(tape.x))):
            before, now = tape.states[t : t + 2]
            dx_shown, dnow, shown = self.show_backward(dh[:, t], tape.x[t], now, params)
            dstate = tuple(map(np.add, dstate, dnow))
            dx_step, dstate, grads = self.step_backward(dstate, tape.x[t], before, params)
            dx.append(dx_shown + dx_step)
            total = {n: v + grads.get(n, 0) + shown.get(n, 0) for n, v in total.items()}
        return np.stack(dx[::-1], axis=1), dstate, total


class Turning(Looped):
    """Units with two coordinates, p and q side by side, which a step turns and shrinks."""

    STATE, WIDTH = ("pq",), 2

    def init_params(self, D, H, *, rng, dtype=float):
        a, b = 0.9 * np.cos(angles := rng.uniform(0, 3, H)), 0.9 * np.sin(angles)
        W = rng.standard_normal((D, 2 * H)) / np.sqrt(D)
        return {name: value.astype(dtype) for name, value in {"W": W, "a": a, "b": b}.items()}

    def start(self, N, params):
        return (np.zeros((N, params["W"].shape[1]), params["W"].dtype),)

    def step(self, x_t, state, params):
        p, q = np.split(state[0], 2, axis=1)
        a, b = params["a"], params["b"]
        return (np.concatenate([a * p - b * q, b * p + a * q], axis=1) + x_t @ params["W"],)

    def step_backward(self, dstate, x_t, state, params):
        (dp, dq), (p, q) = (np.split(part[0], 2, axis=1) for part in (dstate, state))
        a, b = params["a"], params["b"]
        before = np.concatenate([a * dp + b * dq, a * dq - b * dp], axis=1)
        grads = {"W": x_t.T @ dstate[0]}
        grads |= {"a": (dp * p + dq * q).sum(axis=0), "b": (dq * p - dp * q).sum(axis=0)}
        return dstate[0] @ params["W"].T, (before,), grads

    def show(self, x_t, state, params):
        return state[0]

    def show_backward(self, dh_t, x_t, state, params):
        return 0, (dh_t,), {}


class Memory(Looped):
    """A matrix for each sequence, (N, H, 2): each step adds v k, and shows the matrix times q."""

    STATE = ("C",)

    def init_params(self, D, H, *, rng, dtype=float):
        shapes = {"W_v": (D, H), "W_k": (D, 2), "W_q": (D, 2)}
        params = {name: rng.standard_normal(shape) / np.sqrt(D) for name, shape in shapes.items()}
        params["keep"] = rng.uniform(0.5, 1, H)
        return {name: value.astype(dtype) for name, value in params.items()}

    def start(self, N, params):
        return (np.zeros((N, len(params["keep"]), 2), params["keep"].dtype),)

    def step(self, x_t, state, params):
        v, k = x_t @ params["W_v"], x_t @ params["W_k"]
        return (params["keep"][:, None] * state[0] + v[:, :, None] * k[:, None],)

    def step_backward(self, dstate, x_t, state, params):
        (dC,), (C,) = dstate, state
        v, k = x_t @ params["W_v"], x_t @ params["W_k"]
        dv, dk = (dC * k[:, None]).sum(axis=2), (dC * v[:, :, None]).sum(axis=1)
        grads = {"W_v": x_t.T @ dv, "W_k": x_t.T @ dk, "keep": (dC * C).sum(axis=(0, 2))}
        dx_t = dv @ params["W_v"].T + dk @ params["W_k"].T
        return dx_t, (params["keep"][:, None] * dC,), grads

    def show(self, x_t, state, params):
        return (state[0] * (x_t @ params["W_q"])[:, None]).sum(axis=2)

    def show_backward(self, dh_t, x_t, state, params):
        q = x_t @ params["W_q"]
        dq = (dh_t[:, :, None] * state[0]).sum(axis=1)
        return dq @ params["W_q"].T, (dh_t[:, :, None] * q[:, None],), {"W_q": x_t.T @ dq}
