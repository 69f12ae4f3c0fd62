"""Six small networks that read a sequence from the left, in PyTorch. See `architectures`.

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
            u = u + self.added(u)
            mask = nn.Transformer.generate_square_subsequent_mask(T)
        else:
            mask = distances(T, self.heads).repeat(N, 1, 1)
        for layer in self.layers:
            u = layer(u, src_mask=mask)
        return self.readout(self.norm(u))

    def added(self, u):
        """What tells the steps of u (N, T, C) where they stand, (T, C) or (N, T, C)."""
        return sinusoids(*u.shape[1:])


class Linear(nn.Module):
    """Two layers of a linear recurrence, each followed by a small network.

    `cell` is `Turning`, whose decays stand still, or `Signed`, whose decays depend on the input.
    """

    def __init__(self, D, K, cell, C=24, layers=2, wider=2):
        super().__init__()
        self.enter = nn.Linear(D, C)
        self.cells = nn.ModuleList(nn.Sequential(nn.LayerNorm(C), cell(C)) for _ in range(layers))
        self.between = nn.ModuleList(
            nn.Sequential(
                nn.LayerNorm(C), nn.Linear(C, wider * C), nn.ReLU(), nn.Linear(wider * C, C)
            )
            for _ in range(layers)
        )
        self.norm = nn.LayerNorm(C)
        self.readout = nn.Linear(C, K)

    def forward(self, x):
        """Logits (N, T, K)."""
        u = self.enter(x)
        for cell, network in zip(self.cells, self.between, strict=True):
            u = u + cell(u)
            u = u + network(u)
        return self.readout(self.norm(u))


class Turning(nn.Module):
    """The linear recurrent unit of Orvieto et al. (2023), as chapter 22 builds it."""

    def __init__(self, C, H=24):
        super().__init__()
        r = torch.sqrt(torch.empty(H).uniform_(0.9**2, 0.999**2))
        self.nu = nn.Parameter(torch.log(-torch.log(r)))
        self.theta = nn.Parameter(torch.log(math.pi * (1 - torch.rand(H))))
        self.gamma = nn.Parameter(torch.log(1 - r**2) / 2)
        self.read = nn.Linear(C, 2 * H, bias=False)
        self.show = nn.Linear(2 * H, C)

    def forward(self, u):
        """States of all steps, shown as (N, T, C)."""
        decay = torch.exp(torch.complex(-torch.exp(self.nu), torch.exp(self.theta)))
        real, imaginary = (torch.exp(self.gamma) * half for half in self.read(u).chunk(2, dim=2))
        h = scanned(decay.expand(*u.shape[:2], -1), torch.complex(real, imaginary))
        return self.show(torch.cat([h.real, h.imag], dim=2))


class Signed(nn.Module):
    """The minimal GRU (Feng et al. 2024) with decays between -1 and 1, as in chapter 23."""

    def __init__(self, C, H=32):
        super().__init__()
        self.read = nn.Linear(C, 2 * H)
        self.show = nn.Linear(H, C)

    def forward(self, u):
        """States of all steps, shown as (N, T, C)."""
        a, candidate = self.read(u).chunk(2, dim=2)
        gate = torch.sigmoid(a)
        return self.show(scanned(2 * gate - 1, (1 - gate) * candidate))


def scanned(decay, drive):
    """All h_t = decay_t h_{t-1} + drive_t, (N, T, H), by doubling: see `unrolled.engine.scan`."""
    reach = 1
    while reach < drive.shape[1]:
        before = functional.pad(drive[:, :-reach], (0, 0, reach, 0))
        drive = drive + decay * before
        decay = decay * functional.pad(decay[:, :-reach], (0, 0, reach, 0))
        reach *= 2
    return drive


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
    "LRU": lambda D, K: Linear(D, K, Turning),
    "minGRU, signed": lambda D, K: Linear(D, K, Signed),
    "convolution": Convolution,
    "Transformer": lambda D, K: Transformer(D, K, "sinusoids"),
    "Transformer, distances": lambda D, K: Transformer(D, K, "distances"),
}
