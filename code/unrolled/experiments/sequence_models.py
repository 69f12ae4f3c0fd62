"""Four small networks that read a sequence from the left, in PyTorch. See `architectures`.

Each maps x (N, T, D) to logits (N, T, K), and what it says at a step depends on no later one.
"""

import math

import torch
from torch import nn
from torch.nn import functional


class Recurrent(nn.Module):
    """A GRU and a readout."""

    def __init__(self, D, K, C=24, H=46):
        super().__init__()
        self.enter = nn.Linear(D, C)
        self.gru = nn.GRU(C, H, batch_first=True)
        self.readout = nn.Linear(H, K)

    def forward(self, x):
        """Logits (N, T, K)."""
        return self.readout(self.gru(self.enter(x))[0])


class Convolution(nn.Module):
    """Causal convolutions over two steps, 1, 2, 4, ... steps apart, each beside a shortcut.

    The form is that of WaveNet and of Bai, Kolter and Koltun (2018); six of them see 64 steps.
    """

    def __init__(self, D, K, C=28, layers=6):
        super().__init__()
        self.enter = nn.Linear(D, C)
        self.layers = nn.ModuleList(
            nn.Conv1d(C, C, 2, dilation=2**layer) for layer in range(layers)
        )
        self.readout = nn.Linear(C, K)

    def forward(self, x):
        """Logits (N, T, K)."""
        u = self.enter(x).transpose(1, 2)
        for layer in self.layers:
            padded = functional.pad(u, (layer.dilation[0], 0))  # nothing from later steps
            u = u + functional.relu(layer(padded))
        return self.readout(u.transpose(1, 2))


class Transformer(nn.Module):
    """Two layers of causal self-attention with four heads, each followed by a small network.

    `positions` says how a step knows where it stands: "sinusoids" are added to the inputs (Vaswani
    et al. 2017); "distances" take from a score in proportion to how far back a step lies (Press,
    Smith and Lewis 2022), which is meant for lengths beyond those trained on.
    """

    def __init__(self, D, K, positions, C=24, heads=4, layers=2, wider=2):
        super().__init__()
        self.positions, self.heads = positions, heads
        self.enter = nn.Linear(D, C)
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(
                C, heads, wider * C, dropout=0.0, batch_first=True, norm_first=True
            )
            for _ in range(layers)
        )
        self.norm = nn.LayerNorm(C)
        self.readout = nn.Linear(C, K)

    def forward(self, x):
        """Logits (N, T, K)."""
        N, T, _ = x.shape
        u = self.enter(x)
        if self.positions == "sinusoids":
            u = u + sinusoids(T, u.shape[2])
            mask = nn.Transformer.generate_square_subsequent_mask(T)
        else:
            mask = distances(T, self.heads).repeat(N, 1, 1)
        for layer in self.layers:
            u = layer(u, src_mask=mask)
        return self.readout(self.norm(u))


def sinusoids(T, C):
    """Sines and cosines (T, C) whose periods run from 2 pi to 10,000 times that."""
    rates = torch.exp(-math.log(10_000) * torch.arange(0, C, 2) / C)
    angles = torch.arange(T)[:, None] * rates
    return torch.stack([angles.sin(), angles.cos()], dim=2).reshape(T, C)


def distances(T, heads):
    """What is added to the scores (heads, T, T): -slope * distance, and -inf for later steps."""
    slopes = 2.0 ** (-8 * torch.arange(1, heads + 1) / heads)
    back = torch.arange(T)[:, None] - torch.arange(T)
    added = -slopes[:, None, None] * back
    return added.masked_fill(back < 0, float("-inf"))


MODELS = {
    "GRU": Recurrent,
    "convolution": Convolution,
    "Transformer": lambda D, K: Transformer(D, K, "sinusoids"),
    "Transformer, distances": lambda D, K: Transformer(D, K, "distances"),
}
