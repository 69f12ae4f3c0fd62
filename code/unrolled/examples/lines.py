"""A network that learns the lines of a text file letter by letter. Built up in chapter 15.

    python lines.py my.txt

It needs PyTorch and nothing else. A tenth of the lines is kept for validation, which also says
how many letters the counting rival looks at, and a tenth for the test. The best weights and the
exported network are written beside the text.
"""

import math
import random
import sys
from collections import Counter
from pathlib import Path

import torch
from torch import nn
from torch.nn.utils.rnn import pack_sequence
from torch.utils.data import DataLoader, Dataset

EDGE, UNKNOWN = 0, 1  # what is before and behind a line, and a letter that was never seen


def read_lines(path, longest=300):
    """Lines to learn from, to validate and to test; what is longer than `longest` is cut up."""
    text = Path(path).read_text(encoding="utf-8")
    lines = [line.strip() for line in text.splitlines()]
    lines = [line[i : i + longest] for line in lines for i in range(0, len(line), longest)]
    random.Random(0).shuffle(lines)
    tenth = max(1, len(lines) // 10)
    return lines[2 * tenth :], lines[tenth : 2 * tenth], lines[:tenth]


class Lines(Dataset):
    """Each line as ids (length + 2,), with an edge on both sides."""

    def __init__(self, lines, letters):
        number = {letter: i for i, letter in enumerate(letters, start=2)}
        known = [[number.get(letter, UNKNOWN) for letter in line] for line in lines]
        self.rows = [torch.tensor([EDGE, *ids, EDGE]) for ids in known]

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, i):
        return self.rows[i]


class Buckets:
    """Batches of line numbers, each of lines of about the same length, in a new order each time."""

    def __init__(self, dataset, size, pool=20):
        self.lengths = [len(row) for row in dataset]
        self.size, self.pool = size, pool * size

    def __iter__(self):
        order = torch.randperm(len(self.lengths)).tolist()
        pools = [order[i : i + self.pool] for i in range(0, len(order), self.pool)]
        order = [i for pool in pools for i in sorted(pool, key=self.lengths.__getitem__)]
        batches = [order[i : i + self.size] for i in range(0, len(order), self.size)]
        return iter([batches[i] for i in torch.randperm(len(batches))])

    def __len__(self):
        return math.ceil(len(self.lengths) / self.size)


def pack(rows):
    """What the network reads and what it should say next, both packed."""
    x = pack_sequence([row[:-1] for row in rows], enforce_sorted=False)
    targets = pack_sequence([row[1:] for row in rows], enforce_sorted=False)
    return x, targets


class Network(nn.Module):
    """Logits of the next letter for every letter read."""

    def __init__(self, V, D=32, H=128, dropout=0.2):
        super().__init__()
        self.embedding = nn.Embedding(V, D)
        self.lstm = nn.LSTM(D, H, batch_first=True)
        self.dropout = nn.Dropout(dropout)
        self.readout = nn.Linear(H, V)

    def forward(self, x):
        """Logits (letters, V) of a packed batch."""
        h, _ = self.lstm(x._replace(data=self.embedding(x.data)))
        return self.readout(self.dropout(h.data))

    def read_on(self, ids, h, c):
        """Logits (N, T, V) and the new state, from ids (N, T) and a state."""
        output, (h, c) = self.lstm(self.embedding(ids), (h, c))
        return self.readout(output), h, c


def loss_of(model, x, targets):
    """Nats per letter."""
    return nn.functional.cross_entropy(model(x), targets.data)


@torch.no_grad()
def evaluate(model, loader):
    """Bits per letter, without dropout."""
    model.eval()
    nats = letters = 0
    for x, targets in loader:
        nats += loss_of(model, x, targets).item() * len(targets.data)
        letters += len(targets.data)
    return nats / letters / math.log(2)


def train_one_epoch(model, loader, optimizer):
    """Every line once."""
    model.train()
    for x, targets in loader:
        loss = loss_of(model, x, targets)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)
        optimizer.step()


