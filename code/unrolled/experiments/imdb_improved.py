"""How far do LSTMs get on IMDB if they may read more than the last eighty words of a review?

The bags of `imdb_bags` are the rivals. The candidate and its epoch are chosen on the same 5,000
training reviews that are set aside, and a training goes on until PATIENCE epochs in a row have
brought nothing better. The record keeps on which test reviews the best epoch is right.
"""

import time
from typing import NamedTuple

import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
from tqdm import tqdm

from unrolled.datasets import load_imdb
from unrolled.datasets.sequences import pad

from . import record, starts
from .imdb import split
from .imdb_bags import VALIDATION, V, packed
from .imdb_torch import PACKAGES, choose, describe, locked_dropout

D, H, BATCH, EPOCHS, PATIENCE, POOL = 100, 64, 64, 30, 3, 50


class Candidate(NamedTuple):
    """How many words from the end are read, by what, and what is read out."""

    words: int
    layer: str = "LSTM"
    bidirectional: bool = False
    pooling: str = "last"
    dropout: float = 0.2


CANDIDATES = [
    Candidate(80),
    Candidate(80, bidirectional=True, pooling="max", dropout=0.5),
    Candidate(250),
    Candidate(250, pooling="max", dropout=0.5),
    Candidate(250, bidirectional=True, pooling="max", dropout=0.5),
]


class Reader(nn.Module):
    """Word ids (N, T) and lengths (N,) to one logit (N,)."""

    def __init__(self, candidate, seed):
        super().__init__()
        self.candidate = candidate
        rng = np.random.default_rng(seed)
        W_e = starts.embedding(V, D, rng=rng)["W_e"]
        self.embedding = nn.Embedding.from_pretrained(torch.from_numpy(W_e), freeze=False)
        both = candidate.bidirectional
        layer = getattr(nn, candidate.layer)
        self.layer = layer(D, H, batch_first=True, bidirectional=both)
        self.readout = nn.Linear(2 * H if both else H, 1)

    def forward(self, ids, lengths):
        """Pool the hidden states of the steps that are words, or take the last ones."""
        x, p = self.embedding(ids), self.candidate.dropout
        if self.training:
            x = locked_dropout(x, p)
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        h, state = self.layer(packed)
        if self.candidate.pooling == "max":
            found = pad_packed_sequence(h, batch_first=True, padding_value=-2.0)[0].amax(dim=1)
        else:
            found = torch.cat(list(state[0] if isinstance(state, tuple) else state), dim=1)
        return self.readout(nn.functional.dropout(found, p, self.training))[:, 0]


def batches(lengths, rng=None):
    """Rows of similar lengths together: all in order of length, or drawn anew."""
    if rng is None:
        order = np.argsort(lengths, kind="stable")
        return np.array_split(order, max(1, len(order) // 250))
    order, size = rng.permutation(len(lengths)), POOL * BATCH
    pools = [order[start : start + size] for start in range(0, len(order), size)]
    rows = np.concatenate([pool[np.argsort(lengths[pool], kind="stable")] for pool in pools])
    parts = [rows[start : start + BATCH] for start in range(0, len(rows), BATCH)]
    return [parts[i] for i in rng.permutation(len(parts))]


def passed(model, reviews, targets, device, optimizer=None, rng=None):
    """Whether each review (N,) was judged rightly; with an optimizer, learn on the way."""
    ids, mask = pad(reviews, model.candidate.words, padding="post")
    lengths, right = mask.sum(axis=1), np.empty(len(targets), bool)
    model.train(optimizer is not None)
    with torch.set_grad_enabled(optimizer is not None):
        for rows in batches(lengths, rng):
            own = lengths[rows]
            x = torch.from_numpy(ids[rows, : own.max()]).to(device)
            wanted = torch.from_numpy(targets[rows]).float().to(device)
            logits = model(x, torch.from_numpy(own))
            if optimizer is not None:
                loss = nn.functional.binary_cross_entropy_with_logits(logits, wanted)
                optimizer.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimizer.step()
            right[rows] = ((logits > 0) == (wanted > 0.5)).cpu()
    return right


def run(candidate, parts, seed, device):
    """Train one candidate; accuracies by epoch, and on the test reviews at the best one."""
    torch.manual_seed(seed)
    model, rng = Reader(candidate, seed).to(device), np.random.default_rng([seed, 1])
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    train, validation, seconds = [], [], []
    for epoch in range(EPOCHS):
        start = time.perf_counter()
        train.append(share(passed(model, *parts["train"], device, optimizer, rng)))
        validation.append(share(passed(model, *parts["validation"], device)))
        seconds.append(round(time.perf_counter() - start, 1))
        if validation[-1] == max(validation):
            best_epoch = epoch
            best = {name: value.clone() for name, value in model.state_dict().items()}
        if epoch - best_epoch == PATIENCE:
            break
    model.load_state_dict(best)
    right = passed(model, *parts["test"], device)
    return {
        "train": train, "validation": validation, "seconds": seconds,
        "test at best epoch": share(right), "right": packed(right),
    }  # fmt: skip


def share(right):
    """The share of True, to four digits."""
    return round(float(right.mean()), 4)


def main(*, seeds, device):
    """One start of each candidate, then the other starts of the one that validates best."""
    parts = split(load_imdb(num_words=V, offline=False), VALIDATION)
    settings = {
        "num_words": V, "wordvec": D, "hidden": H, "batch": BATCH,
        "epochs at most": EPOCHS, "epochs without a better one": PATIENCE,
        "optimizer": "Adam 0.001", "max_norm": 1.0, "validation reviews": VALIDATION,
        "candidates": [candidate._asdict() for candidate in CANDIDATES],
    }  # fmt: skip
    runs = record.Runs(
        "imdb-improved",
        settings=settings,
        packages=PACKAGES,
        device=describe(device),
        data=["imdb"],
    )
    device = choose(device)
    todo = [(candidate, 0) for candidate in CANDIDATES]
    for candidate, seed in (bar := tqdm(todo)):
        bar.set_description(str(candidate._asdict()))
        runs.once(
            lambda c=candidate, s=seed: run(c, parts, s, device), seed=seed, **candidate._asdict()
        )  # fmt: skip
        if (candidate, seed) == (CANDIDATES[-1], 0):  # all have run: go on with the best
            scores = [max(entry["validation"]) for entry in runs.done[: len(CANDIDATES)]]
            chosen = CANDIDATES[int(np.argmax(scores))]
            todo += [(chosen, other) for other in range(1, seeds)]
