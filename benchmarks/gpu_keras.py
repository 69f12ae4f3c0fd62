"""One training step of `keras.layers.LSTM`, on the backend that Keras has here. See gpu_ways.py."""

import importlib.util
import os
from functools import partial

import numpy as np
import torch
from gpu_ways import Skip, Step, allow_tf32, array
from unrolled.bridges.keras import gradients, to_keras
from unrolled.engine import lstm


def keras_layer(problem, device, precision):
    """`keras.layers.LSTM` on the backend that Keras has here."""
    if precision != "float32":
        raise Skip("Keras is timed in float32 alone")
    backend = backend_name()
    params, x = problem.cast(precision)
    layer = to_keras(lstm, params)
    return ON[backend](layer, x, device)


def backend_name():
    """The name of Keras's backend: TensorFlow unless told otherwise, PyTorch where it is missing.

    Imports Keras, which must not happen before the GPU is hidden or not.
    """
    if importlib.util.find_spec("keras") is None:
        raise Skip("Keras is not installed")
    if importlib.util.find_spec("tensorflow") is None:
        os.environ.setdefault("KERAS_BACKEND", "torch")
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", str(torch.get_num_threads()))
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")  # or PyTorch finds no memory left
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
    try:
        import keras
    except Exception as error:
        raise Skip(f"Keras cannot be imported: {error}") from error
    return keras.backend.backend()


def on_tensorflow(layer, x, device):
    """The step of a layer of Keras in TensorFlow, compiled into a graph, as model.fit does."""
    import tensorflow as tf

    if device.type == "cuda" and not tf.config.list_physical_devices("GPU"):
        raise Skip("TensorFlow sees no GPU")
    tf.config.experimental.enable_tensor_float_32_execution(False)
    x, weights = tf.constant(x), [variable.value for variable in layer.trainable_variables]

    @tf.function
    def graph():
        with tf.GradientTape() as tape:
            tape.watch(x)
            h = layer(x)
            total = tf.reduce_sum(h)
        return h, tape.gradient(total, [x, *weights])

    def run():
        results = graph()
        if device.type == "cuda":
            tf.test.experimental.sync_devices()
        return results

    return Step(run, partial(named_by_keras, layer))


def on_torch(layer, x, device):
    """The step of a layer of Keras in PyTorch, eager."""
    x = torch.from_numpy(x).to(device).requires_grad_()
    weights = [variable.value for variable in layer.trainable_variables]

    def run():
        allow_tf32(False)
        h = layer(x)
        grads = torch.autograd.grad(h.sum(), [x, *weights])
        if x.is_cuda:
            torch.cuda.synchronize()
        return h, grads

    def named(results):
        h, grads = results
        return named_by_keras(layer, (array(h), [array(grad) for grad in grads]))

    return Step(run, named)


def on_jax(layer, x, device):
    """The step of a layer of Keras in JAX, compiled."""
    import jax

    if device.type == "cuda" and jax.default_backend() != "gpu":
        raise Skip("JAX sees no GPU")
    jax.config.update("jax_default_matmul_precision", "highest")
    weights, others = (
        [variable.value for variable in variables]
        for variables in (layer.trainable_variables, layer.non_trainable_variables)
    )

    def total(x, weights):
        h, _ = layer.stateless_call(weights, others, x)
        return h.sum(), h

    step = jax.jit(jax.value_and_grad(total, argnums=(0, 1), has_aux=True))
    x = jax.numpy.asarray(x)

    def run():
        (_, h), (dx, grads) = jax.block_until_ready(step(x, weights))
        return h, [dx, *grads]

    return Step(run, partial(named_by_keras, layer))


ON = {"tensorflow": on_tensorflow, "torch": on_torch, "jax": on_jax}


def named_by_keras(layer, results):
    """Results of a step of Keras under our names."""
    h, (dx, *grads) = results
    return {"h": np.asarray(h), "dx": np.asarray(dx), **gradients(layer, grads)}
