"""How long one more step takes after few and after many. See the closing chapter.

    OMP_NUM_THREADS=1 python -m unrolled.experiments next-step

A GRU, a causal convolution and attention with a cache, each with four layers and about as many
weights (`analysis.next_step` counts them), read for one reader in PyTorch. What was read before is
random: it costs the same. Writes data/results/next-step.json.
"""

import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from unrolled.analysis.next_step import DILATIONS

from . import record

D, LAYERS, HEADS = 256, 4, 4
LENGTHS = [100, 300, 1000, 3000, 10_000, 30_000, 100_000]
REPEATS = 30


class Recurrent:
    """Layers of a GRU with their states."""

    def __init__(self, n):
        H = round(np.sqrt(2) * D)
        self.gru, self.state = nn.GRU(H, H, LAYERS), torch.zeros(LAYERS, 1, H)
        self.x = torch.randn(1, 1, H)

    def step(self):
        """Read one more input."""
        return self.gru(self.x, self.state)


class Convolution:
    """Layers of two inputs each, with what they wait for."""

    def __init__(self, n):
        C = round(np.sqrt(6) * D)
        self.layers = [nn.Linear(2 * C, C) for _ in range(LAYERS)]
        self.waiting = [torch.randn(min(n, 2 ** (k % DILATIONS)), C) for k in range(LAYERS)]
        self.x, self.t = torch.randn(C), n

    def step(self):
        """Read one more input."""
        u = self.x
        for layer, waiting in zip(self.layers, self.waiting, strict=True):
            place = self.t % len(waiting)
            both = torch.cat([waiting[place], u])
            waiting[place] = u
            u = u + functional.relu(layer(both))
        self.t += 1
        return u


class Attention:
    """Layers of a Transformer with the keys and values of n steps."""

    def __init__(self, n):
        self.layers = [
            (nn.Linear(D, 3 * D), nn.Linear(D, D), nn.Linear(D, 4 * D), nn.Linear(4 * D, D))
            for _ in range(LAYERS)
        ]
        self.cache = torch.randn(LAYERS, 2, 1, HEADS, n + 1, D // HEADS)
        self.x, self.n = torch.randn(1, D), n

    def step(self):
        """Read one more input."""
        u = self.x
        for (enter, leave, up, down), cache in zip(self.layers, self.cache, strict=True):
            q, k, v = enter(functional.layer_norm(u, [D])).reshape(3, 1, HEADS, 1, D // HEADS)
            cache[0, :, :, self.n], cache[1, :, :, self.n] = k[:, :, 0], v[:, :, 0]
            seen = functional.scaled_dot_product_attention(q, cache[0], cache[1])
            u = u + leave(seen.reshape(1, D))
            u = u + down(functional.relu(up(functional.layer_norm(u, [D]))))
        return u


NETWORKS = {"recurrent": Recurrent, "convolution": Convolution, "attention": Attention}


def timed(network, n):
    """The median and the quartiles of the seconds of one step after n."""
    torch.manual_seed(0)
    found, seconds = network(n), []
    with torch.no_grad():
        for _ in range(REPEATS + 3):
            begun = time.perf_counter()
            found.step()
            seconds.append(time.perf_counter() - begun)
    return [round(float(q), 7) for q in np.percentile(seconds[3:], [50, 25, 75])]


def main():
    """Time all networks at all lengths, in turns, and record it."""
    rows = [
        {"steps": n, "network": name, "seconds": timed(network, n)}
        for n in LENGTHS
        for name, network in NETWORKS.items()
    ]
    settings = {
        "width": D, "layers": LAYERS, "heads": HEADS, "steps": LENGTHS, "repeats": REPEATS,
        "seconds": "median, lower and upper quartile", "dtype": "float32", "readers": 1,
    }  # fmt: skip
    record.write("next-step", settings=settings, results=rows, packages=("numpy", "torch"))
