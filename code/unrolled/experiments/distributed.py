"""A language model in PyTorch, trained by one process or by several. Built up in chapter 17.

torchrun --nproc-per-node 2 -m unrolled.experiments.distributed --epochs 3

and `python -m unrolled.experiments.distributed --epochs 3` for a single process. Each process reads
its own share of the streams; their gradients are averaged before every update.
"""

import argparse
import io
import json
import os
import sys
import time
from contextlib import contextmanager, nullcontext, redirect_stdout
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from unrolled.analysis.cost import cpu_model
from unrolled.datasets import load_ptb
from unrolled.datasets.text import spelled_numbers
from unrolled.engine.bptt import blocks
from unrolled.engine.language_model import perplexity, stream
from unrolled.engine.progress import bar

from . import record
from .processes import launch


class LanguageModel(nn.Module):
    """An embedding, an LSTM and a readout over V words."""

    def __init__(self, V, D=64, H=128):
        super().__init__()
        self.embedding = nn.Embedding(V, D)
        self.lstm = nn.LSTM(D, H, batch_first=True)
        self.readout = nn.Linear(H, V)

    def forward(self, x, state=None):
        """Logits (N, T, V) for ids (N, T), and the final state, a pair of (1, N, H)."""
        h, state = self.lstm(self.embedding(x), state)
        return self.readout(h), state


def load(corpus):
    """Ids to train on, held-out ids and the number of words; "numbers", "prose" or "ptb".

    The numbers are those from 1 to 10,000 in words; every seventh stretch of twenty is held out.
    Raises DownloadError if "ptb" cannot be had.
    """
    if corpus != "numbers":
        text = load_ptb(offline=corpus == "prose")
        return text.train, text.valid, len(text.words)
    stretches = [spelled_numbers(n, n + 20).split() for n in range(1, 10_001, 20)]
    parts = [], []
    for i, stretch in enumerate(stretches):
        parts[i % 7 == 3].extend(stretch)
    ids = {word: i for i, word in enumerate(dict.fromkeys(parts[0]))}
    return *(np.array([ids[word] for word in part]) for part in parts), len(ids)


def told(name, alone):
    """What torchrun tells its processes under a name, such as RANK, or `alone` without torchrun."""
    return int(os.environ[name]) if dist.is_torchelastic_launched() else alone


def place():
    """This process's rank and the number of processes: 0 and 1 without torchrun."""
    return told("RANK", 0), told("WORLD_SIZE", 1)


def shard(x, rank, world):
    """The rows of x (B, ...) that process `rank` of `world` reads: (B / world, ...).

    Raises ValueError if the shares would not be equal: the mean of the processes' gradients is the
    gradient of the mean over all rows only if they are.
    """
    if not 0 <= rank < world:
        raise ValueError(f"rank must lie in 0..{world - 1}; got {rank}")
    if len(x) % world:
        raise ValueError(
            f"{len(x)} streams cannot be shared equally by {world} processes; "
            f"choose a batch that is a multiple of {world}"
        )
    share = len(x) // world
    return x[rank * share : (rank + 1) * share]


def streams(ids, batch, device):
    """This process's share of a text as x and targets, tensors (batch / processes, T)."""
    shares = (shard(part, *place()) for part in stream(ids, batch))
    return [torch.from_numpy(share).long().to(device) for share in shares]


def loss_of_block(model, x, targets, state=None):
    """Mean cross-entropy, in nats, of a block (N, k), and the state after it, cut off from it."""
    logits, state = model(x, state)
    loss = nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten())
    return loss, tuple(part.detach() for part in state)


def gradients_of_one_block(model, x, targets, state=None):
    """Gradient of a block's mean loss, a dict of arrays; under DDP its mean over all processes."""
    model.zero_grad()
    loss_of_block(model, x, targets, state)[0].backward()
    grads = {
        name.removeprefix("module."): weight.grad.cpu().numpy().copy()  # module is DDP's word
        for name, weight in model.named_parameters()
    }
    model.zero_grad()
    return grads


def train_epoch(model, x, targets, optimizer, *, k, max_norm=1.0, show=iter):
    """Update a model after each block of k steps, carrying the state; the mean loss, a tensor.

    x and targets are this process's rows, (N, T). DDP averages the gradients over the processes
    inside `backward`, so what is clipped is the average.
    """
    state, total = None, 0.0
    for start, stop in show(blocks(x.shape[1], k)):
        now = slice(start, stop)
        loss, state = loss_of_block(model, x[:, now], targets[:, now], state)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), max_norm)
        optimizer.step()
        total = total + loss.detach() * (stop - start)
    return total / x.shape[1]


@torch.no_grad()
def evaluate(model, x, targets, *, k):
    """Mean loss over streams (N, T), read in blocks of k steps; a tensor."""
    state, total = None, 0.0
    for start, stop in blocks(x.shape[1], k):
        now = slice(start, stop)
        loss, state = loss_of_block(model, x[:, now], targets[:, now], state)
        total = total + loss * (stop - start)
    return total / x.shape[1]


def mean_over_processes(value):
    """The mean of a tensor over all processes, the same number in each of them."""
    value = value.detach().clone()
    if dist.is_initialized():
        dist.all_reduce(value)
        value /= dist.get_world_size()
    return value.item()


