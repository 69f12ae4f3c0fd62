"""What the state of a bottleneck still tells, to a network that is taught to read it.

    OMP_NUM_THREADS=1 python -m unrolled.experiments bottleneck-probe

The figure of chapter 19 reads the state that an encoder hands over with a weighted sum. Here a
network of two layers reads the same states of the same encoder, after words of ten letters, and
names all letters at once. Beside it stand the weighted sum, fitted on as many words, and what the
decoder itself writes. Writes data/results/bottleneck-probe.json. Needs torch.
"""

import time
from functools import partial

import numpy as np

from unrolled.analysis import held
from unrolled.bridges import need
from unrolled.datasets.pairs import END, START, WORDS, batch, word_pairs
from unrolled.engine.decoding import greedy
from unrolled.explore.bottleneck import PLAIN, as_read, model_of, parameters

from . import record

LETTERS, TAUGHT, TESTED = 10, 40000, 2000
HIDDEN, UPDATES, BATCH, RATE = 256, 8000, 512, 0.003
NETWORKS = (PLAIN,)


def handed_over(network, words):
    """The states (N, H) after the words, and what the decoder writes from them, (N, U)."""
    data, params = batch(as_read(words, network), words, WORDS), parameters(network)
    _, _, tape = model_of(network).encode(data.x, params)
    how = {"model": model_of(network), "start": START, "end": END, "limit": LETTERS + 1}
    written, _ = greedy(data.x, params, **how)
    return tape.state[0], written[:, :LETTERS]


def probe(states, letters, tested):
    """Which of the last `tested` words' letters (N, n) a taught network names rightly, bool."""
    torch = need("torch")
    torch.manual_seed(0)
    known = np.unique(letters)
    targets = torch.tensor(np.searchsorted(known, letters))
    x, n = torch.tensor(states), letters.shape[1]
    fit, new = slice(0, len(x) - tested), slice(len(x) - tested, None)
    x = (x - x[fit].mean(0)) / x[fit].std(0)
    layers = []
    for before in (x.shape[1], HIDDEN):
        layers += [torch.nn.Linear(before, HIDDEN), torch.nn.Tanh()]
    net = torch.nn.Sequential(*layers, torch.nn.Linear(HIDDEN, len(known) * n))
    optimizer = torch.optim.Adam(net.parameters(), RATE)
    falling = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, UPDATES)
    for _ in range(UPDATES):
        rows = torch.randint(0, len(x) - tested, (BATCH,))
        scores = net(x[rows]).reshape(BATCH, n, -1).transpose(1, 2)
        loss = torch.nn.functional.cross_entropy(scores, targets[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        falling.step()
    with torch.no_grad():
        named = net(x[new]).reshape(tested, n, -1).argmax(dim=2)
    return (named == targets[new]).numpy()


def run(network):
    """Shares of the tested words: single letters, and all ten, by each of three readers."""
    began = time.perf_counter()
    words, _ = word_pairs(TAUGHT + TESTED, LETTERS, rng=np.random.default_rng(19))
    states, written = handed_over(network, words)
    letters = np.array([WORDS.ids(word) for word in words])
    taught, alone = probe(states, letters, TESTED), (written == letters)[-TESTED:]
    shares = {
        "weighted sum": held.readable(states, letters, TESTED),
        "taught network": taught.mean(axis=0),
        "decoder": alone.mean(axis=0),
    }
    found = {name: [round(float(share), 3) for share in each] for name, each in shares.items()}
    whole = {"taught network": taught, "decoder": alone}
    found["whole words"] = {n: round(float(w.all(axis=1).mean()), 3) for n, w in whole.items()}
    return found | {"seconds": round(time.perf_counter() - began)}


def main():
    """The network of 32 units that reads in order."""
    settings = {
        "letters": LETTERS, "taught on": TAUGHT, "tested on": TESTED, "hidden": [HIDDEN] * 2,
        "updates": UPDATES, "batch": BATCH, "Adam lr, falling to 0": RATE,
    }  # fmt: skip
    runs = record.Runs("bottleneck-probe", settings=settings, packages=("numpy", "torch"))
    for network in NETWORKS:
        found = runs.once(partial(run, network), network=network)
        print(network, found["whole words"], found["taught network"], flush=True)
