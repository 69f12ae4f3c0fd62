"""The layers of Keras on TensorFlow, PyTorch and JAX, beside ours. See chapter 13.

    OMP_NUM_THREADS=1 python -m unrolled.experiments backends

Keras chooses its backend when it is imported, so each runs in a process of its own. The chapter has
no need of JAX, which is why what needs all three is recorded.
"""

import json
import os
import subprocess
import sys

import numpy as np

from unrolled.engine import gru, lstm, rnn
from unrolled.engine.bidirectional import Bidirectional
from unrolled.engine.contract import width
from unrolled.engine.stack import Stack

from . import record

N, T, D, H, STARTS, NOISE = 2, 6, 3, 4, 3, 0.3
BACKENDS = ("tensorflow", "torch", "jax")


def machines():
    """Each cell alone, and in two layers that read both ways."""
    cells = {"rnn": rnn, "lstm": lstm, "gru": gru}
    return cells | {f"2 x {name}": Stack(Bidirectional(c), 2) for name, c in cells.items()}


def drawn(cell, dtype, seed):
    """Parameters with random biases, inputs and the gradient of the loss by the states."""
    rng = np.random.default_rng(seed)
    params = cell.init_params(D, H, rng=rng, dtype=dtype)
    for value in params.values():
        value += NOISE * rng.standard_normal(value.shape).astype(dtype)
    x = rng.standard_normal((N, T, D)).astype(dtype)
    return params, x, rng.standard_normal((N, T, width(cell, H))).astype(dtype)


def in_numpy(cell, params, x, dh):
    """States and gradients of ours."""
    h, tape = cell.forward(x, params)
    dx, _, grads = cell.backward(dh, tape, params)
    return {"h": h, "dx": dx, **grads}


def in_keras(cell, params, x, dh):
    """The same of the layer of Keras, by the automatic differentiation of its backend."""
    import keras

    from unrolled.bridges import keras as bridge

    layer = bridge.to_keras(cell, params)
    h, dx, grads = DERIVED[keras.backend.backend()](layer, x, dh)
    return {"h": h, "dx": dx, **bridge.gradients(layer, grads)}


def on_tensorflow(layer, x, dh):
    """States, and gradients of inputs and weights, as TensorFlow finds them."""
    import tensorflow as tf

    inputs = tf.Variable(x)
    with tf.GradientTape() as tape:
        h = layer(inputs)
        loss = tf.reduce_sum(h * dh)
    dx, *grads = tape.gradient(loss, [inputs, *layer.trainable_variables])
    return h.numpy(), dx.numpy(), grads


def on_torch(layer, x, dh):
    """States, and gradients of inputs and weights, as PyTorch finds them."""
    import torch

    inputs = torch.tensor(x, requires_grad=True)
    h = layer(inputs)
    h.backward(torch.tensor(dh))
    grads = [variable.value.grad for variable in layer.trainable_variables]
    return h.detach().numpy(), inputs.grad.numpy(), grads


def on_jax(layer, x, dh):
    """States, and gradients of inputs and weights, as JAX finds them."""
    import jax

    held = [variable.value for variable in layer.non_trainable_variables]

    def loss(trainable, inputs):
        h, _ = layer.stateless_call(trainable, held, inputs)
        return (h * dh).sum(), h

    trainable = [variable.value for variable in layer.trainable_variables]
    (_, h), (grads, dx) = jax.value_and_grad(loss, argnums=(0, 1), has_aux=True)(
        trainable, jax.numpy.asarray(x)
    )
    return np.asarray(h), np.asarray(dx), grads


DERIVED = {"tensorflow": on_tensorflow, "torch": on_torch, "jax": on_jax}


def apart(ours, theirs):
    """The largest difference, as a share of its array's largest element: of states, gradients."""
    share = {name: np.abs(theirs[name] - ours[name]).max() / np.abs(ours[name]).max()
             for name in ours}  # fmt: skip
    states = share.pop("h")
    return float(states), float(max(share.values()))


def measured():
    """The worst of all starts, by precision and cell, with the backend of this process.

    What raises a TypeError is kept as its first line.
    """
    import keras

    found = {"float32": {}, "float64": {}}
    for dtype, by_cell in found.items():
        if keras.backend.backend() == "jax":
            import jax

            jax.config.update("jax_enable_x64", dtype == "float64")
        for name, cell in machines().items():
            try:
                starts = [apart_at(cell, dtype, seed) for seed in range(STARTS)]
            except TypeError as error:
                by_cell[name] = {"raised": str(error).splitlines()[0]}
            else:
                states, gradients = map(max, zip(*starts, strict=True))
                by_cell[name] = {"states": states, "gradients": gradients}
    return {"runs on": keras.backend.backend(), **found}


def apart_at(cell, dtype, seed):
    """How far apart ours and the layer of Keras are from one draw of the weights."""
    data = (cell, *drawn(cell, dtype, seed))
    return apart(in_numpy(*data), in_keras(*data))


def asked(backend):
    """What a process with that backend has measured."""
    ask = "import json; from unrolled.experiments import backends as b; "
    done = subprocess.run(
        [sys.executable, "-c", ask + "print(json.dumps(b.measured()))"],
        env=os.environ | {"KERAS_BACKEND": backend},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout.splitlines()[-1])
    if found.pop("runs on") != backend:
        raise ValueError(f"Keras did not run on {backend}")
    return found


def main():
    """Ask each backend in a process of its own."""
    settings = {"N": N, "T": T, "D": D, "H": H, "starts": STARTS, "noise": NOISE}
    packages = ("numpy", "keras", *BACKENDS)
    runs = record.Runs("backends", settings=settings, packages=packages)
    for backend in BACKENDS:
        print(runs.once(lambda backend=backend: asked(backend), backend=backend))
