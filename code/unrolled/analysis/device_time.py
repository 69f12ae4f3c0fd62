"""Where the time of a training step goes: starting work, arithmetic, or moving numbers.

A step is forward and backward of one recurrent layer in float32: gradients of all parameters and of
the inputs. Everything is counted, then divided by what a device can do.

`way` is "loop", a Python loop over cells, or "fused", one call for all steps.
"""

from typing import NamedTuple

import numpy as np

GATES = {"rnn": 1, "lstm": 4, "gru": 3}
NUMBER = 4  # bytes of a float32
TILE = 64  # rows and columns of a product that one multiprocessor of a GPU computes at a time


class Device(NamedTuple):
    """What a device can do.

    launch : seconds to start one operation
    rate : operations (multiplications and additions in float32) per second
    bandwidth : bytes per second from and to its memory
    launches : dict (way, cell) -> (operations started per time step, and beside them)
    processors : how many tiles of a product are computed at once
    measured : whether `launch`, `rate` and `bandwidth` were measured, or are a data sheet's
    """

    name: str
    launch: float
    rate: float
    bandwidth: float
    launches: dict
    processors: int = 1
    measured: bool = False


class Parts(NamedTuple):
    """Seconds of a training step that go to starting work, to arithmetic and to memory."""

    launches: object
    arithmetic: object
    memory: object

    @property
    def total(self):
        """Launches, and the larger of arithmetic and memory, which go on at the same time.

        On a GPU the launches, too, may run ahead of the rest. The truth then lies between the
        largest part and this sum, which is less than twice the largest part.
        """
        return self.launches + np.maximum(self.arithmetic, self.memory)

    @property
    def largest(self):
        """The name of the largest part."""
        return max(self._fields, key=lambda name: float(getattr(self, name)))


# Not measured: NVIDIA's data sheet of the H200 SXM (67 TFLOP/s in float32 beside the tensor cores,
# 4.8 TB/s, https://www.nvidia.com/en-us/data-center/h200/), whose GH100 chip has 132
# multiprocessors, and 5 microseconds per launch as a typical figure (4 to 6 on another card:
# https://susun-blog.com/blog/pegainfer-3-cuda-graph). The launches are counted in sources.
# Loop, per step, from PyTorch's aten/src/ATen/native/RNN.cpp and cuda/RNN.cu: forward two products
# and one kernel for all gates (rnn: two products, a sum, a tanh); backward one kernel for the gates
# (rnn: tanh), the sums for the biases (lstm 1, others 2), four products, the addition of each of
# four gradients to those of the steps before, and the gradients of h_t from step t + 1 and from
# above (gru: and through z) added up. Fused, from J. Appleyard et al., Optimizing Performance of
# Recurrent Neural Networks on GPUs (arXiv:1604.01946): one product and one kernel for the gates per
# step and direction; beside them about ten for inputs, weights, biases and the loss.
H200 = Device(
    "H200, data sheet",
    launch=5e-6,
    rate=67e12,
    bandwidth=4.8e12,
    launches={
        ("loop", "rnn"): (16, 5),
        ("loop", "lstm"): (14, 5),
        ("loop", "gru"): (16, 5),
        **{("fused", cell): (4, 10) for cell in GATES},
    },
    processors=132,
)

# A card on which others have timed LSTMs: GeForce GTX Titan X of 2015, 3,072 units of a product and
# a sum in each of 1,075 million cycles a second, 24 multiprocessors, 336.5 GB/s (data sheet; see
# https://hothardware.com/reviews/nvidia-geforce-gtx-titan-x-review-efficient-powerful).
TITAN_X = H200._replace(
    name="GTX Titan X, data sheet", rate=2 * 3072 * 1.075e9, bandwidth=336.5e9, processors=24
)

# Microseconds for one of N sequences of 30 steps, forward and backward, LSTM with D = H, in Theano:
# a compiled loop and one call of cuDNN 5. Read in the README of
# https://github.com/MaximumEntropy/cudnn_rnn_theano_benchmarks (2016, on a Titan X; CUDA 7.5).
PUBLISHED = [
    {"N": N, "T": 30, "D": H, "H": H, "loop": 1e-6 * N * loop, "fused": 1e-6 * N * fused}
    for N, H, loop, fused in (
        (32, 128, 255.2, 136.3),
        (32, 512, 581.0, 243.4),
        (32, 1024, 1051.8, 638.4),
        (128, 128, 231.0, 46.4),
        (128, 512, 471.4, 110.9),
        (128, 1024, 886.3, 204.3),
    )
]


