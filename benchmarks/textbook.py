"""The textbook form of the RNN: a list of one-step layers, each of which owns its gradients."""

import numpy as np


class OneStep:
    """One time step as a layer of its own: it remembers its inputs and owns its gradients."""

    def __init__(self, params):
        self.params = params
        self.grads = {name: np.zeros_like(value) for name, value in params.items()}

    def forward(self, x_t, h_prev):
        """Map (N, D) and (N, H) to h_t (N, H)."""
        p = self.params
        h_t = np.tanh(x_t @ p["W_xh"] + h_prev @ p["W_hh"] + p["b_h"])
        self.remembered = x_t, h_prev, h_t
        return h_t

    def backward(self, dh_t):
        """Map dh_t (N, H) to dx_t (N, D) and dh_prev (N, H)."""
        x_t, h_prev, h_t = self.remembered
        da_t = dh_t * (1 - h_t**2)
        self.grads["W_xh"][...] = x_t.T @ da_t
        self.grads["W_hh"][...] = h_prev.T @ da_t
        self.grads["b_h"][...] = da_t.sum(axis=0)
        return da_t @ self.params["W_xh"].T, da_t @ self.params["W_hh"].T


class ListOfSteps:
    """A new layer for each time step, kept until the next sequence comes."""

    def run(self, x, dh, params):
        """Run forward, then backward. Returns h, dx and the summed gradients by name."""
        h, dx = np.empty_like(dh), np.empty_like(x)
        grads = {name: np.zeros_like(value) for name, value in params.items()}
        h_t = dh_t = np.zeros_like(dh[:, 0])
        self.layers = []
        for t in range(x.shape[1]):
            self.layers.append(OneStep(params))
            h[:, t] = h_t = self.layers[t].forward(x[:, t], h_t)
        for t in reversed(range(x.shape[1])):
            dx[:, t], dh_t = self.layers[t].backward(dh[:, t] + dh_t)
            for name, grad in self.layers[t].grads.items():
                grads[name] += grad
        return {"h": h, "dx": dx, **grads}