def fit(model, training, validation, place, *, rate=0.01, epochs=40, patience=3):
    """Train until nothing was gained for `patience` epochs; the best weights are kept in a file."""
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.3, patience=0)
    best, waited = math.inf, 0
    for epoch in range(1, epochs + 1):
        train_one_epoch(model, training, optimizer)
        bits = evaluate(model, validation)
        scheduler.step(bits)
        (rate,) = scheduler.get_last_lr()
        print(f"epoch {epoch}: {bits:.2f} bits per letter, rate now {rate:g}")
        best, waited = (bits, 0) if bits < best else (best, waited + 1)
        if waited == 0:
            torch.save(model.state_dict(), place)
        if waited == patience:
            break
    model.load_state_dict(torch.load(place, weights_only=True))


def counting(lines, tested, V, order=3):
    """The rival: bits per letter if one counts what follows the last `order` letters, and fewer.

    The more kinds of letters have followed a context, the more the shorter ones weigh beside it
    (Witten and Bell, 1991).
    """
    seen, contexts, kinds = Counter(), Counter(), Counter()
    for row in lines:
        ids = row.tolist()
        for t in range(1, len(ids)):
            for n in range(min(order, t) + 1):
                before, longer = tuple(ids[t - n : t]), tuple(ids[t - n : t + 1])
                kinds[before] += longer not in seen
                contexts[before] += 1
                seen[longer] += 1
    nats = letters = 0
    for row in tested:
        ids = row.tolist()
        for t in range(1, len(ids)):
            p = 1 / V
            for n in range(min(order, t) + 1):
                before = tuple(ids[t - n : t])
                if before in contexts:
                    k = kinds[before]
                    p = (seen[(*before, ids[t])] + k * p) / (contexts[before] + k)
            nats, letters = nats - math.log(p), letters + 1
    return nats / letters / math.log(2)


class Stepper(nn.Module):
    """What is exported: one letter and a state in, probabilities and a state out."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, ids, h, c):
        """Probabilities (1, V) of the next letter."""
        logits, h, c = self.model.read_on(ids, h, c)
        return logits[:, -1].softmax(dim=1), h, c


def export(model, letters, place):
    """Write the network and its letters as a file that needs no class of this one."""
    ids, H = torch.tensor([[EDGE]]), model.lstm.hidden_size
    state = torch.zeros(1, 1, H), torch.zeros(1, 1, H)  # two tensors, not one given twice
    program = torch.export.export(Stepper(model.eval()), (ids, *state))
    known = {"letters": "".join(letters), "units": str(H)}
    torch.export.save(program, place, extra_files=known)


def load(place):
    """What was exported: the step, its letters and its number of units."""
    known = {"letters": "", "units": ""}
    step = torch.export.load(place, extra_files=known).module()
    return step, known["letters"], int(known["units"])


def write(step, letters, H, generator, longest=200):
    """One line, letter by letter, from any function that computes what `Stepper` does."""
    ids, h, c = torch.tensor([[EDGE]]), torch.zeros(1, 1, H), torch.zeros(1, 1, H)
    line = ""
    while len(line) < longest:
        p, h, c = step(ids, h, c)
        p[0, UNKNOWN] = 0
        ids = torch.multinomial(p, 1, generator=generator)
        if ids.item() == EDGE:
            break
        line += letters[ids.item() - 2]
    return line


def main(path="my.txt"):
    """Train on a file, test beside counting, export, and let the exported network write."""
    texts = read_lines(path)
    if len(texts[0]) < 20:
        raise SystemExit(f"{path} has {sum(map(len, texts))} lines; a few hundred are wanted")
    letters = sorted(set("".join(texts[0])))
    training, validation, test = (Lines(lines, letters) for lines in texts)
    V = len(letters) + 2
    print(f"{len(training)} lines to learn from, {len(letters)} different letters")

    torch.manual_seed(0)
    batches = DataLoader(training, batch_sampler=Buckets(training, 16), collate_fn=pack)
    held, last = (DataLoader(part, 64, collate_fn=pack) for part in (validation, test))
    model = Network(V)
    fit(model, batches, held, Path(path).with_suffix(".pt"))
    order = min(range(2, 9), key=lambda n: counting(training, validation, V, n))
    rival = f"counting {order} letters {counting(training, test, V, order):.2f}"
    print(f"test: network {evaluate(model, last):.2f}, {rival}")

    export(model, letters, Path(path).with_suffix(".pt2"))
    exported = load(Path(path).with_suffix(".pt2"))
    for _ in range(5):
        print(write(*exported, None))


if __name__ == "__main__":
    main(*sys.argv[1:])
