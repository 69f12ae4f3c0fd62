"""Why a network that was trained on the height of CO2 stays behind: level by level, with controls.

OMP_NUM_THREADS=1 python -m unrolled.experiments forecast-level

A GRU learns from windows before 1991 and is tested on those since, as in chapter 18, from five
starts. Then the same once more on as many windows, half of which are lifted by up to 60 ppm
(targets and all), and once with half of them lowered. Recorded are the error, how many units are
near their ends, the most that the readout could say, what is said six months ahead, what is said
of one window at many levels, and the error of another readout of the same states.
"""

import numpy as np

from unrolled.analysis.forecasting import fit_linear, linear, rmse
from unrolled.datasets import load_co2, time_split, windows
from unrolled.engine import dense, gru, losses
from unrolled.engine.final import Final
from unrolled.engine.optimizers import Adam
from unrolled.engine.training import predict, train_on_batches

from . import record
from .forecast import rounded

WINDOW, HORIZON, H, LR, EPOCHS, BATCH, CUT = 24, 12, 16, 0.01, 60, 32, "1991-01"
MOVES = {"as it is": 0, "lifted": 60, "lowered": -60}  # ppm, at most
LEVELS = list(range(320, 441, 5))  # the mean of the window, ppm
STARTS = range(5)
NEAR_THE_END = 0.95  # a unit beyond it is counted as saturated


def trained(x, targets, rng):
    """Parameters of a GRU, trained as the chapter trains it."""
    params = gru.init_params(1, H, rng=rng) | dense.init_params(H, HORIZON, rng=rng)
    train_on_batches(
        x, targets[:, None], params, cell=Final(gru), loss=losses.mean_squared_error,
        optimizer=Adam(LR), batch=BATCH, epochs=EPOCHS, max_norm=1.0, rng=rng,
    )  # fmt: skip
    return params


def said(x, params):
    """Forecasts (N, horizon), and the last states (N, H) that they were read from."""
    h, _ = Final(gru).forward(x, {k: v for k, v in params.items() if k not in ("W_hy", "b_y")})
    return predict(x, params, cell=Final(gru))[0][:, 0], h[:, 0]


def new_readout(x, targets, params, x_test, targets_test, unit):
    """The error on the test part where only the readout is fitted again, on lifted windows.

    Least squares from the states of the network as it is, on the windows of the past and on three
    copies of them, each lifted by up to 60 ppm. If the states could not tell such heights apart, it
    would fail.
    """
    rng = np.random.default_rng(0)
    lifts = [np.zeros((len(x), 1))]
    lifts += [MOVES["lifted"] / unit * rng.random((len(x), 1)) for _ in range(3)]
    states = np.concatenate([said(x + lift[:, None], params)[1] for lift in lifts])
    answers = np.concatenate([targets + lift for lift in lifts])
    weights = fit_linear(states[:, :, None], answers)
    made = linear(said(x_test, params)[1][:, :, None], weights)
    return rmse(unit * (targets_test - made)).mean()


def one(move, start):
    """What is recorded of one network."""
    months, co2 = load_co2()
    past, future = time_split(months, CUT)
    middle, unit = co2[past].mean(), co2[past].std()
    z = (co2 - middle) / unit
    (x, targets), (x_test, targets_test) = (windows(z, WINDOW, HORIZON, p) for p in (past, future))
    rng = np.random.default_rng(start)
    moved = MOVES[move] / unit * rng.random((len(x), 1)) * (rng.random((len(x), 1)) < 0.5)
    params = trained(x + moved[:, None], targets + moved, rng)
    made, states = said(x_test, params)
    errors = unit * (targets_test - made)
    top = np.abs(params["W_hy"]).sum(axis=0) + params["b_y"]
    shape = x_test[:1] - x_test[0].mean()
    rise = float(targets_test[0].mean() - x_test[0].mean())
    at = (np.array(LEVELS) - middle) / unit
    answers, _ = said(shape + at[:, None, None], params)
    known, known_states = said(x, params)
    anew = new_readout(x, targets, params, x_test, targets_test, unit)
    return {
        "error": rounded(rmse(errors).mean()),
        "training error": rounded(unit * rmse(targets - known).mean()),
        "mean of the errors": rounded(errors.mean()),
        "error about its mean": rounded((errors - errors.mean(axis=0)).std(axis=0).mean()),
        "saturated": rounded(np.mean(np.abs(states) > NEAR_THE_END)),
        "saturated in training": rounded(np.mean(np.abs(known_states) > NEAR_THE_END)),
        "error of a new readout": rounded(anew),
        "could say": rounded((middle + unit * top).min()),
        "said at most": rounded((middle + unit * made).max()),
        "six months ahead": rounded(middle + unit * made[:, 5]),
        "said minus right": rounded(unit * (answers.mean(axis=1) - at - rise)),
    }


def main():
    """Run what is not yet recorded; write data/results/forecast-level.json."""
    months, co2 = load_co2()
    past, future = time_split(months, CUT)
    x = windows(co2, WINDOW, HORIZON, past)[0]
    settings = {
        "window": WINDOW, "horizon": HORIZON, "H": H, "Adam lr": LR, "epochs": EPOCHS,
        "batch": BATCH, "cut": CUT, "moves": MOVES, "levels": LEVELS, "saturated": NEAR_THE_END,
        "highest training window": rounded(x.mean(axis=1).max()),
        "highest test value": rounded(co2[future].max()),
    }  # fmt: skip
    runs = record.Runs("forecast-level", settings=settings)
    for start in STARTS:
        for move in MOVES:
            runs.once(lambda move=move, start=start: one(move, start), windows=move, start=start)
