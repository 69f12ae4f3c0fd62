"""Gradient descent in order of increasing complexity: SGD, momentum, Adam; and clipping.

An optimizer is made with its settings and called with parameters and gradients of the same keys:
`optimizer.update(params, grads)` changes the arrays in `params` in place.
MEMORY names what it keeps from one update to the next; its other attributes are settings.
"""

import numpy as np


class SGD:
    """params -= lr * grads."""

    MEMORY = ()

    def __init__(self, lr):
        self.lr = _positive("lr", lr)

    def update(self, params, grads):
        """Take one step, in place. Raises ValueError if a gradient does not fit its parameter."""
        for _, param, grad in _pairs(params, grads):
            param -= self.lr * grad


class Momentum:
    """SGD along a decaying sum of past gradients (Polyak 1964), in PyTorch's form.

    velocity = momentum * velocity + grad;  params -= lr * velocity.
    """

    MEMORY = ("velocity",)

    def __init__(self, lr, momentum=0.9):
        self.lr, self.momentum = _positive("lr", lr), _fraction("momentum", momentum)
        self.velocity = {}

    def update(self, params, grads):
        """Take one step, in place. Raises ValueError if a gradient does not fit its parameter."""
        for name, param, grad in _pairs(params, grads, self.velocity):
            velocity = self.velocity.setdefault(name, np.zeros_like(param))
            velocity *= self.momentum
            velocity += grad
            param -= self.lr * velocity


class Adam:
    """Steps scaled by running means of the gradient and of its square (Kingma and Ba 2015)."""

    MEMORY = ("mean", "square", "steps")

    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.lr, self.epsilon = _positive("lr", lr), _positive("epsilon", epsilon)
        self.beta1, self.beta2 = _fraction("beta1", beta1), _fraction("beta2", beta2)
        self.mean, self.square, self.steps = {}, {}, 0

    def update(self, params, grads):
        """Take one step, in place. Raises ValueError if a gradient does not fit its parameter."""
        pairs = _pairs(params, grads, self.mean)
        self.steps += 1
        for name, param, grad in pairs:
            mean = self.mean.setdefault(name, np.zeros_like(param))
            square = self.square.setdefault(name, np.zeros_like(param))
            mean += (1 - self.beta1) * (grad - mean)
            square += (1 - self.beta2) * (grad**2 - square)
            unbiased_mean = mean / (1 - self.beta1**self.steps)
            unbiased_square = square / (1 - self.beta2**self.steps)
            param -= self.lr * unbiased_mean / (np.sqrt(unbiased_square) + self.epsilon)


def global_norm(grads):
    """Length of all gradients taken as one vector, a float."""
    return float(
        np.sqrt(sum(float((grad.astype(np.float64) ** 2).sum()) for grad in grads.values()))
    )


def clip_by_global_norm(grads, max_norm):
    """Shorten the gradients, all by one factor, to length max_norm if they are longer.

    (Pascanu et al. 2013.) The direction does not change, and nothing that is small grows.

    Returns
    -------
    grads : dict
        The same arrays if nothing had to be clipped, else new ones.
    norm : float
        The length before clipping.

    Raises
    ------
    ValueError
        If max_norm is not positive, or if the norm is NaN or infinite: no factor repairs that.
    """
    _positive("max_norm", max_norm)
    norm = global_norm(grads)
    if not np.isfinite(norm):
        broken = [name for name, grad in grads.items() if not np.isfinite(grad).all()]
        raise ValueError(f"the gradient of {', '.join(broken) or 'all'} is NaN or infinite")
    if norm <= max_norm:
        return grads, norm
    return {name: grad * grad.dtype.type(max_norm / norm) for name, grad in grads.items()}, norm


def _pairs(params, grads, memory=()):
    """(name, param, grad) of every gradient, after checking that all of them fit."""
    for name, grad in grads.items():
        if name not in params:
            raise ValueError(f"there is no parameter {name!r}; params has {sorted(params)}")
        if grad.shape != params[name].shape:
            raise ValueError(
                f"the gradient of {name} has shape {grad.shape}, the parameter {params[name].shape}"
            )
        if name in memory and memory[name].shape != grad.shape:
            raise ValueError(
                f"the optimizer has learned with a {name} of shape {memory[name].shape}, not "
                f"{grad.shape}; another network needs an optimizer of its own"
            )
    return [(name, params[name], grad) for name, grad in grads.items()]


def _positive(name, value):
    if not value > 0:
        raise ValueError(f"{name} must be positive; got {value}")
    return value


def _fraction(name, value):
    if not 0 <= value < 1:
        raise ValueError(f"{name} must lie in [0, 1); got {value}")
    return value
