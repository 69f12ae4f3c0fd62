"""Why PyTorch's embedding starts slowly: its size, how it is read, and the rate. See chapter 15.

    OMP_NUM_THREADS=1 python -m unrolled.experiments embedding-scale

A plain network reads the shipped reviews. Five tables of word vectors differ in how large the
numbers are that are stored, and in how large they are when the network reads them. All tables are
trained side by side for four epochs, from the same five starts. Writes
data/results/embedding-scale.json.
"""

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from unrolled.datasets import load_imdb
from unrolled.datasets.sequences import pad

from . import record

D, H, BATCH, EPOCHS = 50, 32, 16, 4
SMALL = 0.1 / 12**0.5  # the standard deviation of numbers between -0.05 and 0.05
# How each table is drawn, the standard deviation of what is stored, and what reading multiplies by
TABLES = {
    "normal": ("normal", 1.0, 1.0),
    "normal, scaled": ("normal", SMALL, 1.0),
    "uniform": ("uniform", SMALL, 1.0),
    "stored small, read large": ("normal", SMALL, 1 / SMALL),
    "stored large, read small": ("normal", 1.0, SMALL),
}
RATES, SEEDS = [0.0003, 0.001, 0.003], list(range(5))
SATURATED = 0.1  # the slope of the tanh, 1 - h**2, below which a unit counts as saturated


def start(V, table, seed):
    """The weights of one network as PyTorch draws them, but for the table of word vectors."""
    rng, (drawn, stored, _) = np.random.default_rng(seed), TABLES[table]
    words = rng.standard_normal((V, D)) * stored
    if drawn == "uniform":
        words = np.random.default_rng([seed, 1]).uniform(-0.05, 0.05, (V, D))
    shapes = ((D, H), (H, H), (1, H), (1, H), (H, 1), (1, 1))
    return [words, *(rng.uniform(-1, 1, shape) / H**0.5 for shape in shapes)]


def states(params, ids, lengths):
    """States (networks, N, T, H), each held when its review has ended, of ids (N, T)."""
    words, W_ih, W_hh, b_ih, b_hh = params[:5]
    a = torch.einsum("rntd,rdh->rnth", words[:, ids] * READ, W_ih) + (b_ih + b_hh)[:, None]
    h, found = a.new_zeros(len(words), len(ids), H), []
    for t in range(ids.shape[1]):
        now = (t < lengths)[:, None]
        h = torch.where(now, torch.tanh(a[:, :, t] + torch.bmm(h, W_hh)), h)
        found.append(h)
    return torch.stack(found, dim=2)


READ = torch.tensor([TABLES[table][2] for table in TABLES for _ in SEEDS])[:, None, None, None]


def logits_of(params, ids, lengths):
    """Logits (networks, N)."""
    return (torch.bmm(states(params, ids, lengths)[:, :, -1], params[5]) + params[6])[..., 0]


def right(params, part):
    """The share of the reviews that each network judges correctly."""
    ids, lengths, targets = part
    with torch.no_grad():
        found = (logits_of(params, ids, lengths) > 0) == (targets > 0.5)
    return found.double().mean(dim=1).numpy().round(4).tolist()


def saturated(params, part):
    """The share of states of each network whose slope is below `SATURATED`, padding left out."""
    ids, lengths, _ = part
    with torch.no_grad():
        flat = 1 - states(params, ids, lengths).square() < SATURATED
    read = torch.arange(ids.shape[1]) < lengths[:, None]
    return flat[:, read].double().mean(dim=(1, 2)).numpy().round(4).tolist()


def parts():
    """Ids, lengths and targets to train on and to test on, and the number of ids."""
    data, found = load_imdb(offline=True), []
    for reviews, targets in ((data.x_train, data.targets_train), (data.x_test, data.targets_test)):
        lengths = np.array([len(review) for review in reviews])
        rows, _ = pad(reviews, int(lengths.max()), padding="post")
        arrays = (rows.astype(np.int64), lengths, targets.astype(np.float32))
        found.append([torch.from_numpy(array) for array in arrays])
    return *found, len(data.words)


def batches(lengths, rng):
    """The rows of each batch of an epoch, of reviews of about the same length, in any order."""
    order = np.lexsort((rng.random(len(lengths)), lengths))
    cut = np.split(order, range(BATCH, len(order), BATCH))
    return [cut[i] for i in rng.permutation(len(cut))]


def networks(V):
    """The parameters of all networks, stacked: all tables, each from all starts."""
    drawn = [start(V, table, seed) for table in TABLES for seed in SEEDS]
    stacked = (np.stack(same).astype(np.float32) for same in zip(*drawn, strict=True))
    return [torch.tensor(array, requires_grad=True) for array in stacked]


def run(rate, train, test, V):
    """All networks at one rate: the accuracies at the end and the saturation at the start."""
    params, rng = networks(V), np.random.default_rng(7)
    optimizer = torch.optim.Adam(params, lr=rate)
    ids, lengths, targets = train
    before = saturated(params, test)
    for _ in range(EPOCHS):
        for rows in batches(lengths.numpy(), rng):
            size = int(lengths[rows].max())
            logits = logits_of(params, ids[rows, :size], lengths[rows])
            wanted = targets[rows].expand(len(logits), -1)
            loss = binary_cross_entropy_with_logits(logits, wanted, reduction="none")
            optimizer.zero_grad()
            loss.mean(dim=1).sum().backward()  # each network has a loss of its own
            optimizer.step()
    names = [(table, rate, seed) for table in TABLES for seed in SEEDS]
    found = zip(names, right(params, train), right(params, test), before, strict=True)
    keys = ("table", "rate", "seed", "train", "test", "saturated")
    return [dict(zip(keys, (*name, *numbers), strict=True)) for name, *numbers in found]


def main():
    """All tables at all rates from all starts."""
    *data, V = parts()
    results = []
    for rate in RATES:
        results += run(rate, *data, V)
        print(rate, [one["train"] for one in results[-len(TABLES) * len(SEEDS) :: len(SEEDS)]])
    settings = {
        "D": D, "H": H, "batch": BATCH, "epochs": EPOCHS, "Adam lr": RATES, "starts": SEEDS,
        "saturated": f"share of states with 1 - h**2 < {SATURATED}, at the start",
        "tables": {
            name: {"drawn": drawn, "stored": round(stored, 4), "read times": round(read, 4)}
            for name, (drawn, stored, read) in TABLES.items()
        },
        "dtype": "float32",
    }  # fmt: skip
    record.write("embedding-scale", settings=settings, results=results, packages=("torch", "numpy"))
