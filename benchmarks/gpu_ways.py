"""One training step of an LSTM layer, in the ways that gpu.py compares.

Every way computes the same numbers from the same parameters: h (N, T, H) of inputs x (N, T, D), and
the gradients of the sum of h with respect to x and all weights. A way is a function of a problem, a
device and a precision; it returns a `Step`, or raises `Skip` with the reason why there is none.
"""

from functools import partial
from typing import NamedTuple

import numpy as np
import torch
from unrolled.bridges.torch import gradients, to_torch
from unrolled.engine import lstm

TF32 = "tf32 is a format of the tensor cores of NVIDIA's GPUs (Ampere and later)"


class Skip(Exception):
    """A way that cannot run here. The message is a reason for the record."""


class Step(NamedTuple):
    """`run()` does one training step and waits until it is done; `named` names what it returned.

    `named(run())` is a dict of NumPy arrays: h, dx and the gradients under our names.
    """

    run: object
    named: object


class Problem(NamedTuple):
    """Parameters and inputs (N, T, D), in float64."""

    params: dict
    x: np.ndarray

    @classmethod
    def of(cls, N, T, D, H):
        """A problem of these sizes, always the same one."""
        rng = np.random.default_rng(7)
        return cls(lstm.init_params(D, H, rng=rng), rng.standard_normal((N, T, D)))

    def cast(self, precision):
        """The same in the dtype in which a precision keeps parameters and inputs."""
        dtype = np.float64 if precision == "float64" else np.float32
        return Problem({k: v.astype(dtype) for k, v in self.params.items()}, self.x.astype(dtype))


def ours(problem, device, precision):
    """`unrolled.engine`, in NumPy."""
    if device.type != "cpu":
        raise Skip("our engine computes in NumPy, on the processor alone")
    if precision not in ("float64", "float32"):
        raise Skip(f"NumPy has no {precision}")
    params, x = problem.cast(precision)
    ones = np.ones((*x.shape[:2], len(params["W_hi"])), x.dtype)

    def run():
        h, tape = lstm.forward(x, params)
        dx, _, grads = lstm.backward(ones, tape, params)
        return {"h": h, "dx": dx, **grads}

    return Step(run, lambda results: results)


def fused(problem, device, precision):
    """`torch.nn.LSTM`: one call for all steps, which cuDNN or oneDNN computes."""
    module, x = placed(problem, device, precision)
    return torch_step(lambda x: module(x)[0], module, x, precision)


def loop(problem, device, precision):
    """A Python loop over `torch.nn.LSTMCell`."""
    module, x = placed(problem, device, precision)
    return torch_step(partial(over_cells, cell_of(module)), module, x, precision)


def compiled(problem, device, precision, mode=None):
    """The loop, all steps of it compiled into one graph by torch.compile."""
    # Or what an earlier run compiled would make compiling look quick.
    torch._inductor.config.force_disable_caches = True
    module, x = placed(problem, device, precision)
    call = torch.compile(over_cells, dynamic=False, fullgraph=True, mode=mode)
    return torch_step(partial(call, cell_of(module)), module, x, precision)


def captured(problem, device, precision):
    """The compiled loop, launched as a whole: torch.compile with CUDA graphs."""
    if device.type != "cuda":
        raise Skip("CUDA graphs need a GPU")
    return compiled(problem, device, precision, mode="reduce-overhead")


def placed(problem, device, precision):
    """An nn.LSTM with the problem's weights, and the inputs, on a device."""
    if precision == "tf32" and device.type != "cuda":
        raise Skip(TF32)
    params, x = problem.cast(precision)
    module = to_torch(lstm, params, device=device)
    return module, torch.from_numpy(x).to(device).requires_grad_()


def cell_of(module):
    """An nn.LSTMCell with the very parameters of an nn.LSTM of one layer."""
    cell = torch.nn.LSTMCell(module.input_size, module.hidden_size, device="meta")
    for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
        setattr(cell, name, getattr(module, f"{name}_l0"))
    return cell


def over_cells(cell, x):
    """The hidden states (N, T, H) of a cell of PyTorch over all steps of x (N, T, D).

    `unbind` and not x[:, t]: the gradient of each x[:, t] is an array of zeros as large as x.
    """
    h_0 = x.new_zeros(x.shape[0], cell.hidden_size)
    two = isinstance(cell, torch.nn.LSTMCell)
    state, h = (h_0, h_0) if two else h_0, []
    for x_t in x.unbind(1):
        state = cell(x_t, state)
        h.append(state[0] if two else state)
    return torch.stack(h, dim=1)


def allow_tf32(allowed):
    """Whether matrix products in float32, cuDNN's among them, may round their factors to tf32.

    PyTorch's own start is False for products and True for cuDNN, and so for nn.LSTM on a GPU.
    """
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = allowed


def torch_step(call, module, x, precision):
    """The step of a function x -> h that uses the parameters of `module`."""
    weights = list(module.parameters())

    def run():
        allow_tf32(precision == "tf32")
        with torch.autocast(x.device.type, torch.bfloat16, enabled=precision == "bf16"):
            h = call(x)
        grads = torch.autograd.grad(h.sum(), [x, *weights])
        if x.is_cuda:
            torch.cuda.synchronize()
        return h, grads

    def named(results):
        h, (dx, *grads) = results
        for weight, grad in zip(weights, grads, strict=True):
            weight.grad = grad
        found = {"h": array(h), "dx": array(dx), **gradients(module)}
        for weight in weights:
            weight.grad = None
        return found

    return Step(run, named)


def array(tensor):
    """A tensor of any kind and place as a NumPy array; NumPy has no bfloat16."""
    tensor = tensor.detach().cpu()
    return (tensor.float() if tensor.dtype == torch.bfloat16 else tensor).numpy()
