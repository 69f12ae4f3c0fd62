"""The six networks of `imdb.NETWORKS` in PyTorch. See chapter 15."""

import torch
from torch import nn

from unrolled.bridges.torch import to_torch
from unrolled.engine.bidirectional import Bidirectional
from unrolled.engine.stack import under_prefix

from . import imdb

PACKAGES = ("torch", "numpy")
STARTS = ("keras", "torch", "torch with the embedding of keras", "torch with the cells of keras")


def choose(device):
    """ "auto" is the GPU if there is one."""
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(device)


def describe(device):
    """The name of a GPU, None for the processor."""
    device = choose(device)
    return torch.cuda.get_device_name(device) if device.type == "cuda" else None


def locked_dropout(x, p):
    """Drop inputs, the same ones at every step of a sequence: x (N, T, D)."""
    keep = torch.empty(x.shape[0], 1, x.shape[2], device=x.device).bernoulli_(1 - p)
    return x * keep / (1 - p)


class Layers(nn.Module):
    """An embedding, layers with locked dropout before each, and a readout of the last state."""

    def __init__(self, name, params):
        super().__init__()
        cell, bidirectional, _ = imdb.NETWORKS[name]
        made = Bidirectional(cell) if bidirectional else cell
        self.embedding = nn.Embedding(imdb.V, imdb.D)
        self.layers = nn.ModuleList(
            to_torch(made, under_prefix(params, f"layer_{i}"))
            for i in range(imdb.SETTINGS["layers"])
        )
        self.readout = nn.Linear(len(params["W_hy"]), 1)

    def forward(self, ids):
        """Logits (N,) from word ids (N, T)."""
        x = self.embedding(ids)
        for layer in self.layers:
            x, state = layer(locked_dropout(x, imdb.DROPOUT) if self.training else x)
        h_n = state[0] if isinstance(state, tuple) else state
        return self.readout(torch.cat(list(h_n), dim=1))[:, 0]


class TwoCells(nn.Module):
    """Two cells, stepped by hand; see `imdb_keras.TwoCells`."""

    def __init__(self, name, params):
        super().__init__()
        self.stacked = imdb.NETWORKS[name].wiring == "stacked"
        self.embedding = nn.Embedding(imdb.V, imdb.D)
        self.cells = nn.ModuleList()
        for i in range(2):
            layer = to_torch(imdb.NETWORKS[name].cell, under_prefix(params, f"layer_{i}"))
            own = nn.RNNCell(layer.input_size, layer.hidden_size)
            own.load_state_dict({k.removesuffix("_l0"): v for k, v in layer.state_dict().items()})
            self.cells.append(own)
        self.readout = nn.Linear(imdb.H, 1)

    def forward(self, ids):
        """Logits (N,) from word ids (N, T)."""
        x = self.embedding(ids)
        h_0 = h_1 = x.new_zeros(len(x), imdb.H)
        drop, drop_1 = 1.0, 1.0
        if self.training:
            drop = locked_dropout(torch.ones_like(x[:, :1]), imdb.DROPOUT)[:, 0]
            width = imdb.H if self.stacked else imdb.D
            drop_1 = locked_dropout(x.new_ones(len(x), 1, width), imdb.DROPOUT)[:, 0]
        for x_t in x.unbind(1):
            h_0 = self.cells[0](x_t * drop, h_0)
            if self.stacked:
                h_1 = self.cells[1](h_0 * drop_1, h_1)
            else:
                h_1 = self.cells[1](x_t * drop_1, h_0)
        return self.readout(h_1)[:, 0]


def build(name, start, params):
    """A network with the given weights, or with those of PyTorch."""
    if start not in STARTS:
        raise ValueError(f"start must be one of {STARTS}; got {start!r}")
    model = (TwoCells if imdb.NETWORKS[name].wiring else Layers)(name, params)
    with torch.no_grad():
        if start in ("keras", STARTS[2]):
            model.embedding.weight.copy_(torch.from_numpy(params["W_e"]))
        if start in STARTS[1:3]:
            for layer in model.modules():
                if isinstance(layer, nn.RNNBase | nn.RNNCellBase):
                    layer.reset_parameters()
        if start == "keras":
            model.readout.weight.copy_(torch.from_numpy(params["W_hy"].T))
            model.readout.bias.copy_(torch.from_numpy(params["b_y"]))
    return model


class Trained:
    """A model with its optimizer as `imdb.follow` wants it."""

    def __init__(self, model, device):
        self.model, self.device = model.to(device), device
        self.optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7)

    def fit(self, x, targets):
        """Loss and accuracy of one epoch, as seen on the way."""
        self.model.train()
        return self._pass(x, targets, imdb.BATCH, learn=True)

    @torch.no_grad()
    def evaluate(self, x, targets):
        """Loss and accuracy without dropout."""
        self.model.eval()
        return self._pass(x, targets, 500, learn=False)

    def _pass(self, x, targets, batch, *, learn):
        """Mean loss and accuracy over all rows."""
        x, targets = torch.from_numpy(x), torch.from_numpy(targets).float()
        total = right = 0.0
        for start in range(0, len(x), batch):
            ids = x[start : start + batch].to(self.device)
            wanted = targets[start : start + batch].to(self.device)
            logits = self.model(ids)
            loss = nn.functional.binary_cross_entropy_with_logits(logits, wanted)
            if learn:
                self.optimizer.zero_grad()
                loss.backward()
                self.optimizer.step()
            total += loss.item() * len(ids)
            right += int(((logits > 0) == (wanted > 0.5)).sum())
        return total / len(x), right / len(x)


def train(name, start, seed, data, device):
    """One run from one start."""
    torch.manual_seed(seed)
    device = choose(device)
    model = build(name, start, imdb.NETWORKS[name].start(seed))
    found = imdb.follow(Trained(model, device), data, seed=seed)
    return {"parameters": sum(p.numel() for p in model.parameters())} | found