def measured(machine, name, processors=1):
    """The `Device` of one machine in data/results/gpu.json, with the constants found there.

    `machine` is record["results"]["cpu"] or ["gpu"]. Launches were counted at two lengths; where a
    GPU's profiler saw none, those of `H200` stand in.
    """
    counts, lines = {}, dict(H200.launches)
    for row in filter(lambda row: row["launches"], machine["launches"]):
        counts.setdefault((row["way"], row["cell"]), []).append((row["T"], row["launches"]))
    for key, ((T, few), (longer, many)) in counts.items():
        per_step = (many - few) / (longer - T)
        lines[key] = per_step, few - per_step * T
    found = machine["constants"]
    return Device(
        name,
        launch=found["seconds per launch"],
        rate=found["operations per second"]["float32"],
        bandwidth=found["bytes per second"],
        launches=lines,
        processors=processors,
        measured=True,
    )


def time_of_step(device, way, N, T, D, H, *, cell="lstm"):
    """Seconds of one training step, as `Parts`; sizes may be arrays.

    Good for orders of magnitude: `misfit` says how far off it is where steps were timed.
    """
    per_step, beside = device.launches[way, cell]
    return Parts(
        launches=device.launch * (per_step * np.asarray(T) + beside),
        arithmetic=seconds_of_products(device, way, N, T, D, H, cell=cell),
        memory=traffic(way, N, T, D, H, cell=cell) / device.bandwidth,
    )


def misfit(machine, device):
    """Measured time divided by `time_of_step`: dict way -> factors of all its rows in float32.

    `machine` as for `measured`. Factors above 1 are to be expected: products of a few rows do not
    reach the rate of large ones, an operation with gradients costs more than a tanh of one number,
    and waiting is not counted at all. A busy machine adds to them.
    """
    factors = {"loop": [], "fused": []}
    for row in machine["rows"]:
        if row["way"] in factors and row["precision"] == "float32" and row["seconds"]:
            expected = time_of_step(device, row["way"], *(row[size] for size in "NTDH")).total
            factors[row["way"]].append(row["seconds"] / expected)
    return {way: np.array(found) for way, found in factors.items()}


def timed(machine, way, axis):
    """Measured seconds of a way in float32 against one size, the others at the base: a dict.

    `machine` as for `measured`; `axis` is "N", "T" or "H".
    """
    base, found = machine["settings"]["base"], {}
    for row in machine["rows"]:
        at_base = all(row[size] == base[size] for size in base if size != axis)
        if at_base and (row["way"], row["precision"]) == (way, "float32") and row["seconds"]:
            found[row[axis]] = row["seconds"]
    return dict(sorted(found.items()))


def operations(cell, N, T, D, H):
    """Multiplications and additions in the matrix products of one training step.

    Forward N rows times a (D + H, G H) matrix at each of T steps, 2 N (D + H) G H operations;
    backward twice as many, once for dx_t and dh_prev, once for the weights' gradients.
    """
    return 3 * 2 * N * T * (D + H) * GATES[cell] * H


def seconds_of_products(device, way, N, T, D, H, *, cell="lstm"):
    """Seconds of the matrix products, T times (N, D) @ (D, G H) in a loop, once (N T, D) if fused.

    The recurrent products stay T small ones. A product whose result has fewer tiles than the device
    has processors leaves some of them idle (NVIDIA, Matrix Multiplication Background User's Guide,
    section 3; cuBLAS has smaller and larger tiles than ours, and may divide the sum as well).
    """
    G = GATES[cell] * H
    rows, times = (N, T) if way == "loop" else (N * T, 1)
    products = [  # (rows, columns, summed over, how often)
        (N, G, H, T),
        (N, H, G, T),
        (rows, G, D, times),
        (rows, D, G, times),
        (H, G, rows, times),
        (D, G, rows, times),
    ]
    return sum(
        2 * r * c * s * n / (device.rate * busy(r, c, device.processors)) for r, c, s, n in products
    )


def busy(rows, columns, processors):
    """The fraction of processors that have a tile of a (rows, columns) product to compute."""
    tiles = np.ceil(np.asarray(rows) / TILE) * np.ceil(np.asarray(columns) / TILE)
    return np.minimum(1, tiles / processors)


def traffic(way, N, T, D, H, *, cell="lstm"):
    """Bytes read and written in one training step if no cache helps.

    Weights: both ways read the recurrent matrix once forward and once backward at every step, since
    the next step cannot begin before. A loop does so with the input matrix too, and at every step
    writes a gradient of both and adds it to the sum (write, read, read, write). Fused, the input
    matrix is read once forward and once backward, and both gradients are written once.
    States: at every step each gate's value is written and read about twelve times (products,
    gates, and their gradients, which four products and a sum read), each unit's state eight, each
    input three.
    """
    W_x, W_h = D * GATES[cell] * H, H * GATES[cell] * H
    states = N * T * (12 * GATES[cell] * H + 8 * H + 3 * D)
    if way == "loop":
        return NUMBER * (T * 6 * (W_x + W_h) + states)
    return NUMBER * (T * 2 * W_h + 3 * W_x + W_h + states)