def choose(wanted):
    """This process's device: "cuda" is a GPU of its own, "auto" that or else the processor.

    Raises ValueError if there are fewer GPUs here than processes.
    """
    here, found = told("LOCAL_WORLD_SIZE", 1), torch.cuda.device_count()
    if wanted == "cuda" and found < here:
        raise ValueError(f"each process needs a GPU of its own: {here} processes, {found} GPUs")
    on_gpu = wanted != "cpu" and found >= here
    return torch.device("cuda", told("LOCAL_RANK", 0)) if on_gpu else torch.device("cpu")


@contextmanager
def joined(device):
    """Join the processes that torchrun started, with nccl on GPUs and gloo elsewhere, then leave.

    A process that torchrun did not start stays alone.
    """
    if not dist.is_torchelastic_launched():
        yield
        return
    if device.type == "cuda":
        torch.cuda.set_device(device)
    dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
    try:
        yield
    finally:
        dist.destroy_process_group()


def build(V, D=64, H=128, *, seed=0, dtype=torch.float32, device="cpu"):
    """A model with the same start in every process, inside DDP if torchrun started it."""
    torch.manual_seed(seed)
    model = LanguageModel(V, D, H).to(device, dtype)
    if not dist.is_initialized():
        return model
    on_gpu = torch.device(device).type == "cuda"
    return DistributedDataParallel(model, device_ids=[device] if on_gpu else None)


def run(options, device, data):
    """Train and test; what came out, as a dict.

    `data` are the number of words and this process's streams to train and to test on, each a pair
    of x and targets. "tokens per second" counts those of all processes in the fastest epoch.
    """
    V, (x, targets), held_out = data
    rank, world = place()
    model = build(
        V, options.wordvec, options.hidden, seed=options.seed,
        dtype=getattr(torch, options.dtype), device=device,
    )  # fmt: skip
    if options.gradients:
        grads = gradients_of_one_block(model, x[:, : options.k], targets[:, : options.k])
        if rank == 0:
            np.savez(options.gradients, **grads)
    optimizer, losses, speeds = torch.optim.Adam(model.parameters(), options.lr), [], []
    for epoch in range(options.epochs):
        show = bar(f"epoch {epoch + 1} of {options.epochs}", losses, rank == 0)
        start = time.perf_counter()
        loss = train_epoch(model, x, targets, optimizer, k=options.k, show=show)
        losses.append(mean_over_processes(loss))
        speeds.append(world * x.numel() / (time.perf_counter() - start))
    test = mean_over_processes(evaluate(model, *held_out, k=options.k))
    return {
        "processes": world,
        "device": describe(device),
        "parameters": sum(weight.numel() for weight in model.parameters()),
        "train perplexity": [round(perplexity(loss), 4) for loss in losses],
        "held-out perplexity": round(perplexity(test), 4),
        "tokens per second": round(max(speeds, default=0)),
    }


def describe(device):
    """The name of a GPU, or of the processor with its threads in one process."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"{cpu_model()}, {torch.get_num_threads()} thread(s) in each process"


def compare(options, arguments):
    """Record data/results/distributed.json: the same training with one and with two processes."""
    if dist.is_torchelastic_launched():
        raise ValueError("--record starts the processes itself: run it without torchrun")
    again = [argument for argument in arguments if argument != "--record"]
    found = {str(world): launch(world, again, timeout=24 * 3600) for world in (1, 2)}
    skipped = ("record", "report", "gradients", "device")
    settings = {name: value for name, value in vars(options).items() if name not in skipped}
    record.write(
        "distributed",
        settings=settings | {"optimizer": "Adam", "max_norm": 1.0},
        results=found,
        packages=("torch", "numpy"),
        device=found["1"]["device"],
        data=("ptb_train", "ptb_valid") if options.corpus == "ptb" else (),
    )


def parser():
    """The command line."""
    top = argparse.ArgumentParser(
        prog="python -m unrolled.experiments.distributed", allow_abbrev=False
    )
    top.description = "Train an LSTM language model, with torchrun in several processes."
    top.add_argument("--corpus", choices=("numbers", "prose", "ptb"), default="numbers")
    top.add_argument("--epochs", type=int, default=3)
    top.add_argument("--batch", type=int, default=20, help="streams, over all processes")
    top.add_argument("--k", type=int, default=35, help="steps in a block")
    top.add_argument("--wordvec", type=int, default=64)
    top.add_argument("--hidden", type=int, default=128)
    top.add_argument("--lr", type=float, default=0.001, help="Adam's learning rate")
    top.add_argument("--seed", type=int, default=0)
    top.add_argument("--dtype", choices=("float32", "float64"), default="float32")
    top.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    top.add_argument("--gradients", help="an .npz file for the first block's averaged gradient")
    top.add_argument("--report", help="a .json file for what is printed at the end")
    top.add_argument("--record", action="store_true", help="time one process and two")
    return top


def main(arguments=None):
    """Run what the command line says; rank 0 alone shows and writes anything."""
    arguments = sys.argv[1:] if arguments is None else arguments
    options = parser().parse_args(arguments)
    if options.record:
        return compare(options, arguments)
    rank, _ = place()
    with redirect_stdout(io.StringIO()) if rank else nullcontext():
        device = choose(options.device)
        *texts, V = load(options.corpus)
        # Unequal shares are refused here, before there is a group that could wait for anybody.
        data = V, *(streams(ids, options.batch, device) for ids in texts)
        with joined(device):
            report = run(options, device, data)
        for name, value in report.items():
            print(f"{name}: {value}")
    if options.report and rank == 0:
        Path(options.report).write_text(json.dumps(report) + "\n")


if __name__ == "__main__":
    main()
