"""Do units without an end go on where the training stops? The control of forecast-level.

OMP_NUM_THREADS=1 python -m unrolled.experiments forecast-unbounded

Plain recurrent networks on the height of CO2, trained as forecast-level trains its GRU on windows
as they are: once with tanh and once with max(0, a), whose units have no upper end. Five starts
each, with PyTorch, whose own initial weights both begin from.
"""

import numpy as np
import torch

from unrolled.datasets import load_co2, time_split, windows

from . import record
from .forecast import rounded
from .forecast_level import BATCH, CUT, EPOCHS, HORIZON, LEVELS, LR, STARTS, WINDOW, H

KINDS = ("tanh", "relu")


class Network(torch.nn.Module):
    """Reads (N, window, 1); a readout of the last state says (N, horizon)."""

    def __init__(self, kind):
        super().__init__()
        self.cell = torch.nn.RNN(1, H, nonlinearity=kind, batch_first=True)
        self.readout = torch.nn.Linear(H, HORIZON)

    def forward(self, x):
        """The forecasts of all steps at once."""
        return self.readout(self.cell(x)[0][:, -1])


def trained(kind, x, targets, start):
    """A network after EPOCHS epochs of Adam, its gradients clipped to length 1."""
    torch.manual_seed(start)
    network = Network(kind)
    optimizer = torch.optim.Adam(network.parameters(), LR)
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(x)).split(BATCH):
            optimizer.zero_grad()
            torch.mean((network(x[rows]) - targets[rows]) ** 2).backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
    return network


def one(kind, start):
    """What is recorded of one network; errors in ppm."""
    months, co2 = load_co2()
    past, future = time_split(months, CUT)
    middle, unit = co2[past].mean(), co2[past].std()
    z = ((co2 - middle) / unit).astype(np.float32)
    (x, targets), (x_test, targets_test) = (
        map(torch.from_numpy, windows(z, WINDOW, HORIZON, part)) for part in (past, future)
    )
    network = trained(kind, x, targets, start)
    at = torch.tensor((np.array(LEVELS) - middle) / unit, dtype=torch.float32)
    rise = targets_test[0].mean() - x_test[0].mean()
    with torch.no_grad():
        made = network(x_test)
        answers = network(x_test[:1] - x_test[0].mean() + at[:, None, None]).mean(dim=1)
        known = network(x)
    return {
        "error": rounded(error(made, targets_test, unit)),
        "training error": rounded(error(known, targets, unit)),
        "said at most": rounded(middle + unit * float(made.max())),
        "said minus right": rounded(unit * (answers - at - rise).double().numpy()),
    }


def error(said, targets, unit):
    """The mean over the steps of the root mean square over the windows."""
    return unit * float(torch.mean((said - targets) ** 2, dim=0).sqrt().mean())


def main():
    """Run what is not yet recorded; write data/results/forecast-unbounded.json."""
    torch.set_num_threads(1)
    settings = {
        "window": WINDOW, "horizon": HORIZON, "H": H, "Adam lr": LR, "epochs": EPOCHS,
        "batch": BATCH, "cut": CUT, "levels": LEVELS,
    }  # fmt: skip
    runs = record.Runs("forecast-unbounded", settings=settings, packages=("numpy", "torch"))
    for start in STARTS:
        for kind in KINDS:
            runs.once(lambda kind=kind, start=start: one(kind, start), units=kind, start=start)
